//! Writes one grant: exactly these rights for this grantee on this mailbox or folder.

use super::{GrantError, check_folder, check_grantee, check_may_grant, current, detail};
use crate::Directory;
use crate::change::Change;
use postroom_model::{Actor, FolderId, Grant, Grantee, MailboxId, Origin, RightSet};
use postroom_store::grants;

#[derive(Clone, Copy, Debug)]
pub struct SetGrant {
    pub mailbox: MailboxId,
    pub grantee: Grantee,
    /// None: the whole mailbox. Some: this folder and those below it.
    pub folder: Option<FolderId>,
    pub rights: RightSet,
    pub automap: bool,
    pub origin: Origin,
}

impl Directory {
    pub async fn set_grant(&self, actor: Actor, wanted: SetGrant) -> Result<(), GrantError> {
        self.change(actor, "grant.set", move |change| {
            check_may_grant(change, wanted.mailbox, wanted.grantee)?;
            check_rights(wanted)?;
            write(change, wanted)
        })
        .await
    }
}

fn check_rights(wanted: SetGrant) -> Result<(), GrantError> {
    if wanted.rights.is_empty() {
        return Err(GrantError::NoRights);
    }
    let unfit = wanted.rights.without(RightSet::folder_scoped());
    if wanted.folder.is_some() && !unfit.is_empty() {
        return Err(GrantError::NotNarrowable(unfit.names().join(", ")));
    }
    Ok(())
}

/// Also the end of a change by an ACL command.
pub(super) fn write(change: &mut Change<'_, '_>, wanted: SetGrant) -> Result<(), GrantError> {
    let SetGrant { mailbox, grantee, folder, rights, automap, origin } = wanted;
    check_grantee(&change.org, grantee)?;
    check_folder(change, mailbox, folder)?;
    let old = current(&change.org, mailbox, grantee, folder);
    let grant = Grant { mailbox, grantee, folder, rights, automap, origin };
    if old.as_ref() == Some(&grant) {
        return Ok(());
    }
    grants::set(change.tx, &grant, change.at)?;
    let old = old.map(|grant| grant.rights).unwrap_or_default();
    let text = detail(&change.org, grantee, folder, old, rights);
    change.record(Some(mailbox), "grant.set", text)?;
    Ok(())
}
