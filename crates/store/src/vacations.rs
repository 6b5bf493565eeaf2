//! Automatic replies: what they say, and who was answered already.

use crate::changes::{About, Log};
use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{organisation, params};
use postroom_model::{ChangeKind, MailboxId, Time};

/// The automatic reply of a mailbox. Without dates it holds until it is turned off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vacation {
    pub enabled: bool,
    pub from_date: Option<Time>,
    pub to_date: Option<Time>,
    pub subject: Option<String>,
    pub text_body: Option<String>,
    pub html_body: Option<String>,
}

impl Vacation {
    /// Whether replies are sent at that moment.
    pub fn is_active(&self, at: Time) -> bool {
        self.enabled && self.from_date.is_none_or(|from| from <= at) && self.to_date.is_none_or(|to| at < to)
    }
}

/// What the mailbox has; the default where nothing was ever set up.
pub fn get(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<Vacation, StoreError> {
    let sql = "SELECT enabled, from_date, to_date, subject, text_body, html_body FROM vacation WHERE mailbox = ?1";
    let found = tx.row(sql, params![mailbox], |row| {
        let text = |column| Ok::<_, StoreError>(row.opt_text(column)?.map(str::to_owned));
        Ok(Vacation {
            enabled: row.bool(0)?,
            from_date: row.opt_int(1)?.map(Time),
            to_date: row.opt_int(2)?.map(Time),
            subject: text(3)?,
            text_body: text(4)?,
            html_body: text(5)?,
        })
    })?;
    Ok(found.unwrap_or_default())
}

/// The mailboxes whose automatic reply is turned on.
pub(crate) fn enabled(tx: &mut Tx<'_>) -> Result<Vec<MailboxId>, StoreError> {
    tx.rows("SELECT mailbox FROM vacation WHERE enabled = 1", &[], |row| Ok(MailboxId(row.int(0)?)))
}

/// Writes it. Who was answered under the old text may be answered again.
pub fn set(tx: &mut Tx<'_>, log: &mut Log, vacation: &Vacation) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO vacation (mailbox, enabled, from_date, to_date, subject, text_body, html_body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (mailbox) DO UPDATE SET enabled = ?2, from_date = ?3, to_date = ?4, subject = ?5,
             text_body = ?6, html_body = ?7",
        params![
            log.mailbox(),
            vacation.enabled,
            vacation.from_date,
            vacation.to_date,
            vacation.subject.as_deref(),
            vacation.text_body.as_deref(),
            vacation.html_body.as_deref()
        ],
    )?;
    tx.execute("DELETE FROM vacation_answer WHERE mailbox = ?1", params![log.mailbox()])?;
    log.record(tx, ChangeKind::VacationChanged, About::default())?;
    organisation::changed(tx)
}

/// Notes that a sender is answered now; false: they were since `since`.
pub fn answer(tx: &mut Tx<'_>, mailbox: MailboxId, sender: i64, since: Time, at: Time) -> Result<bool, StoreError> {
    let noted = tx.execute(
        "INSERT INTO vacation_answer (mailbox, sender, at) VALUES (?1, ?2, ?4)
         ON CONFLICT (mailbox, sender) DO UPDATE SET at = ?4 WHERE vacation_answer.at < ?3",
        params![mailbox, sender, since, at],
    )?;
    Ok(noted > 0)
}

/// Forgets answers from before `before`.
pub fn prune(tx: &mut Tx<'_>, before: Time) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM vacation_answer WHERE at < ?1", params![before])
}
