//! The signals that end the process.

/// Waits for a signal that asks for the end. A host sends none, it kills; a terminal, a container or a person may.
///
/// A process that nobody but a person started leaves alone what `nohup` and terminals do with the other two.
#[cfg(unix)]
pub(super) async fn signal(of_host: bool) {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup(), SignalKind::quit()];
    let heeded = kinds.into_iter().take(if of_host { 4 } else { 2 });
    let mut signals: Vec<_> = heeded.filter_map(|kind| signal(kind).ok()).collect();
    std::future::poll_fn(|context| {
        let has_come = signals.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
        if has_come { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

/// Waits for Ctrl-C or Ctrl-Break.
#[cfg(windows)]
pub(super) async fn signal(_of_host: bool) {
    use tokio::signal::windows::{ctrl_break, ctrl_c};
    let (Ok(mut interrupt), Ok(mut terminate)) = (ctrl_c(), ctrl_break()) else {
        return std::future::pending().await;
    };
    tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
}
