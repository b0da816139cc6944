//! A connection that ends when a request's head arrives too slowly, but not while it is idle.
//!
//! hyper's own limit starts when the last answer is out, so it includes the idle time of a kept-alive connection.
//! This one starts with the first byte of a head.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// How long a head may take from its first byte.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);

/// Says whether a request is under way, so that what is read is not a head.
#[derive(Debug, Clone, Default)]
pub(super) struct UnderWay(Arc<AtomicUsize>);

impl UnderWay {
    /// The head has arrived, or the answer is made: an odd count means that a request is under way.
    pub(super) fn toggle(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A stream with a limit on the time between a head's first byte and its end.
#[derive(Debug)]
pub(super) struct SlowHead<S> {
    stream: S,
    under_way: UnderWay,
    toggles_seen: usize,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S> SlowHead<S> {
    /// Watches a stream on which nothing was read yet.
    pub(super) fn new(stream: S, under_way: UnderWay) -> Self {
        Self { stream, under_way, toggles_seen: 0, deadline: None }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for SlowHead<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let toggles = self.under_way.0.load(Ordering::Relaxed);
        if toggles != self.toggles_seen {
            self.toggles_seen = toggles;
            self.deadline = None;
        }
        if !toggles.is_multiple_of(2) {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        if self.deadline.as_mut().is_some_and(|deadline| deadline.as_mut().poll(context).is_ready()) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if self.deadline.is_none() && buffer.filled().len() > before {
            // Polled at the next read, which hyper makes at once if the head is not complete.
            self.deadline = Some(Box::pin(tokio::time::sleep(HEAD_TIMEOUT)));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for SlowHead<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
