//! `/api/v1/users`: people with a mailbox and a sign-in of their own. For administrators.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod password;
pub(crate) mod update;

use crate::words::{PrivilegeWord, SentCopyWord};
use crate::{Caller, Problem};
use postroom_directory::MailboxLine;
use postroom_model::{Address, MailboxId, MailboxKind, Privilege, SentCopy};
use serde::Serialize;
use utoipa::ToSchema;

/// A person with a mailbox of their own.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    #[schema(value_type = i64)]
    id: MailboxId,
    /// The login name, which never changes.
    #[schema(example = "alice")]
    name: String,
    #[schema(example = "Alice Ng")]
    display_name: String,
    /// The first is the default address.
    #[schema(value_type = Vec<String>, example = json!(["alice@example.org"]))]
    addresses: Vec<Address>,
    /// The highest of the person's own and of their roles.
    #[schema(value_type = PrivilegeWord)]
    privilege: Privilege,
    /// Ids of the roles the person is in.
    roles: Vec<String>,
    #[schema(value_type = SentCopyWord)]
    sent_copy: SentCopy,
    /// Octets; null: no limit.
    quota: Option<u64>,
}

impl From<MailboxLine> for User {
    fn from(line: MailboxLine) -> Self {
        Self {
            id: line.id,
            name: line.name,
            display_name: line.display_name,
            addresses: line.addresses,
            privilege: line.privilege,
            roles: line.roles,
            sent_copy: line.sent_copy,
            quota: line.quota,
        }
    }
}

/// One user as the list shows them.
pub(crate) fn user(caller: &Caller, name: &str) -> Result<User, Problem> {
    let mut lines = caller.directory.list_users(caller.actor)?.into_iter();
    lines.find(|line| line.name == name).map(User::from).ok_or_else(|| Problem::not_found("user"))
}

/// The id of a user by login name. Whether the caller may act on it is decided by the use case.
pub(crate) fn user_id(caller: &Caller, name: &str) -> Option<MailboxId> {
    let org = caller.directory.org();
    org.by_name(name).filter(|mailbox| mailbox.kind == MailboxKind::User).map(|mailbox| mailbox.id)
}

/// Whom a request is about: the caller, or for administrators the user with this login name.
pub(crate) fn own_or_of(caller: &Caller, name: Option<&str>) -> Result<MailboxId, Problem> {
    let Some(name) = name else { return Ok(caller.person) };
    match user_id(caller, name) {
        Some(id) if id == caller.person => Ok(id),
        // Only administrators learn which other names exist.
        other => {
            caller.need_admin()?;
            other.ok_or_else(|| Problem::not_found("user"))
        }
    }
}
