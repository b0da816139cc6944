//! The zip that is deployed, opened and started.

use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;
use zip::ZipArchive;

use crate::given::READ;
#[cfg(target_os = "linux")]
use crate::host::resident_kib;
use crate::host::{FUNCTION, batch};
use support::functions_host::delivery::Patience;
use support::functions_host::host::FunctionsHost;

/// The zip of a deployment: the one that PACKAGE_ZIP names, as CI's script does, or one that is made here, once. That
/// takes minutes, so without CI it is left.
fn path() -> Option<PathBuf> {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    if let Some(path) = std::env::var_os("PACKAGE_ZIP") {
        return Some(path.into());
    }
    if std::env::var_os("CI").is_none() {
        eprintln!("*** NOT TESTED: the zip of a deployment; CI=true makes one and tests it ***");
        return None;
    }
    Some(MADE.get_or_init(make).clone())
}

fn make() -> PathBuf {
    let made =
        Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.ci/package")).stderr(Stdio::inherit()).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    String::from_utf8(made.stdout).unwrap().trim().into()
}

fn zip() -> Option<ZipArchive<std::fs::File>> {
    let path = path()?;
    let file = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(ZipArchive::new(file).unwrap())
}

/// The host with the zip's content as its app; the folder has to outlive it.
async fn started() -> Option<(FunctionsHost, TempDir)> {
    let folder = TempDir::new().unwrap();
    zip()?.extract(folder.path()).unwrap();
    let host = FunctionsHost::start(folder.path(), &[]).await.unwrap();
    Some((host, folder))
}

#[test]
fn the_zip_holds_exactly_what_the_host_needs() {
    let Some(mut zip) = zip() else { return };

    let entries: Vec<_> = (0..zip.len())
        .map(|index| {
            let entry = zip.by_index(index).unwrap();
            (entry.name().unwrap().into_owned(), entry.unix_mode().unwrap_or_default() & 0o777)
        })
        .collect();

    let expected = [
        ("host.json", 0o644),
        ("CertificateAccessed/function.json", 0o644),
        ("NotifyTeams/function.json", 0o644),
        ("LICENSE", 0o644),
        ("NOTICE", 0o644),
        ("bin/certificate-accessed", 0o755),
    ];
    let mut expected: Vec<_> = expected.map(|(name, mode)| (name.to_owned(), mode)).to_vec();
    let rules = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sigma").read_dir().unwrap();
    let rules = rules.map(|rule| rule.unwrap().file_name().into_string().unwrap());
    let rules = rules.filter(|name| !name.ends_with(".tests.yml")).map(|name| (format!("sigma/{name}"), 0o644));
    expected.extend(rules);
    let mut entries = entries;
    entries.sort();
    expected.sort();
    assert_eq!(entries, expected);
}

#[test]
fn the_executable_stands_where_host_json_says_and_needs_no_loader() {
    let Some(mut zip) = zip() else { return };
    let mut host_json = String::new();
    zip.by_name("host.json").unwrap().read_to_string(&mut host_json).unwrap();
    let host: serde_json::Value = serde_json::from_str(&host_json).unwrap();
    let path = host["customHandler"]["description"]["defaultExecutablePath"].as_str().unwrap();

    let mut head = [0; 20];
    zip.by_name(path).unwrap().read_exact(&mut head).unwrap();

    assert_eq!(&head[..5], b"\x7fELF\x02", "a 64-bit ELF file");
    assert_eq!(head[18], 62, "for x86-64");
}

#[test]
fn doctor_finds_no_fault_in_the_zip() {
    let Some(path) = path() else { return };

    let doctor = Command::new(env!("CARGO_BIN_EXE_certificate-accessed")).arg("doctor").arg(path).output().unwrap();

    let lines = String::from_utf8_lossy(&doctor.stdout);
    assert!(doctor.status.success() && lines.contains("a Linux program for x86-64"), "{doctor:?}");
}

#[tokio::test]
async fn unzipped_into_an_empty_folder_it_is_started_and_works() {
    let Some((host, _folder)) = started().await else { return };

    let delivery = host.deliver(FUNCTION, &batch(&[READ]), Patience::default()).await.unwrap();

    assert!(delivery.succeeded());
    assert_eq!(host.sink().messages("certificate-alerts").len(), 1);
}

/// In KiB, from a file that was just written: 5,100 with the order of functions in link/functions.ld, 10,000 without.
#[cfg(target_os = "linux")]
const MOST_RESIDENT_KIB: usize = 6_500;

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_handler_that_waits_takes_little_memory() {
    let Some((host, _folder)) = started().await else { return };

    let resident = resident_kib(&host).await;

    assert!(
        resident < MOST_RESIDENT_KIB,
        "{resident} KiB: link/functions.ld was not given to the linker, or is old; scripts/order-functions writes it anew"
    );
}
