//! Makes a mailbox another kind: user, shared, room, equipment.
//!
//! Ids, UIDs, mail, addresses, history and the grants on it stay. What stops being a user loses, in the same
//! transaction, its credentials and sessions, its roles, the grants it held as a person, and its privilege.

use super::{note_on_plan, over_plan};
use crate::Directory;
use crate::change::{Change, NotAllowed, use_case_errors};
use postroom_model::{Actor, MailboxId, MailboxKind};
use postroom_store::{StoreError, mailboxes};

#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    #[error("there is no such mailbox")]
    NotFound,
    #[error("the plan allows {0} shared mailboxes at most; delete or convert one, or change the plan")]
    PlanFull(u32),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(ConvertError);

impl Directory {
    /// Gives what to tell about it. Converting to the kind it has does nothing.
    pub async fn convert(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        kind: MailboxKind,
    ) -> Result<Vec<String>, ConvertError> {
        self.change(actor, "mailbox.convert", move |change| run(change, mailbox, kind)).await
    }
}

fn run(change: &mut Change<'_, '_>, id: MailboxId, kind: MailboxKind) -> Result<Vec<String>, ConvertError> {
    change.need_admin()?;
    let mailbox = change.org.mailbox(id).cloned().ok_or(ConvertError::NotFound)?;
    if mailbox.kind == kind {
        return Ok(Vec::new());
    }
    if let Some(maximum) = over_plan(&change.org).filter(|_| kind == MailboxKind::Shared) {
        return Err(ConvertError::PlanFull(maximum));
    }
    let mut notes: Vec<String> = note_on_plan(&change.org, kind).into_iter().collect();
    mailboxes::convert(change.tx, id, kind)?;
    let dropped = if mailbox.kind == MailboxKind::User {
        notes.push(format!(
            "{} is no user any more: its credentials, sessions, roles and the grants it held are gone",
            mailbox.name
        ));
        "; credentials, sessions, roles and grants held were removed"
    } else {
        ""
    };
    change.record(Some(id), "mailbox.convert", format!("{} -> {}{dropped}", mailbox.kind.as_str(), kind.as_str()))?;
    Ok(notes)
}
