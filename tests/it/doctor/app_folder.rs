//! An app folder that is whole but for what a test breaks in it, and the zip of it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

pub(super) const SETTINGS: &str = "local.settings.json";
pub(super) const HOST: &str = "host.json";
pub(super) const DETECTOR: &str = "CertificateAccessed/function.json";
pub(super) const NOTIFIER: &str = "NotifyTeams/function.json";
pub(super) const BINARY: &str = "bin/certificate-accessed";

/// The processor's number in an ELF file.
pub(super) const X86_64: u8 = 62;
pub(super) const AARCH64: u8 = 183;

/// The shortest static program for Linux: a header and one segment that is the file itself.
pub(super) fn elf(machine: u8) -> Vec<u8> {
    let mut program = vec![0; 120];
    program[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    program[16] = 2;
    program[18] = machine;
    program[32] = 64; // where the table of segments begins
    program[54] = 56; // how long its one line is
    program[56] = 1;
    program[64] = 1; // a segment to be loaded
    program[96] = 120; // as long as the file
    program
}

/// What the machine at hand runs, as far as `doctor` looks.
fn native() -> Vec<u8> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "aarch64") => elf(AARCH64),
        ("linux", _) => elf(X86_64),
        ("macos", "aarch64") => b"\xcf\xfa\xed\xfe\x0c\0\0\x01".to_vec(),
        ("macos", _) => b"\xcf\xfa\xed\xfe\x07\0\0\x01".to_vec(),
        _ => b"MZ\x90\0".to_vec(),
    }
}

/// An app folder that is whole but for what a test breaks in it.
pub(super) struct AppFolder(pub(super) TempDir);

impl AppFolder {
    pub(super) fn whole() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for file in [SETTINGS, HOST, DETECTOR, NOTIFIER] {
            let text = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
            folder.write(file, &text);
        }
        folder.write(BINARY, &native());
        folder.set_mode(0o755);
        folder
    }

    pub(super) fn read(&self, file: &str) -> Vec<u8> {
        std::fs::read(self.0.path().join(file)).unwrap()
    }

    pub(super) fn write(&self, file: &str, bytes: &[u8]) {
        let path = self.0.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(super) fn rename(&self, from: &str, to: &str) {
        std::fs::rename(self.0.path().join(from), self.0.path().join(to)).unwrap();
    }

    /// Changes one value of a JSON file; `Value::Null` takes it away, the index `-` appends to an array.
    pub(super) fn change(&self, file: &str, pointer: &str, value: Value) {
        let mut json: Value = serde_json::from_slice(&self.read(file)).unwrap();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match json.pointer_mut(parent).unwrap() {
            Value::Object(object) if value.is_null() => drop(object.remove(name)),
            Value::Object(object) => drop(object.insert(name.to_owned(), value)),
            Value::Array(array) if name == "-" => array.push(value),
            Value::Array(array) => drop(array.remove(name.parse().unwrap())),
            other => panic!("{other}"),
        }
        self.write(file, json.to_string().as_bytes());
    }

    pub(super) fn set(&self, name: &str, value: &str) {
        self.change(SETTINGS, &format!("/Values/{name}"), json!(value));
    }

    pub(super) fn unset(&self, name: &str) {
        self.change(SETTINGS, &format!("/Values/{name}"), Value::Null);
    }

    pub(super) fn set_mode(&self, _mode: u32) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::Permissions::from_mode(_mode);
            std::fs::set_permissions(self.0.path().join(BINARY), mode).unwrap();
        }
    }

    pub(super) fn examined(&self) -> (String, Option<i32>) {
        told(&doctor(self.0.path(), &[]))
    }

    /// Packs the app as a deployment would, below `top`, and with these options for the binary.
    pub(super) fn packed(&self, top: &str, binary: &[u8], options: SimpleFileOptions) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        let mut zip = zip::ZipWriter::new(std::fs::File::create(folder.path().join("app.zip")).unwrap());
        for file in [HOST, DETECTOR, NOTIFIER] {
            zip.start_file(format!("{top}{file}"), SimpleFileOptions::default().unix_permissions(0o644)).unwrap();
            zip.write_all(&self.read(file)).unwrap();
        }
        zip.start_file(format!("{top}{BINARY}"), options).unwrap();
        zip.write_all(binary).unwrap();
        zip.finish().unwrap();
        folder
    }
}

pub(super) fn doctor(app: &Path, settings: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"));
    command.arg("doctor").arg(app).envs(settings.iter().copied()).output().unwrap()
}

pub(super) fn told(output: &Output) -> (String, Option<i32>) {
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout.clone()).unwrap(), output.status.code())
}

/// Asserts that the app has exactly one fault, told in these words.
pub(super) fn assert_fault(broken: impl FnOnce(&AppFolder), words: &str) {
    let app = AppFolder::whole();
    broken(&app);

    let (lines, code) = app.examined();

    let faults: Vec<_> = lines.lines().filter(|line| line.starts_with("FAULT")).collect();
    assert!(faults.len() == 1 && faults[0].contains(words), "{words} in {lines}");
    assert!(faults[0].matches(": ").count() >= 1, "how to mend it: {lines}");
    assert_eq!(code, Some(1), "{lines}");
}

/// Asserts that the app has no fault, and a note in these words.
pub(super) fn assert_note(odd: impl FnOnce(&AppFolder), words: &str) {
    let app = AppFolder::whole();
    odd(&app);

    let (lines, code) = app.examined();

    assert!(lines.lines().any(|line| line.starts_with("note ") && line.contains(words)), "{words} in {lines}");
    assert_eq!(code, Some(0), "{lines}");
}
