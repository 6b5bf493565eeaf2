//! The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost.
//!
//! Where it is in force, the account's password opens browser sessions together with a code, and nothing else:
//! programs sign in with application passwords. The secret is sealed at rest; no code is taken twice.

mod check;
mod confirm;
mod enrol;
mod recover;
mod remove;

pub use enrol::Enrolment;
pub use recover::SecondFactorState;

use crate::change::{NotAllowed, use_case_errors};
use crate::passwords::HashingError;
use crate::sealing::NotOpened;
use crate::sign_in::SignInError;
use postroom_model::{Actor, MailboxId, MailboxKind, Org};
use postroom_store::StoreError;
use totp_rs::{Algorithm, Builder, Totp};

#[derive(Debug, thiserror::Error)]
pub enum SecondFactorError {
    #[error("there is no such user")]
    NotFound,
    #[error("a second factor is in force already; remove it first")]
    InForce,
    #[error("no second factor is set up; begin with enrolling one")]
    NotEnrolled,
    #[error("this is not the code that the app shows now")]
    WrongCode,
    #[error("only the person can do this")]
    NotYours,
    /// The secret cannot be sealed or opened.
    #[error(transparent)]
    Sealing(#[from] NotOpened),
    #[error(transparent)]
    Random(#[from] HashingError),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(SecondFactorError);

/// Octets of a secret: what RFC 4226 section 4 recommends.
const SECRET: usize = 20;
const STEP_SECONDS: u64 = 30;

/// What the secret of a person is sealed for.
fn row(person: MailboxId) -> String {
    format!("second_factor {person}")
}

/// SHA-1, six digits, 30 seconds: what every authenticator app can do. One step of clock drift either way.
fn totp(secret: Vec<u8>) -> Totp {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP_SECONDS)
        .with_secret(secret)
        .build_noncompliant()
}

/// Only the person sets up or confirms; nobody else has the app.
fn check_own(org: &Org, actor: Actor, person: MailboxId) -> Result<(), SecondFactorError> {
    if actor.person_id() != Some(person) {
        return Err(SecondFactorError::NotYours);
    }
    let user = org.mailbox(person).is_some_and(|mailbox| mailbox.kind == MailboxKind::User);
    if user { Ok(()) } else { Err(SecondFactorError::NotFound) }
}

/// Why somebody with the right password is not in yet.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error("the account has a second factor: give the code of the authenticator app, or a recovery code, too")]
    CodeNeeded,
    #[error("this is not the code that the app shows now; each code is taken once")]
    WrongCode,
}
