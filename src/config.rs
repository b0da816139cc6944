//! Settings: application settings of the function app, read once at start. The only reader of the environment.

mod settings;

pub use settings::{Faults, Settings, read_environment};
