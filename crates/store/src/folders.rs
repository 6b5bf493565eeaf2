//! Folders of a mailbox, and who has subscribed to them.

use crate::changes::Log;
use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{Row, annotations, params, placements};
use postroom_model::{ChangeKind, FolderId, FolderName, MailboxId, ModSeq, SpecialUse, Time, Uid};

/// A folder as stored. Paths are made from parents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub id: FolderId,
    /// None: at the top.
    pub parent: Option<FolderId>,
    pub name: String,
    pub special_use: Option<SpecialUse>,
    pub uidvalidity: u32,
    pub uidnext: Uid,
    /// UIDs from here on are `\Recent`.
    pub first_recent: Uid,
    /// Of the last change of the folder itself.
    pub modseq: ModSeq,
}

const COLUMNS: &str = "id, parent, name, special_use, uidvalidity, uidnext, first_recent, modseq";

fn read(row: &Row<'_>) -> Result<Folder, StoreError> {
    Ok(Folder {
        id: FolderId(row.int(0)?),
        parent: Some(row.int(1)?).filter(|id| *id != 0).map(FolderId),
        name: row.text(2)?.to_owned(),
        special_use: row.opt_text(3)?.and_then(SpecialUse::parse),
        uidvalidity: row.uint(4)?,
        uidnext: row.uint(5)?,
        first_recent: row.uint(6)?,
        modseq: ModSeq(row.int(7)?),
    })
}

/// All folders of a mailbox, in order of id.
pub fn all(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<Vec<Folder>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM folder WHERE mailbox = ?1 ORDER BY id");
    tx.rows(&sql, params![mailbox], read)
}

pub fn get(tx: &mut Tx<'_>, mailbox: MailboxId, folder: FolderId) -> Result<Option<Folder>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM folder WHERE mailbox = ?1 AND id = ?2");
    tx.row(&sql, params![mailbox, folder], read)
}

/// How many messages stand in each folder, and their full size. Empty folders are left out.
pub fn totals(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<Vec<(FolderId, u64, u64)>, StoreError> {
    let sql = "SELECT p.folder, COUNT(*), CAST(SUM(e.size) AS BIGINT)
               FROM placement p JOIN email e ON e.mailbox = p.mailbox AND e.id = p.email
               WHERE p.mailbox = ?1 GROUP BY p.folder";
    tx.rows(sql, params![mailbox], |row| Ok((FolderId(row.int(0)?), row.size(1)?, row.size(2)?)))
}

pub fn by_special_use(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    special_use: SpecialUse,
) -> Result<Option<Folder>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM folder WHERE mailbox = ?1 AND special_use = ?2");
    tx.row(&sql, params![mailbox, special_use.as_str()], read)
}

/// The special-use folders that every mailbox has, made with it.
pub(crate) fn create_defaults(tx: &mut Tx<'_>, log: &mut Log) -> Result<(), StoreError> {
    for special in SpecialUse::ALL {
        insert(tx, log, None, special.folder_name(), Some(special))?;
    }
    Ok(())
}

/// Makes a folder. The caller has checked that the parent is there and the name is free.
pub fn create(
    tx: &mut Tx<'_>,
    log: &mut Log,
    parent: Option<FolderId>,
    name: &FolderName,
) -> Result<FolderId, StoreError> {
    insert(tx, log, parent, name.as_str(), None)
}

/// Makes a folder for a special use that no other folder of the mailbox has; the caller has checked that, too.
pub fn create_special(
    tx: &mut Tx<'_>,
    log: &mut Log,
    parent: Option<FolderId>,
    name: &FolderName,
    special_use: SpecialUse,
) -> Result<FolderId, StoreError> {
    insert(tx, log, parent, name.as_str(), Some(special_use))
}

fn insert(
    tx: &mut Tx<'_>,
    log: &mut Log,
    parent: Option<FolderId>,
    name: &str,
    special_use: Option<SpecialUse>,
) -> Result<FolderId, StoreError> {
    let id = FolderId(log.next_folder);
    log.next_folder += 1;
    tx.execute(
        "INSERT INTO folder (mailbox, id, parent, name, special_use, uidvalidity, uidnext, first_recent, modseq, created_modseq)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, 1, ?7, ?7)",
        params![
            log.mailbox(),
            id,
            parent.map_or(0, |parent| parent.0),
            name,
            special_use.map(SpecialUse::as_str),
            uidvalidity(log, id),
            log.modseq()
        ],
    )?;
    log.record(tx, ChangeKind::FolderCreated, Some(id), None, None)?;
    Ok(id)
}

/// Grows with time and with the folder's id, so that a folder made again under an old name never bears an old
/// UIDVALIDITY (RFC 9051 section 2.3.1.1).
fn uidvalidity(log: &Log, id: FolderId) -> u32 {
    let base = u32::try_from(log.at().seconds().clamp(1, i64::from(u32::MAX) - 1_000_000)).unwrap_or(1);
    base.saturating_add(u32::try_from(id.0.clamp(0, 999_999)).unwrap_or(0))
}

/// Gives out the next UID of a folder, with its UIDVALIDITY. None: no such folder.
pub(crate) fn next_uid(tx: &mut Tx<'_>, log: &Log, folder: FolderId) -> Result<Option<(Uid, u32)>, StoreError> {
    tx.row(
        "UPDATE folder SET uidnext = uidnext + 1 WHERE mailbox = ?1 AND id = ?2 RETURNING uidnext - 1, uidvalidity",
        params![log.mailbox(), folder],
        |row| Ok((row.uint(0)?, row.uint(1)?)),
    )
}

/// Gives a folder another name or parent. The caller has checked both.
pub fn rename(
    tx: &mut Tx<'_>,
    log: &mut Log,
    folder: FolderId,
    parent: Option<FolderId>,
    name: &FolderName,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE folder SET parent = ?3, name = ?4, modseq = ?5 WHERE mailbox = ?1 AND id = ?2",
        params![log.mailbox(), folder, parent.map_or(0, |parent| parent.0), name.as_str(), log.modseq()],
    )?;
    log.record(tx, ChangeKind::FolderChanged, Some(folder), None, None)
}

/// Removes a folder and what stands in it. Grants narrowed to it go with it.
pub fn remove(tx: &mut Tx<'_>, log: &mut Log, folder: FolderId) -> Result<(), StoreError> {
    loop {
        let page = placements::page(tx, log.mailbox(), folder, None, 0, 500)?;
        if page.is_empty() {
            break;
        }
        for placement in page {
            placements::remove(tx, log, folder, placement.uid)?;
        }
    }
    tx.execute("DELETE FROM subscription WHERE mailbox = ?1 AND folder = ?2", params![log.mailbox(), folder])?;
    annotations::remove_of_folder(tx, log.mailbox(), folder)?;
    let grants = "DELETE FROM access_grant WHERE mailbox = ?1 AND folder = ?2";
    if tx.execute(grants, params![log.mailbox(), folder])? > 0 {
        crate::organisation::changed(tx)?;
    }
    tx.execute("DELETE FROM folder WHERE mailbox = ?1 AND id = ?2", params![log.mailbox(), folder])?;
    log.record(tx, ChangeKind::FolderRemoved, Some(folder), None, None)
}

/// Says that the messages below `until` have been announced as recent once (RFC 3501 section 2.3.2). Gives the
/// first UID that had not. Outside the change log.
pub fn take_recent(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    folder: FolderId,
    until: Uid,
) -> Result<Option<Uid>, StoreError> {
    let first = get(tx, mailbox, folder)?.map(|folder| folder.first_recent);
    let sql = "UPDATE folder SET first_recent = ?3 WHERE mailbox = ?1 AND id = ?2 AND first_recent < ?3";
    tx.execute(sql, params![mailbox, folder, until])?;
    Ok(first)
}

/// What one person has said about subscriptions in a mailbox: (folder, subscribed).
pub fn subscriptions(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    person: MailboxId,
) -> Result<Vec<(FolderId, bool)>, StoreError> {
    let sql = "SELECT folder, subscribed FROM subscription WHERE mailbox = ?1 AND person = ?2";
    tx.rows(sql, params![mailbox, person], |row| Ok((FolderId(row.int(0)?), row.bool(1)?)))
}

pub fn subscribe(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    person: MailboxId,
    folder: FolderId,
    subscribed: bool,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO subscription (mailbox, person, folder, subscribed) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (mailbox, person, folder) DO UPDATE SET subscribed = ?4",
        params![mailbox, person, folder, subscribed],
    )?;
    Ok(())
}

/// The clock and the special-use folders of a new mailbox.
pub fn create_mailbox(tx: &mut Tx<'_>, mailbox: MailboxId, at: Time) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO clock (mailbox, modseq, next_email, next_folder, used) VALUES (?1, 0, 1, 1, 0)",
        params![mailbox],
    )?;
    let mut log = Log::begin(tx, mailbox, at)?;
    create_defaults(tx, &mut log)?;
    log.end(tx)?;
    Ok(())
}
