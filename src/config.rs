//! Settings: application settings of the function app, read once at start. The only reader of the environment.

mod expected_place;
mod faults;
mod reader;
mod rules;
mod serving;
mod settings;
mod teams;

pub(crate) use expected_place::is_container;
pub use expected_place::{BlobPlace, ExpectedPlace};
pub use faults::Faults;
pub use reader::{is_unresolved, read_environment, storage_account, unusable};
pub use rules::{WITH_AUDIT_RULES, load_rules};
pub use serving::ServeSettings;
pub use settings::{OptionalFaults, Settings, StateStore};
pub use teams::Teams;
