//! Argon2id and PBKDF2 in a bounded pool: no more at once than there are processors, no endless queue.

use super::Prepared;
use crate::scram::Verifier;
use crate::{Directory, Limits, Secret};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::rand;
use postroom_store::StoreError;
use std::borrow::Cow;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashingError {
    #[error("a password must not be empty")]
    Empty,
    #[error("a password has at most 1000 octets")]
    TooLong,
    #[error("password_hash must be an Argon2 hash in PHC form: $argon2id$v=19$m=…,t=…,p=…$salt$hash")]
    BadHash,
    #[error("too many sign-ins at this moment; try again")]
    Busy,
    #[error("the password could not be hashed")]
    Failed,
}

const LONGEST_PASSWORD: usize = 1000;
/// A hash from a file that asks for more than this would let a sign-in take the server's memory.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
const MOST_PASSES: u32 = 64;

pub(crate) struct Hashing {
    running: Arc<Semaphore>,
    waiting: Semaphore,
    argon2: Argon2<'static>,
    iterations: u32,
    /// Verified against where there is no password, so that a refusal takes the same work.
    nobody: String,
}

impl Hashing {
    pub(crate) async fn start(limits: &Limits) -> Result<Self, StoreError> {
        let params = Params::new(limits.hash_memory_kib, limits.hash_passes, 1, None).unwrap_or_default();
        let mut hashing = Self {
            running: Arc::new(Semaphore::new(limits.hashing_at_once.max(1))),
            waiting: Semaphore::new(limits.hashing_waiting.max(1)),
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            iterations: limits.scram_iterations,
            nobody: String::new(),
        };
        let hash = hashing.hash("nobody").await;
        hashing.nobody = hash.map_err(|_| StoreError::Corrupt("the limits of password hashing"))?;
        Ok(hashing)
    }

    /// Runs on a thread where blocking is allowed, when its turn comes.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashingError> {
        let _place = self.waiting.try_acquire().map_err(|_| HashingError::Busy)?;
        let permit: OwnedSemaphorePermit =
            self.running.clone().acquire_owned().await.map_err(|_| HashingError::Failed)?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        done.await.map_err(|_| HashingError::Failed)
    }

    pub(crate) async fn hash(&self, clear: &str) -> Result<String, HashingError> {
        let clear = checked(clear)?.into_owned();
        let (salt, argon2) = (random::<16>()?, self.argon2.clone());
        let hash =
            self.run(move || argon2.hash_password_with_salt(clear.as_bytes(), &salt).map(|hash| hash.to_string()));
        hash.await?.map_err(|_| HashingError::Failed)
    }

    /// Whether the password is the one of the hash; without a hash it is never, after the same work.
    pub(crate) async fn verify(&self, clear: &str, hash: Option<String>) -> Result<bool, HashingError> {
        let checked = checked(clear);
        // What no account can have takes the same work and is refused.
        let known = hash.is_some() && checked.is_ok();
        let clear = checked.unwrap_or_default().into_owned();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let same = self.run(move || {
            let parsed = PasswordHash::new(&hash);
            parsed.is_ok_and(|hash| Argon2::default().verify_password(clear.as_bytes(), &hash).is_ok())
        });
        Ok(same.await? && known)
    }

    pub(crate) async fn verifier(&self, clear: &str, salt: [u8; 16]) -> Result<Verifier, HashingError> {
        let (clear, iterations) = (checked(clear)?.into_owned(), self.iterations);
        self.run(move || Verifier::derive(&clear, &salt, iterations)).await
    }

    pub(crate) fn iterations(&self) -> u32 {
        self.iterations
    }
}

fn checked(clear: &str) -> Result<Cow<'_, str>, HashingError> {
    match clear.len() {
        0 => Err(HashingError::Empty),
        1..=LONGEST_PASSWORD => Ok(prepared(clear)),
        _ => Err(HashingError::TooLong),
    }
}

/// RFC 4013: the same password typed on different keyboards becomes the same octets. Where it holds what SASLprep
/// forbids it is taken as it is.
pub(crate) fn prepared(clear: &str) -> Cow<'_, str> {
    stringprep::saslprep(clear).unwrap_or(Cow::Borrowed(clear))
}

/// Checks that a hash from outside is one that sign-in can verify, at a cost that the server can bear.
pub(crate) fn check_hash(hash: &str) -> Result<(), HashingError> {
    let parsed = PasswordHash::new(hash).map_err(|_| HashingError::BadHash)?;
    let params = Params::try_from(&parsed).map_err(|_| HashingError::BadHash)?;
    let algorithm = Algorithm::try_from(parsed.algorithm.as_str()).is_ok();
    let bearable = params.m_cost() <= MOST_MEMORY_KIB && params.t_cost() <= MOST_PASSES;
    if algorithm && bearable && parsed.hash.is_some() && parsed.salt.is_some() {
        Ok(())
    } else {
        Err(HashingError::BadHash)
    }
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], HashingError> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| HashingError::Failed)?;
    Ok(bytes)
}

impl Directory {
    /// Hash and SCRAM verifier of the password of the account with this login name.
    pub(crate) async fn prepare_password(&self, name: &str, clear: &Secret) -> Result<Prepared, HashingError> {
        let hashing = &self.inner.hashing;
        let hash = hashing.hash(clear.expose()).await?;
        let verifier = hashing.verifier(clear.expose(), self.inner.salts.salt(name)).await?;
        Ok(Prepared { hash, scram: Some(verifier.to_string()) })
    }
}
