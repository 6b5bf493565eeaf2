//! Dates of SEARCH and date-times of APPEND and INTERNALDATE, as numbers since 1970-01-01 UTC.

#[cfg(test)]
mod tests;

pub(crate) const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// A calendar day without time and zone, as SEARCH compares it (RFC 9051 §6.4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// 0 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// The date, if such a day exists.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let days = match month {
            2 if leap(year) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (year <= 9999 && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }

    /// Days since 1970-01-01; times 86,400 it is the first second of the day in UTC.
    pub fn days_since_epoch(self) -> i64 {
        // Years counted from 1 March, so that the leap day is the last day of a year.
        let (year, month) = match self.month {
            0..=2 => (i64::from(self.year) - 1, i64::from(self.month) + 9),
            _ => (i64::from(self.year), i64::from(self.month) - 3),
        };
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        365 * year + leap_days + day_of_year - DAYS_TO_EPOCH
    }

    /// The day that many days after 1970-01-01; outside the years 0 to 9999 the nearest day inside.
    pub fn from_days(days: i64) -> Self {
        let days = days.clamp(FIRST_DAY, LAST_DAY) + DAYS_TO_EPOCH;
        let era = days.div_euclid(DAYS_IN_400_YEARS);
        let day_of_era = days.rem_euclid(DAYS_IN_400_YEARS);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * march_month + 2) / 5 + 1;
        let (month, carry) = if march_month < 10 { (march_month + 3, 0) } else { (march_month - 9, 1) };
        Self { year: (era * 400 + year_of_era + carry) as u16, month: month as u8, day: day as u8 }
    }
}

/// Days from 0000-03-01 to 1970-01-01.
const DAYS_TO_EPOCH: i64 = 719_468;
const DAYS_IN_400_YEARS: i64 = 146_097;
/// 0000-01-01 and 9999-12-31.
const FIRST_DAY: i64 = -719_528;
const LAST_DAY: i64 = 2_932_896;

fn leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// RFC 9051 §9: `date-month = "Jan" / "Feb" / …`, whatever the case.
pub(crate) fn month(name: &[u8]) -> Option<u8> {
    (1..).zip(MONTHS).find(|(_, month)| name.eq_ignore_ascii_case(*month)).map(|(number, _)| number)
}
