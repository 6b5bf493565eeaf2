//! How the answers of services are put into POP3's words. Every error of a service has its line here, and no other
//! place of the door decides on one.

use postroom_access::AccessError;
use postroom_directory::SignInError;
use postroom_mail::StoreError;
use postroom_wire_pop3::{BadCommand, Code};

/// Why a command was not done.
#[derive(Debug)]
pub(crate) enum Failure {
    Refused(Option<Code>, String),
    /// A wrong command, or a refused sign-in: too many of them end the connection.
    Mistake(Option<Code>, String),
    /// The connection is gone.
    Io(std::io::Error),
}

impl Failure {
    pub(crate) fn refused(text: impl Into<String>) -> Self {
        Self::Refused(None, text.into())
    }

    pub(crate) fn mistake(text: impl Into<String>) -> Self {
        Self::Mistake(None, text.into())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<BadCommand> for Failure {
    fn from(bad: BadCommand) -> Self {
        Self::mistake(bad.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = error.detail(), "a command failed in the store");
        let text = "the server could not do this; try again, or ask an administrator to look at its log";
        Self::Refused(Some(Code::SysTemp), text.to_owned())
    }
}

impl From<AccessError> for Failure {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::NotFound => Self::refused("there is no such mailbox"),
            AccessError::Denied(denied) => Self::refused(denied.to_string()),
            AccessError::Store(error) => error.into(),
        }
    }
}

impl From<SignInError> for Failure {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::Mistake(Some(Code::Auth), "the name or the password is wrong".to_owned()),
            SignInError::Throttled { retry_after } => {
                let seconds = retry_after.as_secs().max(1);
                let text = format!("too many failed tries; try again in {seconds} seconds");
                Self::Mistake(Some(Code::SysTemp), text)
            }
            SignInError::Store(error) => error.into(),
        }
    }
}
