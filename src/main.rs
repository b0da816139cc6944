//! The binary: the command line of `certificate_accessed`.

use std::process::ExitCode;

/// The allocator of the static build.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    certificate_accessed::cli::run()
}
