//! How the answers of services are put into IMAP's words. Every error of a service has its line here, and no other
//! place of the door decides on one.

use postroom_access::AccessError;
use postroom_directory::{GrantError, ScramRefused, SignInError, UpdateError};
use postroom_mail::{AnnotateError, AppendError, FolderError, StoreError, SubscribeError};
pub(crate) use postroom_wire_imap::response::Code;

/// Why a command was not done.
#[derive(Debug)]
pub(crate) enum Failure {
    No(Option<Code<'static>>, String),
    Bad(String),
    /// The connection is gone.
    Io(std::io::Error),
}

impl Failure {
    pub(crate) fn no(code: Code<'static>, text: impl Into<String>) -> Self {
        Self::No(Some(code), text.into())
    }

    pub(crate) fn bad(text: impl Into<String>) -> Self {
        Self::Bad(text.into())
    }

    /// A target folder that does not exist can be made: RFC 9051 section 6.3.12.
    pub(crate) fn or_try_create(self) -> Self {
        match self {
            Self::No(Some(Code::NonExistent), text) => Self::No(Some(Code::TryCreate), text),
            other => other,
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Gone(_) => return Self::no(Code::NonExistent, error.to_string()),
            StoreError::Closed => return Self::no(Code::Unavailable, "the server is stopping"),
            StoreError::Sqlite(_)
            | StoreError::Postgresql(_)
            | StoreError::Corrupt(_)
            | StoreError::Object(_)
            | StoreError::Panicked
            | StoreError::NotCommitted(_)
            | StoreError::Conflict => {}
        }
        tracing::error!(error = error.detail(), "a command failed in the store");
        Self::no(Code::ServerBug, "the server could not do this; try again, or ask an administrator to look at its log")
    }
}

impl From<SignInError> for Failure {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::no(Code::AuthenticationFailed, "the name or the password is wrong"),
            SignInError::Throttled { retry_after } => {
                let seconds = retry_after.as_secs().max(1);
                Self::no(Code::Limit, format!("too many failed tries; try again in {seconds} seconds"))
            }
            SignInError::Store(error) => error.into(),
        }
    }
}

impl From<ScramRefused> for Failure {
    fn from(error: ScramRefused) -> Self {
        match error {
            ScramRefused::Exchange(error) => Self::bad(error.to_string()),
            ScramRefused::SignIn(error) => error.into(),
        }
    }
}

impl From<AccessError> for Failure {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::NotFound => Self::no(Code::NonExistent, "there is no such folder"),
            AccessError::Denied(denied) => Self::no(Code::NoPerm, denied.to_string()),
            AccessError::Store(error) => error.into(),
        }
    }
}

impl From<AppendError> for Failure {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Access(error) => error.into(),
            full @ (AppendError::Full { .. } | AppendError::TooMany { .. }) => {
                Self::no(Code::OverQuota, full.to_string())
            }
            refused @ AppendError::ServersFolder => Self::no(Code::NoPerm, refused.to_string()),
        }
    }
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        let text = error.to_string();
        match error {
            FolderError::Access(error) => error.into(),
            FolderError::Exists => Self::no(Code::AlreadyExists, text),
            FolderError::BadName(_) | FolderError::SpecialUse(_) | FolderError::BelowItself => {
                Self::no(Code::Cannot, text)
            }
            FolderError::UseTaken(_) => Self::no(Code::UseAttr, text),
            FolderError::HasChildren => Self::no(Code::HasChildren, text),
        }
    }
}

impl From<SubscribeError> for Failure {
    fn from(error: SubscribeError) -> Self {
        match error {
            SubscribeError::Access(error) => error.into(),
            many @ SubscribeError::TooMany => Self::no(Code::Limit, many.to_string()),
        }
    }
}

impl From<AnnotateError> for Failure {
    fn from(error: AnnotateError) -> Self {
        let text = error.to_string();
        match error {
            AnnotateError::Access(error) => error.into(),
            AnnotateError::TooLong { limit } => Self::no(Code::MetadataMaxSize(limit), text),
            AnnotateError::NameTooLong { .. } => Self::no(Code::Limit, text),
            AnnotateError::TooMany { .. } => Self::no(Code::MetadataTooMany, text),
            AnnotateError::NotAdmin => Self::no(Code::NoPerm, text),
        }
    }
}

impl From<UpdateError> for Failure {
    fn from(error: UpdateError) -> Self {
        let text = error.to_string();
        match error {
            UpdateError::NotFound => Self::no(Code::NonExistent, text),
            UpdateError::NameUnchangeable
            | UpdateError::BadDisplayName
            | UpdateError::Address(_)
            | UpdateError::NoUser(_) => Self::no(Code::Cannot, text),
            UpdateError::NotAllowed(_) => Self::no(Code::NoPerm, text),
            UpdateError::Store(error) => error.into(),
        }
    }
}

impl From<GrantError> for Failure {
    fn from(error: GrantError) -> Self {
        let text = error.to_string();
        match error {
            GrantError::NotFound | GrantError::NoFolder(_) => Self::no(Code::NonExistent, text),
            GrantError::NoUser
            | GrantError::NoRole
            | GrantError::SystemRole(_)
            | GrantError::AssignmentRole(_)
            | GrantError::NotNarrowable(_)
            | GrantError::NoRights => Self::no(Code::Cannot, text),
            GrantError::NotAllowed(_) => Self::no(Code::NoPerm, text),
            GrantError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests;
