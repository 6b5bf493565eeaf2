//! The record of who did what, for administrators, and for managers of the mailbox it is about.

use crate::Directory;
use crate::change::{NotAllowed, is_admin};
use postroom_model::{Actor, MailboxId, Right, Time, decide};
pub use postroom_store::audit::AuditFilter;
use postroom_store::audit::AuditRow;
use postroom_store::{Scope, StoreError, audit};
use serde::Serialize;

/// One row, with names for the ids that still have one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditLine {
    pub id: i64,
    pub at: Time,
    pub mailbox: Option<MailboxId>,
    pub mailbox_name: Option<String>,
    /// `person`, `operator` or `server`.
    pub who: String,
    pub person: Option<MailboxId>,
    pub person_name: Option<String>,
    pub door: String,
    pub action: String,
    pub outcome: String,
    pub detail: String,
}

#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// Also for somebody who may not know that the mailbox exists.
    #[error("there is no such mailbox")]
    NotFound,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many rows one page has at most.
const LARGEST_PAGE: u32 = 1000;
const PRUNED_AT_ONCE: u32 = 1000;

impl Directory {
    /// The newest rows before `before` (an id; none: from the newest), of one mailbox or of all.
    pub async fn audit_page(
        &self,
        actor: Actor,
        mailbox: Option<MailboxId>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditLine>, AuditError> {
        self.audit_find(actor, AuditFilter { mailbox, ..AuditFilter::default() }, before, limit).await
    }

    /// The newest rows before `before` that the filter leaves. Without a mailbox it is for administrators.
    pub async fn audit_find(
        &self,
        actor: Actor,
        filter: AuditFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditLine>, AuditError> {
        self.check_may_read(actor, filter.mailbox)?;
        let limit = limit.min(LARGEST_PAGE);
        let rows = self.store().read(move |tx| audit::find(tx, &filter, before, limit)).await?;
        Ok(rows.into_iter().map(|row| self.line(row)).collect())
    }

    fn check_may_read(&self, actor: Actor, mailbox: Option<MailboxId>) -> Result<(), AuditError> {
        let org = self.org();
        if is_admin(&org, actor) {
            return Ok(());
        }
        let Some(mailbox) = mailbox else { return Err(NotAllowed::NotAdmin.into()) };
        let held = decide(&org, actor, mailbox);
        if held.whole.has(Right::MailboxManage) {
            Ok(())
        } else if held.sees_mailbox() {
            Err(NotAllowed::NotAdmin.into())
        } else {
            Err(AuditError::NotFound)
        }
    }

    fn line(&self, row: AuditRow) -> AuditLine {
        let org = self.org();
        let name = |id: Option<MailboxId>| Some(org.mailbox(id?)?.name.to_string());
        AuditLine {
            id: row.id,
            at: row.at,
            mailbox_name: name(row.mailbox),
            mailbox: row.mailbox,
            who: row.who,
            person_name: name(row.person),
            person: row.person,
            door: row.door,
            action: row.action,
            outcome: row.outcome,
            detail: row.detail,
        }
    }

    /// Removes rows older than `before`, some at a time, so that other writers get their turn. Gives how many went.
    pub async fn prune_audit(&self, before: Time) -> Result<u64, StoreError> {
        let mut gone = 0;
        loop {
            let page = self.store().write(Scope::Free, move |tx| audit::prune(tx, before, PRUNED_AT_ONCE)).await;
            let page: u64 = page.map_err(|error: StoreError| error)?;
            gone += page;
            if page < u64::from(PRUNED_AT_ONCE) {
                return Ok(gone);
            }
        }
    }
}
