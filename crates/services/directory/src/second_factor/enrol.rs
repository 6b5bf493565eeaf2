//! Makes a secret for an authenticator app. It is in force once the app has shown a code of it.

use super::{SECRET, STEP_SECONDS, SecondFactorError, check_own, row, totp};
use crate::passwords::hashing::random;
use crate::{Directory, Secret};
use postroom_model::{Actor, MailboxId};
use postroom_store::second_factors;
use std::fmt::Write;

/// What the app needs.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// For typing in: Base32.
    pub secret: Secret,
    /// The same as an address, to be shown as a QR code.
    pub uri: Secret,
}

const ISSUER: &str = "Postroom";

impl Directory {
    pub async fn enrol_second_factor(&self, actor: Actor, person: MailboxId) -> Result<Enrolment, SecondFactorError> {
        let octets = random::<SECRET>()?;
        let sealed = self.inner.sealing.seal(&row(person), &octets)?;
        let name = self.change(actor, "second_factor.enrol", move |change| {
            check_own(&change.org, change.actor, person)?;
            if !second_factors::enrol(change.tx, person, &sealed, change.at)? {
                return Err(SecondFactorError::InForce);
            }
            let name = change.org.mailbox(person).map(|mailbox| mailbox.name.to_string());
            name.ok_or(SecondFactorError::NotFound)
        });
        let secret = totp(octets.to_vec()).secret().to_base32();
        let uri = uri(&name.await?, &secret);
        Ok(Enrolment { secret: Secret::new(secret), uri: Secret::new(uri) })
    }
}

/// The key URI that authenticator apps read. Login names need no escapes but are given them all the same.
fn uri(name: &str, secret: &str) -> String {
    let mut label = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            label.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            _ = write!(label, "%{byte:02X}");
        }
    }
    format!(
        "otpauth://totp/{ISSUER}:{label}?secret={secret}&issuer={ISSUER}&algorithm=SHA1&digits=6&period={STEP_SECONDS}"
    )
}
