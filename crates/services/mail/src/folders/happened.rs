//! What happened in a mailbox since a moment, folder by folder, for those who watch all of it. From the change log.

use crate::Mail;
use postroom_access::AccessError;
use postroom_model::{Actor, Change, ChangeKind, EmailId, FolderId, MailboxId, ModSeq, decide};
use postroom_store::{changes, placements};
use std::collections::BTreeMap;
use tokio::sync::watch;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// How far this goes; ask from here the next time.
    pub until: ModSeq,
    pub folders: BTreeMap<FolderId, Stirred>,
    /// Folders came, went or were renamed, or subscriptions changed.
    pub tree: bool,
    /// More than can be said one by one; what is above is not all.
    pub too_much: bool,
}

/// What happened in a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stirred {
    /// Messages came or went.
    pub messages: bool,
    /// Flags or keywords changed.
    pub flags: bool,
}

/// Rows of the log that are looked at in one go.
const MOST_ROWS: u32 = 20_000;

impl Mail {
    /// Fires when a mailbox changed, and how far it has come. Without any right on it there is no such mailbox.
    pub async fn watch(
        &self,
        actor: Actor,
        mailbox: MailboxId,
    ) -> Result<(watch::Receiver<ModSeq>, ModSeq), AccessError> {
        self.sees(actor, mailbox)?;
        // Watching begins before reading, so that no change falls between.
        let notices = self.store().watch_mailbox(mailbox);
        let now = self.store().read(move |tx| changes::current(tx, mailbox)).await?;
        Ok((notices, now))
    }

    /// What happened after `since`, in folders that the actor may see and others: whoever tells it to somebody keeps to
    /// the list of folders. The read marks of other people are not among it.
    pub async fn happened(&self, actor: Actor, mailbox: MailboxId, since: ModSeq) -> Result<Happened, AccessError> {
        self.sees(actor, mailbox)?;
        let person = actor.person_id();
        let read = self.store().read(move |tx| {
            let rows = changes::since(tx, mailbox, since, MOST_ROWS)?;
            let emails = with_new_flags(&rows, person);
            let flagged = placements::folders_of_any(tx, mailbox, &emails)?;
            let current = changes::current(tx, mailbox)?;
            Ok((rows, flagged, current))
        });
        let (rows, flagged, current) = read.await?;
        let until = rows.last().map_or(since, |row| row.modseq);
        let mut happened = Happened { until, folders: BTreeMap::new(), tree: false, too_much: false };
        let pruned = rows.first().map_or(since < current, |row| row.modseq.0 != since.0 + 1);
        if pruned || rows.len() >= MOST_ROWS as usize {
            return Ok(Happened { until: current, too_much: true, ..happened });
        }
        for folder in flagged {
            happened.folders.entry(folder).or_default().flags = true;
        }
        for row in &rows {
            happened.take_in(row, person);
        }
        Ok(happened)
    }

    fn sees(&self, actor: Actor, mailbox: MailboxId) -> Result<(), AccessError> {
        let sees = decide(&self.access.org(), actor, mailbox).sees_mailbox();
        if sees { Ok(()) } else { Err(AccessError::NotFound) }
    }
}

/// Emails whose flags changed for a person, wherever they stand.
fn with_new_flags(rows: &[Change], person: Option<MailboxId>) -> Vec<EmailId> {
    let flagged = rows.iter().filter(|row| match row.kind {
        ChangeKind::Keywords => true,
        ChangeKind::Seen => row.person == person,
        _ => false,
    });
    let mut emails: Vec<EmailId> = flagged.filter_map(|row| row.email).collect();
    emails.sort_unstable_by_key(|email| email.0);
    emails.dedup();
    emails
}

impl Happened {
    fn take_in(&mut self, row: &Change, person: Option<MailboxId>) {
        match (row.kind, row.folder) {
            (ChangeKind::Placed | ChangeKind::Removed, Some(folder)) => {
                self.folders.entry(folder).or_default().messages = true;
            }
            (ChangeKind::Deleted, Some(folder)) => self.folders.entry(folder).or_default().flags = true,
            (ChangeKind::FolderCreated | ChangeKind::FolderRemoved, _) => self.tree = true,
            // Somebody's subscription is nobody else's business.
            (ChangeKind::FolderChanged, _) => self.tree |= row.person.is_none() || row.person == person,
            // Flags were looked at by email.
            (ChangeKind::Keywords | ChangeKind::Seen, _) => {}
            (ChangeKind::Placed | ChangeKind::Removed | ChangeKind::Deleted, None) => {}
        }
    }
}
