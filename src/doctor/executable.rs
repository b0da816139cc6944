//! The executable that host.json names: there, executable, and of the right kind.

use super::app::{App, Head};
use super::host_json::HostJson;
use super::report::Report;

/// How to make a binary that Azure can run.
const BUILD: &str =
    "build it with cargo build --release --target x86_64-unknown-linux-musl and pack it with scripts/package";

/// What the first bytes of a file say.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Linux { needs_loader: bool },
    OtherLinux,
    MacOs,
    Windows,
    Unknown,
}

/// Checks the executable.
pub(super) fn check(app: &mut App, host: &HostJson, report: &mut Report) {
    let Some(path) = host.executable() else {
        report.fault(
            "host.json names no executable",
            r#"set customHandler.description.defaultExecutablePath to "bin/certificate-accessed""#,
        );
        return;
    };
    if path.contains('%') {
        report.note("host.json builds the executable's path of a setting, so the executable was not examined");
        return;
    }
    let in_app = path.strip_prefix("./").unwrap_or(&path);
    match app.executable(in_app) {
        Ok(Some(head)) => check_head(&path, &head, app.is_package(), report),
        Ok(None) => report.fault(format!("the executable {path} of host.json is missing"), missing(app.is_package())),
        Err(error) => report.fault(format!("the executable {path} cannot be read"), error.to_string()),
    }
}

fn missing(is_package: bool) -> &'static str {
    if is_package { BUILD } else { "run cargo install --locked --path . --root ." }
}

fn check_head(path: &str, head: &Head, is_package: bool, report: &mut Report) {
    let faults = report.faults();
    let kind = kind(&head.bytes);
    // In a folder the machine at hand is to run it, in a package Linux on x86-64.
    let other = |report: &mut Report, what: &str| {
        if is_package {
            report.fault(format!("{path} is {what}, and Azure runs Linux on x86-64"), BUILD);
        } else {
            report.note(format!("{path} is {what}: right on such a machine, wrong in a package for Azure"));
        }
    };
    match kind {
        Kind::Linux { needs_loader: true } => {
            report.note(format!("{path} is linked dynamically: it needs a glibc no newer than the one in Azure"));
        }
        Kind::Linux { needs_loader: false } => {}
        Kind::OtherLinux => other(report, "a Linux program for another processor than x86-64"),
        Kind::MacOs => other(report, "a macOS program"),
        Kind::Windows => other(report, "a Windows program"),
        Kind::Unknown => report.fault(format!("{path} is no program that a machine can run"), BUILD),
    }
    let needs_bit = kind != Kind::Windows;
    match head.is_executable {
        Some(false) if needs_bit => {
            report.fault(format!("{path} has no executable bit"), format!("chmod +x {path}, and pack it again"));
        }
        None if needs_bit && is_package => report.fault(
            format!("{path} has no mode in the zip, so it has no executable bit"),
            "pack it with scripts/package, which writes modes on any machine",
        ),
        _ => {}
    }
    if report.faults() == faults && matches!(kind, Kind::Linux { .. }) {
        report.ok(format!("{path} is there, executable, and a program for Linux on x86-64"));
    }
}

fn kind(bytes: &[u8]) -> Kind {
    match bytes {
        [0x7f, b'E', b'L', b'F', rest @ ..] if matches!(rest, [2, 1, ..]) && u16_at(bytes, 18) == Some(62) => {
            match u16_at(bytes, 16) {
                Some(2 | 3) => Kind::Linux { needs_loader: needs_loader(bytes) },
                _ => Kind::Unknown,
            }
        }
        [0x7f, b'E', b'L', b'F', ..] => Kind::OtherLinux,
        [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xca, 0xfe, 0xba, 0xbe, ..] => Kind::MacOs,
        [b'M', b'Z', ..] => Kind::Windows,
        _ => Kind::Unknown,
    }
}

/// Whether a program header names a loader (`PT_INTERP`).
fn needs_loader(bytes: &[u8]) -> bool {
    let read = || {
        let offset = usize::try_from(u64::from_le_bytes(bytes.get(32..40)?.try_into().ok()?)).ok()?;
        let (size, count) = (usize::from(u16_at(bytes, 54)?), usize::from(u16_at(bytes, 56)?));
        let mut types = (0..count).map(|index| {
            let start = offset.checked_add(index * size)?;
            Some(u32::from_le_bytes(bytes.get(start..start.checked_add(4)?)?.try_into().ok()?))
        });
        Some(types.any(|kind| kind == Some(3)))
    };
    read().unwrap_or(false)
}

fn u16_at(bytes: &[u8], start: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(start..start + 2)?.try_into().ok()?))
}
