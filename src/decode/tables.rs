//! What the query API of Log Analytics answers: columns once, and rows as lists of values.

use crate::json::{Kind, Object, Value, for_each_element, quoted};

/// The tables of an answer; none if the object is none.
pub(super) fn tables<'a>(object: &Object<'a>) -> Vec<Table<'a>> {
    if let Some(table) = Table::of(object) {
        return vec![table];
    }
    let Some(list) = object.get("tables").filter(|list| list.kind() == Kind::Array) else { return Vec::new() };
    let mut tables = Some(Vec::new());
    let read = for_each_element(list.raw(), &mut |table| {
        let table = Object::parse(table.raw()).ok().and_then(|table| Table::of(&table));
        // One that is no table could hide anything, so then the whole is no answer.
        tables = tables.take().zip(table).map(|(mut tables, table)| {
            tables.push(table);
            tables
        });
    });
    tables.filter(|_| read.is_ok()).unwrap_or_default()
}

/// The names of the columns, and the list of rows.
pub(super) struct Table<'a> {
    columns: Vec<String>,
    rows: Value<'a>,
}

impl<'a> Table<'a> {
    fn of(object: &Object<'a>) -> Option<Self> {
        let list = |name| object.get(name).filter(|list| list.kind() == Kind::Array);
        let (described, rows) = (list("columns")?, list("rows")?);
        let mut columns = Vec::new();
        for_each_element(described.raw(), &mut |column| {
            let column = Object::parse(column.raw()).unwrap_or_default();
            // Older services call it so.
            let name = column.get("name").or_else(|| column.get("ColumnName")).and_then(Value::as_str);
            columns.push(name.unwrap_or_default().into_owned());
        })
        .ok()?;
        Some(Self { columns, rows })
    }

    /// Calls `each` with the JSON text of every row, as an object by the names of the columns; what is no row comes as it is.
    pub(super) fn for_each_row(&self, each: &mut dyn FnMut(&str)) {
        let read = for_each_element(self.rows.raw(), &mut |row| {
            let (mut text, mut columns) = (String::from("{"), self.columns.iter());
            let read = for_each_element(row.raw(), &mut |value| {
                if text.len() > 1 {
                    text.push(',');
                }
                text.push_str(&quoted(columns.next().map_or("", String::as_str)));
                text.push(':');
                text.push_str(value.raw());
            });
            text.push('}');
            each(if read.is_ok() { &text } else { row.raw() });
        });
        debug_assert!(read.is_ok(), "serde has already checked the array");
    }
}
