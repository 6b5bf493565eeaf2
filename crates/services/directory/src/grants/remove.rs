//! Takes one grant away.

use super::{GrantError, check_may_grant, current, detail};
use crate::Directory;
use crate::change::Change;
use postroom_model::{Actor, FolderId, Grantee, MailboxId, RightSet};
use postroom_store::grants;

impl Directory {
    /// Gives whether there was one.
    pub async fn remove_grant(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        grantee: Grantee,
        folder: Option<FolderId>,
    ) -> Result<bool, GrantError> {
        self.change(actor, "grant.remove", move |change| {
            check_may_grant(change, mailbox, grantee)?;
            take(change, mailbox, grantee, folder)
        })
        .await
    }
}

/// Also the end of a change by an ACL command that leaves nothing.
pub(super) fn take(
    change: &mut Change<'_, '_>,
    mailbox: MailboxId,
    grantee: Grantee,
    folder: Option<FolderId>,
) -> Result<bool, GrantError> {
    let Some(old) = current(&change.org, mailbox, grantee, folder) else { return Ok(false) };
    grants::remove(change.tx, mailbox, grantee, folder)?;
    let text = detail(&change.org, grantee, folder, old.rights, RightSet::NONE);
    change.record(Some(mailbox), "grant.remove", text)?;
    Ok(true)
}
