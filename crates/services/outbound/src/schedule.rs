//! When an attempt is repeated, when the sender is told of a delay, and when a message is given up.

use postroom_model::Time;
use std::time::Duration;

/// The times in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// How long to wait after the first attempt, the second, …; the last one repeats.
    pub retries: Vec<Duration>,
    pub give_up_after: Duration,
    /// After which delay the sender is told that the message is still waiting.
    pub tell_delay_after: Duration,
    /// The longest time for which a message may be held (RFC 4865).
    pub longest_hold: Duration,
    /// How long finished messages are remembered.
    pub remember: Duration,
}

const MINUTE: u64 = 60;

impl Default for Schedule {
    fn default() -> Self {
        let minutes = [1, 5, 30, 60, 120, 240, 480, 960, 1440];
        Self {
            retries: minutes.map(|count| Duration::from_secs(count * MINUTE)).to_vec(),
            give_up_after: Duration::from_secs(5 * 24 * 60 * MINUTE),
            tell_delay_after: Duration::from_secs(4 * 60 * MINUTE),
            longest_hold: Duration::from_secs(365 * 24 * 60 * MINUTE),
            remember: Duration::from_secs(30 * 24 * 60 * MINUTE),
        }
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

impl Schedule {
    /// When a message is given up that leaves now or at the end of its hold.
    pub fn expiry(&self, now: Time, hold_until: Option<Time>) -> Time {
        hold_until.unwrap_or(now).plus_millis(millis(self.give_up_after))
    }

    /// When to try again after `attempts` attempts; None: not any more.
    pub fn next(&self, attempts: u32, now: Time, expires_at: Time) -> Option<Time> {
        if now >= expires_at {
            return None;
        }
        let at = usize::try_from(attempts).unwrap_or(usize::MAX).saturating_sub(1);
        let wait = self.retries.get(at).or(self.retries.last()).copied().unwrap_or(Duration::from_secs(MINUTE));
        Some(now.plus_millis(millis(wait)).min(expires_at))
    }

    pub(crate) fn is_late(&self, created_at: Time, now: Time) -> bool {
        now >= created_at.plus_millis(millis(self.tell_delay_after))
    }

    pub fn longest_hold_millis(&self) -> i64 {
        millis(self.longest_hold)
    }

    /// Finished before this moment: forgotten.
    pub fn forget_before(&self, now: Time) -> Time {
        now.plus_millis(-millis(self.remember))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_follow_the_schedule_until_the_message_is_given_up() {
        let schedule = Schedule::default();
        let minutes = |count: i64| Time(count * 60_000);
        let end = schedule.expiry(minutes(0), None);
        let cases = [(1, 1), (2, 5), (3, 30), (4, 60), (5, 120), (6, 240), (7, 480), (8, 960), (9, 1440), (12, 1440)];
        for (attempts, wait) in cases {
            assert_eq!(schedule.next(attempts, minutes(3), end), Some(minutes(3 + wait)), "after {attempts}");
        }
        assert_eq!(schedule.next(12, minutes(5 * 1440 - 1), end), Some(end), "a last attempt when it is over");
        assert_eq!(schedule.next(12, end, end), None);
        assert_eq!(schedule.expiry(minutes(0), Some(minutes(9))), minutes(5 * 1440 + 9));
        assert!(!schedule.is_late(minutes(0), minutes(239)) && schedule.is_late(minutes(0), minutes(240)));
    }
}
