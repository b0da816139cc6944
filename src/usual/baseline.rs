//! A baseline: what is usual, as a file that people can read and compare.

use serde::{Deserialize, Serialize};

use super::Usual;

/// The longest baseline, in bytes.
pub const MAX_BASELINE_BYTES: usize = 64 << 20;
/// The version of the form: a minor adds keys, a major breaks.
const SCHEMA_VERSION: &str = "1.0";

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineFault {
    /// It is no JSON of this form.
    #[error("it is not what `certificate-accessed baseline` writes: {0}")]
    Form(#[from] serde_json::Error),
    /// It is of a later version.
    #[error("it is of a later version ({0}) than this program: make it again with this one, or deploy that one")]
    LaterVersion(String),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Baseline<U> {
    schema_version: String,
    #[serde(flatten)]
    usual: U,
}

impl Usual {
    /// Reads a baseline.
    ///
    /// # Errors
    /// [`BaselineFault`].
    pub fn from_baseline(json: &[u8]) -> Result<Self, BaselineFault> {
        let Baseline { schema_version, mut usual } = serde_json::from_slice::<Baseline<Self>>(json)?;
        if !schema_version.starts_with("1.") {
            return Err(BaselineFault::LaterVersion(schema_version));
        }
        usual.restore();
        Ok(usual)
    }

    /// Writes a baseline: indented, sorted, and without the name of any secret or certificate.
    #[must_use]
    pub fn to_baseline(&self) -> String {
        let baseline = Baseline { schema_version: SCHEMA_VERSION.to_owned(), usual: self };
        #[expect(clippy::expect_used, reason = "text and times can always be written as JSON")]
        let json = serde_json::to_string_pretty(&baseline).expect("JSON");
        json + "\n"
    }
}
