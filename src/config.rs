//! Settings: application settings of the function app, read once at start. The only reader of the environment.

mod settings;
mod teams;

pub use settings::{DedupStore, Faults, Settings, UNRESOLVED, is_unresolved, read_environment};
pub use teams::Teams;
