//! What the targets share.

use certificate_accessed::config::{Settings, load_rules};
use certificate_accessed::pipeline::Pipeline;

/// A pipeline of all rules.
pub fn pipeline() -> Pipeline {
    let all: Vec<_> = certificate_accessed::rules::ALL.iter().map(|logic| logic.name).collect();
    let settings = Settings::read(&|name| (name == "RULES").then(|| all.join(","))).expect("usable settings");
    Pipeline::new(load_rules(&settings).expect("usable rules"), settings.parameters)
}
