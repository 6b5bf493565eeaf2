//! What people have sent, kept for them to look at. Start reading at [`Outbound::keep_submission`].

use crate::{Outbound, SentCopy};
use postroom_access::AccessError;
use postroom_mail::emails::WholeSetError;
use postroom_mail::whole::{Account, State};
use postroom_model::MailboxId;
use postroom_store::changes::{self, Log};
use postroom_store::{Scope, StoreError, Tx, placements, queue, submissions};

pub use postroom_store::submissions::Submission as Submitted;

impl Outbound {
    /// What the person has sent from an account, in order.
    pub async fn submissions(&self, account: &Account) -> Result<Vec<Submitted>, AccessError> {
        let Some(person) = account.opened().actor().person_id() else { return Ok(Vec::new()) };
        let mailbox = account.mailbox();
        Ok(self.access.store().read(move |tx| submissions::of(tx, mailbox, person)).await?)
    }

    /// Writes down that something was sent. `instead_of`: a copy that the sent email itself stands for from now on.
    pub async fn keep_submission(
        &self,
        account: &Account,
        submitted: Submitted,
        instead_of: Option<SentCopy>,
    ) -> Result<i64, AccessError> {
        let (mailbox, person) = self.place(account)?;
        let at = self.access.clock().now();
        let work = move |tx: &mut Tx<'_>| {
            let mut log = Log::begin(tx, mailbox, at)?;
            let id = submissions::add(tx, &mut log, person, &submitted)?;
            if let Some(copy) = instead_of.filter(|copy| copy.mailbox == mailbox) {
                placements::remove(tx, &mut log, copy.folder, copy.uid)?;
                // The sent email shows from now on what became of the message.
                if let Some(queued) = queue::by_name(tx, &submitted.name)? {
                    queue::set_copy(tx, queued.id, mailbox, submitted.email)?;
                }
            }
            log.end(tx)?;
            Ok(id)
        };
        Ok(self.access.store().write::<_, StoreError, _>(Scope::mailbox(mailbox), work).await?)
    }

    /// Forgets submissions; gives whether each was there, and the states before and after.
    pub async fn forget_submissions(
        &self,
        account: &Account,
        if_in: Option<State>,
        ids: Vec<i64>,
    ) -> Result<(State, State, Vec<bool>), WholeSetError> {
        let (mailbox, person) = self.place(account)?;
        let (base, at) = (account.look().await?.state(), self.access.clock().now());
        let work = move |tx: &mut Tx<'_>| {
            let old = base.with_modseq(changes::current(tx, mailbox)?);
            if if_in.is_some_and(|wanted| wanted != old) {
                return Err(WholeSetError::StateMismatch);
            }
            let mut log = Log::begin(tx, mailbox, at)?;
            let gone = ids.iter().map(|id| submissions::remove(tx, &mut log, person, *id));
            let gone = gone.collect::<Result<Vec<_>, _>>()?;
            Ok((old, old.with_modseq(log.end(tx)?), gone))
        };
        self.access.store().write(Scope::mailbox(mailbox), work).await
    }

    fn place(&self, account: &Account) -> Result<(MailboxId, MailboxId), AccessError> {
        let person = account.opened().actor().person_id().ok_or(AccessError::NotFound)?;
        Ok((account.mailbox(), person))
    }
}
