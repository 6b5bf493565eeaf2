//! `/api/v1/application-passwords`: one for each program that signs in by itself. Everybody's own; administrators
//! also those of others.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod revoke;

use crate::{Caller, Problem};
use postroom_directory::ApplicationLine;
use postroom_model::MailboxId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An application password; the password itself is shown only when it is made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApplicationPassword {
    id: i64,
    #[schema(example = "Thunderbird on the desk")]
    label: String,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    created_at: i64,
    last_used_at: Option<i64>,
    /// Null: never.
    expires_at: Option<i64>,
    /// The name of the one mailbox that it opens; null: whatever the person may open.
    mailbox: Option<String>,
}

impl From<ApplicationLine> for ApplicationPassword {
    fn from(line: ApplicationLine) -> Self {
        Self {
            id: line.id,
            label: line.label,
            created_at: line.created_at.0,
            last_used_at: line.last_used_at.map(|time| time.0),
            expires_at: line.expires_at.map(|time| time.0),
            mailbox: line.mailbox,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Whose {
    /// Login name; absent: the caller's own.
    #[param(example = "alice")]
    user: Option<String>,
}

impl Whose {
    fn person(&self, caller: &Caller) -> Result<MailboxId, Problem> {
        crate::users::own_or_of(caller, self.user.as_deref())
    }
}
