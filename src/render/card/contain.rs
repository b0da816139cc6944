//! How to take an identity's access away: commands with its id, of a form in which it can do nothing in a shell.

use serde_json::Value;

use super::case::Case;
use super::elements::{Look, code, words};
use super::links::is_guid;
use super::who::Kind;

/// The lines of the section; every alert has some.
pub(super) fn contain(case: &Case<'_>) -> Vec<Value> {
    let identity = &case.who.identity;
    let guid = |id: &Option<String>| id.as_deref().filter(|id| is_guid(id)).map(str::to_owned);
    let (object_id, app_id) = (guid(&identity.object_id), guid(&identity.app_id));
    let mut items = Vec::new();
    match (case.who.kind, &object_id, object_id.as_ref().or(app_id.as_ref())) {
        (Kind::User, Some(id), _) => items.extend(user(id)),
        (Kind::ServicePrincipal, _, Some(id)) => items.extend(service_principal(id)),
        (Kind::ManagedIdentity, Some(id), _) => items.extend(managed_identity(id)),
        (Kind::Unknown, Some(id), _) => {
            items.push(words("If it is a user:", Look::Usual));
            items.extend(user(id));
            items.push(words("If it is a service principal:", Look::Usual));
            items.extend(service_principal(id));
        }
        _ => items
            .push(words("The log names no usable id: find out who it is by the queries of the runbook.", Look::Usual)),
    }
    if let Some(id) = object_id.filter(|_| case.who.kind != Kind::ManagedIdentity) {
        items.push(words(
            "A token that it already has may work for an hour and more. Take its roles away, too (bash):",
            Look::Usual,
        ));
        items.push(code(&without_roles(&id), usize::MAX));
    }
    items.push(words(
        "A vault with access policies instead of roles: remove its policy for this object id, too.",
        Look::Usual,
    ));
    items
}

fn user(id: &str) -> Vec<Value> {
    vec![
        words("Disable the user, and revoke the sessions (Microsoft Graph PowerShell):", Look::Usual),
        code(&format!("az ad user update --id {id} --account-enabled false"), usize::MAX),
        code(&format!("Revoke-MgUserSignInSession -UserId {id}"), usize::MAX),
    ]
}

fn service_principal(id: &str) -> Vec<Value> {
    vec![
        words("Disable the service principal:", Look::Usual),
        code(&format!("az ad sp update --id {id} --set accountEnabled=false"), usize::MAX),
    ]
}

fn managed_identity(id: &str) -> Vec<Value> {
    vec![
        words(
            "A managed identity cannot be disabled: look at its role assignments, and delete them (bash):",
            Look::Usual,
        ),
        code(&format!("az role assignment list --assignee {id} --all --output table"), usize::MAX),
        code(&without_roles(id), usize::MAX),
    ]
}

fn without_roles(id: &str) -> String {
    format!(
        "az role assignment delete --ids $(az role assignment list --assignee {id} --all --query [].id --output tsv)"
    )
}
