//! The HTTP server for the Functions host: routes, bodies, and errors as JSON.

mod body_room;
mod call;
mod certificate_accessed;
mod connection;
mod door;
mod error;
mod notify_teams;

use std::sync::Arc;

use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;

use crate::card_receipts::CardReceipts;
use crate::detector::Detector;
use crate::process_log::ErrorStream;
use crate::render::CardOptions;
use crate::shared_windows::SharedWindows;
use crate::teams::Teams;

pub use body_room::BodyRoom;
pub use connection::serve_connection;
pub use door::MAX_BODY_BYTES;
pub use error::Refusal;

/// What the routes share.
#[derive(Debug, Clone)]
pub struct App {
    /// The detection.
    pub detector: Arc<Detector>,
    /// The windows that instances share, if the settings ask for them.
    pub shared_windows: Option<Arc<SharedWindows>>,
    /// The Teams webhook, if it is on.
    pub teams: Option<Arc<Teams>>,
    /// What is on cards.
    pub cards: CardOptions,
    /// The receipts of posted cards, if there is a storage account.
    pub receipts: Option<Arc<CardReceipts>>,
    /// Where the reason of a failed invocation is logged, because the host drops the body of such an answer.
    pub errors: ErrorStream,
    /// The room that all bodies share.
    pub body_room: BodyRoom,
}

/// The routes of the custom handler: the probe and one path for each function.
pub fn router(app: App) -> Router {
    Router::new()
        // The host's readiness probe and status ping: any answer means ready.
        .route("/", get(async || Json(json!({"status": "ready"}))))
        .route("/CertificateAccessed", post(certificate_accessed::invoke))
        .route("/NotifyTeams", post(notify_teams::invoke))
        .fallback(async || Refusal::UnknownPath)
        .method_not_allowed_fallback(async || Refusal::UnknownMethod)
        .layer(axum::middleware::from_fn(door::check_host))
        .with_state(app)
}
