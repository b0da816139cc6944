//! One connection: HTTP/1.1 with limits on how slowly a head may arrive and how long the connection may be idle.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tokio::time::Sleep;

/// How long a head may take from its first byte.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a kept-alive connection may be idle: longer than the host keeps one (two minutes).
const IDLE_TIMEOUT: Duration = Duration::from_secs(300);

/// How much is read at once, and the longest head: little enough to stay in the processor's cache until it is copied to
/// the rest of its body.
const READ_BYTES: usize = 64 << 10;

/// Serves a connection until it ends, or until `stop` is set and the answer under way is out.
pub async fn serve_connection<S>(stream: S, router: Router, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let toggles = Arc::new(AtomicUsize::new(0));
    let (reader, writer) = tokio::io::split(stream);
    let reader = HeadReader { reader, toggles: Arc::clone(&toggles), toggles_seen: 0, deadline: None };
    let routes = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        toggles.fetch_add(1, Ordering::Relaxed);
        let (answer, toggles) = (routes.call(request), Arc::clone(&toggles));
        async move {
            let answer = answer.await;
            toggles.fetch_add(1, Ordering::Relaxed);
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_TIMEOUT)
        .max_buf_size(READ_BYTES)
        // A caller may close its side after the request, and still wait for the answer.
        .half_close(true)
        .serve_connection(TokioIo::new(tokio::io::join(reader, writer)), service);
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

/// A stream's reader that fails when a request's head arrives too slowly, but not while the connection is idle.
///
/// hyper's own limit starts when the last answer is out, so it includes the idle time of a kept-alive connection.
/// This one starts with the first byte of a head.
struct HeadReader<R> {
    reader: R,
    /// Counted up when a head has arrived and when its answer is made: an odd count means that a request is under way, so
    /// that what is read is not a head.
    toggles: Arc<AtomicUsize>,
    toggles_seen: usize,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<R: AsyncRead + Unpin> AsyncRead for HeadReader<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let toggles = self.toggles.load(Ordering::Relaxed);
        if toggles != self.toggles_seen {
            self.toggles_seen = toggles;
            self.deadline = None;
        }
        if !toggles.is_multiple_of(2) {
            return Pin::new(&mut self.reader).poll_read(context, buffer);
        }
        if self.deadline.as_mut().is_some_and(|deadline| deadline.as_mut().poll(context).is_ready()) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.reader).poll_read(context, buffer);
        if self.deadline.is_none() && buffer.filled().len() > before {
            // Polled at the next read, which hyper makes at once if the head is not complete.
            self.deadline = Some(Box::pin(tokio::time::sleep(HEAD_TIMEOUT)));
        }
        read
    }
}
