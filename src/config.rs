//! Settings: application settings of the function app, read once at start. The only reader of the environment.

mod rules;
mod settings;
mod teams;

pub use rules::{WITH_AUDIT_RULES, load_rules};
pub use settings::{Fault, Faults, Settings, StateStore, UNRESOLVED, is_unresolved, read_environment, unusable};
pub use teams::Teams;
