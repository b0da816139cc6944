//! The webhook's URL: a credential, checked once and shown never.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::fmt;

use reqwest::Url;

/// The URL of a webhook that may be posted to. Printing it in any way prints no part of it.
#[derive(Clone)]
pub struct WebhookUrl(Url);

/// What a webhook's URL must keep to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookPolicy {
    /// Host names; if there are any, cards are posted to no other host.
    pub allowed_hosts: Vec<String>,
    /// Whether plain `http` to a loopback address is allowed.
    pub allow_loopback: bool,
}

/// Why a URL cannot be used: what to set instead, and no part of the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookFault {
    /// No URL at all.
    #[error("the https:// URL that the Teams workflow shows, copied whole")]
    NotAUrl,
    /// Another scheme.
    #[error("a URL that begins with https:// (http:// to 127.0.0.1 needs TEAMS_ALLOW_LOOPBACK=1)")]
    NotHttps,
    /// `user:password@`.
    #[error("a URL without user name and password in it")]
    UserInfo,
    /// A host that is not on the list.
    #[error("a URL whose host is among TEAMS_ALLOWED_HOSTS")]
    HostNotAllowed,
}

impl WebhookUrl {
    /// Checks a URL.
    ///
    /// # Errors
    /// [`WebhookFault`] says what is expected.
    pub fn parse(text: &str, policy: &WebhookPolicy) -> Result<Self, WebhookFault> {
        let url = Url::parse(text).map_err(|_| WebhookFault::NotAUrl)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(WebhookFault::NotAUrl)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(WebhookFault::UserInfo);
        }
        let is_test = url.scheme() == "http" && policy.allow_loopback && is_loopback(host);
        if url.scheme() != "https" && !is_test {
            return Err(WebhookFault::NotHttps);
        }
        let allowed = &policy.allowed_hosts;
        if !allowed.is_empty() && !allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)) {
            return Err(WebhookFault::HostNotAllowed);
        }
        Ok(Self(url))
    }

    /// The URL itself, for the one request that needs it.
    pub(crate) fn expose(&self) -> Url {
        self.0.clone()
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("WebhookUrl(…)")
    }
}

/// Whether it is an address of the loopback; a name such as `localhost` could resolve to anything.
fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
