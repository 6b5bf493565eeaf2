//! Conversations: emails that bear or refer to a common Message-ID, within one mailbox.
//!
//! Only Message-ID, In-Reply-To and References count; a subject never joins anything.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::params;
use postroom_model::{MailboxId, ThreadId};

/// The thread that `references` (hashes of Message-IDs) lead to; `otherwise` where there is none. All of them
/// lead to it from now on.
pub(crate) fn join(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    references: &[i64],
    otherwise: ThreadId,
) -> Result<ThreadId, StoreError> {
    let mut unknown = Vec::new();
    let mut thread: Option<i64> = None;
    for hash in references {
        let sql = "SELECT thread FROM reference WHERE mailbox = ?1 AND hash = ?2";
        match tx.row(sql, params![mailbox, *hash], |row| row.int(0))? {
            Some(found) => thread = Some(thread.map_or(found, |least| least.min(found))),
            None => unknown.push(*hash),
        }
    }
    let thread = thread.unwrap_or(otherwise.0);
    for hash in unknown {
        tx.execute(
            "INSERT INTO reference (mailbox, hash, thread) VALUES (?1, ?2, ?3) ON CONFLICT (mailbox, hash) DO NOTHING",
            params![mailbox, hash, thread],
        )?;
    }
    Ok(ThreadId(thread))
}
