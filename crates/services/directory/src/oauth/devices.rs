//! Devices without a browser (RFC 8628): the device shows a short code, a person types it elsewhere and allows it.

use super::codes::{allowed, new_grant};
use super::tokens::Fresh;
use super::{DEVICE_FOR, POLL_EVERY, Scopes, Tokens, after, fresh_token};
use crate::passwords::hashing::random;
use crate::sessions::token_hash;
use crate::sign_in::SignedIn;
use crate::{Directory, Secret, SignInError};
use postroom_store::oauth::clients::{self, Client};
use postroom_store::oauth::devices::{self, Answer, Device};
use postroom_store::oauth::grants;
use postroom_store::{Scope as Locks, StoreError, Tx, audit, credentials};
use std::net::IpAddr;

/// What the device shows and polls with.
#[derive(Clone, Debug)]
pub struct DeviceStart {
    pub device_code: Secret,
    pub user_code: String,
    pub expires_in_seconds: i64,
    pub interval_seconds: i64,
}

/// What the person is asked about.
#[derive(Clone, Debug)]
pub struct DeviceWaiting {
    pub client_name: String,
    pub scopes: Scopes,
    pub user_code: String,
}

#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    #[error("no device waits with this code; look at the device again, codes hold for ten minutes")]
    NotWaiting,
    #[error("scope is needed: mail, submission or api")]
    NoScope,
    /// Guessing codes is guessing.
    #[error(transparent)]
    Throttled(SignInError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug, thiserror::Error)]
pub enum PollError {
    #[error("nobody has allowed this device yet")]
    Pending,
    #[error("ask less often")]
    SlowDown,
    #[error("the person said no")]
    Denied,
    #[error("the code of this device does not hold any more")]
    Expired,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Letters that make no words and are not mistaken for each other (RFC 8628 section 6.1).
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;

/// `BCDF-GHJK`: 20 to the power of 8, guessed at the pace of wrong passwords, for ten minutes.
fn fresh_user_code() -> Result<String, StoreError> {
    let octets: [u8; 32] = random().map_err(|_| StoreError::Corrupt("random numbers"))?;
    // Octets from 240 on would make some letters likelier; of 32 octets at least 8 are below, for all practice.
    let mut letters = octets.iter().filter(|octet| **octet < 240).map(|octet| ALPHABET[usize::from(octet % 20)]);
    let mut code = String::with_capacity(LENGTH + 1);
    for position in 0..LENGTH {
        if position == LENGTH / 2 {
            code.push('-');
        }
        code.push(char::from(letters.next().ok_or(StoreError::Corrupt("random numbers"))?));
    }
    Ok(code)
}

/// As people type it: in any case, with or without the dash.
fn normal(typed: &str) -> String {
    let letters: String = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    match letters.split_at_checked(LENGTH / 2) {
        Some((first, rest)) => format!("{first}-{rest}"),
        None => letters,
    }
}

impl Directory {
    pub async fn start_device(&self, client: &Client, scopes: Scopes) -> Result<DeviceStart, DeviceError> {
        if scopes.is_empty() {
            return Err(DeviceError::NoScope);
        }
        let (device_code, user_code, now) = (fresh_token()?, fresh_user_code()?, self.clock().now());
        let new = Device {
            hash: token_hash(&device_code),
            user_code: user_code.clone(),
            client: client.id.clone(),
            client_name: client.name.clone(),
            scopes: scopes.to_string(),
            created_at: now,
            expires_at: after(now, DEVICE_FOR),
            polled_at: None,
            answer: None,
        };
        let adding = move |tx: &mut Tx<'_>| {
            clients::used(tx, &new.client, now)?;
            devices::add(tx, &new)
        };
        let added: bool = self.store().write(Locks::Free, adding).await?;
        if !added {
            return Err(StoreError::Corrupt("random numbers").into());
        }
        let (expires_in_seconds, interval_seconds) = (DEVICE_FOR / 1000, POLL_EVERY / 1000);
        Ok(DeviceStart { device_code: Secret::new(device_code), user_code, expires_in_seconds, interval_seconds })
    }

    /// The device that shows this code, for somebody who is signed in. A wrong code counts as a wrong password does.
    pub async fn waiting_device(
        &self,
        signed_in: SignedIn,
        typed: &str,
        peer: Option<IpAddr>,
    ) -> Result<DeviceWaiting, DeviceError> {
        let device = self.find_waiting(signed_in, typed, peer).await?;
        let scopes = Scopes::parse(&device.scopes).unwrap_or_default();
        Ok(DeviceWaiting { client_name: device.client_name, scopes, user_code: device.user_code })
    }

    async fn find_waiting(
        &self,
        signed_in: SignedIn,
        typed: &str,
        peer: Option<IpAddr>,
    ) -> Result<Device, DeviceError> {
        let now = self.clock().now();
        let attempt = crate::sign_in::Attempt::new(&format!("device code of {}", signed_in.person), peer);
        self.inner.throttle.take(&attempt, now).map_err(DeviceError::Throttled)?;
        let code = normal(typed);
        let found = self.store().read(move |tx| devices::waiting(tx, &code, now)).await?;
        let found = found.ok_or(DeviceError::NotWaiting)?;
        self.inner.throttle.give_back(&attempt, now);
        Ok(found)
    }

    /// The person said yes or no.
    pub async fn answer_device(
        &self,
        signed_in: SignedIn,
        typed: &str,
        allow: bool,
        peer: Option<IpAddr>,
    ) -> Result<(), DeviceError> {
        let device = self.find_waiting(signed_in, typed, peer).await?;
        let now = self.clock().now();
        let client = Client { id: device.client, name: device.client_name, redirect_uris: Vec::new() };
        let grant = new_grant(signed_in, &client, Scopes::parse(&device.scopes).unwrap_or_default(), now);
        let (hash, entry) = (device.hash, allowed(&grant, now));
        let answering = move |tx: &mut Tx<'_>| {
            if !allow {
                return devices::answer(tx, &hash, Answer::Denied);
            }
            let grant = grants::add(tx, &grant)?;
            audit::record(tx, &entry)?;
            devices::answer(tx, &hash, Answer::Allowed(grant))
        };
        let answered: bool = self.store().write(Locks::Free, answering).await?;
        if answered { Ok(()) } else { Err(DeviceError::NotWaiting) }
    }

    /// The device asks whether it was allowed.
    pub async fn poll_device(&self, client: &str, device_code: &str) -> Result<Tokens, PollError> {
        let (hash, now, fresh) = (token_hash(device_code), self.clock().now(), Fresh::new()?);
        let (client, given) = (client.to_owned(), fresh.clone());
        let polling = move |tx: &mut Tx<'_>| {
            let found = devices::find(tx, &hash)?.filter(|found| found.client == client && found.expires_at > now);
            let Some(found) = found else { return Ok(Err(PollError::Expired)) };
            let soon = found.polled_at.is_some_and(|last| now < last.plus_millis(POLL_EVERY));
            devices::polled(tx, &hash, now)?;
            let grant = match found.answer {
                _ if soon => return Ok(Err(PollError::SlowDown)),
                None => return Ok(Err(PollError::Pending)),
                Some(Answer::Denied) => {
                    devices::remove(tx, &hash)?;
                    return Ok(Err(PollError::Denied));
                }
                Some(Answer::Allowed(grant)) => grants::find(tx, grant)?,
            };
            devices::remove(tx, &hash)?;
            let Some(grant) = grant else { return Ok(Err(PollError::Expired)) };
            if credentials::epoch(tx, grant.mailbox)? > grant.epoch {
                return Ok(Err(PollError::Expired));
            }
            given.keep(tx, grant.id, now)?;
            Ok::<_, StoreError>(Ok(Scopes::parse(&grant.scopes).unwrap_or_default()))
        };
        let scopes = self.store().write(Locks::Organisation, polling).await??;
        Ok(fresh.tokens(scopes))
    }
}
