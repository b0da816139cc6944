//! What the table looks at: the texts of the app's documents by their place, and its settings.

use serde_json::Value;

use super::form::is_name;
use super::json::get;
use super::settings::AppSettings;
use crate::config::{Settings, is_unresolved};

/// An app, read once.
pub(super) struct Examined<'e> {
    /// `host.json/extensions/queues/batchsize` and its text. Members are in lower case, because the host compares them
    /// without; the names of bindings are as they are, for their case counts.
    texts: Vec<(String, String)>,
    pub(super) settings: AppSettings<'e>,
    /// The settings as the handler reads them, where it would run with them.
    pub(super) read: Option<Settings>,
}

impl<'e> Examined<'e> {
    pub(super) fn new(settings: AppSettings<'e>, read: Option<Settings>) -> Self {
        Self { texts: Vec::new(), settings, read }
    }

    /// Adds a document, or a part of one. What is no single value is right nowhere.
    pub(super) fn add(&mut self, place: &str, value: &Value) {
        let mut inner = |name: &str, value| self.add(&format!("{place}/{name}"), value);
        let text = match value {
            Value::Null => return,
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| inner(&name.to_ascii_lowercase(), value));
                "{}".to_owned()
            }
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    let name = get(element, "name").and_then(Value::as_str);
                    inner(name.unwrap_or(&index.to_string()), element);
                }
                "{}".to_owned()
            }
        };
        self.texts.push((place.to_owned(), text));
    }

    /// The text at a place; of a list its elements, with blanks between them, as the host joins arguments.
    pub(super) fn text(&self, place: &str) -> Option<String> {
        if let Some(setting) = place.strip_prefix("settings/") {
            return self.settings.host_value(setting);
        }
        let one = |place: &str| self.above(place).or_else(|| self.find(place).map(str::to_owned));
        let list: Vec<_> = (0..).map_while(|index| one(&format!("{place}/{index}"))).collect();
        if list.is_empty() { one(place) } else { Some(list.join(" ")) }
    }

    /// The text at a place, or what the host takes without it.
    pub(super) fn text_or(&self, place: &str, default: &str) -> String {
        self.text(place).unwrap_or_else(|| default.to_owned())
    }

    /// Whether anything can stand there: host.json and settings have defaults, what a function lacks has none.
    pub(super) fn has_room(&self, place: &str) -> bool {
        let (file, _) = place.split_once('/').unwrap_or((place, ""));
        let parent = place.rsplit_once('/').map_or(place, |(parent, _)| parent);
        file == "settings" || self.find(if file == "host.json" { file } else { parent }).is_some()
    }

    /// A binding's text with each setting `%NAME%` put in; `None` where one is not known.
    pub(super) fn resolve(&self, text: &str) -> Option<String> {
        let pieces = text.split('%').enumerate().map(|(index, piece)| match index % 2 {
            0 => Some(piece.to_owned()),
            _ => self.settings.host_value(piece).filter(|value| is_name(piece) && !is_unresolved(value)),
        });
        pieces.map(|piece| piece.map(|piece| piece.trim().to_owned())).collect()
    }

    /// The host reads the setting `AzureFunctionsJobHost__a__b` above host.json's `a.b`.
    fn above(&self, place: &str) -> Option<String> {
        let path = place.strip_prefix("host.json/")?;
        let name = |separator: &str| format!("AzureFunctionsJobHost{separator}{}", path.replace('/', separator));
        ["__", ":"].iter().find_map(|separator| self.settings.host_value(&name(separator)))
    }

    fn find(&self, place: &str) -> Option<&str> {
        let place = place.to_ascii_lowercase();
        self.texts.iter().find(|(known, _)| *known == place).map(|(_, text)| text.as_str())
    }
}
