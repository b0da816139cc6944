//! Settings: application settings of the function app, read once at start. The only reader of the environment.

mod expected_place;
mod fault;
mod lacking;
mod rules;
mod settings;
mod teams;

pub use expected_place::{BlobPlace, ExpectedPlace};
pub use fault::{Fault, Faults};
pub use lacking::Lacking;
pub use rules::{WITH_AUDIT_RULES, load_rules};
pub use settings::{Settings, StateStore, UNRESOLVED, is_unresolved, read_environment, unusable};
pub use teams::Teams;
