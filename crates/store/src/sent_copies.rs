//! Copies that the server filed in Sent Items, remembered for an hour so that a client's own APPEND of the same
//! message is answered with them instead of being filed again.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::params;
use postroom_model::{FolderId, MailboxId, Time, Uid};

/// Remembers a copy. `message_id` is the hash of the Message-ID.
pub fn remember(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    person: MailboxId,
    message_id: i64,
    (folder, uid): (FolderId, Uid),
    at: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sent_copy (mailbox, person, message_id, folder, uid, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (mailbox, person, message_id) DO UPDATE SET folder = ?4, uid = ?5, at = ?6",
        params![mailbox, person, message_id, folder, uid, at],
    )?;
    Ok(())
}

/// The UID of a copy of the same message by the same person in that folder, filed since `since`.
pub fn find(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    person: MailboxId,
    message_id: i64,
    folder: FolderId,
    since: Time,
) -> Result<Option<Uid>, StoreError> {
    tx.row(
        "SELECT c.uid FROM sent_copy c JOIN placement p ON p.mailbox = c.mailbox AND p.folder = c.folder AND p.uid = c.uid
         WHERE c.mailbox = ?1 AND c.person = ?2 AND c.message_id = ?3 AND c.folder = ?4 AND c.at >= ?5",
        params![mailbox, person, message_id, folder, since],
        |row| row.uint(0),
    )
}

/// Forgets what is older than `before`.
pub fn prune(tx: &mut Tx<'_>, before: Time) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM sent_copy WHERE at < ?1", params![before])
}
