//! What the table looks at: the app's documents and its settings, by the place of a text in them.

use serde_json::Value;

use super::form::is_name;
use super::json::{get, scalar};
use super::settings::AppSettings;
use crate::config::{Settings, is_unresolved};

/// An app, read once.
pub(super) struct Examined<'e> {
    /// host.json and each function.json, which goes by the name of its function.
    pub(super) documents: Vec<(&'static str, Value)>,
    pub(super) settings: AppSettings<'e>,
    /// The settings as the handler reads them, if it would run with them.
    pub(super) read: Option<Settings>,
}

impl Examined<'_> {
    /// The text at a place such as `host.json/version` or `settings/RULES`; of a list its elements, with blanks between
    /// them, as the host joins arguments. An object is `{}`.
    pub(super) fn text(&self, place: &str) -> Option<String> {
        if let Some(setting) = place.strip_prefix("settings/") {
            return self.settings.host_value(setting);
        }
        let in_document = |place: &str| self.find(place).map(|value| scalar(value).unwrap_or_else(|| "{}".to_owned()));
        let one = |place: &str| self.override_of(place).or_else(|| in_document(place));
        let list: Vec<_> = (0..).map_while(|index| one(&format!("{place}/{index}"))).collect();
        if list.is_empty() { one(place) } else { Some(list.join(" ")) }
    }

    /// The text at a place, or what the host takes without it.
    pub(super) fn text_or(&self, place: &str, default: &str) -> String {
        self.text(place).unwrap_or_else(|| default.to_owned())
    }

    /// Whether a place is to be checked: in host.json and settings what is missing has a default, in a function only what
    /// has a parent is.
    pub(super) fn has_room(&self, place: &str) -> bool {
        let (file, _) = place.split_once('/').unwrap_or((place, ""));
        let parent = place.rsplit_once('/').map_or(place, |(parent, _)| parent);
        file == "settings" || self.find(if file == "host.json" { file } else { parent }).is_some()
    }

    /// A binding's text with each setting `%NAME%` put in; `None` if one is not known.
    fn resolve(&self, text: &str) -> Option<String> {
        let pieces = text.split('%').enumerate().map(|(index, piece)| match index % 2 {
            0 => Some(piece.to_owned()),
            _ => self.settings.host_value(piece).filter(|value| is_name(piece) && !is_unresolved(value)),
        });
        pieces.map(|piece| piece.map(|piece| piece.trim().to_owned())).collect()
    }

    /// Whether it holds for a text with its settings put in; what is missing or unknown is reported elsewhere.
    pub(super) fn leads(&self, text: &str, is_right: impl Fn(&str) -> bool) -> bool {
        text.is_empty() || self.resolve(text).is_none_or(|target| is_right(&target))
    }

    /// The setting `AzureFunctionsJobHost__a__b`, which the host reads before host.json's `a.b`.
    fn override_of(&self, place: &str) -> Option<String> {
        let path = place.strip_prefix("host.json/")?;
        let name = |separator: &str| format!("AzureFunctionsJobHost{separator}{}", path.replace('/', separator));
        ["__", ":"].iter().find_map(|separator| self.settings.host_value(&name(separator)))
    }

    fn find(&self, place: &str) -> Option<&Value> {
        let mut parts = place.split('/');
        let name = parts.next()?;
        let (_, document) = self.documents.iter().find(|(known, _)| *known == name)?;
        parts.try_fold(document, get)
    }
}
