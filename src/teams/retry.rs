//! Whether and when to try again: a pure function of what went wrong and of what is left.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::time::Duration;

use super::Limits;
use super::error::Fault;

/// How long to wait before the next attempt, after so many, with so much left of the budget and a random number from 0 to 1;
/// `None` if the card is left to the queue.
pub(super) fn pause(fault: &Fault, limits: &Limits, attempts: u32, left: Duration, random: f64) -> Option<Duration> {
    // How long the webhook asked to be left alone, if the same request may succeed a moment later at all.
    let asked = match fault {
        _ if attempts >= limits.attempts => return None,
        Fault::Refused { status: 408 | 429 | 500..=599, retry_after, .. } => retry_after.unwrap_or_default(),
        Fault::Connect(_) | Fault::Broken(_) | Fault::Timeout => Duration::ZERO,
        Fault::Refused { .. } | Fault::Request | Fault::NoClient => return None,
    };
    if asked > limits.longest_retry_after {
        return None;
    }
    let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
    let longest = limits.first_pause.saturating_mul(doubled);
    // Full jitter: instances that failed together do not come back together.
    let pause = asked.saturating_add(longest.mul_f64(random.clamp(0.0, 1.0)));
    // A pause that leaves no time for an attempt is useless.
    Some(pause).filter(|pause| *pause < left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, retry_after: Option<u64>) -> Fault {
        Fault::Refused { status, retry_after: retry_after.map(Duration::from_secs), code: None }
    }

    fn pause_with(fault: &Fault, attempts: u32, left: u64, random: f64) -> Option<Duration> {
        let left = Duration::from_secs(left);
        pause(fault, &Limits::default(), attempts, left, random)
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
