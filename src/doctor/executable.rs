//! The executable that host.json names: there, executable, and of the right kind.

mod program;

use std::env::consts::{ARCH, OS};

use super::Report;
use super::app::{App, Head};
use super::examined::Examined;
use program::Program;

/// Where the binary is in a whole app.
const USUAL: &str = "bin/certificate-accessed";

/// A machine that the app is meant for.
struct Machine {
    name: &'static str,
    os: &'static str,
    arch: &'static str,
    /// How to make a binary for it.
    make: &'static str,
}

const AZURE: Machine = Machine {
    name: "Azure",
    os: "linux",
    arch: "x86_64",
    make: "build it with cargo build --release --target x86_64-unknown-linux-musl and pack it with scripts/package",
};
const HERE: Machine =
    Machine { name: "this machine", os: OS, arch: ARCH, make: "run cargo install --locked --path . --root ." };

pub(super) fn check(app: &mut App, examined: &Examined<'_>, report: &mut Report) {
    let path = examined.text_or("host.json/customHandler/description/defaultExecutablePath", "");
    let set_usual = format!("set customHandler.description.defaultExecutablePath to \"{USUAL}\"");
    if path.is_empty() {
        return report.fault(format!("host.json names no executable, so the host does not start: {set_usual}"));
    }
    if path.contains('%') {
        return report
            .note("the executable's path in host.json contains a setting, so the executable was not examined");
    }
    // Text that does not look like a path may be a secret, and is not printed.
    let is_path = path.chars().all(|c| c.is_alphanumeric() || "/\\._-: ".contains(c));
    let shown = if is_path { path.as_str() } else { "with an unusual name" };
    let machine = if app.is_package() { AZURE } else { HERE };
    match app.locate("", &path).map_or(Ok(None), |name| app.executable(&name)) {
        Ok(Some(head)) => match Program::of(&head.bytes, head.length) {
            Ok(program) => {
                // A package goes to Azure; a folder without local settings may become one.
                let is_certain = app.is_package() || examined.settings.has_local_file;
                check_program(shown, &head, &program, is_certain.then_some(&machine), report);
            }
            Err(why) => report.fault(format!("{shown} {why}: {}", machine.make)),
        },
        Ok(None) => {
            let is_elsewhere = path != USUAL && matches!(app.executable(USUAL), Ok(Some(_)));
            let fix = if is_elsewhere { format!("{set_usual}, which is there") } else { machine.make.to_owned() };
            report.fault(format!(
                "the executable {shown} of host.json is missing; the host says Running, and the first invocation stops it: {fix}"
            ));
        }
        Err(why) => report.fault(format!("the executable {shown} {why}")),
    }
}

fn check_program(path: &str, head: &Head, program: &Program, machine: Option<&Machine>, report: &mut Report) {
    let faults = report.faults;
    match machine {
        Some(Machine { name, os, arch, make }) if !program.runs_on(os, arch) => {
            report.fault(format!("{path} is a {program}, and {name} runs {os} on {arch}: {make}"));
        }
        None if !program.runs_on(AZURE.os, AZURE.arch) => {
            report.note(format!("{path} is a {program}: right on such a machine, wrong in a package for Azure"));
        }
        _ => {}
    }
    if program.os != "windows" && head.is_executable == Some(false) {
        report.fault(format!(
            "{path} has no executable bit, so the host cannot start it, and says Running all the same: chmod +x {path}, and \
             pack it with python scripts/package, which writes modes on any machine"
        ));
    }
    if report.faults > faults {
        return;
    }
    if program.needs_loader {
        report.note(format!(
            "{path} is there, executable, and linked dynamically: it needs a glibc no newer than the one in Azure"
        ));
    } else {
        report.ok(format!("{path} is there, executable, and a {program}"));
    }
}
