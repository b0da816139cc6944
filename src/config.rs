//! Settings: application settings of the function app, read once at start. The only reader of the environment.

mod lacking;
mod rules;
mod settings;
mod teams;

pub use lacking::Lacking;
pub use rules::{WITH_AUDIT_RULES, load_rules};
pub use settings::{Fault, Faults, Settings, StateStore, UNRESOLVED, is_unresolved, read_environment};
pub use teams::Teams;
