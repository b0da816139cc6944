//! The table of rooms in ARCHITECTURE.md against the source.

use std::collections::BTreeSet;
use std::path::Path;

type Names = BTreeSet<String>;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// All source text of a room: its file, and the folder beside it.
fn source(room: &str) -> String {
    fn folder(path: &Path, text: &mut String) {
        for entry in path.read_dir().into_iter().flatten().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folder(&path, text);
            } else {
                text.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut text = read(&format!("src/{room}.rs"));
    folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room), &mut text);
    text
}

fn first_word(text: &str) -> String {
    text.trim_start().chars().take_while(|letter| letter.is_ascii_lowercase() || *letter == '_').collect()
}

/// The rooms that a text names after `crate::`, one or several in braces.
fn used_in(text: &str) -> Names {
    let paths = text.split("crate::").skip(1).flat_map(|rest| match rest.strip_prefix('{') {
        Some(list) => list.split('}').next().unwrap().split(',').map(first_word).collect(),
        None => vec![first_word(rest)],
    });
    paths.filter(|name| !name.is_empty()).collect()
}

/// The rooms of each row with the rooms that they may use, in the order of the table.
fn rows() -> Vec<(Names, Names)> {
    let rooms = rooms();
    let page = read("ARCHITECTURE.md");
    let table = page.split("## The rooms").nth(1).unwrap().split("\n\n").nth(1).unwrap();
    let named = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Names>();
    let of = |row: &str| {
        let cells: Vec<_> = row.split('|').collect();
        (named(cells[1]), named(cells[3]).intersection(&rooms).cloned().collect())
    };
    table.lines().skip(2).map(of).collect()
}

fn rooms() -> Names {
    read("src/lib.rs")
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "))
        .map(first_word)
        .collect()
}

#[test]
fn every_room_stands_in_the_table_once() {
    let named: Vec<_> = rows().into_iter().flat_map(|(named, _)| named).collect();

    assert_eq!((named.iter().cloned().collect::<Names>(), named.len()), (rooms(), rooms().len()));
}

#[test]
fn each_room_uses_what_the_table_allows_and_nothing_else() {
    for (named, allowed) in rows() {
        let used: Names = named.iter().flat_map(|room| used_in(&source(room))).collect();

        assert_eq!(used.difference(&named).cloned().collect::<Names>(), allowed, "{named:?} may use");
    }
}

#[test]
fn the_rooms_above_config_are_the_pure_ones() {
    let rows = rows();
    let config = rows.iter().position(|(named, _)| named.contains("config")).unwrap();
    for (index, (named, _)) in rows.iter().enumerate() {
        for room in named {
            let is_held_pure = read(&format!("src/{room}.rs"))
                .contains("#![deny(clippy::disallowed_methods, clippy::disallowed_types)]");
            assert_eq!(is_held_pure, index < config, "{room}");
        }
    }
}
