//! Two things by which the handler starts sooner and takes less memory: JSON of the metadata in the rules' YAML, so that it reads no
//! YAML, and an order for the linker, by which the functions that it runs are next to each other.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use serde_json::{Map, Value};

const RULES: &str = "src/rules";
/// Written by `scripts/order-functions`.
const FUNCTIONS: &str = "link/functions.ld";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={RULES}");
    let mut rules = BTreeMap::new();
    for entry in Path::new(RULES).read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yml") {
            let text = std::fs::read_to_string(&path)?;
            let mut yaml: Map<String, Value> =
                serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            yaml.remove("Tests");
            rules.insert(name_in_settings(&path), yaml);
        }
    }
    let out = Path::new(&std::env::var("OUT_DIR")?).join("rules.json");
    std::fs::write(out, serde_json::to_string(&rules)?)?;
    order_functions()
}

/// Hands the order of functions to the linker, unless cargo was told to use another linker, because not each can read it: mold
/// refuses. Whoever replaced the linker without telling cargo names it in `RUSTFLAGS`, as in `-Clink-arg=-fuse-ld=mold`.
fn order_functions() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FUNCTIONS}");
    let flags = std::env::var("CARGO_ENCODED_RUSTFLAGS")?;
    let chosen =
        ["linker=", "link-arg"].iter().any(|flag| flags.contains(flag)) || std::env::var_os("RUSTC_LINKER").is_some();
    if std::env::var("CARGO_CFG_TARGET_OS")? == "linux" && std::env::var("PROFILE")? == "release" && !chosen {
        let folder = std::env::var("CARGO_MANIFEST_DIR")?;
        println!("cargo::rustc-link-arg-bins=-T{folder}/{FUNCTIONS}");
    }
    Ok(())
}

/// The name in the `RULES` setting: `CertificateDump` of `certificate_dump.yml`.
fn name_in_settings(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let capitalized = |word: &str| word.get(..1).unwrap_or_default().to_uppercase() + word.get(1..).unwrap_or(word);
    stem.split('_').map(capitalized).collect()
}
