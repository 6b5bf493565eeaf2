//! RFC 5322 dates to and from unix seconds.

use mail_parser::{DateTime, HeaderForm};

use crate::fields::unfold;

const SECONDS_PER_DAY: i64 = 86_400;
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// 9999-12-31T23:59:59Z: the last moment a four-digit year can say.
const LAST_MOMENT: i64 = 253_402_300_799;

/// The moment a Date value names, zone offset applied; `None` when it is no date.
pub fn parse_date(value: &[u8]) -> Option<i64> {
    let parsed = HeaderForm::Date.parse(&unfold(value)).value().as_datetime()?;
    // RFC 5322 3.3 allows the leap second 60.
    let date = DateTime { second: parsed.second.min(59), ..parsed };
    date.is_valid().then(|| date.to_timestamp())
}

/// The moment of a Date value as RFC 3339 writes it, in its own zone: `2014-10-30T14:12:00+08:00`.
pub fn date_with_offset(value: &[u8]) -> Option<String> {
    let parsed = HeaderForm::Date.parse(&unfold(value)).value().as_datetime()?;
    let date = DateTime { second: parsed.second.min(59), ..parsed };
    date.is_valid().then(|| date.to_rfc3339())
}

/// `Fri, 21 Nov 1997 09:55:06 +0000` (RFC 5322 3.3), always in UTC. Moments before 1970 or after 9999 are moved to
/// these ends, because the form cannot say them.
pub fn rfc5322_date(unix_seconds: i64) -> String {
    let moment = unix_seconds.clamp(0, LAST_MOMENT);
    let (days, second) = (moment / SECONDS_PER_DAY, moment % SECONDS_PER_DAY);
    let date = DateTime::from_timestamp(moment);
    let weekday = DAYS[(days % 7) as usize];
    let month = MONTHS[usize::from(date.month.clamp(1, 12)) - 1];
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{weekday}, {:02} {month} {:04} {hour:02}:{minute:02}:{second:02} +0000", date.day, date.year)
}

#[cfg(test)]
mod tests;
