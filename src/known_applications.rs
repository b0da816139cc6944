//! Readable labels of applications that are in every tenant. A label only helps to read an alert, and silences nothing:
//! attackers use the command line tools among them, too.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

/// Application ids in lower case with their labels.
const LABELS: &[(&str, &str)] = &[
    ("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Azure CLI"),
    ("1950a258-227b-4e31-a9cf-717495945fc2", "Azure PowerShell"),
    ("3686488a-04fc-4d8a-b967-61f98ec41efe", "Azure portal, Key Vault"),
    ("509e4652-da8d-478d-a730-e9d4a1996ca4", "Azure Resource Graph"),
    ("8cae6e77-e04e-42ce-b5cb-50d82bce26b1", "Azure Policy Insights"),
    ("abfa0a7c-a6b6-4736-8310-5855508787cd", "Azure App Service"),
];

/// The label of a well-known application, whatever the case of its id.
#[must_use]
pub fn label(app_id: &str) -> Option<&'static str> {
    LABELS.iter().find(|(id, _)| id.eq_ignore_ascii_case(app_id.trim())).map(|(_, label)| *label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_known_in_any_case_and_others_are_not() {
        assert_eq!(label("ABFA0A7C-A6B6-4736-8310-5855508787CD"), Some("Azure App Service"));
        assert_eq!(label("00000000-0000-0000-0000-00000000000a"), None);
    }
}
