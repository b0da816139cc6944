//! Whether and when to try again: a pure function of what went wrong and of what is left.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::time::Duration;

use super::error::Fault;
use super::limits::Limits;

/// What comes after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Wait, then try again.
    Wait(Duration),
    /// Leave it to the queue.
    Stop,
}

/// Where an invocation stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schedule<'l> {
    pub(super) limits: &'l Limits,
    /// How many attempts were made.
    pub(super) attempts: u32,
    /// What is left of the budget.
    pub(super) left: Duration,
    /// A number from 0 to 1.
    pub(super) chance: f64,
}

/// Decides; a pause that would leave no time for an attempt is none.
pub(super) fn next(fault: &Fault, schedule: &Schedule<'_>) -> Next {
    let limits = schedule.limits;
    if schedule.attempts >= limits.attempts || !may_pass(fault) {
        return Next::Stop;
    }
    let doubled = 2_u32.saturating_pow(schedule.attempts.saturating_sub(1));
    let longest = limits.first_pause.saturating_mul(doubled).min(limits.longest_pause);
    // Full jitter: instances that failed together do not come back together.
    let mut pause = longest.mul_f64(schedule.chance.clamp(0.0, 1.0));
    if let Some(asked) = fault.retry_after() {
        if asked > limits.longest_retry_after {
            return Next::Stop;
        }
        pause = pause.saturating_add(asked);
    }
    if pause >= schedule.left { Next::Stop } else { Next::Wait(pause) }
}

/// Whether the same request may succeed a moment later.
fn may_pass(fault: &Fault) -> bool {
    match fault {
        Fault::Connect(_) | Fault::Broken(_) | Fault::Timeout => true,
        Fault::Status { status, .. } | Fault::ErrorInText { status, .. } => {
            matches!(status, 408 | 429) || (500..=599).contains(status)
        }
        Fault::Request | Fault::NoClient => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, retry_after: Option<u64>) -> Fault {
        Fault::Status { status, retry_after: retry_after.map(Duration::from_secs), code: None }
    }

    fn next_with(fault: &Fault, attempts: u32, left: u64, chance: f64) -> Next {
        let left = Duration::from_secs(left);
        next(fault, &Schedule { limits: &Limits::default(), attempts, left, chance })
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for code in [408, 429, 500, 502, 503, 504, 599] {
            assert!(matches!(next_with(&status(code, None), 1, 25, 0.5), Next::Wait(_)), "{code}");
        }
        for code in [100, 301, 302, 307, 400, 401, 403, 404, 410, 413] {
            assert_eq!(next_with(&status(code, None), 1, 25, 0.5), Next::Stop, "{code}");
        }
        for fault in [Fault::Connect(String::new()), Fault::Broken(String::new()), Fault::Timeout] {
            assert!(matches!(next_with(&fault, 1, 25, 0.5), Next::Wait(_)), "{fault:?}");
        }
        assert_eq!(next_with(&Fault::NoClient, 1, 25, 0.5), Next::Stop);
    }

    #[test]
    fn pauses_double_are_drawn_from_the_whole_span_and_end_with_the_attempts() {
        let cases = [(1, 0.0, 0), (1, 1.0, 500), (2, 1.0, 1000), (3, 1.0, 2000), (3, 0.5, 1000)];
        for (attempts, chance, millis) in cases {
            let next = next_with(&Fault::Timeout, attempts, 25, chance);
            assert_eq!(next, Next::Wait(Duration::from_millis(millis)), "{attempts} {chance}");
        }
        assert_eq!(next_with(&Fault::Timeout, 4, 25, 0.0), Next::Stop);
    }

    #[test]
    fn retry_after_is_waited_for_up_to_its_cap_and_within_the_budget() {
        assert_eq!(next_with(&status(429, Some(7)), 1, 25, 0.0), Next::Wait(Duration::from_secs(7)));
        assert_eq!(next_with(&status(429, Some(15)), 1, 25, 0.0), Next::Wait(Duration::from_secs(15)));
        assert_eq!(next_with(&status(429, Some(16)), 1, 25, 0.0), Next::Stop);
        assert_eq!(next_with(&status(503, Some(7)), 1, 7, 0.0), Next::Stop);
    }
}
