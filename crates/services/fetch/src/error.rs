//! Why a service could not be fetched from. Shown to people as it stands, with the server's own words.

use postroom_directory::NotOpened;
use postroom_inbound::FetchedError;
use postroom_store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("{0}")]
    Unreachable(String),
    #[error("TLS failed: {0}")]
    Tls(String),
    #[error("the connection was lost: {0}")]
    Lost(String),
    #[error("the server fell silent for {0} seconds")]
    Silent(u64),
    #[error("signing in was refused: {0}")]
    SignIn(String),
    #[error("no secret was given: set a password or tokens")]
    NoSecret,
    #[error(transparent)]
    Sealed(#[from] NotOpened),
    #[error("no token was given: {0}")]
    Token(String),
    /// The command, and what the server said.
    #[error("the server answered {command} with: {said}")]
    Refused { command: &'static str, said: String },
    #[error("the server speaks no proper {protocol}: {why}")]
    Protocol { protocol: &'static str, why: String },
    #[error("the server sends {0} octets at once, which is more than a message may have here")]
    TooLarge(u64),
    #[error("{0}")]
    Filing(#[from] FetchedError),
    #[error("the message cannot be kept for a moment: {0}")]
    Spool(#[source] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the service was changed or removed")]
    Changed,
}

impl FetchError {
    /// Whether trying again soon could lock the account or annoy its server.
    pub(crate) fn wants_patience(&self) -> bool {
        matches!(self, Self::SignIn(_) | Self::NoSecret | Self::Sealed(_) | Self::Token(_))
    }

    /// For the log and for people: no cause of a database error is shown to them.
    pub(crate) fn words(&self) -> String {
        self.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).take(1000).collect()
    }
}

impl From<std::io::Error> for FetchError {
    fn from(error: std::io::Error) -> Self {
        Self::Lost(error.to_string())
    }
}
