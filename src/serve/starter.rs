//! Who started this process, the Functions host or a person, and what ends it: the end of the host, or a signal. The host
//! sends none, it kills; a terminal, a container or a person may.

use std::time::Duration;

use tokio::sync::RwLock;

/// The exit code that asks the host to start the handler again, at once and without counting it as a crash.
///
/// After 0 the host would never start it again, and every batch would fail until the host itself restarts.
const START_AGAIN: u8 = 200;
/// How often to check whether the host is still there.
const CHECKED_EVERY: Duration = Duration::from_secs(2);

/// Held for reading by each request that is in flight.
pub(super) type InFlight = RwLock<()>;

/// Who started this process: the Functions host with this process id, which in a container may be 1, or a person or script.
#[derive(Debug, Clone, Copy)]
pub(super) struct Starter {
    host_id: Option<u32>,
}

impl Starter {
    /// Remembers the host's process id, if the host started this process.
    pub(super) fn of(is_host: bool) -> Self {
        Self { host_id: is_host.then(parent_id) }
    }

    /// The exit code of a regular end.
    pub(super) fn exit_code(self) -> u8 {
        if self.host_id.is_some() { START_AGAIN } else { 0 }
    }

    /// Waits until the host is gone and no request is in flight. A host that is killed, or that stops during long work,
    /// leaves its handler running: nobody would call it again, and it would keep its port and memory.
    ///
    /// Linux' parent-death signal would not do: it is bound to the thread of the host that started us, and would come
    /// while the host lives.
    pub(super) async fn is_gone(self, in_flight: &InFlight) {
        let Some(host_id) = self.host_id else { return std::future::pending().await };
        loop {
            tokio::time::sleep(CHECKED_EVERY).await;
            if parent_id() != host_id && in_flight.try_write().is_ok() {
                return;
            }
        }
    }
}

#[cfg(unix)]
fn parent_id() -> u32 {
    std::os::unix::process::parent_id()
}

/// On Windows an orphan gets no new parent, so there is nothing to compare.
#[cfg(not(unix))]
fn parent_id() -> u32 {
    0
}

/// The signals that are handled from now on: each lets the answers under way go out.
#[cfg(unix)]
#[derive(Debug)]
pub(super) struct Signals(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Signals {
    /// Begins to handle them. If a person started the process, hang-up and quit keep their usual effect (`nohup`).
    pub(super) fn handled_by(starter: Starter) -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup(), SignalKind::quit()];
        let handled = if starter.host_id.is_none() { 2 } else { kinds.len() };
        Self(kinds.into_iter().take(handled).filter_map(|kind| signal(kind).ok()).collect())
    }

    /// Waits for one of them.
    pub(super) async fn one(&mut self) {
        std::future::poll_fn(|context| {
            let has_come = self.0.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
            if has_come { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
    }
}

/// Ctrl-C and Ctrl-Break, handled from now on.
#[cfg(windows)]
#[derive(Debug)]
pub(super) struct Signals(Option<(tokio::signal::windows::CtrlC, tokio::signal::windows::CtrlBreak)>);

#[cfg(windows)]
impl Signals {
    /// Begins to handle them.
    pub(super) fn handled_by(_starter: Starter) -> Self {
        use tokio::signal::windows::{ctrl_break, ctrl_c};
        Self(ctrl_c().ok().zip(ctrl_break().ok()))
    }

    /// Waits for one of them.
    pub(super) async fn one(&mut self) {
        let Some((interrupt, terminate)) = &mut self.0 else { return std::future::pending().await };
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
    }
}
