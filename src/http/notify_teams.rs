//! `POST /NotifyTeams`: one alert out of the queue, posted as a card.
//!
//! A failure answers non-2xx, so that the queue keeps the alert and hands it out again (`host.json`: every five
//! minutes for a day, hidden between, so that it is in nobody's way). A message whose card was posted before is done with: the
//! host repeats an alert whenever it repeats its batch, and for as long as another output of it is refused. A message that
//! is no alert fails like all others: the host moves it to `certificate-teams-poison` in the end, where somebody can look at
//! it; one of a later major version may meet the version that knows it before.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;

use super::call::Call;
use super::reply::{about, reply};
use super::{App, Refusal, door};
use crate::render::Card;
use crate::wire::{Answer, InvocationId, QueueMessage};

/// The function's name, in the host's files and in every line.
const FUNCTION: &str = "NotifyTeams";

/// The line that sums up an invocation.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryLine<'a> {
    function: &'static str,
    invocation_id: Option<&'a InvocationId>,
    result: &'static str,
    alert_id: Option<&'a str>,
    dequeue_count: Option<u64>,
    status: Option<u16>,
    attempts: u32,
    card_bytes: usize,
    duration_ms: f64,
}

/// Answers one invocation.
pub(super) async fn invoke(State(app): State<App>, request: Request) -> Response {
    let call = Call::of(request.headers());
    let answered = notify(&app, &call, request).await;
    reply(&app, FUNCTION, &call, answered)
}

async fn notify(app: &App, call: &Call, request: Request) -> Result<Vec<u8>, Refusal> {
    let (body, room) = door::read_invocation(request, app.bodies.room(), Vec::new()).await?;
    let started = Instant::now();
    let message = QueueMessage::of_invocation(&body)?;
    drop((body, room));
    let teams = app.teams.as_ref().ok_or_else(|| match app.detector.teams_fault() {
        Some(fault) => Refusal::TeamsUnusable(fault.to_owned()),
        None => Refusal::TeamsOff,
    })?;
    let mut line = SummaryLine {
        function: FUNCTION,
        invocation_id: call.invocation_id.as_ref(),
        result: "accepted",
        alert_id: None,
        dequeue_count: message.dequeue_count,
        status: None,
        attempts: 0,
        card_bytes: 0,
        duration_ms: 0.0,
    };
    let card = Card::of(&String::from_utf8_lossy(&message.body)).map_err(Refusal::Card)?;
    let body = card.request_body();
    line.card_bytes = body.len();
    line.alert_id = Some(card.alert_id());
    if was_posted(app, call, card.alert_id()).await {
        line.result = "repeated";
        return Ok(answer(&line, started));
    }
    let not_sent = |error| Refusal::NotSent { alert_id: card.alert_id().to_owned(), error };
    let accepted = teams.post(body).await.map_err(not_sent)?;
    line.status = Some(accepted.status);
    line.attempts = accepted.attempts;
    keep_receipt(app, call, card.alert_id()).await;
    Ok(answer(&line, started))
}

/// Whether the card was posted before; where that cannot be asked, it is posted.
async fn was_posted(app: &App, call: &Call, alert_id: &str) -> bool {
    let Some(receipts) = &app.receipts else { return false };
    receipts.has(alert_id).await.unwrap_or_else(|fault| {
        let what =
            format!("whether the card of alert {alert_id} was posted before cannot be asked, so it is posted: {fault}");
        app.errors.warning(&about(FUNCTION, call, &what));
        false
    })
}

/// Keeps that the card was posted: after the webhook took it, so that a crash in between posts it twice and never not at all.
async fn keep_receipt(app: &App, call: &Call, alert_id: &str) {
    let Some(receipts) = &app.receipts else { return };
    if let Err(fault) = receipts.put(alert_id).await {
        let what = format!("the card of alert {alert_id} was posted and may be again: {fault}");
        app.errors.warning(&about(FUNCTION, call, &what));
    }
}

fn answer(line: &SummaryLine<'_>, started: Instant) -> Vec<u8> {
    let line = SummaryLine { duration_ms: started.elapsed().as_secs_f64() * 1000.0, ..*line };
    let logs = vec![serde_json::to_string(&line).unwrap_or_default()];
    Answer { logs, ..Answer::default() }.to_json()
}
