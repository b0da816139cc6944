//! What a webhook answered, as far as it is read, and whether that means that it accepted the card.

use std::error::Error as _;
use std::time::Duration;
use std::{io, iter};

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::{Response, header};

use super::error::Fault;

/// How much of an answer is read; what is looked for is in its first lines.
const MAX_BYTES: usize = 4096;
/// The error codes of Azure Logic Apps that are reported. Any other word could be a part of the URL, or text of others.
const CODES: &[&str] = &[
    "AuthorizationFailed",
    "BadGateway",
    "BadRequest",
    "DirectApiAuthorizationRequired",
    "DirectApiInvalidAuthorizationScheme",
    "DirectApiRequestHasMoreThanOneAuthorization",
    "Forbidden",
    "GatewayTimeout",
    "InternalServerError",
    "InvalidApiVersionParameter",
    "InvalidRequestContent",
    "MissingApiVersionParameter",
    "NoResponse",
    "NotFound",
    "RequestEntityTooLarge",
    "ServiceUnavailable",
    "TooManyRequests",
    "TriggerInputSchemaMismatch",
    "Unauthorized",
    "WorkflowNotFound",
    "WorkflowTriggerIsNotEnabled",
    "WorkflowTriggerNotFound",
];

/// The status with which a webhook accepted a card. reqwest's own texts hold the URL, so they are never used.
pub(super) async fn outcome(answered: reqwest::Result<Response>, now: Timestamp) -> Result<u16, Fault> {
    let mut response = answered.map_err(|error| fault_of(&error))?;
    let status = response.status().as_u16();
    // Workflows answers 202 or 204 without a text; only an old connector's 200 may contain an error.
    if (201..=299).contains(&status) {
        return Ok(status);
    }
    let retry_after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = retry_after.and_then(|value| pause(value, now));
    let text = beginning(&mut response).await;
    if status != 200 {
        let code = text.ok().as_deref().and_then(error_code);
        return Err(Fault::Refused { status, retry_after, code });
    }
    match error_in(&text?) {
        Some(status) => Err(Fault::Refused { status, retry_after, code: Some("in the text of a 200") }),
        None => Ok(status),
    }
}

/// The beginning of an answer's text.
async fn beginning(response: &mut Response) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    while bytes.len() < MAX_BYTES {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(chunk.get(..MAX_BYTES - bytes.len()).unwrap_or(&chunk)),
            Ok(None) => break,
            Err(error) => return Err(fault_of(&error)),
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn fault_of(error: &reqwest::Error) -> Fault {
    match (error.is_builder(), error.is_timeout(), error.is_connect()) {
        (true, ..) => Fault::Request,
        // Connecting has a shorter limit of its own.
        (_, true, true) => Fault::Connect("timed out".to_owned()),
        (_, true, false) => Fault::Timeout,
        (_, false, true) => Fault::Connect(reason(error)),
        (_, false, false) => Fault::Broken(reason(error)),
    }
}

/// The kind of the innermost IO or TLS error: words out of fixed lists.
fn reason(error: &reqwest::Error) -> String {
    let causes = iter::successors(error.source(), |cause| (*cause).source());
    let reasons = causes.filter_map(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        let tls = cause.downcast_ref::<rustls::Error>().or_else(|| io?.get_ref()?.downcast_ref());
        tls.map(|tls| tls_reason(tls).to_owned()).or_else(|| Some(io?.kind().to_string()))
    });
    reasons.last().unwrap_or_else(|| "no reason given".to_owned())
}

/// The kind of a TLS error; rustls names the host and the certificate in some of its texts.
fn tls_reason(error: &rustls::Error) -> &'static str {
    match error {
        rustls::Error::InvalidCertificate(_) => "its certificate is not trusted on this machine",
        rustls::Error::AlertReceived(_) => "it refused the TLS handshake",
        _ => "the TLS handshake failed",
    }
}

/// `Retry-After` in either form: seconds, or a date.
fn pause(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    match rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(value) {
        // A date in the past means now.
        Ok(until) => Some(Duration::try_from(until.duration_since(now)).unwrap_or_default()),
        // A date out of range, such as the end of the year 9999, means long; only dates have colons.
        Err(_) => value.contains(':').then_some(Duration::MAX),
    }
}

/// The status that the text of a 200 reports; 500 if it reports a failure without one.
///
/// Office 365 connectors wrote `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP
/// error 429 with ContextId …`, and `1` when all was well.
fn error_in(text: &str) -> Option<u16> {
    let text = text.to_ascii_lowercase();
    if let Some((_, rest)) = text.split_once("http error") {
        let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).take(3).collect();
        let status = digits.parse().ok().filter(|status| (400..=599).contains(status));
        return Some(status.unwrap_or(500));
    }
    text.contains("delivery failed").then_some(500)
}

/// The code in Azure's `{"error":{"code":"…"}}`, if it is a known one.
fn error_code(text: &str) -> Option<&'static str> {
    let answer: serde_json::Value = serde_json::from_str(text).ok()?;
    let code = answer.get("error")?.get("code")?.as_str()?;
    CODES.iter().copied().find(|known| *known == code)
}
