//! One transaction that makes, changes and destroys emails. Start reading at [`Account::set_emails`].
//!
//! Each object succeeds or fails alone; what fails leaves no trace. All that succeed share one modseq.

use super::change::{FoldersChange, MarksChange};
use super::step::Step;
use crate::Prepared;
use crate::folders::Tree;
use crate::whole::{Account, State};
use postroom_access::AccessError;
use postroom_model::{AuditEntry, Denied, EmailId, Flags, FolderId, Keyword, ModSeq, ThreadId, Time};
use postroom_store::changes::{self, Log};
use postroom_store::{ContentId, Retry, Scope, StoreError, Tx, audit, folders};

/// What is to be done. Objects are worked on in order: made, changed, destroyed.
#[derive(Clone, Debug, Default)]
pub struct SetEmails {
    /// Only if nothing has changed since.
    pub if_in: Option<State>,
    pub create: Vec<NewEmail>,
    pub update: Vec<(EmailId, Option<MarksChange>, Option<FoldersChange>)>,
    pub destroy: Vec<EmailId>,
}

/// An email to be made.
#[derive(Clone, Debug)]
pub struct NewEmail {
    pub content: NewContent,
    pub folders: Vec<FolderId>,
    pub flags: Flags,
    pub keywords: Vec<Keyword>,
    /// None: now.
    pub received_at: Option<Time>,
}

/// Where the bytes of a new email come from.
#[derive(Clone, Debug)]
pub enum NewContent {
    New(Box<Prepared>),
    /// They are stored already, in a mailbox that the actor may read.
    Stored {
        content: ContentId,
        size: u64,
    },
}

/// An email that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    pub email: EmailId,
    pub thread: ThreadId,
    pub size: u64,
}

/// Why one object was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    #[error("there is no such email")]
    NotFound,
    #[error(transparent)]
    Denied(Box<Denied>),
    #[error("there is no such folder")]
    NoFolder,
    #[error("an email must stand in at least one folder")]
    Nowhere,
    #[error("messages are put into the Outbox by the server only")]
    ServersFolder,
    #[error("an email has at most 100 keywords of people's own")]
    TooManyKeywords,
    #[error("the mailbox is full: {used} of {quota} octets are used")]
    Full { used: u64, quota: u64 },
    #[error("the mailbox is full: it may hold {quota} messages")]
    TooMany { quota: u64 },
}

/// What was done, in the order of what was asked.
#[derive(Clone, Debug)]
pub struct EmailsSet {
    pub old: State,
    pub new: State,
    pub created: Vec<Result<Made, SetError>>,
    pub updated: Vec<Result<(), SetError>>,
    pub destroyed: Vec<Result<(), SetError>>,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum WholeSetError {
    #[error("the state is another by now")]
    StateMismatch,
    #[error(transparent)]
    Access(#[from] AccessError),
}

impl From<StoreError> for WholeSetError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

impl Retry for WholeSetError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Access(error) if error.may_pass())
    }
}

impl Account {
    /// Makes, changes and destroys emails in one transaction.
    pub async fn set_emails(&self, set: SetEmails) -> Result<EmailsSet, WholeSetError> {
        let account = self.clone();
        // The state by the rights of now; its place in the log is read in the transaction.
        let base = self.look().await?.state();
        let work = move |tx: &mut Tx<'_>| account.carry_out(tx, base, &set);
        self.mail.store().write(Scope::mailbox(self.mailbox()), work).await
    }

    fn carry_out(&self, tx: &mut Tx<'_>, base: State, set: &SetEmails) -> Result<EmailsSet, WholeSetError> {
        let mailbox = self.mailbox();
        let old = base.at(changes::current(tx, mailbox)?, 0);
        if set.if_in.is_some_and(|wanted| wanted != old) {
            return Err(WholeSetError::StateMismatch);
        }
        let at = self.mail.access.clock().now();
        let tree = Tree::new(folders::all(tx, mailbox)?);
        let mut step = Step::new(self, &tree, Log::begin(tx, mailbox, at)?)?;
        let (mut created, mut updated, mut destroyed) = (Vec::new(), Vec::new(), Vec::new());
        for new in &set.create {
            created.push(step.create(tx, new)?);
        }
        for (email, marks, places) in &set.update {
            updated.push(step.update(tx, *email, marks.as_ref(), places.as_ref())?);
        }
        for email in &set.destroy {
            destroyed.push(step.destroy(tx, *email)?);
        }
        let modseq: ModSeq = step.log.end(tx)?;
        let counts = [
            ("message.add", created.iter().filter(|done| done.is_ok()).count()),
            ("message.change", updated.iter().filter(|done| done.is_ok()).count()),
            ("message.purge", destroyed.iter().filter(|done| done.is_ok()).count()),
        ];
        for (action, count) in counts.into_iter().filter(|(_, count)| *count > 0 && modseq > old.modseq) {
            let detail = if count == 1 { "1 message".to_owned() } else { format!("{count} messages") };
            audit::record(tx, &AuditEntry::done(at, self.opened.actor(), mailbox, action, detail))?;
        }
        Ok(EmailsSet { old, new: old.at(modseq, 0), created, updated, destroyed })
    }
}
