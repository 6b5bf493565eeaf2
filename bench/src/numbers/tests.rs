//! Medians, percentiles and their printing.

use super::*;

#[test]
fn the_median_lies_in_the_middle() {
    let odd = Spread::of([3.0, 1.0, 2.0]).expect("three runs");
    assert_eq!((odd.median, odd.low, odd.high), (2.0, 1.0, 3.0));
    assert_eq!(Spread::of([4.0, 1.0, 2.0, 3.0]).expect("four runs").median, 2.5);
    assert!(Spread::of([]).is_none());
}

#[test]
fn percentiles_come_from_the_sorted_times() {
    let times: Vec<Duration> = (1..=100).rev().map(Duration::from_millis).collect();
    assert_eq!(percentile_ms(&times, 50), 51.0);
    assert_eq!(percentile_ms(&times, 99), 100.0);
    assert_eq!(percentile_ms(&times, 100), 100.0);
    assert_eq!(percentile_ms(&[], 50), 0.0);
}

#[test]
fn numbers_print_short() {
    for (value, printed) in [(1234.5, "1234"), (99.96, "100"), (12.34, "12.3"), (0.126, "0.13")] {
        assert_eq!(short(value), printed);
    }
    let (two, one) = (Spread::of([2.0]), Spread::of([1.0]));
    assert_eq!(ratio(two, one), "2.00×");
    assert_eq!(ratio(two, None), "–");
}
