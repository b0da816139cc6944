//! The binary: the command line of `certificate_accessed`.

use std::process::ExitCode;

fn main() -> ExitCode {
    certificate_accessed::cli::run()
}
