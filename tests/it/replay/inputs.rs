//! What stands in a folder besides logs, and lines that nobody could hold.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::{messages, replay};
use crate::given::READ;

fn lines_with<'o>(stderr: &'o str, word: &str) -> Vec<&'o str> {
    stderr.lines().filter(|line| line.contains(word)).collect()
}

/// Makes folders in folders until their path is longer than the system opens.
fn make_path_that_is_too_long(folder: &Path) {
    let script = "n=$(printf %0200d 0); i=0; while [ $i -lt 25 ]; do mkdir $n && cd -P $n; i=$((i + 1)); done";
    assert!(Command::new("sh").args(["-c", script]).current_dir(folder).status().unwrap().success());
}

#[test]
fn one_bad_entry_of_a_folder_costs_one_line_that_names_it_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    symlink("nowhere", at("b-dangling")).unwrap();
    symlink("c-itself", at("c-itself")).unwrap();
    assert!(Command::new("mkfifo").arg(at("d-pipe")).status().unwrap().success());
    std::fs::create_dir(at("e-deep")).unwrap();
    make_path_that_is_too_long(&at("e-deep"));
    let _socket = std::os::unix::net::UnixListener::bind(at("f-socket")).unwrap();
    for (name, time) in [("a.json", "08:14:58"), ("z.json", "10:14:58")] {
        std::fs::write(at(name), READ.replace("08:14:58", time)).unwrap();
    }

    let output = replay(&["replay", folder.path().to_str().unwrap()], b"");

    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(messages(&output).len(), 2, "{stderr}");
    assert_eq!(output.status.code(), Some(1));
    for name in ["b-dangling", "c-itself", "d-pipe", "e-deep", "f-socket"] {
        let lines = lines_with(&stderr, name);
        assert!(lines.len() == 1 && lines[0].starts_with("cannot read "), "{name}: {stderr}");
    }
}

#[test]
fn a_folder_that_may_not_be_read_costs_one_line_too() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("b-closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::write(folder.path().join("z.json"), READ).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0)).unwrap();
    let is_root = closed.read_dir().is_ok();

    let output = replay(&["replay", folder.path().to_str().unwrap()], b"");

    assert_eq!(messages(&output).len(), 1);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(lines_with(&stderr, "b-closed").len(), usize::from(!is_root), "{stderr}");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_pipe_that_is_named_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::write(pipe, READ).unwrap()
    });

    let output = replay(&["replay", pipe.to_str().unwrap()], b"");

    writer.join().unwrap();
    assert_eq!(messages(&output).len(), 1);
}
