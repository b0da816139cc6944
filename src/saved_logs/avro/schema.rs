//! An Avro schema: how the bytes of a record are to be read.

use std::collections::HashMap;

use serde_json::Value;

use super::fault::AvroFault;

/// A type of a value.
#[derive(Debug, Clone)]
pub(super) enum Type {
    Null,
    Boolean,
    /// Int, long and enum: a number of variable length.
    Number,
    Float,
    Double,
    /// Bytes and string: a length and so many bytes.
    Bytes,
    Fixed(usize),
    Array(Box<Type>),
    /// Its values; its keys are strings.
    Map(Box<Type>),
    Union(Vec<Type>),
    /// A record, by its number in the schema: a record may hold itself.
    Record(usize),
}

/// A field of a record.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: Type,
}

/// A schema whose outermost type is a record.
#[derive(Debug)]
pub(super) struct Schema {
    records: Vec<Vec<Field>>,
}

impl Schema {
    /// Parses the JSON text of a schema.
    pub(super) fn parse(text: &[u8]) -> Result<Self, AvroFault> {
        let schema: Value = serde_json::from_slice(text).map_err(|_| AvroFault::Schema("it is no JSON"))?;
        let mut parser = Parser::default();
        // A record's number is taken before those of the records in it.
        match parser.kind(&schema, "")? {
            Type::Record(0) => Ok(Self { records: parser.records }),
            _ => Err(AvroFault::NoCapture),
        }
    }

    /// The fields of a record.
    pub(super) fn fields(&self, record: usize) -> &[Field] {
        self.records.get(record).map_or(&[], Vec::as_slice)
    }

    /// The fields of the outermost record.
    pub(super) fn event(&self) -> &[Field] {
        self.fields(0)
    }
}

#[derive(Default)]
struct Parser {
    records: Vec<Vec<Field>>,
    named: HashMap<String, Type>,
}

impl Parser {
    /// Reads a type. serde_json has a bound for how deep it is.
    fn kind(&mut self, schema: &Value, namespace: &str) -> Result<Type, AvroFault> {
        match schema {
            Value::String(name) => self.by_name(name, namespace),
            Value::Array(branches) => {
                let branches = branches.iter().map(|branch| self.kind(branch, namespace));
                Ok(Type::Union(branches.collect::<Result<_, _>>()?))
            }
            Value::Object(about) => match about.get("type") {
                Some(Value::String(name)) => self.complex(name, schema, namespace),
                Some(inner) => self.kind(inner, namespace),
                None => Err(AvroFault::Schema("a type has no name")),
            },
            _ => Err(AvroFault::Schema("a type is neither a name nor an object")),
        }
    }

    fn by_name(&self, name: &str, namespace: &str) -> Result<Type, AvroFault> {
        Ok(match name {
            "null" => Type::Null,
            "boolean" => Type::Boolean,
            "int" | "long" => Type::Number,
            "float" => Type::Float,
            "double" => Type::Double,
            "bytes" | "string" => Type::Bytes,
            _ => {
                let found = self.named.get(&full_name(name, namespace)).or_else(|| self.named.get(name));
                found.cloned().ok_or(AvroFault::Schema("a type is named that is not there"))?
            }
        })
    }

    fn complex(&mut self, name: &str, schema: &Value, namespace: &str) -> Result<Type, AvroFault> {
        let namespace = schema.get("namespace").and_then(Value::as_str).unwrap_or(namespace);
        let own_name = schema.get("name").and_then(Value::as_str).unwrap_or_default();
        let full = full_name(own_name, namespace);
        let part = |key: &str| schema.get(key).ok_or(AvroFault::Schema("an array or a map has no type"));
        match name {
            "array" => Ok(Type::Array(Box::new(self.kind(part("items")?, namespace)?))),
            "map" => Ok(Type::Map(Box::new(self.kind(part("values")?, namespace)?))),
            "enum" => Ok(self.name(full, Type::Number)),
            "fixed" => {
                let size = schema.get("size").and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok());
                let size = size.ok_or(AvroFault::Schema("a fixed type has no size"))?;
                Ok(self.name(full, Type::Fixed(size)))
            }
            "record" | "error" => {
                let record = self.records.len();
                self.records.push(Vec::new());
                let inner = full.rsplit_once('.').map_or(String::new(), |(namespace, _)| namespace.to_owned());
                let kind = self.name(full, Type::Record(record));
                let fields = schema.get("fields").and_then(Value::as_array);
                let fields = fields.ok_or(AvroFault::Schema("a record has no fields"))?;
                let fields = fields.iter().map(|field| self.field(field, &inner)).collect::<Result<_, _>>()?;
                if let Some(place) = self.records.get_mut(record) {
                    *place = fields;
                }
                Ok(kind)
            }
            _ => self.by_name(name, namespace),
        }
    }

    fn field(&mut self, field: &Value, namespace: &str) -> Result<Field, AvroFault> {
        let name = field.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let kind = field.get("type").ok_or(AvroFault::Schema("a field has no type"))?;
        Ok(Field { name, kind: self.kind(kind, namespace)? })
    }

    /// Gives a type a name, by which what follows may call it.
    fn name(&mut self, full: String, kind: Type) -> Type {
        self.named.insert(full, kind.clone());
        kind
    }
}

fn full_name(name: &str, namespace: &str) -> String {
    if name.contains('.') || namespace.is_empty() { name.to_owned() } else { format!("{namespace}.{name}") }
}
