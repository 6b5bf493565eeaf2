//! `/api/v1/authorizations`: programs that were let in by OAuth. Everybody's own; administrators also those of others.

pub(crate) mod end;
pub(crate) mod list;

use crate::{Caller, Problem};
use postroom_model::MailboxId;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhoseAuthorizations {
    /// Login name; absent: the caller's own.
    #[param(example = "alice")]
    user: Option<String>,
}

impl WhoseAuthorizations {
    fn person(&self, caller: &Caller) -> Result<MailboxId, Problem> {
        crate::users::own_or_of(caller, self.user.as_deref())
    }
}
