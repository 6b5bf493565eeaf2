//! Emails that the index has not reached, in the main database. Delivery adds them, the indexer removes them.

use crate::content::ContentId;
use crate::db::error::StoreError;
use crate::db::tx::{Tx, in_list, padded_chunks};
use crate::{Value, params};
use postroom_model::{EmailId, MailboxId};

/// An email that waits. Without content: it has gone meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub mailbox: MailboxId,
    pub email: EmailId,
    pub content: Option<ContentId>,
    pub size: u64,
}

/// Those that have waited longest.
pub fn oldest(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<Waiting>, StoreError> {
    let sql = "SELECT t.mailbox, t.email, e.content, COALESCE(e.size, 0) FROM to_index t
               LEFT JOIN email e ON e.mailbox = t.mailbox AND e.id = t.email ORDER BY t.id LIMIT ?1";
    tx.rows(sql, params![limit], |row| {
        Ok(Waiting {
            mailbox: MailboxId(row.int(0)?),
            email: EmailId(row.int(1)?),
            content: row.opt_int(2)?.map(ContentId),
            size: row.size(3)?,
        })
    })
}

/// How many wait; counts no further than `most`.
pub fn count(tx: &mut Tx<'_>, most: u32) -> Result<u32, StoreError> {
    let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM to_index LIMIT ?1) AS page";
    Ok(tx.row(sql, params![most], |row| row.uint(0))?.unwrap_or(0))
}

/// A page of those of one mailbox, in order of id.
pub fn of_mailbox(tx: &mut Tx<'_>, mailbox: MailboxId, after: EmailId, limit: u32) -> Result<Vec<EmailId>, StoreError> {
    let sql = "SELECT email FROM to_index WHERE mailbox = ?1 AND email > ?2 ORDER BY email LIMIT ?3";
    tx.rows(sql, params![mailbox, after, limit], |row| Ok(EmailId(row.int(0)?)))
}

/// Removes what the index has reached. By email, not by row: ids of rows may come again, ids of emails never do.
pub(crate) fn done(tx: &mut Tx<'_>, reached: &[(MailboxId, EmailId)]) -> Result<(), StoreError> {
    for (mailbox, email) in reached {
        tx.execute("DELETE FROM to_index WHERE mailbox = ?1 AND email = ?2", params![*mailbox, *email])?;
    }
    Ok(())
}

/// A page of all emails of a mailbox, in order of id.
pub fn emails_after(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    after: EmailId,
    limit: u32,
) -> Result<Vec<EmailId>, StoreError> {
    let sql = "SELECT id FROM email WHERE mailbox = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
    tx.rows(sql, params![mailbox, after, limit], |row| Ok(EmailId(row.int(0)?)))
}

/// The contents of some emails. Those that have gone are left out.
pub fn contents_of(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    emails: &[EmailId],
) -> Result<Vec<(EmailId, ContentId)>, StoreError> {
    let ids: Vec<i64> = emails.iter().map(|email| email.0).collect();
    let mut found = Vec::with_capacity(ids.len());
    for chunk in padded_chunks(&ids) {
        let sql = format!("SELECT id, content FROM email WHERE mailbox = ?1 AND id IN ({})", in_list(1, chunk.len()));
        let mut values: Vec<Value<'_>> = vec![mailbox.into()];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        tx.for_each(&sql, &values, |row| {
            found.push((EmailId(row.int(0)?), ContentId(row.int(1)?)));
            Ok(())
        })?;
    }
    Ok(found)
}
