//! The one copy of a sent message in Sent Items.
//!
//! Clients file a copy of their own by APPEND. Whoever comes first files it: what the server filed is remembered
//! with its Message-ID for an hour, and so is what the client appended, so that neither is filed twice.

use crate::local;
use postroom_model::{EmailId, Flags, FolderId, Mailbox, MailboxId, SentCopy as Policy, SpecialUse, Time, Uid};
use postroom_store::changes::Log;
use postroom_store::emails::{self, FileError};
use postroom_store::queue::{self, QueueId};
use postroom_store::{NewContent, StoreError, Tx, folders, placements, sent_copies};

/// How long a copy stands for the same message appended by a client, in milliseconds.
const REMEMBERED: i64 = 60 * 60 * 1000;

/// The mailboxes whose Sent Items get a copy, by the policy of the mailbox in From. The sender's own mail is filed
/// with them whatever the policy says.
pub(crate) fn targets(from: &Mailbox, person: MailboxId) -> Vec<MailboxId> {
    if from.id == person {
        return vec![person];
    }
    match from.sent_copy {
        Policy::Mailbox => vec![from.id],
        Policy::Sender => vec![person],
        Policy::Both => vec![from.id, person],
    }
}

/// What a copy is made of.
pub(crate) struct Copy<'a> {
    pub(crate) content: &'a NewContent,
    pub(crate) person: MailboxId,
    /// The hash of the Message-ID.
    pub(crate) message_id: i64,
    pub(crate) quota: Option<u64>,
}

/// Files the copy of a message that is held: it stands in the Outbox until it leaves.
pub(crate) fn file_in_outbox(tx: &mut Tx<'_>, log: &mut Log, copy: &Copy<'_>) -> Result<(FolderId, Uid), FileError> {
    let folder = folders::by_special_use(tx, log.mailbox(), SpecialUse::Outbox)?.ok_or(FileError::NoFolder)?.id;
    let filed = local::file_in(tx, log, SpecialUse::Outbox, copy.content, Flags::SEEN, copy.quota)?;
    Ok((folder, filed.uid))
}

/// Remembers that the copy shows the state of a message in the queue.
pub(crate) fn show_state(
    tx: &mut Tx<'_>,
    id: QueueId,
    mailbox: MailboxId,
    (folder, uid): (FolderId, Uid),
) -> Result<(), StoreError> {
    match placements::at(tx, mailbox, folder, uid)? {
        Some(placement) => queue::set_copy(tx, id, mailbox, placement.email),
        None => Ok(()),
    }
}

/// The message leaves: its copy goes from the Outbox to Sent Items, unless the client has appended one there. Gives
/// false where the copy has gone.
pub(crate) fn leave_outbox(
    tx: &mut Tx<'_>,
    log: &mut Log,
    email: EmailId,
    (id, person, message_id): (QueueId, MailboxId, i64),
) -> Result<bool, StoreError> {
    let (mailbox, at) = (log.mailbox(), log.at());
    let folder = |tx: &mut Tx<'_>, special| {
        let found = folders::by_special_use(tx, mailbox, special)?;
        Ok::<_, StoreError>(found.ok_or(StoreError::Gone("the folder"))?.id)
    };
    let (outbox, sent) = (folder(tx, SpecialUse::Outbox)?, folder(tx, SpecialUse::Sent)?);
    let Some(placement) = placements::of_emails(tx, mailbox, outbox, None, &[email])?.into_iter().next() else {
        return Ok(false);
    };
    let since = Time(at.0 - REMEMBERED);
    if let Some(uid) = sent_copies::find(tx, mailbox, person, message_id, sent, since)? {
        placements::remove(tx, log, outbox, placement.uid)?;
        show_state(tx, id, mailbox, (sent, uid))?;
    } else if let Some((uid, _)) = placements::relocate(tx, log, outbox, placement.uid, sent)? {
        sent_copies::remember(tx, mailbox, person, message_id, (sent, uid), at)?;
    }
    Ok(true)
}

/// The message was taken back: its copy goes from the Outbox to Drafts, or is removed.
pub(crate) fn take_back(tx: &mut Tx<'_>, log: &mut Log, email: EmailId, into_drafts: bool) -> Result<(), StoreError> {
    let mailbox = log.mailbox();
    let Some(outbox) = folders::by_special_use(tx, mailbox, SpecialUse::Outbox)? else { return Ok(()) };
    for placement in placements::of_emails(tx, mailbox, outbox.id, None, &[email])? {
        match folders::by_special_use(tx, mailbox, SpecialUse::Drafts)?.filter(|_| into_drafts) {
            Some(drafts) => {
                placements::relocate(tx, log, outbox.id, placement.uid, drafts.id)?;
                let flags = placement.flags.union(Flags::DRAFT);
                emails::set_keywords(tx, log, email, flags, &placement.keywords)?;
            }
            None => _ = placements::remove(tx, log, outbox.id, placement.uid)?,
        }
    }
    Ok(())
}

/// What a copy bears while a recipient did not get the message; removing it says that one has seen it.
pub const FAILED: &str = "$failed";

/// Sets or removes [`FAILED`]. An email that has gone is left alone.
pub(crate) fn mark_failed(tx: &mut Tx<'_>, log: &mut Log, email: EmailId, failed: bool) -> Result<(), StoreError> {
    let Some((flags, keywords)) = emails::keywords(tx, log.mailbox(), email)? else { return Ok(()) };
    let mut words: Vec<&str> = keywords.split(' ').filter(|word| !word.is_empty() && *word != FAILED).collect();
    if failed {
        words.push(FAILED);
        words.sort_unstable();
    }
    let changed = words.join(" ");
    if changed != keywords {
        emails::set_keywords(tx, log, email, flags, &changed)?;
    }
    Ok(())
}

/// Files the copy, marked read, or finds the one that the person appended first.
pub(crate) fn file(tx: &mut Tx<'_>, log: &mut Log, copy: &Copy<'_>) -> Result<(FolderId, Uid), FileError> {
    let (mailbox, at) = (log.mailbox(), log.at());
    let folder = folders::by_special_use(tx, mailbox, SpecialUse::Sent)?.ok_or(FileError::NoFolder)?.id;
    let since = Time(at.0 - REMEMBERED);
    if let Some(uid) = sent_copies::find(tx, mailbox, copy.person, copy.message_id, folder, since)? {
        return Ok((folder, uid));
    }
    let filed = local::file_in(tx, log, SpecialUse::Sent, copy.content, Flags::SEEN, copy.quota)?;
    sent_copies::remember(tx, mailbox, copy.person, copy.message_id, (folder, filed.uid), at)?;
    Ok((folder, filed.uid))
}
