//! The automatic reply of a mailbox: reading and setting it. Sending it is the business of who takes mail in.

use crate::emails::WholeSetError;
use crate::whole::{Account, State};
use postroom_access::AccessError;
use postroom_model::{AuditEntry, Right};
use postroom_store::changes::{self, Log};
use postroom_store::{Scope, Tx, audit, vacations};

pub use postroom_store::vacations::Vacation;

impl Account {
    /// What the mailbox answers by itself. Its owner and its managers see it.
    pub async fn vacation(&self) -> Result<Vacation, AccessError> {
        self.opened.need(Right::MailboxManage, &[])?;
        let mailbox = self.mailbox();
        Ok(self.mail.store().read(move |tx| vacations::get(tx, mailbox)).await?)
    }

    /// Changes it by `change`; gives the states before and after.
    pub async fn set_vacation(
        &self,
        if_in: Option<State>,
        change: impl Fn(&mut Vacation) + Send + 'static,
    ) -> Result<(State, State), WholeSetError> {
        self.opened.need(Right::MailboxManage, &[])?;
        let (mailbox, base, actor) = (self.mailbox(), self.look().await?.state(), self.opened.actor());
        let at = self.mail.access.clock().now();
        let work = move |tx: &mut Tx<'_>| {
            let old = base.with_modseq(changes::current(tx, mailbox)?);
            if if_in.is_some_and(|wanted| wanted != old) {
                return Err(WholeSetError::StateMismatch);
            }
            let before = vacations::get(tx, mailbox)?;
            let mut after = before.clone();
            change(&mut after);
            let mut log = Log::begin(tx, mailbox, at)?;
            if after != before {
                vacations::set(tx, &mut log, &after)?;
                let detail = if after.enabled { "turned on" } else { "turned off" };
                audit::record(tx, &AuditEntry::done(at, actor, mailbox, "mailbox.reply", detail))?;
            }
            Ok((old, old.with_modseq(log.end(tx)?)))
        };
        let states = self.mail.store().write(Scope::mailbox(mailbox), work).await?;
        // Whoever takes mail in knows from now on.
        self.mail.access.reload().await?;
        Ok(states)
    }
}
