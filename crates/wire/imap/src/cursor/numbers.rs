//! Numbers, sequence sets, dates.

use std::num::NonZeroU32;

use super::{Cursor, Expected, Parsed};
use crate::date::{self, Date};
use crate::sequence::{MessageSet, PartialRange, SequenceNumber, SequenceRange, SequenceSet};

impl Cursor<'_> {
    /// RFC 9051 §9: `number64 = 1*DIGIT`, below 2^63; also `mod-sequence-valzer` of RFC 7162.
    pub(crate) fn number64(&mut self, what: &'static str) -> Parsed<u64> {
        let at = self.at;
        let digits = self.take_while(|byte| byte.is_ascii_digit());
        let number =
            digits.iter().try_fold(0_u64, |number, digit| number.checked_mul(10)?.checked_add(u64::from(digit - b'0')));
        number.filter(|&number| !digits.is_empty() && number <= i64::MAX as u64).ok_or(Expected { what, at })
    }

    /// RFC 9051 §9: `number = 1*DIGIT`, below 2^32.
    pub(crate) fn number(&mut self, what: &'static str) -> Parsed<u32> {
        let at = self.at;
        u32::try_from(self.number64(what)?).map_err(|_| Expected { what, at })
    }

    /// RFC 9051 §9: `nz-number = digit-nz *DIGIT`
    pub(crate) fn nz_number(&mut self, what: &'static str) -> Parsed<NonZeroU32> {
        let at = self.at;
        NonZeroU32::new(self.number(what)?).ok_or(Expected { what, at })
    }

    /// RFC 9051 §9: `sequence-set = (seq-number / seq-range) ["," sequence-set]`
    pub(crate) fn sequence_set(&mut self) -> Parsed<SequenceSet> {
        let mut ranges = vec![self.sequence_range()?];
        while self.eat(b',') {
            if ranges.len() >= self.options.ranges {
                return self.expected("fewer ranges in a sequence set");
            }
            ranges.push(self.sequence_range()?);
        }
        Ok(SequenceSet(ranges))
    }

    /// RFC 9051 §9: `sequence-set =/ seq-last-command`, `seq-last-command = "$"`
    pub(crate) fn message_set(&mut self) -> Parsed<MessageSet> {
        if self.eat(b'$') { Ok(MessageSet::Saved) } else { self.sequence_set().map(MessageSet::Set) }
    }

    /// RFC 7162 §3.2.5.1: `known-uids = sequence-set ;; sequence of UIDs, "*" is not allowed`
    pub(crate) fn known_set(&mut self) -> Parsed<SequenceSet> {
        let at = self.at;
        let set = self.sequence_set()?;
        if set.has_last() { Err(Expected { what: "a set without *", at }) } else { Ok(set) }
    }

    /// RFC 9051 §9: `seq-range = seq-number ":" seq-number`
    fn sequence_range(&mut self) -> Parsed<SequenceRange> {
        let from = self.sequence_number()?;
        let to = if self.eat(b':') { self.sequence_number()? } else { from };
        Ok(SequenceRange { from, to })
    }

    /// One message: `seq-number`.
    pub(crate) fn one_number(&mut self, what: &'static str) -> Parsed<SequenceNumber> {
        if self.eat(b'*') { Ok(SequenceNumber::Last) } else { self.nz_number(what).map(SequenceNumber::Number) }
    }

    fn sequence_number(&mut self) -> Parsed<SequenceNumber> {
        self.one_number("a sequence set")
    }

    /// RFC 9394 §3: `partial-range-first = nz-number ":" nz-number`, `partial-range-last = MINUS nz-number ":" MINUS nz-number`
    pub(crate) fn partial_range(&mut self) -> Parsed<PartialRange> {
        const RANGE: &str = "a partial range such as 1:100 or -1:-100";
        let from_end = self.eat(b'-');
        let one = self.nz_number(RANGE)?.get();
        self.expect(b':', RANGE)?;
        if from_end {
            self.expect(b'-', RANGE)?;
        }
        let other = self.nz_number(RANGE)?.get();
        Ok(PartialRange { from_end, low: one.min(other), high: one.max(other) })
    }

    /// RFC 9051 §9: `date = date-text / DQUOTE date-text DQUOTE`, `date-text = date-day "-" date-month "-" date-year`
    pub(crate) fn date(&mut self) -> Parsed<Date> {
        const DATE: &str = "a date such as 1-Feb-2024";
        let at = self.at;
        let quoted = self.eat(b'"');
        let date = self.day_month_year(DATE)?;
        if quoted {
            self.expect(b'"', DATE)?;
        }
        date.ok_or(Expected { what: DATE, at })
    }

    /// RFC 9051 §9: `date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE`;
    /// seconds since 1970-01-01 UTC.
    pub(crate) fn date_time(&mut self) -> Parsed<i64> {
        const DATE_TIME: &str = "a date-time such as \"01-Feb-2024 09:00:00 +0100\"";
        let start = self.at;
        self.expect(b'"', DATE_TIME)?;
        self.eat(b' ');
        let date = self.day_month_year(DATE_TIME)?;
        self.expect(b' ', DATE_TIME)?;
        let hours = self.two_digits(DATE_TIME)?;
        self.expect(b':', DATE_TIME)?;
        let minutes = self.two_digits(DATE_TIME)?;
        self.expect(b':', DATE_TIME)?;
        let seconds = self.two_digits(DATE_TIME)?;
        self.expect(b' ', DATE_TIME)?;
        let west = self.eat(b'-');
        if !west {
            self.expect(b'+', DATE_TIME)?;
        }
        let (zone_hours, zone_minutes) = (self.two_digits(DATE_TIME)?, self.two_digits(DATE_TIME)?);
        self.expect(b'"', DATE_TIME)?;
        let in_range = hours < 24 && minutes < 60 && seconds <= 60 && zone_hours < 24 && zone_minutes < 60;
        let date = date.filter(|_| in_range).ok_or(Expected { what: DATE_TIME, at: start })?;
        let local = date.days_since_epoch() * 86_400 + hours * 3_600 + minutes * 60 + seconds;
        let zone = zone_hours * 3_600 + zone_minutes * 60;
        Ok(if west { local + zone } else { local - zone })
    }

    /// The date, or `None` where there is no such day.
    fn day_month_year(&mut self, what: &'static str) -> Parsed<Option<Date>> {
        let day = self.digits(1..=2, what)?;
        self.expect(b'-', what)?;
        let at = self.at;
        let name = self.take_while(|byte| byte.is_ascii_alphabetic());
        let month = date::month(name).ok_or(Expected { what, at })?;
        self.expect(b'-', what)?;
        let year = self.digits(4..=4, what)?;
        Ok(Date::new(year, month, day as u8))
    }

    fn two_digits(&mut self, what: &'static str) -> Parsed<i64> {
        self.digits(2..=2, what).map(i64::from)
    }

    /// At most four digits.
    fn digits(&mut self, count: std::ops::RangeInclusive<usize>, what: &'static str) -> Parsed<u16> {
        let at = self.at;
        let most = self.rest().iter().take(*count.end()).take_while(|byte| byte.is_ascii_digit()).count();
        if !count.contains(&most) {
            return Err(Expected { what, at });
        }
        let number = self.rest()[..most].iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0'));
        self.at += most;
        Ok(number)
    }
}
