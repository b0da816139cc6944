//! What the targets share: all rules, and every match an alert of its own.

use certificate_accessed::config::Settings;
use certificate_accessed::pipeline::Pipeline;
use certificate_accessed::serve::load_rules;

/// A pipeline of the default rules.
pub fn pipeline() -> Pipeline {
    let lookup = |name: &str| (name == "DEDUP_MINUTES").then(|| "0".to_owned());
    let settings = Settings::read(&lookup).expect("usable settings");
    Pipeline::new(load_rules(&settings).expect("usable rules"), settings.parameters)
}
