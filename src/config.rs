//! Settings: application settings of the function app, read once at start. The only reader of the environment.

mod expected_place;
mod reader;
mod serving;
mod settings;
mod sigma_place;
mod teams;

pub(crate) use expected_place::is_container;
pub use expected_place::{BlobPlace, ExpectedPlace};
pub use reader::{Faults, is_unresolved, read_environment, storage_account, unusable};
pub use serving::ServeSettings;
pub use settings::{OptionalFaults, Settings, StateStore, WITH_AUDIT_RULES, load_rules};
pub use sigma_place::SigmaPlace;
pub use teams::Teams;
