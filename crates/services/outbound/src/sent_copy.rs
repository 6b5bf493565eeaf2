//! The one copy of a sent message in Sent Items.
//!
//! Clients file a copy of their own by APPEND. Whoever comes first files it: what the server filed is remembered
//! with its Message-ID for an hour, and so is what the client appended, so that neither is filed twice.

use crate::local;
use postroom_model::{Flags, FolderId, Mailbox, MailboxId, SentCopy as Policy, SpecialUse, Time, Uid};
use postroom_store::changes::Log;
use postroom_store::emails::FileError;
use postroom_store::{NewContent, Tx, folders, sent_copies};

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
