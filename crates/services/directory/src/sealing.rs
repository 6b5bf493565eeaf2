//! Secrets at rest: passwords and tokens for other servers, keys that sign mail. They are sealed with a key that is
//! not in the database, so that a copy of the database alone gives none of them away.
//!
//! Start reading at [`SealingKey::load`]. What is sealed is bound to the row it belongs to: moved to another row it
//! does not open.

use crate::Secret;
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use postroom_store::{Scope, Store, StoreError, settings};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const KEY_LEN: usize = 32;
/// The first octet of what is sealed: the way it was sealed.
const VERSION: u8 = 1;
/// Something sealed by the installation's key, kept in the database, to tell a wrong key from the right one.
const CHECK: &str = "sealing_check";

#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    #[error("the secrets key {0} cannot be read: {1}")]
    Unreadable(PathBuf, #[source] io::Error),
    #[error("the secrets key {0} cannot be written: {1}")]
    Unwritable(PathBuf, #[source] io::Error),
    #[error("{0} holds no secrets key: it must be one line, 32 octets in Base64 (openssl rand -base64 32)")]
    Malformed(PathBuf),
    #[error("the secrets key {0} can be read by others: chmod 600 {0}")]
    Exposed(PathBuf),
    #[error(
        "the secrets key {0} is missing, and the database holds secrets sealed with it: put the file back, or name it \
         in [secrets] key_file"
    )]
    Missing(PathBuf),
    #[error("the secrets key {0} is another than the one that the secrets in the database were sealed with")]
    Another(PathBuf),
    #[error("no random numbers")]
    Random,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A sealed secret does not open: it was sealed with another key, for another row, or was altered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret in the database cannot be opened with this installation's secrets key")]
pub struct NotOpened;

/// The key of this installation. Cheap to clone; prints as dots.
#[derive(Clone)]
pub struct SealingKey(Arc<RandomizedNonceKey>);

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingKey(••••)")
    }
}

impl SealingKey {
    /// A key that is kept nowhere.
    pub fn fresh() -> Result<Self, SealingError> {
        Self::of(&fresh_octets()?)
    }

    fn of(octets: &[u8; KEY_LEN]) -> Result<Self, SealingError> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, octets).map_err(|_| SealingError::Random)?;
        Ok(Self(Arc::new(key)))
    }

    /// Reads the key, or makes the file where there is none and nothing was sealed yet. A key other than the one
    /// that the database was sealed with is refused here, once, and not at the first mail.
    pub async fn load(path: &Path, store: &Store) -> Result<Self, SealingError> {
        let check = store.read(|tx| settings::get(tx, CHECK)).await?;
        let key = match read(path)? {
            Some(key) => key,
            None if check.is_some() => return Err(SealingError::Missing(path.to_owned())),
            None => make(path)?,
        };
        match check.map(|text| STANDARD.decode(text)) {
            None => key.remember(store).await?,
            Some(sealed) if sealed.as_ref().is_ok_and(|sealed| key.open(CHECK, sealed).is_ok()) => {}
            Some(_) => return Err(SealingError::Another(path.to_owned())),
        }
        Ok(key)
    }

    /// The first node that starts says which key it is; one that comes at the same time with another is refused.
    async fn remember(&self, store: &Store) -> Result<(), SealingError> {
        let text = STANDARD.encode(self.seal(CHECK, b"postroom").map_err(|_| SealingError::Random)?);
        let write = move |tx: &mut postroom_store::Tx<'_>| match settings::get(tx, CHECK)? {
            Some(_) => Ok(()),
            None => settings::put(tx, CHECK, &text),
        };
        Ok(store.write(Scope::Organisation, write).await?)
    }

    /// Seals a secret for the row that `row` names: `inbound_service 7`.
    pub fn seal(&self, row: &str, secret: &[u8]) -> Result<Vec<u8>, NotOpened> {
        let mut body = secret.to_vec();
        let nonce = self.0.seal_in_place_append_tag(Aad::from(row.as_bytes()), &mut body).map_err(|_| NotOpened)?;
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + body.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(nonce.as_ref());
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens what was sealed for the same row.
    pub fn open(&self, row: &str, sealed: &[u8]) -> Result<Vec<u8>, NotOpened> {
        let (version, rest) = sealed.split_first().ok_or(NotOpened)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(NotOpened)?;
        if *version != VERSION {
            return Err(NotOpened);
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| NotOpened)?;
        let mut body = body.to_vec();
        let length = self.0.open_in_place(nonce, Aad::from(row.as_bytes()), &mut body).map_err(|_| NotOpened)?.len();
        body.truncate(length);
        Ok(body)
    }

    /// Seals text.
    pub fn seal_text(&self, row: &str, secret: &Secret) -> Result<Vec<u8>, NotOpened> {
        self.seal(row, secret.expose().as_bytes())
    }

    /// Opens text.
    pub fn open_text(&self, row: &str, sealed: &[u8]) -> Result<Secret, NotOpened> {
        String::from_utf8(self.open(row, sealed)?).map(Secret::new).map_err(|_| NotOpened)
    }
}

fn fresh_octets() -> Result<[u8; KEY_LEN], SealingError> {
    let mut octets = [0; KEY_LEN];
    rand::fill(&mut octets).map_err(|_| SealingError::Random)?;
    Ok(octets)
}

/// None: there is no file.
fn read(path: &Path) -> Result<Option<SealingKey>, SealingError> {
    let unreadable = |error| SealingError::Unreadable(path.to_owned(), error);
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    // A group may share it, as systemd and containers hand secrets out; everybody may not.
    if std::fs::metadata(path).map_err(unreadable)?.permissions().mode() & 0o007 != 0 {
        return Err(SealingError::Exposed(path.to_owned()));
    }
    let octets = STANDARD.decode(text.trim()).ok().and_then(|octets| <[u8; KEY_LEN]>::try_from(octets).ok());
    let octets = octets.ok_or_else(|| SealingError::Malformed(path.to_owned()))?;
    SealingKey::of(&octets).map(Some)
}

/// Written under another name, synced, then linked: a key that sealed anything is on disk, and two processes that
/// start at once end with the same one.
fn make(path: &Path) -> Result<SealingKey, SealingError> {
    let unwritable = |error| SealingError::Unwritable(path.to_owned(), error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    let octets = fresh_octets()?;
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    let written = write(&draft, &octets).and_then(|()| std::fs::hard_link(&draft, path));
    let tidied = std::fs::remove_file(&draft);
    match written {
        Ok(()) => tidied.and_then(|()| File::open(folder)?.sync_all()).map_err(unwritable)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(unwritable(error)),
    }
    read(path)?.ok_or_else(|| unwritable(io::ErrorKind::NotFound.into()))
}

fn write(path: &Path, octets: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(STANDARD.encode(octets).as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

#[cfg(test)]
mod tests;
