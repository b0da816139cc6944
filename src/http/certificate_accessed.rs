//! `POST /CertificateAccessed`: a batch of events in, alerts out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::response::Response;
use jiff::Timestamp;

use super::reply::reply;
use super::trace::Trace;
use super::{App, Refusal, door};
use crate::detector::PassedOver;

/// Answers one invocation.
pub(super) async fn invoke(State(app): State<App>, request: Request) -> Response {
    let trace = Trace::of(request.headers());
    let answered = answer(&app, request).await;
    reply(&app, "CertificateAccessed", trace.as_ref(), answered)
}

async fn answer(app: &App, request: Request) -> Result<Vec<u8>, Refusal> {
    let mut passed = PassedOver::default();
    let mut spent = Duration::ZERO;
    let body = door::read_invocation(request, app.bodies.room(), app.bodies.take(), |arrived| {
        let started = Instant::now();
        passed = app.detector.pass_over(arrived, std::mem::take(&mut passed));
        spent += started.elapsed();
    });
    let (body, _room) = body.await?;
    let answered = answer_rest(app, &body, &passed, spent).await;
    app.bodies.give_back(body);
    answered
}

/// Answers a body of which the beginning was passed over in the time `spent`.
async fn answer_rest(app: &App, body: &[u8], passed: &PassedOver, spent: Duration) -> Result<Vec<u8>, Refusal> {
    let started = Instant::now();
    let now = Timestamp::now();
    let elapsed = || spent + started.elapsed();
    let Some(windows) = &app.blob_windows else {
        return Ok(caught(|| app.detector.answer_rest(body, passed, now, &elapsed))??.to_json());
    };
    let batch = caught(|| app.detector.read(body, passed, now))??;
    let (decisions, notes) = windows.decide(&batch.groups, &app.detector, now).await;
    Ok(caught(|| app.detector.conclude(batch, decisions, &notes, now, &elapsed))?.to_json())
}

/// Catches a panic, so that the connection and the process go on and the host hears why.
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Refusal::Panic)
}
