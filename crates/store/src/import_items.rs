//! Which messages were imported from which files, so that an import that was interrupted goes on and one that is run again
//! brings only what is new.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::params;
use postroom_model::MailboxId;

/// Notes that an item of a source is imported with this transaction; gives whether it is new.
pub fn remember(tx: &mut Tx<'_>, mailbox: MailboxId, source: &str, item: &str) -> Result<bool, StoreError> {
    let sql = "INSERT INTO import_item (mailbox, source, item) VALUES (?1, ?2, ?3)
         ON CONFLICT (mailbox, source, item) DO NOTHING";
    Ok(tx.execute(sql, params![mailbox, source, item])? > 0)
}
