//! Whether and when to try again: a pure function of what went wrong and of what is left.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::time::Duration;

use super::error::Fault;
use super::limits::Limits;

/// How far an invocation has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress<'l> {
    pub(super) limits: &'l Limits,
    /// How many attempts were made.
    pub(super) attempts: u32,
    /// What is left of the budget.
    pub(super) left: Duration,
    /// A random number from 0 to 1.
    pub(super) random: f64,
}

/// How long to wait before the next attempt; `None` if the card is left to the queue.
pub(super) fn pause(fault: &Fault, progress: &Progress<'_>) -> Option<Duration> {
    let limits = progress.limits;
    if progress.attempts >= limits.attempts || !may_pass(fault) {
        return None;
    }
    let asked = fault.retry_after().unwrap_or_default();
    if asked > limits.longest_retry_after {
        return None;
    }
    let doubled = 2_u32.saturating_pow(progress.attempts.saturating_sub(1));
    let longest = limits.first_pause.saturating_mul(doubled);
    // Full jitter: instances that failed together do not come back together.
    let pause = asked.saturating_add(longest.mul_f64(progress.random.clamp(0.0, 1.0)));
    // A pause that leaves no time for an attempt is useless.
    Some(pause).filter(|pause| *pause < progress.left)
}

/// Whether the same request may succeed a moment later.
fn may_pass(fault: &Fault) -> bool {
    match fault {
        Fault::Connect(_) | Fault::Broken(_) | Fault::Timeout => true,
        Fault::Refused { status, .. } => matches!(status, 408 | 429 | 500..=599),
        Fault::Request | Fault::NoClient => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, retry_after: Option<u64>) -> Fault {
        Fault::Refused { status, retry_after: retry_after.map(Duration::from_secs), code: None }
    }

    fn pause_with(fault: &Fault, attempts: u32, left: u64, random: f64) -> Option<Duration> {
        let left = Duration::from_secs(left);
        pause(fault, &Progress { limits: &Limits::default(), attempts, left, random })
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for code in [408, 429, 500, 502, 503, 504, 599] {
            assert!(pause_with(&status(code, None), 1, 25, 0.5).is_some(), "{code}");
        }
        for code in [100, 301, 302, 307, 400, 401, 403, 404, 410, 413] {
            assert_eq!(pause_with(&status(code, None), 1, 25, 0.5), None, "{code}");
        }
        for fault in [Fault::Connect(String::new()), Fault::Broken(String::new()), Fault::Timeout] {
            assert!(pause_with(&fault, 1, 25, 0.5).is_some(), "{fault:?}");
        }
        assert_eq!(pause_with(&Fault::NoClient, 1, 25, 0.5), None);
    }

    #[test]
    fn pauses_double_are_drawn_from_the_whole_span_and_end_with_the_attempts() {
        let cases = [(1, 0.0, 0), (1, 1.0, 500), (2, 1.0, 1000), (3, 1.0, 2000), (3, 0.5, 1000)];
        for (attempts, random, millis) in cases {
            let pause = pause_with(&Fault::Timeout, attempts, 25, random);
            assert_eq!(pause, Some(Duration::from_millis(millis)), "{attempts} {random}");
        }
        assert_eq!(pause_with(&Fault::Timeout, 4, 25, 0.0), None);
    }

    #[test]
    fn retry_after_is_waited_for_up_to_its_cap_and_within_the_budget() {
        assert_eq!(pause_with(&status(429, Some(7)), 1, 25, 0.0), Some(Duration::from_secs(7)));
        assert_eq!(pause_with(&status(429, Some(15)), 1, 25, 0.0), Some(Duration::from_secs(15)));
        assert_eq!(pause_with(&status(429, Some(16)), 1, 25, 0.0), None);
        assert_eq!(pause_with(&status(503, Some(7)), 1, 7, 0.0), None);
    }
}
