//! OAuth 2.0: programs that people let in without giving them a password.
//!
//! A program registers as a client, a person allows it ([`codes`], or [`devices`] for what has no browser), and it
//! takes tokens, which it renews ([`tokens`]). What was allowed is one grant: it ends with all its tokens when the
//! person takes it back, when the account's credentials change, or when a token that was used up comes again.

mod authorizations;
mod clients;
mod codes;
mod devices;
mod scopes;
mod tokens;

pub use authorizations::{AuthorizationError, AuthorizationLine};
pub use clients::{Client, ClientError, NewClient};
pub use codes::{CodeError, CodeRequest};
pub use devices::{DeviceError, DeviceStart, DeviceWaiting, PollError};
pub use scopes::{Scope, Scopes, UnknownScope};
pub use tokens::{TokenError, Tokens};

use crate::passwords::HashingError;
use crate::passwords::hashing::random;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use postroom_model::Time;
use postroom_store::StoreError;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// How long things hold, in milliseconds.
const CODE_FOR: i64 = MINUTE;
const ACCESS_FOR: i64 = 60 * MINUTE;
/// A refresh token that is not used for so long ends the grant.
const REFRESH_FOR: i64 = 90 * DAY;
const DEVICE_FOR: i64 = 10 * MINUTE;
/// A device asks no more often.
const POLL_EVERY: i64 = 5_000;

/// 256 random bits as text.
fn fresh_token() -> Result<String, StoreError> {
    let octets: Result<[u8; 32], HashingError> = random();
    octets.map(|octets| URL_SAFE_NO_PAD.encode(octets)).map_err(|_| StoreError::Corrupt("random numbers"))
}

/// Whether `verifier` is what `challenge` was made of (RFC 7636 section 4.6, S256).
fn meets(challenge: &str, verifier: &str) -> bool {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.as_ref()) == challenge
}

fn after(now: Time, millis: i64) -> Time {
    now.plus_millis(millis)
}

#[cfg(test)]
mod tests;
