//! The executable that host.json names: there, executable, and of the right kind.

mod kind;

use std::env::consts::{ARCH, OS};

use super::app::{App, Head};
use super::host_json::HostJson;
use super::report::Report;
use super::settings::AppSettings;
use kind::{Kind, Program};

/// Where the binary is in a whole app.
const USUAL: &str = "bin/certificate-accessed";
/// How to make a binary that Azure can run.
const BUILD: &str =
    "build it with cargo build --release --target x86_64-unknown-linux-musl and pack it with scripts/package";
/// How to make a binary that this machine can run.
const INSTALL: &str = "run cargo install --locked --path . --root .";

/// Where the app is to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// A package goes to Azure.
    Azure,
    /// A folder with local settings is started by Core Tools.
    ThisMachine,
    /// Another folder may be on its way into a package.
    Unknown,
}

/// Checks the executable.
pub(super) fn check(app: &mut App, host: &HostJson<'_>, settings: &AppSettings<'_>, report: &mut Report) {
    let Some(path) = host.executable() else {
        report.fault(
            "host.json names no executable",
            format!("set customHandler.description.defaultExecutablePath to \"{USUAL}\""),
        );
        return;
    };
    if path.contains('%') {
        report.note("host.json builds the executable's path of a setting, so the executable was not examined");
        return;
    }
    let target = match (app.is_package(), settings.has_local_file()) {
        (true, _) => Target::Azure,
        (false, true) => Target::ThisMachine,
        (false, false) => Target::Unknown,
    };
    // What looks like no path may be a secret, and is not printed.
    let is_path = path.chars().all(|c| c.is_alphanumeric() || "/\\._-: ".contains(c));
    let shown = if is_path { path.as_str() } else { "with an unusual name" };
    let found = app.locate("", &path).map_or(Ok(None), |name| app.executable(&name));
    match found {
        Ok(Some(head)) => check_head(shown, &head, target, report),
        Ok(None) => {
            let is_elsewhere = path != USUAL && matches!(app.executable(USUAL), Ok(Some(_)));
            let mend = if is_elsewhere {
                format!("set defaultExecutablePath to \"{USUAL}\", which is there")
            } else {
                make(target).to_owned()
            };
            report.fault(format!("the executable {shown} of host.json is missing"), mend);
        }
        Err(trouble) => report.fault(format!("the executable {shown} {}", trouble.what()), trouble.mend()),
    }
}

fn make(target: Target) -> &'static str {
    if target == Target::Azure { BUILD } else { INSTALL }
}

fn check_head(path: &str, head: &Head, target: Target, report: &mut Report) {
    let faults = report.faults();
    let program = match kind::of(&head.bytes, head.length) {
        Kind::Program(program) => program,
        Kind::CutOff => {
            report.fault(format!("{path} is cut off, for it is shorter than its header promises"), make(target));
            return;
        }
        Kind::Unknown => {
            report.fault(format!("{path} is no program that a machine can run"), make(target));
            return;
        }
    };
    check_machine(path, &program, target, report);
    let needs_bit = program.os != "windows";
    match head.is_executable {
        Some(false) if needs_bit && target == Target::Azure => {
            report.fault(format!("{path} has no executable bit"), "pack it with scripts/package, which sets it");
        }
        Some(false) if needs_bit => {
            report.fault(format!("{path} has no executable bit"), format!("chmod +x {path}"));
        }
        None if needs_bit && target == Target::Azure => report.fault(
            format!("{path} has no mode in the zip, as when it is packed on Windows, so it has no executable bit"),
            "pack it with python scripts/package, which writes modes on any machine",
        ),
        _ => {}
    }
    if report.faults() > faults {
        return;
    }
    if program.needs_loader && program.os == "linux" {
        report.note(format!(
            "{path} is there, executable, and linked dynamically: it needs a glibc no newer than the one in Azure"
        ));
    } else {
        report.ok(format!("{path} is there, executable, and a program for {}", program.machine()));
    }
}

fn check_machine(path: &str, program: &Program, target: Target, report: &mut Report) {
    match target {
        Target::Azure if !program.runs_on("linux", "x86_64") => {
            report.fault(format!("{path} is {}, and Azure runs Linux on x86-64", program.told()), BUILD);
        }
        Target::ThisMachine if !program.runs_on(OS, ARCH) => report.fault(
            format!("{path} is {}, and this machine runs {}", program.told(), kind::machine(OS, Some(ARCH))),
            INSTALL,
        ),
        Target::Unknown if !program.runs_on("linux", "x86_64") => {
            report.note(format!("{path} is {}: right on such a machine, wrong in a package for Azure", program.told()))
        }
        _ => {}
    }
}
