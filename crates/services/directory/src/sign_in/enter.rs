//! What a request brings along each time: a password, a token, or a session. One entrance for every HTTP door.

use super::{SignInError, SignedIn};
use crate::Directory;
use postroom_model::Door;
use postroom_store::StoreError;
use std::net::IpAddr;

/// What came with a request.
#[derive(Clone, Copy)]
pub enum Credential<'a> {
    /// Login name or address, with the account's password or an application password.
    Password { login: &'a str, password: &'a str },
    /// An access token.
    Token(&'a str),
    /// What the browser keeps of a session.
    Session(&'a str),
}

#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// Signed out, expired, or never begun: all alike.
    #[error("this sign-in has ended; sign in again")]
    Ended,
    #[error("this token was not given for this: it needs another scope")]
    WrongScope,
}

impl From<StoreError> for EnterError {
    fn from(error: StoreError) -> Self {
        Self::SignIn(SignInError::Store(error))
    }
}

impl Directory {
    /// Who sends this request.
    pub async fn enter(
        &self,
        credential: Credential<'_>,
        door: Door,
        peer: Option<IpAddr>,
    ) -> Result<SignedIn, EnterError> {
        match credential {
            Credential::Password { login, password } => Ok(self.sign_in(login, password, door, peer).await?),
            Credential::Session(token) => self.resume_session(token).await,
            Credential::Token(token) => self.sign_in_with_token(token, door).await,
        }
    }
}
