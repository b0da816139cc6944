//! The signals that end the process. The host sends none, it kills; a terminal, a container or a person may.

use super::starter::Starter;

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
        let handled = if starter == Starter::Hand { 2 } else { kinds.len() };
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
