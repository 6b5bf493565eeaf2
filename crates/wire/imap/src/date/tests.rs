//! Days against known numbers, and there and back over the whole range.

use super::*;

#[test]
fn days_are_known() {
    for (year, month, day, days) in [
        (1970, 1, 1, 0),
        (1969, 12, 31, -1),
        (2000, 2, 29, 11_016),
        (2000, 3, 1, 11_017),
        (2024, 2, 29, 19_782),
        (1900, 3, 1, -25_508),
        (0, 1, 1, FIRST_DAY),
        (9999, 12, 31, LAST_DAY),
    ] {
        let date = Date::new(year, month, day).unwrap();
        assert_eq!(date.days_since_epoch(), days, "{date:?}");
        assert_eq!(Date::from_days(days), date);
    }
}

#[test]
fn every_day_comes_back() {
    for days in (FIRST_DAY..=LAST_DAY).step_by(13) {
        let date = Date::from_days(days);
        assert_eq!(date.days_since_epoch(), days);
        assert_eq!(Date::new(date.year, date.month, date.day), Some(date));
    }
    assert_eq!(Date::from_days(i64::MAX), Date { year: 9999, month: 12, day: 31 });
    assert_eq!(Date::from_days(i64::MIN), Date { year: 0, month: 1, day: 1 });
}

#[test]
fn days_that_do_not_exist() {
    for (year, month, day) in [(2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 0, 1), (2024, 13, 1), (2024, 1, 0)] {
        assert_eq!(Date::new(year, month, day), None);
    }
}
