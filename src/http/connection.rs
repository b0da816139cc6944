//! One TCP connection: HTTP/1.1 with a limit on how slowly a head may come.

use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::watch;

/// How long a kept-alive connection may be idle, its next head included: longer than the host keeps one (two minutes).
const IDLE_TIMEOUT: Duration = Duration::from_secs(300);

/// Serves a connection until it ends, or until `stop` says that the process ends and its answer is out.
pub async fn serve_connection(stream: TcpStream, router: Router, mut stop: watch::Receiver<bool>) {
    let service = TowerToHyperService::new(router);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let stopped = async {
        // An error means that the sender is gone, which is a stop, too.
        let _gone = stop.wait_for(|stopping| *stopping).await;
    };
    tokio::select! {
        _ended = connection.as_mut() => return,
        () = stopped => connection.as_mut().graceful_shutdown(),
    }
    let _ended = connection.await;
}
