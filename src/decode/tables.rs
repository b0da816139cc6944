//! What the query API of Log Analytics answers: columns once, and rows as lists of values.

use crate::json::{Kind, Object, Value, for_each_element, quoted};

/// The names under which an answer has its tables, and a table its columns and rows; the JavaScript SDK has its own.
const TABLES: &str = "tables";
const COLUMNS: &[&str] = &["columns", "columnDescriptors"];
const ROWS: &str = "rows";

/// Whether a member of an answer or of a table is read with it: its lists, and its name.
pub(super) fn is_of_table(key: &str) -> bool {
    [TABLES, ROWS, "name"].iter().chain(COLUMNS).any(|name| key.eq_ignore_ascii_case(name))
}

/// The tables of an answer; none if the object is none.
pub(super) fn tables<'a>(object: &Object<'a>) -> Vec<Table<'a>> {
    if let Some(table) = Table::of(object) {
        return vec![table];
    }
    let Some(list) = object.get(TABLES).filter(|list| list.kind() == Kind::Array) else { return Vec::new() };
    let mut tables = Vec::new();
    let read = for_each_element(list.raw(), &mut |table| {
        tables.push(Object::parse(table.raw()).ok().and_then(|table| Table::of(&table)));
    });
    // One that is no table could hide anything, so then the whole is no answer.
    tables.into_iter().collect::<Option<_>>().filter(|_| read.is_ok()).unwrap_or_default()
}

/// The names of the columns, and the list of rows.
pub(super) struct Table<'a> {
    columns: Vec<String>,
    rows: Value<'a>,
}

impl<'a> Table<'a> {
    fn of(object: &Object<'a>) -> Option<Self> {
        let list = |name: &str| object.get(name).filter(|list| list.kind() == Kind::Array);
        let (described, rows) = (COLUMNS.iter().find_map(|name| list(name))?, list(ROWS)?);
        let mut columns = Vec::new();
        for_each_element(described.raw(), &mut |column| columns.push(name_of(column))).ok()?;
        // A column without a name would hide what is in it.
        Some(Self { columns: columns.into_iter().collect::<Option<_>>()?, rows })
    }

    /// Calls `each` with the JSON text of every row, as an object by the names of the columns; what is no row comes as it is.
    pub(super) fn for_each_row(&self, each: &mut dyn FnMut(&str)) {
        let read = for_each_element(self.rows.raw(), &mut |row| {
            let (mut text, mut number) = (String::from("{"), 0);
            let read = for_each_element(row.raw(), &mut |value| {
                if text.len() > 1 {
                    text.push(',');
                }
                let name = self.columns.get(number).cloned();
                number += 1;
                text.push_str(&quoted(&name.unwrap_or_else(|| format!("column {number}"))));
                text.push(':');
                text.push_str(value.raw());
            });
            text.push('}');
            each(if read.is_ok() { &text } else { row.raw() });
        });
        debug_assert!(read.is_ok(), "serde has already checked the array");
    }
}

/// A column's name: it stands alone, or in what is said of the column; older services call it otherwise.
fn name_of(column: Value<'_>) -> Option<String> {
    let described = || {
        let column = Object::parse(column.raw()).ok()?;
        column.get("name").or_else(|| column.get("ColumnName"))?.as_str()
    };
    let name = column.as_str().or_else(described)?;
    (!name.is_empty()).then(|| name.into_owned())
}
