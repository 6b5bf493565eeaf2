//! Counting attempts.

use super::{Attempt, Throttle, network};
use crate::{Limits, SignInError};
use postroom_model::Time;
use std::net::IpAddr;
use std::time::Duration;

fn throttle() -> Throttle {
    Throttle::new(&Limits {
        account_attempts: 3,
        account_recovery: Duration::from_secs(10),
        address_attempts: 5,
        address_recovery: Duration::from_secs(1),
        ..Limits::default()
    })
}

fn attempt(login: &str, peer: &str) -> Attempt {
    Attempt::new(login, Some(peer.parse().expect("an address")))
}

fn wait(answer: Result<(), SignInError>) -> Option<u64> {
    match answer {
        Ok(()) => None,
        Err(SignInError::Throttled { retry_after }) => Some(retry_after.as_secs()),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn attempts_come_back_one_by_one() {
    let (throttle, ana) = (throttle(), attempt("ana", "192.0.2.1"));
    let at = |seconds: i64| Time::from_seconds(1_000 + seconds);
    for _ in 0..3 {
        assert_eq!(wait(throttle.take(&ana, at(0))), None);
    }
    assert_eq!(wait(throttle.take(&ana, at(0))), Some(10));
    assert_eq!(wait(throttle.check(&ana, at(4))), Some(6));
    assert_eq!(wait(throttle.take(&ana, at(10))), None);
    assert_eq!(wait(throttle.take(&ana, at(10))), Some(10));
    assert_eq!(wait(throttle.check(&attempt("ANA@example.org", "192.0.2.9"), at(10))), Some(10));
    assert_eq!(wait(throttle.check(&attempt("bo", "192.0.2.1"), at(10))), None);
}

#[test]
fn an_attempt_given_back_counts_nothing() {
    let (throttle, ana, now) = (throttle(), attempt("ana", "192.0.2.1"), Time(0));
    for _ in 0..20 {
        assert_eq!(wait(throttle.take(&ana, now)), None);
        throttle.give_back(&ana, now);
    }
}

#[test]
fn addresses_count_over_all_accounts_except_loopback() {
    let (throttle, now) = (throttle(), Time(0));
    for number in 0..5 {
        assert_eq!(wait(throttle.take(&attempt(&format!("u{number}"), "2001:db8::1"), now)), None);
    }
    assert_eq!(wait(throttle.take(&attempt("other", "2001:db8::2"), now)), Some(1), "the same /64");
    assert_eq!(wait(throttle.take(&attempt("other", "2001:db8:0:1::1"), now)), None);
    for number in 0..20 {
        assert_eq!(wait(throttle.take(&attempt(&format!("v{number}"), "::ffff:127.0.0.1"), now)), None);
    }
}

#[test]
fn what_failed_is_forgotten() {
    let (throttle, now) = (throttle(), Time(0));
    for number in 0..super::SWEEP_AT {
        let _ = throttle.take(&Attempt::new(&format!("u{number}"), None), now);
    }
    let later = Time::from_seconds(3600);
    assert_eq!(wait(throttle.take(&Attempt::new("x", None), later)), None);
    assert_eq!(throttle.state.lock().expect("unpoisoned").counts.len(), 1);
}

#[test]
fn networks() {
    let cases = [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::1", "::1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::"),
    ];
    for (peer, expected) in cases {
        let parse = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert_eq!(network(parse(peer)), parse(expected));
    }
}
