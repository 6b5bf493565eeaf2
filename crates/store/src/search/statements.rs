//! The statements on the index, and the search itself. Start reading at [`find`].

use super::block::{Block, Terms};
use super::cache::{Cache, Caches};
use super::column::Columns;
use super::emailset::EmailSet;
use super::needle::Pattern;
use super::segment::{Segment, decode_emails, encode_emails};
use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::params;
use postroom_model::MailboxId;
use std::sync::Arc;

/// A segment as its row tells it.
pub(crate) struct SegmentRow {
    pub(crate) id: i64,
    pub(crate) emails: u64,
    pub(crate) octets: u64,
}

pub(crate) fn insert(tx: &mut Tx<'_>, segment: &Segment) -> Result<(), StoreError> {
    let (mailbox, ids) = (segment.mailbox(), encode_emails(&segment.emails));
    let id = tx.row(
        "INSERT INTO search_segment (mailbox, emails, octets, ids) VALUES (?1, ?2, ?3, ?4) RETURNING id",
        params![mailbox, segment.emails.len(), segment.octets(), &ids],
        |row| row.int(0),
    )?;
    let id = id.ok_or(StoreError::Corrupt("search_segment"))?;
    for (part, block) in segment.blocks.iter().enumerate() {
        tx.execute(
            "INSERT INTO search_block (mailbox, segment, part, columns, terms, postings) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![mailbox, id, part, block.columns.0, &block.terms, &block.postings],
        )?;
    }
    Ok(())
}

pub(crate) fn segments(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<Vec<SegmentRow>, StoreError> {
    let sql = "SELECT id, emails, octets FROM search_segment WHERE mailbox = ?1 ORDER BY id";
    tx.rows(sql, params![mailbox], |row| Ok(SegmentRow { id: row.int(0)?, emails: row.size(1)?, octets: row.size(2)? }))
}

/// The emails that a segment was made of. None if it is not there any more.
pub(crate) fn emails_of(tx: &mut Tx<'_>, segment: i64) -> Result<EmailSet, StoreError> {
    let sql = "SELECT ids FROM search_segment WHERE id = ?1";
    Ok(tx.row(sql, params![segment], |row| decode_emails(row.blob(0)?))?.unwrap_or_default())
}

/// The blocks of each of the segments, in order.
pub(crate) fn blocks(tx: &mut Tx<'_>, mailbox: MailboxId, ids: &[i64]) -> Result<Vec<Vec<Block>>, StoreError> {
    let sql = "SELECT columns, terms, postings FROM search_block WHERE mailbox = ?1 AND segment = ?2 ORDER BY part";
    let of = |id: &i64| {
        tx.rows(sql, params![mailbox, *id], |row| {
            let columns = Columns(row.uint(0)?);
            Ok(Block { columns, terms: row.blob(1)?.to_vec(), postings: row.blob(2)?.to_vec() })
        })
    };
    ids.iter().map(of).collect()
}

/// Removes segments; Gone if another node has replaced one of them, and then none is.
pub(crate) fn remove(tx: &mut Tx<'_>, mailbox: MailboxId, ids: &[i64]) -> Result<(), StoreError> {
    for id in ids {
        if tx.execute("DELETE FROM search_segment WHERE id = ?1 AND mailbox = ?2", params![*id, mailbox])? == 0 {
            return Err(StoreError::Gone("a segment of the search index"));
        }
        tx.execute("DELETE FROM search_block WHERE mailbox = ?1 AND segment = ?2", params![mailbox, *id])?;
    }
    Ok(())
}

pub(crate) fn remove_mailbox(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM search_block WHERE mailbox = ?1", params![mailbox])?;
    tx.execute("DELETE FROM search_segment WHERE mailbox = ?1", params![mailbox])?;
    Ok(())
}

/// The emails that hold, for each of the patterns, a word like it in one of the columns.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    caches: &Caches,
    mailbox: MailboxId,
    columns: Columns,
    patterns: &[Pattern],
) -> Result<EmailSet, StoreError> {
    let sizes = segments(tx, mailbox)?;
    let sql = "SELECT segment, part, columns FROM search_block WHERE mailbox = ?1 ORDER BY segment, part";
    let blocks = tx.rows(sql, params![mailbox], |row| Ok(((row.int(0)?, row.int(1)?), Columns(row.uint(2)?))))?;
    let mut all = EmailSet::default();
    for size in sizes {
        let parts = blocks.iter().filter(|((segment, _), held)| *segment == size.id && held.0 & columns.0 != 0);
        let mut found = vec![EmailSet::default(); patterns.len()];
        for (key, _) in parts {
            Reading { tx, caches, mailbox, key: *key }.find(columns, patterns, &mut found)?;
            if found.iter().all(|found| found.len() >= size.emails) {
                break;
            }
        }
        all.union(&in_each(found));
    }
    Ok(all)
}

fn in_each(sets: Vec<EmailSet>) -> EmailSet {
    let mut sets = sets.into_iter();
    let first = sets.next().unwrap_or_default();
    sets.fold(first, |mut all, next| {
        all.intersect(&next);
        all
    })
}

/// A block that is being searched, known by segment and part.
struct Reading<'r, 'c> {
    tx: &'r mut Tx<'c>,
    caches: &'r Caches,
    mailbox: MailboxId,
    key: (i64, i64),
}

impl Reading<'_, '_> {
    fn find(mut self, columns: Columns, patterns: &[Pattern], found: &mut [EmailSet]) -> Result<(), StoreError> {
        let bytes = self.terms()?;
        let terms = Terms::of(&bytes)?;
        let mut postings = None;
        for (pattern, found) in patterns.iter().zip(found) {
            let mut places = Vec::new();
            terms.find(columns, pattern, |place| places.push(place))?;
            if places.is_empty() {
                continue;
            }
            let postings = match &mut postings {
                Some(postings) => postings,
                none => none.insert(self.postings()?),
            };
            places.into_iter().try_for_each(|place| terms.read(postings, place, found))?;
        }
        Ok(())
    }

    fn terms(&mut self) -> Result<Arc<[u8]>, StoreError> {
        let sql = "SELECT terms FROM search_block WHERE mailbox = ?1 AND segment = ?2 AND part = ?3";
        self.read(&self.caches.terms, sql)
    }

    fn postings(&mut self) -> Result<Arc<[u8]>, StoreError> {
        let sql = "SELECT postings FROM search_block WHERE mailbox = ?1 AND segment = ?2 AND part = ?3";
        self.read(&self.caches.postings, sql)
    }

    fn read(&mut self, cache: &Cache, sql: &str) -> Result<Arc<[u8]>, StoreError> {
        if let Some(bytes) = cache.get(self.key) {
            return Ok(bytes);
        }
        let (segment, part) = self.key;
        let read = self.tx.row(sql, params![self.mailbox, segment, part], |row| Ok(Arc::<[u8]>::from(row.blob(0)?)))?;
        let bytes = read.ok_or(StoreError::Gone("a block of the search index"))?;
        cache.put(self.key, bytes.clone());
        Ok(bytes)
    }
}
