//! The fault table names tests that exist.

use std::path::Path;

#[test]
fn every_test_that_the_fault_table_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(root.join("docs/faults.md")).unwrap();
    let named: Vec<_> = table.split('`').filter_map(|name| name.rsplit_once("::")).collect();

    assert!(named.len() > 50, "{named:?}");
    for (file, test) in named {
        let file = file.replace("::", "/");
        let source = std::fs::read_to_string(root.join(format!("tests/it/{file}.rs"))).unwrap_or_default();

        assert!(source.contains(&format!("fn {test}(")), "docs/faults.md names {file}::{test}, which is no test");
    }
}

#[test]
fn every_row_of_the_fault_table_has_a_test() {
    let table = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/faults.md")).unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| fault"));

    for row in rows {
        assert!(row.contains("::"), "{row}");
    }
}
