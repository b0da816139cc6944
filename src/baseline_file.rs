//! A file of what is usual for each identity, as `certificate-accessed baseline` writes it.

use std::path::{Path, PathBuf};

use crate::small_file::{self, SmallFileFault};
use crate::usual::{BaselineFault, MAX_BASELINE_BYTES, Usual};

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the baseline {} cannot be used: {fault}", path.display())]
pub struct UnusableBaseline {
    path: PathBuf,
    fault: FileFault,
}

#[derive(Debug, thiserror::Error)]
enum FileFault {
    #[error(transparent)]
    File(#[from] SmallFileFault),
    #[error("it has more than {} MiB; name the identities that matter in a shorter one", MAX_BASELINE_BYTES >> 20)]
    TooLong,
    #[error(transparent)]
    Content(#[from] BaselineFault),
}

/// Reads a baseline.
///
/// # Errors
/// [`UnusableBaseline`] names the file and what is wrong with it.
pub fn read(path: &Path) -> Result<Usual, UnusableBaseline> {
    let read = || {
        let json = small_file::read(path, MAX_BASELINE_BYTES)?;
        if json.len() > MAX_BASELINE_BYTES {
            return Err(FileFault::TooLong);
        }
        Ok(Usual::from_baseline(&json)?)
    };
    read().map_err(|fault| UnusableBaseline { path: path.to_owned(), fault })
}
