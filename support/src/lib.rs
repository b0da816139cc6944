//! What the tests, benches and examples share. Nothing of it is in the product.

pub mod azurite;
pub mod bench;
pub mod compare_alerts;
pub mod complete_rule;
pub mod fake_teams;
pub mod functions_host;
pub mod invented_logs;
pub mod secret_read;
pub mod storage_proxy;
pub mod tls;
