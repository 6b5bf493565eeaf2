//! `/api/v1/grants`: who holds which rights on which mailbox. For administrators, the owner of a user mailbox, and
//! managers of a mailbox, who change everything but what they hold themselves.

pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod set;

use crate::words::{OriginWord, RightWord};
use crate::{Caller, Problem};
use postroom_directory::GrantLine;
use postroom_model::{FolderId, Grantee, Origin};
use serde::Serialize;
use utoipa::ToSchema;

/// Rights of one user or role on one mailbox, or on a folder of it and those below.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Grant {
    #[schema(example = "support")]
    mailbox: String,
    /// Login name; null for a grant to a role.
    user: Option<String>,
    /// Role id; null for a grant to a user.
    role: Option<String>,
    /// Null: the whole mailbox.
    #[schema(value_type = Option<i64>)]
    folder: Option<FolderId>,
    #[schema(value_type = Vec<RightWord>)]
    rights: Vec<&'static str>,
    /// The mailbox appears by itself in mail clients.
    automap: bool,
    #[schema(value_type = OriginWord)]
    origin: Origin,
}

impl From<GrantLine> for Grant {
    fn from(line: GrantLine) -> Self {
        Self {
            mailbox: line.mailbox,
            user: line.user,
            role: line.role,
            folder: line.folder,
            rights: line.rights,
            automap: line.automap,
            origin: line.origin,
        }
    }
}

/// The one that `user` or `role` names.
fn grantee(caller: &Caller, user: Option<&str>, role: Option<&str>) -> Result<Grantee, Problem> {
    match (user, role) {
        (Some(name), None) => {
            let unknown = || Problem::unfit("user", format!("there is no user {name}"));
            crate::users::user_id(caller, name).map(Grantee::Person).ok_or_else(unknown)
        }
        (None, Some(id)) => {
            let unknown = || Problem::unfit("role", format!("there is no role {id}"));
            caller.directory.org().role_by_id(id).map(|role| Grantee::Role(role.key)).ok_or_else(unknown)
        }
        _ => Err(Problem::unfit("user", "name either `user` or `role`")),
    }
}
