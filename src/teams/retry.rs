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

    #[test]
    fn pauses_double_are_drawn_from_the_whole_span_and_end_with_the_attempts() {
        let cases = [(1, 0.0, 0), (1, 1.0, 500), (2, 1.0, 1000), (3, 1.0, 2000), (3, 0.5, 1000)];
        for (attempts, random, millis) in cases {
            let pause = pause(&Fault::Timeout, &Limits::default(), attempts, Duration::from_secs(25), random);
            assert_eq!(pause, Some(Duration::from_millis(millis)), "{attempts} {random}");
        }
        assert_eq!(pause(&Fault::Timeout, &Limits::default(), 4, Duration::from_secs(25), 0.0), None);
    }
}
