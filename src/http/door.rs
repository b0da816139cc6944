//! What is checked of a request before its body counts, and how the body is read.

use std::pin::pin;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use tokio::time::{Instant, sleep_until};

use super::Refusal;
use super::body_room::{BodyRoom, Taken};
use crate::wire;

/// The largest body: well above what `host.json`'s `maxEventBatchSize` allows at 1 MiB an event, escaped.
pub const MAX_BODY_BYTES: usize = 256 << 20;
/// How long a body may pause.
const PAUSE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a body may take in all; on the loopback the largest one takes a second.
const BODY_TIMEOUT: Duration = Duration::from_secs(120);

/// Refuses a `Host` header that names another machine: the port is for the host on this one.
pub(super) async fn check_host(request: Request, next: Next) -> Response {
    let headers = request.headers().get_all(header::HOST).iter();
    let mut hosts = headers.map(|host| host.to_str().unwrap_or_default()).chain(request.uri().host());
    if hosts.all(is_loopback) { next.run(request).await } else { Refusal::ForeignHost.into_response() }
}

fn is_loopback(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port),
        _ => (host, ""),
    };
    let is_port = port.is_empty() || port.parse::<u16>().is_ok();
    is_port && (name.eq_ignore_ascii_case("localhost") || matches!(name, "127.0.0.1" | "[::1]"))
}

/// Reads the whole body of an invocation. It has its room until the second value is dropped.
///
/// # Errors
/// [`Refusal`] where it is not JSON by its headers, is compressed, too large, or does not arrive.
pub(super) async fn read_invocation(request: Request, room: &BodyRoom) -> Result<(wire::Body, Taken), Refusal> {
    let (parts, body) = request.into_parts();
    if !is_json(&parts.headers) {
        return Err(Refusal::NotJson);
    }
    let encoding = parts.headers.get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Refusal::Encoded);
    }
    let length = parts.headers.get(header::CONTENT_LENGTH);
    let length: usize = length.and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or_default();
    if length > MAX_BODY_BYTES {
        return Err(Refusal::TooLarge);
    }
    read(body, room).await
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json") || essence.eq_ignore_ascii_case("text/json")
}

/// Reads the chunks.
async fn read(mut body: Body, room: &BodyRoom) -> Result<(wire::Body, Taken), Refusal> {
    let (mut whole, mut taken, mut length) = (wire::Body::default(), Taken::default(), 0);
    let mut arrived = Instant::now();
    let mut deadline = arrived + BODY_TIMEOUT;
    // One timer for all chunks, because setting one wakes the runtime: when it goes off, it is set anew if a chunk came meanwhile.
    let mut alarm = pin!(sleep_until(arrived + PAUSE_TIMEOUT));
    loop {
        let frame = tokio::select! {
            biased;
            frame = body.frame() => frame,
            () = alarm.as_mut() => {
                let (until, limit) = (deadline, BODY_TIMEOUT).min((arrived + PAUSE_TIMEOUT, PAUSE_TIMEOUT));
                if until <= Instant::now() {
                    return Err(Refusal::Slow(limit));
                }
                alarm.as_mut().reset(until);
                continue;
            }
        };
        let Some(frame) = frame else { return Ok((whole, taken)) };
        let Ok(data) = frame.map_err(|_| Refusal::BrokenOff)?.into_data() else { continue };
        length += data.len();
        if length > MAX_BODY_BYTES {
            return Err(Refusal::TooLarge);
        }
        let waited = room.take(data.len(), &mut taken).await.ok_or(Refusal::NoRoom)?;
        // It is not the sender who let the body wait.
        deadline += waited;
        arrived = Instant::now();
        whole.extend(&data);
    }
}
