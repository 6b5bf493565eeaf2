//! Moments as people read them.

use jiff::Timestamp;
use postroom_model::Time;

/// `2030-01-31T09:00:00Z`, or the number itself where no calendar reaches.
pub(crate) fn text(time: Time) -> String {
    match Timestamp::from_second(time.seconds()) {
        Ok(moment) => moment.to_string(),
        Err(_) => time.0.to_string(),
    }
}
