//! Deletes a mailbox that holds no mail.

use crate::Directory;
use crate::change::{NotAllowed, use_case_errors};
use postroom_model::{Actor, MailboxId};
use postroom_store::{StoreError, mailboxes};

#[derive(Debug, thiserror::Error)]
pub enum DeleteError {
    #[error("there is no such mailbox")]
    NotFound,
    #[error("{name} holds {messages} messages; move or remove them first, or convert it to a shared mailbox")]
    HoldsMail { name: String, messages: u64 },
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(DeleteError);

impl Directory {
    /// Ends the sessions of a user too. The record of what happened in the mailbox stays.
    pub async fn delete_mailbox(&self, actor: Actor, mailbox: MailboxId) -> Result<(), DeleteError> {
        self.change(actor, "mailbox.delete", move |change| {
            change.need_admin()?;
            let facts = change.org.mailbox(mailbox).cloned().ok_or(DeleteError::NotFound)?;
            let (messages, _) = mailboxes::holds(change.tx, mailbox)?;
            if messages > 0 {
                return Err(DeleteError::HoldsMail { name: facts.display_name.clone(), messages });
            }
            mailboxes::remove(change.tx, mailbox)?;
            change.record(Some(mailbox), "mailbox.delete", facts.name.to_string())?;
            Ok(())
        })
        .await?;
        // Nothing finds these words any more; they need not stay either.
        self.store().search().forget(mailbox).await?;
        Ok(())
    }
}
