//! `POST /CertificateAccessed`: a batch of events in, alerts out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::response::Response;
use jiff::Timestamp;

use super::call::Call;
use super::{App, Refusal, door};

/// Answers one invocation.
pub(super) async fn invoke(State(app): State<App>, request: Request) -> Response {
    let call = Call::of("CertificateAccessed", request.headers());
    let answered = answer(&app, &call, request).await;
    call.reply(&app, answered)
}

async fn answer(app: &App, call: &Call, request: Request) -> Result<Vec<u8>, Refusal> {
    let (body, _room) = door::read_invocation(request, &app.body_room).await?;
    let started = Instant::now();
    let now = Timestamp::now();
    let elapsed = || started.elapsed();
    let mut batch = caught(|| app.detector.read(body, now))??;
    let decided = match &app.shared_windows {
        None => caught(|| app.detector.decide(&mut batch))?,
        Some(windows) => windows.decide(&mut batch).await?,
    };
    // The host makes an Information of every line of the answer's log, and these need a person.
    for fault in decided.errors() {
        app.errors.error(&call.about(&fault));
    }
    for fact in decided.facts() {
        app.errors.warning(&call.about(&fact));
    }
    caught(|| app.detector.conclude(batch, decided, now, &elapsed).naming(call.invocation_id.as_ref()).to_json())
}

/// Catches a panic, so that the connection and the process go on and the host hears why.
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Refusal::Panic)
}
