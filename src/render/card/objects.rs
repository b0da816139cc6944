//! What was read: each certificate and secret once, each vault once in one spelling, and those first whose private key may have
//! left.

use std::collections::HashSet;

use super::notice::{Context, Notice};
use crate::resource_id::segment_after;

/// An object in its vault; a name that nobody knows is empty.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Object {
    /// In lower case, the one spelling of vaults.
    pub(super) vault: String,
    /// As it came; in lower case where Azure wrote it in upper case with the rest of an id.
    pub(super) name: String,
}

impl Object {
    fn new(vault: &str, name: &str) -> Self {
        let is_upper = vault.chars().any(|c| c.is_ascii_uppercase()) && !vault.chars().any(|c| c.is_ascii_lowercase());
        let name = if is_upper { name.to_ascii_lowercase() } else { name.to_owned() };
        Self { vault: vault.trim().to_ascii_lowercase(), name }
    }
}

/// Objects of which the same is known.
#[derive(Debug)]
pub(super) struct Class {
    /// What is known, behind the number of them.
    pub(super) about: &'static str,
    /// Whether a private key may have left.
    pub(super) is_worst: bool,
    /// How many there are, listed or not.
    pub(super) count: usize,
    pub(super) objects: Vec<Object>,
}

/// All that was read.
#[derive(Debug)]
pub(super) struct Objects {
    pub(super) classes: Vec<Class>,
    /// How many objects, listed or not.
    pub(super) count: usize,
    /// How many vaults, listed or not.
    pub(super) vault_count: usize,
}

impl Objects {
    /// Nothing was read, as far as is known.
    pub(super) fn none() -> Self {
        Self { classes: Vec::new(), count: 0, vault_count: 0 }
    }

    pub(super) fn of(notice: &Notice) -> Self {
        let context = &*notice.alert_context;
        let objects = named(notice);
        let count = objects.len().max(*context.read_count);
        let vaults: HashSet<_> = objects.iter().map(|object| object.vault.as_str()).collect();
        let vault_count = vaults.len().max(*context.vault_count);
        Self { classes: classes(context, objects, count), count, vault_count }
    }
}

/// The objects by whether their private keys may have left, worst first; without that in the alert, all in one class.
fn classes(context: &Context, objects: Vec<Object>, count: usize) -> Vec<Class> {
    let Some(private_key) = &*context.private_key else {
        return vec![Class { about: " read", is_worst: false, count, objects }];
    };
    let mut rest = objects.into_iter();
    let known = [
        (" whose private key may have left: a secret of the certificate's name was read", true, *private_key.likely),
        (" whose private key may have left, wrapped in a backup", true, *private_key.wrapped),
        (" of which it is unknown whether they are certificates", false, *private_key.unknown),
        (" of which only the public part was read", false, *private_key.no),
    ];
    let class =
        |(about, is_worst, count)| Class { about, is_worst, count, objects: rest.by_ref().take(count).collect() };
    let mut classes: Vec<_> = known.into_iter().filter(|(.., count)| *count > 0).map(class).collect();
    let others: Vec<_> = rest.collect();
    if !others.is_empty() {
        let (about, count) = (" of whose private key nothing is said", others.len());
        classes.push(Class { about, is_worst: false, count, objects: others });
    }
    classes
}

/// The distinct objects that the alert names: in its list, else in the ids of resources, else the one of its first match. Names in
/// Azure have no case.
fn named(notice: &Notice) -> Vec<Object> {
    let context = &*notice.alert_context;
    let listed = context.read_objects.iter().filter_map(|object| object.split_once('/'));
    let listed = distinct(listed.map(|(vault, name)| Object::new(vault, name)));
    if !listed.is_empty() {
        return listed;
    }
    let of_ids = notice.resource_ids().filter_map(|id| {
        let name = segment_after(id, "certificates").filter(|name| !name.trim().is_empty())?;
        Some(Object::new(segment_after(id, "vaults").unwrap_or_default(), name))
    });
    let names = [&context.object_name, &context.certificate_name].map(|name| name.as_str());
    let first = names.into_iter().find(|name| !name.trim().is_empty());
    distinct(of_ids.chain(first.map(|name| Object::new(&context.keyvault_name, name))))
}

fn distinct(objects: impl Iterator<Item = Object>) -> Vec<Object> {
    let mut known = HashSet::new();
    let is_new = |object: &Object| known.insert((object.vault.clone(), object.name.trim().to_ascii_lowercase()));
    objects.filter(is_new).collect()
}
