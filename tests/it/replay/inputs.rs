//! What stands in a folder besides logs, and lines that nobody could hold.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::{messages, replay};
use crate::given::{READ, WRITE, read_of};

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
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).unwrap();
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

/// A gzip of one piece many times over.
pub(crate) fn bomb(path: &Path, begin: &str, piece: &[u8], times: usize, end: &str) {
    use std::io::Write as _;
    let mut gzip = flate2::write::GzEncoder::new(std::fs::File::create(path).unwrap(), flate2::Compression::fast());
    gzip.write_all(begin.as_bytes()).unwrap();
    for _ in 0..times {
        gzip.write_all(piece).unwrap();
    }
    gzip.write_all(end.as_bytes()).unwrap();
    gzip.finish().unwrap();
}

/// A replay of one file, and the most memory in KiB that it took.
pub(crate) fn replay_measured(path: &Path) -> (std::process::Output, u64) {
    let script = "\"$0\" replay \"$1\" & while cat /proc/$!/status 2>/dev/null >&3; do sleep 0.05; done; wait $!";
    let peaks = tempfile::NamedTempFile::new().unwrap();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 3>\"$2\"; {script}"), env!("CARGO_BIN_EXE_certificate-accessed")])
        .args([path, peaks.path()])
        .output()
        .unwrap();
    let peaks = std::fs::read_to_string(peaks.path()).unwrap();
    let peaks = peaks.lines().filter_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
    (output, peaks.max().unwrap_or_default())
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_that_nobody_could_hold_is_told_and_costs_neither_memory_nor_what_stands_around_it() {
    let folder = tempfile::tempdir().unwrap();
    let mebi = |text: &[u8]| text.repeat((1 << 20) / text.len());
    let later = READ.replace("08:14:58", "10:14:58");
    let begin = format!("{READ}\n");
    let end = format!("\n{later}\n");
    let cases = [
        ("zeros", begin.as_str(), mebi(b"\0"), end.as_str(), "zeros:2 ", 2, 40),
        (
            "many-lines",
            &format!("{READ}\n[\n"),
            mebi(b"         [      \n"),
            &format!("\n{later}\n"),
            "many-lines:2 ",
            2,
            20,
        ),
        ("utf-16", "\u{0}", mebi(b"x\0"), "", "utf-16:1 ", 0, 50),
    ];
    let usual = folder.path().join("usual");
    std::fs::write(&usual, format!("{WRITE}\n").repeat(8_000)).unwrap();
    let (_, usual_kib) = replay_measured(&usual);
    for (name, begin, piece, end, told, alerts, times) in cases {
        let path = folder.path().join(name);
        bomb(&path, begin, &piece, times, end);

        let (output, peak_kib) = replay_measured(&path);

        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(messages(&output).len(), alerts, "{name}: {stderr}");
        assert_eq!(output.status.code(), Some(1), "{name}: {stderr}");
        assert!(stderr.contains(told) && stderr.contains("16 MiB"), "{name}: {stderr}");
        assert!(stderr.lines().count() < 12, "{name}: {stderr}");
        // The debug build alone takes some 25 MiB, of which most is code.
        assert!((8 << 10..42 << 10).contains(&(peak_kib - usual_kib)), "{name}: {peak_kib} KiB over {usual_kib}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_list_of_any_length_is_read_whole_on_lines_of_its_own_or_in_one() {
    let folder = tempfile::tempdir().unwrap();
    let later = READ.replace("08:14:58", "10:14:58").replace("kv-web", "kv-b");
    let filler = format!("{{\"operationName\":\"x\",\"text\":\"{}[,]\"}}", "x,".repeat(50_000));
    let cases = [
        ("{\"records\":[\n", ",\n", "\n],\"nextLink\":null}\n"),
        ("{ \"value\": [", ",", "]}"),
        ("[", ", ", "]"),
        ("[\n  ", ",\n  ", "\n]"),
    ];
    for (number, (start, comma, end)) in cases.into_iter().enumerate() {
        let path = folder.path().join(format!("{number}.json"));
        let piece = format!("{filler}{comma}");
        bomb(&path, &format!("{start}{READ}{comma}"), piece.as_bytes(), 400, &format!("{later}{end}"));

        let (output, peak_kib) = replay_measured(&path);

        let messages = messages(&output);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((messages.len(), output.status.code()), (2, Some(0)), "{start:?}: {stderr}");
        assert!(stderr.contains("402 records"), "{start:?}: {stderr}");
        let line = messages[1]["records"][0]["source"]["line"].as_u64().unwrap();
        assert_eq!(line > 300, comma.contains('\n'), "{start:?}: line {line}");
        assert!(peak_kib < 64 << 10, "{start:?}: {peak_kib} KiB");
    }
}

#[test]
fn a_long_text_is_never_cut_within_a_record_whatever_stands_beside_its_list() {
    let read = |number: usize| {
        read_of(&format!("kv-{number}"), "192.0.2.7").replacen(
            '{',
            &format!("{{\"text\":\"{}\",", "x,]}[{\\\"".repeat(200)),
            1,
        )
    };
    let reads: Vec<_> = (0..700).map(read).collect();
    let (first, others) = (&reads[0], &reads[1..]);
    let cases = [
        ("a list, and records after it", format!("[{first}]{}", others.concat())),
        ("an envelope, and records after it", format!("{{\"records\":[{first}]}}{}", others.concat())),
        ("records and nothing else", reads.concat()),
        ("a brace too many", format!("[{first}}},{}]", others.join(","))),
        ("lists one after another", format!("[{}][{}]", reads[..350].join(","), reads[350..].join(","))),
    ];
    for (name, text) in cases {
        assert!(text.len() > 1 << 20, "{name}: {}", text.len());

        let output = replay(&["replay", "--rules", "CertificateAccessed", "-"], text.as_bytes());

        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(messages(&output).len(), 700, "{name}: {stderr}");
        assert!(stderr.contains("0 rejected"), "{name}: {stderr}");
    }
}
