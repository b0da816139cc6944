//! Connections, from the open port to the end of the process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::starter::{InFlight, Signals, Starter};
use crate::http::serve_connection;
use crate::process_log::ErrorStream;

/// How long a stop waits for answers under way; the host itself waits ten seconds.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(8);
/// How long to wait before accepting again when the process is out of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How often connections that cannot be accepted are reported.
const ACCEPT_SILENCE: Duration = Duration::from_secs(60);

/// Accepts connections until a signal or until the host is gone, then lets the answers under way go out.
pub(super) async fn accept(
    listener: TcpListener,
    router: Router,
    starter: Starter,
    mut signals: Signals,
    errors: &ErrorStream,
) {
    let in_flight = Arc::new(InFlight::default());
    let router = router.layer(from_fn_with_state(Arc::clone(&in_flight), hold));
    let (stop, stopping) = watch::channel(false);
    let mut connections = JoinSet::new();
    let end = async {
        tokio::select! { () = signals.one() => {}, () = starter.is_gone(&in_flight) => {} }
    };
    tokio::pin!(end);
    let mut reported: Option<Instant> = None;
    loop {
        tokio::select! {
            () = &mut end => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    // Answers are written at once, so waiting to fill packets only costs time.
                    let _slower = stream.set_nodelay(true);
                    connections.spawn(serve_connection(stream, router.clone(), stopping.clone()));
                }
                Err(error) => {
                    if reported.is_none_or(|at| at.elapsed() >= ACCEPT_SILENCE) {
                        errors.error(&format!(
                            "cannot accept connections for now ({error}); waiting ones are accepted later; end what holds files open"
                        ));
                        reported = Some(Instant::now());
                    }
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    let _receivers = stop.send(true);
    let drained = async { while connections.join_next().await.is_some() {} };
    let _timed_out = tokio::time::timeout(DRAIN_TIMEOUT, drained).await;
}

/// Answers a request, which counts as in flight meanwhile.
async fn hold(State(in_flight): State<Arc<InFlight>>, request: Request, next: Next) -> Response {
    let _held = in_flight.read().await;
    next.run(request).await
}
