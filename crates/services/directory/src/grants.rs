//! Grants: given, changed, taken away. One use case per file.
//!
//! Who may do so is decided in one place, `decide::may_grant`. Start reading at [`set`].

mod acl;
mod remove;
mod set;

pub use acl::{AclChange, acl_rights};
pub use set::SetGrant;

use crate::change::{Change, NotAllowed, is_admin, use_case_errors};
use postroom_model::decide::may_grant;
use postroom_model::{FolderId, Grant, Grantee, MailboxId, MailboxKind, Org, RightSet, RoleType, decide};
use postroom_store::{StoreError, folders};

#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// Also for somebody who may not know that the mailbox exists.
    #[error("there is no such mailbox")]
    NotFound,
    #[error("there is no such folder in {0}")]
    NoFolder(String),
    #[error("rights are given to users and roles; there is no such user")]
    NoUser,
    #[error("rights are given to users and roles; there is no such role")]
    NoRole,
    #[error("the role {0} is one of the system; only roles made by an administrator can be tied to a mailbox")]
    SystemRole(String),
    #[error("the role {0} is of the type assignment; only a security role can be tied to a mailbox")]
    AssignmentRole(String),
    #[error("{0} cannot be narrowed to a folder; grant it for the whole mailbox")]
    NotNarrowable(String),
    #[error("a grant needs at least one right; remove the grant to take all away")]
    NoRights,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(GrantError);

/// Whether the actor may change what the grantee holds on the mailbox.
fn check_may_grant(change: &Change<'_, '_>, mailbox: MailboxId, grantee: Grantee) -> Result<(), GrantError> {
    let (org, actor) = (&change.org, change.actor);
    let known = is_admin(org, actor) || decide(org, actor, mailbox).sees_mailbox();
    if org.mailbox(mailbox).is_none() || !known {
        return Err(GrantError::NotFound);
    }
    may_grant(org, actor, mailbox, grantee).map_err(|why| NotAllowed::Grant(why).into())
}

/// Whether rights can be given to it at all.
fn check_grantee(org: &Org, grantee: Grantee) -> Result<(), GrantError> {
    match grantee {
        Grantee::Person(id) => match org.mailbox(id) {
            Some(mailbox) if mailbox.kind == MailboxKind::User => Ok(()),
            _ => Err(GrantError::NoUser),
        },
        Grantee::Role(key) => {
            let role = org.role(key).ok_or(GrantError::NoRole)?;
            if role.can_be_tied() {
                Ok(())
            } else if role.role_type == RoleType::Assignment {
                Err(GrantError::AssignmentRole(role.id.clone()))
            } else {
                Err(GrantError::SystemRole(role.id.clone()))
            }
        }
    }
}

fn check_folder(change: &mut Change<'_, '_>, mailbox: MailboxId, folder: Option<FolderId>) -> Result<(), GrantError> {
    let Some(folder) = folder else { return Ok(()) };
    if folders::get(change.tx, mailbox, folder)?.is_some() {
        return Ok(());
    }
    let name = change.org.mailbox(mailbox).map(|mailbox| mailbox.display_name.clone()).unwrap_or_default();
    Err(GrantError::NoFolder(name))
}

/// The row as it is now.
fn current(org: &Org, mailbox: MailboxId, grantee: Grantee, folder: Option<FolderId>) -> Option<Grant> {
    let same = |grant: &&Grant| grant.grantee == grantee && grant.folder == folder;
    org.grants_on(mailbox).iter().find(same).cloned()
}

/// `role Sales`, `user alice`.
pub(crate) fn grantee_name(org: &Org, grantee: Grantee) -> String {
    match grantee {
        Grantee::Person(id) => match org.mailbox(id) {
            Some(mailbox) => format!("user {}", mailbox.name),
            None => format!("user {id}"),
        },
        Grantee::Role(key) => match org.role(key) {
            Some(role) => format!("role {}", role.id),
            None => format!("role {key}"),
        },
    }
}

/// What the record says about a change of rights.
fn detail(org: &Org, grantee: Grantee, folder: Option<FolderId>, old: RightSet, new: RightSet) -> String {
    let place = folder.map_or(String::new(), |folder| format!(" in folder {folder}"));
    format!("{}{place}: {} -> {}", grantee_name(org, grantee), words(old), words(new))
}

fn words(rights: RightSet) -> String {
    if rights.is_empty() { "nothing".to_owned() } else { rights.names().join(", ") }
}
