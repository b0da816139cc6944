//! One connection: HTTP/1.1 with limits on how slowly a head may arrive and how long the connection may be idle.

use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use super::slow_head::{SlowHead, UnderWay};

/// How long a kept-alive connection may be idle: longer than the host keeps one (two minutes).
const IDLE_TIMEOUT: Duration = Duration::from_secs(300);

/// How much is read at once, and the longest head: little enough to stay in the processor's cache until it is copied to
/// the rest of its body.
const READ_BYTES: usize = 128 << 10;

/// Serves a connection until it ends, or until `stop` is set and the answer under way is out.
pub async fn serve_connection<S>(stream: S, router: Router, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let under_way = UnderWay::default();
    let stream = SlowHead::new(stream, under_way.clone());
    let routes = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        under_way.toggle();
        let answer = routes.call(request);
        let under_way = under_way.clone();
        async move {
            let answer = answer.await;
            under_way.toggle();
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_TIMEOUT)
        .max_buf_size(READ_BYTES)
        // A caller may close its side after the request, and still wait for the answer.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let stopped = async {
        // An error means that the other end of the channel is gone, which is a stop, too.
        let _gone = stop.wait_for(|stopping| *stopping).await;
    };
    tokio::select! {
        _ended = connection.as_mut() => return,
        () = stopped => connection.as_mut().graceful_shutdown(),
    }
    let _ended = connection.await;
}
