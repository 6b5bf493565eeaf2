//! Salts, and the verifiers of names that do not exist.
//!
//! A salt is made from the login name and a key of the installation, for accounts and for unknown names alike: the
//! part before `@` counts, so that `alice` and `alice@example.org` get one salt whether or not they exist.

use super::Verifier;
use super::verifier::sign;
use crate::sign_in::login_key;
use aws_lc_rs::{hmac, rand};
use postroom_store::{Scope, Store, StoreError, settings};

const SETTING: &str = "sign_in_key";

pub(crate) struct Salts {
    key: hmac::Key,
}

impl Salts {
    /// Reads the installation's key, or makes it.
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        let mut fresh = [0u8; 32];
        rand::fill(&mut fresh).map_err(|_| StoreError::Corrupt("random numbers"))?;
        let fresh: String = fresh.iter().map(|byte| format!("{byte:02x}")).collect();
        let key: Result<String, StoreError> = store
            .write(Scope::Organisation, move |tx| {
                if let Some(key) = settings::get(tx, SETTING)? {
                    return Ok(key);
                }
                settings::put(tx, SETTING, &fresh)?;
                Ok(fresh.clone())
            })
            .await;
        Ok(Self { key: hmac::Key::new(hmac::HMAC_SHA256, key?.as_bytes()) })
    }

    pub(crate) fn salt(&self, login: &str) -> [u8; 16] {
        let tag = hmac::sign(&self.key, format!("salt {}", login_key(login)).as_bytes());
        let mut salt = [0; 16];
        salt.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        salt
    }

    /// The same for the same name each time, and satisfied by no password.
    pub(crate) fn nobody(&self, login: &str, iterations: u32) -> Verifier {
        let secret = hmac::sign(&self.key, format!("nobody {}", login_key(login)).as_bytes());
        Verifier {
            iterations,
            salt: self.salt(login).to_vec(),
            stored_key: sign(secret.as_ref(), b"StoredKey"),
            server_key: sign(secret.as_ref(), b"ServerKey"),
        }
    }
}
