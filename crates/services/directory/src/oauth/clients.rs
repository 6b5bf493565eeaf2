//! Clients register themselves (RFC 7591). They hold no secret, so that what proves a client is where its answers are
//! sent, and the verifier of its request.

use super::fresh_token;
use crate::Directory;
use crate::sessions::token_hash;
use postroom_store::oauth::clients;
use postroom_store::{Scope as Locks, StoreError};

pub use postroom_store::oauth::clients::Client;

#[derive(Clone, Debug, Default)]
pub struct NewClient {
    pub name: String,
    /// May be empty for a device without a browser.
    pub redirect_uris: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("client_name must be one line of 1 to 100 characters")]
    BadName,
    #[error(
        "`{0}` is no redirect URI that can be taken: https, http on a loopback address, or a scheme of the app with a \
         dot in its name; no fragment"
    )]
    BadRedirect(String),
    #[error("at most {0} redirect URIs")]
    TooManyRedirects(usize),
    #[error("too many clients are registered; try again later")]
    Full,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl postroom_store::Retry for ClientError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Store(error) if postroom_store::Retry::may_pass(error))
    }
}

const MOST_REDIRECTS: usize = 10;
const LONGEST_REDIRECT: usize = 500;
/// Those that nobody allows are forgotten after a day.
const MOST_CLIENTS: u64 = 10_000;

impl Directory {
    pub async fn register_client(&self, new: NewClient) -> Result<Client, ClientError> {
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err(ClientError::BadName);
        }
        if new.redirect_uris.len() > MOST_REDIRECTS {
            return Err(ClientError::TooManyRedirects(MOST_REDIRECTS));
        }
        if let Some(bad) = new.redirect_uris.iter().find(|uri| !acceptable(uri)) {
            return Err(ClientError::BadRedirect(bad.clone()));
        }
        // No secret, but long enough that nobody comes upon another's.
        let id = token_hash(&fresh_token()?)[..32].to_owned();
        let client = Client { id, name: name.to_owned(), redirect_uris: new.redirect_uris };
        let (kept, at) = (client.clone(), self.clock().now());
        self.store()
            .write(Locks::Free, move |tx| {
                if clients::count(tx)? >= MOST_CLIENTS {
                    return Err(ClientError::Full);
                }
                Ok(clients::add(tx, &kept, at)?)
            })
            .await?;
        tracing::info!(client = client.id, name = client.name, "an OAuth client registered");
        Ok(client)
    }

    pub async fn client(&self, id: &str) -> Result<Option<Client>, ClientError> {
        let id = id.to_owned();
        Ok(self.store().read(move |tx| clients::find(tx, &id)).await?)
    }
}

/// RFC 8252 section 7: claimed https addresses, loopback addresses, private-use schemes.
fn acceptable(uri: &str) -> bool {
    let clean = uri.len() <= LONGEST_REDIRECT
        && uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte));
    let Some((scheme, rest)) = uri.split_once(':').filter(|_| clean) else { return false };
    match scheme.to_ascii_lowercase().as_str() {
        "https" => authority(rest).is_some_and(|host| !host.is_empty() && !host.contains('@')),
        "http" => loopback(rest).is_some(),
        own => {
            let letters = own.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
            letters && own.contains('.') && own.starts_with(|first: char| first.is_ascii_alphabetic())
        }
    }
}

fn authority(rest: &str) -> Option<&str> {
    rest.strip_prefix("//")?.split(['/', '?']).next()
}

/// Of an http address without its scheme: the loopback host, and what follows the port.
fn loopback(rest: &str) -> Option<(&str, &str)> {
    let authority = authority(rest)?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (authority, ""),
    };
    let known = ["127.0.0.1", "[::1]", "localhost"].contains(&host);
    let tail = &rest[2 + authority.len()..];
    (known && port.bytes().all(|byte| byte.is_ascii_digit())).then_some((host, tail))
}

/// Whether an answer may be sent there: exactly a registered address; on loopback with any port (RFC 8252 7.3).
pub(super) fn registered(client: &Client, uri: &str) -> bool {
    let plain = |uri: &str| uri.strip_prefix("http:").and_then(loopback).map(|(host, tail)| format!("{host}{tail}"));
    client
        .redirect_uris
        .iter()
        .any(|known| known == uri || plain(known).is_some_and(|known| plain(uri).is_some_and(|uri| known == uri)))
}
