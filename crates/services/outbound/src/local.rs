//! Mail for our own mailboxes: who takes it, whether there is room, and filing it. Used by submission and by mail
//! that comes from outside. Start reading at [`recipient`] and [`into_inbox`].

use postroom_access::Access;
use postroom_model::{Address, Flags, MailboxId, Org, SpecialUse};
use postroom_store::changes::{self, Log};
use postroom_store::emails::{self, FileError, Filed, NewEmail, Source};
use postroom_store::{ContentId, NewContent, StoreError, Tx, folders};

/// Who takes mail for an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    Mailbox(MailboxId),
    /// The mailbox has no room. `never`: the message is larger than everything the mailbox may hold.
    Full {
        mailbox: MailboxId,
        never: bool,
    },
    /// Ours by its domain, but nobody's.
    Unknown,
    /// The domain is not one of ours.
    NotOurs,
}

/// Looks the address up, and asks whether there is room for `size` octets (0: not known yet).
pub async fn recipient(access: &Access, address: &Address, size: u64) -> Result<Recipient, StoreError> {
    let found = {
        let org = access.org();
        match org.recipient(address) {
            Some(mailbox) => (mailbox.id, mailbox.quota),
            None if org.has_domain(address.domain()) => return Ok(Recipient::Unknown),
            None => return Ok(Recipient::NotOurs),
        }
    };
    // Mailboxes without a quota cost no look into the database.
    let (mailbox, Some(quota)) = found else { return Ok(Recipient::Mailbox(found.0)) };
    let used = access.store().read(move |tx| changes::used(tx, mailbox)).await?;
    if has_room(used, size.max(1), Some(quota)) {
        Ok(Recipient::Mailbox(mailbox))
    } else {
        Ok(Recipient::Full { mailbox, never: size > quota })
    }
}

/// The address that `<postmaster>` without a domain stands for (RFC 5321 section 4.5.1).
pub fn postmaster(org: &Org) -> Option<Address> {
    let mut candidates = org.domains().filter_map(|domain| Address::parse(&format!("postmaster@{}", domain.name)).ok());
    candidates.find(|address| org.recipient(address).is_some())
}

/// What the record of a mailbox says about a message that arrived.
pub fn delivery_in_words(envelope_from: &str, size: u64, id: &str) -> String {
    format!("from <{envelope_from}>, {size} octets, as message {id}")
}

fn has_room(used: u64, size: u64, quota: Option<u64>) -> bool {
    quota.is_none_or(|quota| used.saturating_add(size) <= quota)
}

/// Files a message in the Inbox. A full mailbox is left as it was.
pub fn into_inbox(
    tx: &mut Tx<'_>,
    log: &mut Log,
    content: &NewContent,
    quota: Option<u64>,
) -> Result<Filed, FileError> {
    file_in(tx, log, SpecialUse::Inbox, content, Flags::NONE, quota)
}

/// Files a message in the Inbox or in Junk. A full mailbox is left as it was.
pub fn into_folder(
    tx: &mut Tx<'_>,
    log: &mut Log,
    folder: SpecialUse,
    content: &NewContent,
    quota: Option<u64>,
) -> Result<Filed, FileError> {
    file_in(tx, log, folder, content, Flags::NONE, quota)
}

/// Files content that is stored already (and its size) in the Inbox.
pub fn stored_into_inbox(
    tx: &mut Tx<'_>,
    log: &mut Log,
    (content, size): (ContentId, u64),
    quota: Option<u64>,
) -> Result<Filed, FileError> {
    if let Some(quota) = quota.filter(|_| !has_room(log.used(), size, quota)) {
        return Err(FileError::Full { used: log.used(), quota });
    }
    let folder = folders::by_special_use(tx, log.mailbox(), SpecialUse::Inbox)?.ok_or(FileError::NoFolder)?.id;
    let (received_at, content) = (log.at(), Source::Stored(content));
    emails::file(tx, log, &NewEmail { folder, content, received_at, flags: Flags::NONE, keywords: "" }, None)
}

/// Files a message in one of the folders that every mailbox has.
pub(crate) fn file_in(
    tx: &mut Tx<'_>,
    log: &mut Log,
    folder: SpecialUse,
    content: &NewContent,
    flags: Flags,
    quota: Option<u64>,
) -> Result<Filed, FileError> {
    if let Some(quota) = quota.filter(|_| !has_room(log.used(), content.size(), quota)) {
        return Err(FileError::Full { used: log.used(), quota });
    }
    let folder = folders::by_special_use(tx, log.mailbox(), folder)?.ok_or(FileError::NoFolder)?.id;
    let new = NewEmail { folder, content: Source::New(content), received_at: log.at(), flags, keywords: "" };
    // The room was looked at above, before the content was stored.
    emails::file(tx, log, &new, None)
}
