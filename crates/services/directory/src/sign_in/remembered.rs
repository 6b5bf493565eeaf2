//! Passwords that were verified lately, so that a client that signs in often costs one Argon2 and no more.
//!
//! Kept is only an HMAC of login and password under a key that lives as long as the process.

use super::SignedIn;
use aws_lc_rs::{hmac, rand};
use postroom_model::Time;
use postroom_store::StoreError;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

pub(crate) type Print = [u8; 32];

pub(crate) struct Remembered {
    key: hmac::Key,
    entries: Mutex<HashMap<Print, Entry>>,
    /// The same credential offered many times at once is verified once.
    verifying: Mutex<HashMap<Print, Arc<AsyncMutex<()>>>>,
}

struct Entry {
    signed_in: SignedIn,
    until: Time,
}

impl Remembered {
    pub(crate) fn new() -> Result<Self, StoreError> {
        let mut key = [0; 32];
        rand::fill(&mut key).map_err(|_| StoreError::Corrupt("random numbers"))?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        Ok(Self { key, entries: Mutex::default(), verifying: Mutex::default() })
    }

    pub(crate) fn print(&self, login: &str, password: &str) -> Print {
        let mut context = hmac::Context::with_key(&self.key);
        // The length keeps login and password apart.
        context.update(&(login.len() as u64).to_be_bytes());
        context.update(login.as_bytes());
        context.update(password.as_bytes());
        let tag = context.sign();
        let mut print = [0; 32];
        print.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        print
    }

    /// Waits until nobody else verifies the same credential.
    pub(crate) async fn alone(&self, print: Print) -> OwnedMutexGuard<()> {
        let turn = {
            let mut verifying = self.verifying.lock().unwrap_or_else(PoisonError::into_inner);
            // What only this map holds on to is over.
            verifying.retain(|_, turn| Arc::strong_count(turn) > 1);
            verifying.entry(print).or_default().clone()
        };
        turn.lock_owned().await
    }

    pub(crate) fn recall(&self, print: &Print, now: Time) -> Option<SignedIn> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.get(print).filter(|entry| entry.until > now).map(|entry| entry.signed_in)
    }

    pub(crate) fn remember(&self, print: Print, signed_in: SignedIn, until: Time, now: Time, at_most: usize) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= at_most {
            entries.retain(|_, entry| entry.until > now);
        }
        if entries.len() < at_most {
            entries.insert(print, Entry { signed_in, until });
        }
    }

    pub(crate) fn forget(&self, print: &Print) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(print);
    }
}
