//! `/api/v1/sessions`: the browsers that are signed in. Everybody's own; administrators also those of others.

pub(crate) mod end;
pub(crate) mod end_others;
pub(crate) mod list;

use crate::{Caller, Problem};
use postroom_directory::Means;
use postroom_model::MailboxId;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhoseSessions {
    /// Login name; absent: the caller's own.
    #[param(example = "alice")]
    user: Option<String>,
}

impl WhoseSessions {
    fn person(&self, caller: &Caller) -> Result<MailboxId, Problem> {
        crate::users::own_or_of(caller, self.user.as_deref())
    }
}

/// The session this request came in, if it did.
fn current(caller: &Caller) -> Option<i64> {
    match caller.signed_in.means {
        Means::Session(id) => Some(id),
        Means::Password | Means::Application(_) | Means::Token { .. } => None,
    }
}
