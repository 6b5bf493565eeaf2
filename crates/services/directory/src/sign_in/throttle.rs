//! Counts attempts for each account and each address, and says how long to wait.
//!
//! An attempt is counted before it is verified and given back when it succeeds, so that many at once are not free.
//! An address from which an account was signed in to before has a count of its own for that account: strangers who
//! guess cannot lock out the person.

use super::{Limits, SignInError, login_key};
use postroom_model::Time;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Account(String, Option<IpAddr>),
    Address(IpAddr),
}

/// So many attempts, one of which comes back after each `recovery`.
#[derive(Clone, Copy)]
struct Rate {
    attempts: i64,
    recovery: i64,
}

impl Rate {
    fn new(attempts: u32, recovery: Duration) -> Self {
        let recovery = i64::try_from(recovery.as_millis()).unwrap_or(i64::MAX / 1000).max(1);
        Self { attempts: i64::from(attempts.max(1)), recovery }
    }
}

pub(crate) struct Throttle {
    account: Rate,
    address: Rate,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When all attempts of a key are forgotten.
    counts: HashMap<Key, Time>,
    /// Addresses that signed in, and until when that counts.
    known: HashMap<(String, IpAddr), Time>,
}

const SWEEP_AT: usize = 10_000;
const KNOWN_FOR_MILLIS: i64 = 30 * 24 * 3_600_000;

/// One attempt: on which account, from where.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    login: String,
    peer: Option<IpAddr>,
}

impl Attempt {
    pub(crate) fn new(login: &str, peer: Option<IpAddr>) -> Self {
        Self { login: login_key(login), peer: peer.map(network) }
    }
}

/// One household has one IPv6 /64.
fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)))
        }
        other => other,
    }
}

impl Throttle {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            account: Rate::new(limits.account_attempts, limits.account_recovery),
            address: Rate::new(limits.address_attempts, limits.address_recovery),
            state: Mutex::default(),
        }
    }

    /// Whether an attempt may be made now. Counts nothing.
    pub(crate) fn check(&self, attempt: &Attempt, now: Time) -> Result<(), SignInError> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.look(&state, attempt, now)
    }

    fn look(&self, state: &State, attempt: &Attempt, now: Time) -> Result<(), SignInError> {
        let waits = self.keys(state, attempt, now).into_iter().map(|(key, rate)| {
            let until = state.counts.get(&key).map_or(now.0, |until| until.0.max(now.0));
            until.saturating_add(rate.recovery) - rate.attempts.saturating_mul(rate.recovery) - now.0
        });
        match waits.max() {
            Some(wait) if wait > 0 => {
                tracing::info!(limit = "sign_in_attempts", "a sign-in has to wait");
                Err(SignInError::Throttled { retry_after: Duration::from_millis(wait.unsigned_abs()) })
            }
            _ => Ok(()),
        }
    }

    /// Counts an attempt, as if it failed.
    pub(crate) fn take(&self, attempt: &Attempt, now: Time) -> Result<(), SignInError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.look(&state, attempt, now)?;
        state.sweep(now);
        for (key, rate) in self.keys(&state, attempt, now) {
            let until = state.counts.entry(key).or_insert(now);
            *until = Time(until.0.max(now.0).saturating_add(rate.recovery));
        }
        Ok(())
    }

    /// The attempt taken before did not fail.
    pub(crate) fn give_back(&self, attempt: &Attempt, now: Time) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, rate) in self.keys(&state, attempt, now) {
            if let Some(until) = state.counts.get_mut(&key) {
                *until = until.plus_millis(-rate.recovery);
            }
        }
    }

    /// The attempt taken before succeeded: its address is known for the account from now on.
    pub(crate) fn succeeded(&self, attempt: &Attempt, now: Time) {
        self.give_back(attempt, now);
        let Some(peer) = attempt.peer else { return };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.known.insert((attempt.login.clone(), peer), now.plus_millis(KNOWN_FOR_MILLIS));
    }

    fn keys(&self, state: &State, attempt: &Attempt, now: Time) -> Vec<(Key, Rate)> {
        let known = |peer: &IpAddr| state.known.get(&(attempt.login.clone(), *peer)).is_some_and(|until| *until > now);
        let account = Key::Account(attempt.login.clone(), attempt.peer.filter(known));
        let address = attempt.peer.filter(|peer| !peer.is_loopback()).map(|peer| (Key::Address(peer), self.address));
        std::iter::once((account, self.account)).chain(address).collect()
    }
}

impl State {
    fn sweep(&mut self, now: Time) {
        if self.counts.len() >= SWEEP_AT {
            self.counts.retain(|_, until| *until > now);
        }
        if self.known.len() >= SWEEP_AT {
            self.known.retain(|_, until| *until > now);
        }
    }
}

#[cfg(test)]
mod tests;
