//! Roles: made, changed, deleted. One use case per file.

mod create;
mod delete;
mod update;

pub use create::NewRole;
pub use update::UpdateRole;

use crate::change::{NotAllowed, use_case_errors};
use postroom_model::{MailboxId, MailboxKind, Org};
use postroom_store::StoreError;
use std::collections::BTreeSet;

#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    #[error("a role id is one line of 1 to 100 characters, without blanks at its ends and without $ at its start")]
    BadId,
    #[error("the role {0} exists already")]
    Taken(String),
    #[error("there is no such role")]
    NotFound,
    #[error("{0} is a role of the system: only its members can be changed")]
    System(String),
    #[error("members of a role are users; {0} is none")]
    NoUser(String),
    #[error("the role {0} has rights on mailboxes, which only a security role can have; remove them first")]
    HasGrants(String),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(RoleError);

fn check_members(org: &Org, members: &BTreeSet<MailboxId>) -> Result<(), RoleError> {
    let no_user = |id: &&MailboxId| !org.mailbox(**id).is_some_and(|mailbox| mailbox.kind == MailboxKind::User);
    match members.iter().find(no_user) {
        Some(id) => Err(RoleError::NoUser(name(org, *id))),
        None => Ok(()),
    }
}

fn name(org: &Org, id: MailboxId) -> String {
    org.mailbox(id).map_or_else(|| format!("mailbox {id}"), |mailbox| mailbox.name.to_string())
}

/// The names of members, for the record.
fn names(org: &Org, members: &BTreeSet<MailboxId>) -> String {
    let names: Vec<String> = members.iter().map(|id| name(org, *id)).collect();
    if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
}
