//! Requests signed with the account key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What a signature covers.
pub(super) struct Signed<'a> {
    /// The HTTP method.
    pub(super) verb: &'a str,
    /// Of the body; none is signed for an empty one.
    pub(super) content_length: usize,
    /// As in the header.
    pub(super) content_type: &'a str,
    /// The `x-ms-…` headers.
    pub(super) ms_headers: &'a [(&'a str, String)],
    /// The request's path. With the emulator it starts with the account, which is then twice in the canonical resource.
    pub(super) path: &'a str,
    /// The query, not encoded.
    pub(super) query: &'a [(&'a str, String)],
}

impl Signed<'_> {
    /// The `Authorization` header in the SharedKey scheme (the emulator's blob service does not know
    /// SharedKeyLite).
    pub(super) fn authorization(&self, account: &str, key: &str) -> String {
        format!("SharedKey {account}:{}", signature(&self.to_sign(account), key))
    }

    fn to_sign(&self, account: &str) -> String {
        let length = match self.content_length {
            0 => String::new(),
            length => length.to_string(),
        };
        let headers = sorted(self.ms_headers, |name, value| format!("{name}:{value}\n"));
        let query = sorted(self.query, |name, value| format!("\n{name}:{value}"));
        // The empty lines are for headers that no request here has. Date is one of them, because x-ms-date replaces it.
        format!(
            "{}\n\n\n{length}\n\n{}\n\n\n\n\n\n\n{headers}/{account}{}{query}",
            self.verb, self.content_type, self.path
        )
    }
}

fn sorted(pairs: &[(&str, String)], line: impl Fn(&str, &str) -> String) -> String {
    let mut lines: Vec<String> = pairs.iter().map(|(name, value)| line(name, value)).collect();
    lines.sort();
    lines.concat()
}

fn signature(to_sign: &str, key: &str) -> String {
    // A wrong key shows as 403 on the first request; HMAC takes keys of any length.
    let key = STANDARD.decode(key).unwrap_or_default();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else {
        return String::new();
    };
    mac.update(to_sign.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
