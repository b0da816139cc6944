//! `POST /NotifyTeams`: one alert out of the queue, posted as a card.
//!
//! A failure answers non-2xx, so that the queue keeps the alert and delivers it again (`host.json`: every five minutes for a
//! day; hidden in between, so that it delays no other). The host repeats an alert whenever it repeats its batch, and as long
//! as another output of the batch is refused: a message whose card was posted before is done. A message that is no alert
//! fails as well: the host finally moves it to `certificate-teams-poison`, where somebody can look at it. One of a later
//! major version may meet the version that knows it before that.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;

use super::call::Call;
use super::{App, Refusal, door};
use crate::json;
use crate::render::Card;
use crate::wire::{Answer, InvocationId, QueueMessage};

/// The line that sums up an invocation.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryLine<'a> {
    function: &'static str,
    invocation_id: Option<&'a InvocationId>,
    result: &'static str,
    alert_id: &'a str,
    dequeue_count: Option<u64>,
    status: Option<u16>,
    attempts: u32,
    card_bytes: usize,
    duration_ms: f64,
}

/// Answers one invocation.
pub(super) async fn invoke(State(app): State<App>, request: Request) -> Response {
    let call = Call::of("NotifyTeams", request.headers());
    let answered = notify(&app, &call, request).await;
    call.reply(&app, answered)
}

async fn notify(app: &App, call: &Call, request: Request) -> Result<Vec<u8>, Refusal> {
    let (body, room) = door::read_invocation(request, &app.body_room).await?;
    let started = Instant::now();
    let message = QueueMessage::of_invocation(&body.whole())?;
    drop(room);
    let teams = app.teams.as_ref().ok_or_else(|| match &app.detector.teams_fault {
        Some(fault) => Refusal::TeamsUnusable(fault.clone()),
        None => Refusal::TeamsOff,
    })?;
    let card = Card::of(&String::from_utf8_lossy(&message.body), &app.cards).map_err(Refusal::Card)?;
    let (alert_id, body) = (card.alert_id(), card.request_body());
    let card_bytes = body.len();
    let accepted = if was_posted(app, call, alert_id).await {
        None
    } else {
        let posted = teams.post(body).await;
        let accepted = posted.map_err(|error| Refusal::NotSent(alert_id.to_owned(), error))?;
        put_receipt(app, call, alert_id).await;
        Some(accepted)
    };
    let line = SummaryLine {
        function: call.function,
        invocation_id: call.invocation_id.as_ref(),
        result: if accepted.is_some() { "accepted" } else { "repeated" },
        alert_id,
        dequeue_count: message.dequeue_count,
        status: accepted.map(|accepted| accepted.status),
        attempts: accepted.map_or(0, |accepted| accepted.attempts),
        card_bytes,
        duration_ms: started.elapsed().as_secs_f64() * 1000.0,
    };
    Ok(Answer { logs: vec![json::to_text(&line)], ..Answer::default() }.to_json())
}

/// Whether the card was posted before; if that cannot be found out, it is posted.
async fn was_posted(app: &App, call: &Call, alert_id: &str) -> bool {
    let Some(receipts) = &app.receipts else { return false };
    receipts.has(alert_id).await.unwrap_or_else(|fault| {
        let what =
            format!("cannot find out whether the card of alert {alert_id} was posted before, so it is posted: {fault}");
        app.errors.warning(&call.about(&what));
        false
    })
}

/// Records that the card was posted: after the webhook accepted it, so that a crash in between posts it twice rather than
/// never.
async fn put_receipt(app: &App, call: &Call, alert_id: &str) {
    let Some(receipts) = &app.receipts else { return };
    if let Err(fault) = receipts.put(alert_id).await {
        let what = format!("the card of alert {alert_id} was posted, and may be posted again: {fault}");
        app.errors.warning(&call.about(&what));
    }
}
