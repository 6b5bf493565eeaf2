//! Changes a grant the way RFC 4314 commands do: replace, add or remove some rights of one identifier.
//!
//! Rights that those commands cannot name (calendar, contacts, tasks) are never touched by them.

use super::set::write;
use super::{GrantError, SetGrant, check_may_grant, current, remove::take};
use crate::Directory;
use postroom_model::{Actor, FolderId, Grantee, MailboxId, Origin, Right, RightSet};

/// RFC 4314 section 3.1: `SETACL` replaces, adds (`+`) or removes (`-`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AclChange {
    Replace(RightSet),
    Add(RightSet),
    Remove(RightSet),
}

/// The rights that have a letter or digit in an access control list, for a mailbox or for a folder of it.
pub fn acl_rights(folder: Option<FolderId>) -> RightSet {
    let sending = [Right::AttachmentAdd, Right::SendAs, Right::SendOnBehalf, Right::MailboxManage];
    match folder {
        Some(_) => RightSet::folder_scoped(),
        None => RightSet::folder_scoped().union(sending.into_iter().collect()),
    }
}

impl Directory {
    /// Gives what the grantee's grant there holds afterwards. One that ends empty is removed.
    pub async fn change_acl(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        grantee: Grantee,
        folder: Option<FolderId>,
        wanted: AclChange,
    ) -> Result<RightSet, GrantError> {
        self.change(actor, "grant.set", move |change| {
            check_may_grant(change, mailbox, grantee)?;
            let old = current(&change.org, mailbox, grantee, folder);
            let held = old.as_ref().map(|grant| grant.rights).unwrap_or_default();
            let rights = outcome(held, wanted, acl_rights(folder))?;
            if rights.is_empty() {
                take(change, mailbox, grantee, folder)?;
            } else if rights != held {
                let automap = old.is_none_or(|grant| grant.automap);
                write(change, SetGrant { mailbox, grantee, folder, rights, automap, origin: Origin::Acl })?;
            }
            Ok(rights)
        })
        .await
    }
}

fn outcome(held: RightSet, wanted: AclChange, nameable: RightSet) -> Result<RightSet, GrantError> {
    let (AclChange::Replace(named) | AclChange::Add(named) | AclChange::Remove(named)) = wanted;
    let unfit = named.without(nameable);
    if !unfit.is_empty() {
        return Err(GrantError::NotNarrowable(unfit.names().join(", ")));
    }
    Ok(match wanted {
        AclChange::Replace(rights) => held.without(nameable).union(rights),
        AclChange::Add(rights) => held.union(rights),
        AclChange::Remove(rights) => held.without(rights),
    })
}
