//! Content, stored once: hashed and compressed before the transaction, inline when small, an object when large.
//!
//! Start reading at [`Store::prepare`](crate::Store::prepare) and [`insert`].

mod lz4;
pub(crate) mod page;

use crate::db::error::StoreError;
use crate::db::tx::{Tx, in_list, padded_chunks};
use crate::objects::Objects;
use crate::params;
use aws_lc_rs::hmac;
use postroom_model::Time;

/// Names content inside the store; never shown to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentId(pub i64);

/// What was computed of a message when it was filed, encoded by the message crate.
#[derive(Clone, Debug, Default)]
pub struct NewSummary {
    pub envelope: Vec<u8>,
    pub structure: Vec<u8>,
    pub preview: String,
    pub base_subject: String,
    /// Unix seconds, from the Date field.
    pub sent_at: Option<i64>,
    pub has_attachment: bool,
    /// The header fields that lists show, as they stand. None: they are larger than is worth keeping apart.
    pub listed_fields: Option<Vec<u8>>,
    /// Hashes of the Message-IDs that the message bears (first) and refers to; they lead to its thread.
    pub references: Vec<i64>,
}

/// Content ready to be inserted: nothing slow is left for the writer.
#[derive(Clone, Debug)]
pub struct NewContent {
    hash: [u8; 16],
    size: u64,
    encoding: Encoding,
    data: Vec<u8>,
    summary: NewSummary,
}

impl NewContent {
    /// Octets of the content itself.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub(crate) fn references(&self) -> &[i64] {
        &self.summary.references
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Plain,
    Lz4,
    /// LZ4, in the object store; the row holds the object's name.
    Object,
}

impl Encoding {
    fn code(self) -> i64 {
        match self {
            Self::Plain => 0,
            Self::Lz4 => 1,
            Self::Object => 2,
        }
    }

    fn from_code(code: i64) -> Result<Self, StoreError> {
        match code {
            0 => Ok(Self::Plain),
            1 => Ok(Self::Lz4),
            2 => Ok(Self::Object),
            _ => Err(StoreError::Corrupt("content.encoding")),
        }
    }
}

/// What is larger than this when compressed goes to the object store.
const INLINE_LIMIT: usize = 128 * 1024;

/// Hashes and compresses; writes the object if the content is large. Blocks for as long as that takes.
pub(crate) fn prepare(
    key: &hmac::Key,
    objects: &Objects,
    raw: &[u8],
    summary: NewSummary,
) -> Result<NewContent, StoreError> {
    let tag = hmac::sign(key, raw);
    let mut hash = [0; 16];
    hash.copy_from_slice(&tag.as_ref()[..16]);
    let packed = lz4_flex::block::compress(raw);
    let (encoding, data) = if packed.len() > INLINE_LIMIT {
        let name = hex(&hash);
        objects.put(&name, &packed)?;
        (Encoding::Object, name.into_bytes())
    } else if packed.len() < raw.len() {
        (Encoding::Lz4, packed)
    } else {
        (Encoding::Plain, raw.to_vec())
    };
    Ok(NewContent { hash, size: raw.len() as u64, encoding, data, summary })
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The id of the content, inserted if it was not there. Takes the lock that the collector takes before removing.
pub(crate) fn insert(tx: &mut Tx<'_>, new: &NewContent) -> Result<ContentId, StoreError> {
    if let Some(id) = known(tx, new)? {
        tx.execute("DELETE FROM released WHERE content = ?1", params![id.0])?;
        return Ok(id);
    }
    let inserted = tx.row(
        "INSERT INTO content (hash, size, encoding, data) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (hash) DO NOTHING RETURNING id",
        params![&new.hash[..], new.size, new.encoding.code(), &new.data],
        |row| row.int(0),
    )?;
    let Some(id) = inserted else {
        // Another node inserted it a moment ago.
        return known(tx, new)?.ok_or(StoreError::Conflict);
    };
    let summary = &new.summary;
    tx.execute(
        "INSERT INTO summary (content, envelope, structure, preview, base_subject, sent_at, has_attachment, refs)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            id,
            &summary.envelope,
            &summary.structure,
            &summary.preview,
            &summary.base_subject,
            summary.sent_at,
            summary.has_attachment,
            &pack(&summary.references)
        ],
    )?;
    if let Some(fields) = &summary.listed_fields {
        tx.execute("INSERT INTO listed_fields (content, fields) VALUES (?1, ?2)", params![id, fields])?;
    }
    Ok(ContentId(id))
}

/// Hashes as bytes, eight each.
fn pack(references: &[i64]) -> Vec<u8> {
    references.iter().flat_map(|hash| hash.to_be_bytes()).collect()
}

/// The size and the reference hashes of content that is stored already. None: it is not.
pub(crate) fn describe(tx: &mut Tx<'_>, id: ContentId) -> Result<Option<(u64, Vec<i64>)>, StoreError> {
    // Locked like in `known`, so that the collector does not take it away meanwhile.
    let sql = if tx.is_postgresql() {
        "SELECT c.size, s.refs FROM content c JOIN summary s ON s.content = c.id WHERE c.id = ?1 FOR SHARE OF c"
    } else {
        "SELECT c.size, s.refs FROM content c JOIN summary s ON s.content = c.id WHERE c.id = ?1"
    };
    tx.row(sql, params![id.0], |row| {
        let hashes = row.blob(1)?.chunks_exact(8).map(|bytes| {
            let mut hash = [0; 8];
            hash.copy_from_slice(bytes);
            i64::from_be_bytes(hash)
        });
        Ok((row.size(0)?, hashes.collect()))
    })
}

fn known(tx: &mut Tx<'_>, new: &NewContent) -> Result<Option<ContentId>, StoreError> {
    let sql = if tx.is_postgresql() {
        "SELECT id FROM content WHERE hash = ?1 FOR SHARE"
    } else {
        "SELECT id FROM content WHERE hash = ?1"
    };
    tx.row(sql, params![&new.hash[..]], |row| Ok(ContentId(row.int(0)?)))
}

/// Notes that an email gave the content up; the collector decides later.
pub(crate) fn release(tx: &mut Tx<'_>, content: ContentId, at: Time) -> Result<(), StoreError> {
    let sql = "INSERT INTO released (content, at) VALUES (?1, ?2) ON CONFLICT (content) DO UPDATE SET at = ?2";
    tx.execute(sql, params![content.0, at])?;
    Ok(())
}

/// Content as it is kept. [`Stored::open_into`] gives the bytes.
#[derive(Debug)]
pub struct Stored {
    pub id: ContentId,
    pub size: u64,
    encoding: Encoding,
    data: Vec<u8>,
    objects: Objects,
}

impl Stored {
    /// Appends the content to `out`. Reads a file if the content is large: call it where blocking is allowed
    /// when [`Stored::is_large`].
    pub fn open_into(&self, out: &mut Vec<u8>) -> Result<(), StoreError> {
        match self.encoding {
            Encoding::Plain => out.extend_from_slice(&self.data),
            Encoding::Lz4 => self.unpack(&self.data, out)?,
            Encoding::Object => {
                let name = std::str::from_utf8(&self.data).map_err(|_| StoreError::Corrupt("content.data"))?;
                self.unpack(&self.objects.get(name)?, out)?;
            }
        }
        Ok(())
    }

    pub fn is_large(&self) -> bool {
        self.encoding == Encoding::Object
    }

    fn unpack(&self, packed: &[u8], out: &mut Vec<u8>) -> Result<(), StoreError> {
        let size = usize::try_from(self.size).map_err(|_| StoreError::Corrupt("content.size"))?;
        let start = out.len();
        out.resize(start + size, 0);
        let unpacked = lz4_flex::block::decompress_into(packed, &mut out[start..]);
        match unpacked {
            Ok(got) if got == size => Ok(()),
            _ => {
                out.truncate(start);
                Err(StoreError::Corrupt("content.data"))
            }
        }
    }
}

/// The stored contents of `ids`, in any order, until `limit` octets (as kept) have been read; at least one.
pub(crate) fn load(tx: &mut Tx<'_>, objects: &Objects, ids: &[i64], limit: usize) -> Result<Vec<Stored>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    let mut total = 0;
    for id in ids {
        let stored = tx.row("SELECT id, size, encoding, data FROM content WHERE id = ?1", params![*id], |row| {
            Ok(Stored {
                id: ContentId(row.int(0)?),
                size: row.size(1)?,
                encoding: Encoding::from_code(row.int(2)?)?,
                data: row.blob(3)?.to_vec(),
                objects: objects.clone(),
            })
        })?;
        let stored = stored.ok_or(StoreError::Gone("the content"))?;
        total += stored.data.len();
        found.push(stored);
        if total >= limit {
            break;
        }
    }
    Ok(found)
}

/// What was computed of a message, as stored.
#[derive(Clone, Debug)]
pub struct StoredSummary {
    pub content: ContentId,
    pub envelope: Vec<u8>,
    pub structure: Vec<u8>,
    pub preview: String,
    pub base_subject: String,
    pub sent_at: Option<i64>,
    pub has_attachment: bool,
}

/// Hands each summary of `ids` to `each`, in order of content.
pub fn summaries(tx: &mut Tx<'_>, ids: &[ContentId], mut each: impl FnMut(StoredSummary)) -> Result<(), StoreError> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    for chunk in padded_chunks(&ids) {
        let sql = format!(
            "SELECT content, envelope, structure, preview, base_subject, sent_at, has_attachment
             FROM summary WHERE content IN ({})",
            in_list(0, chunk.len())
        );
        let values: Vec<crate::Value<'_>> = chunk.iter().map(|id| (*id).into()).collect();
        tx.for_each(&sql, &values, |row| {
            each(StoredSummary {
                content: ContentId(row.int(0)?),
                envelope: row.blob(1)?.to_vec(),
                structure: row.blob(2)?.to_vec(),
                preview: row.text(3)?.to_owned(),
                base_subject: row.text(4)?.to_owned(),
                sent_at: row.opt_int(5)?,
                has_attachment: row.bool(6)?,
            });
            Ok(())
        })?;
    }
    Ok(())
}

/// Removes content that nothing has referred to since `before`; at most `limit` pieces. Gives how many went, and
/// the names of objects to remove once the transaction is committed.
pub(crate) fn collect(tx: &mut Tx<'_>, before: Time, limit: u32) -> Result<(usize, Vec<String>), StoreError> {
    let sql = "SELECT content FROM released WHERE at < ?1 ORDER BY at LIMIT ?2";
    let candidates = tx.rows(sql, params![before, limit], |row| row.int(0))?;
    let (mut gone, mut objects) = (0, Vec::new());
    for id in candidates {
        tx.execute("DELETE FROM released WHERE content = ?1", params![id])?;
        // Lock first, then look: a writer that takes the content up again holds this row or has committed.
        let lock = if tx.is_postgresql() {
            "SELECT encoding, data FROM content WHERE id = ?1 FOR UPDATE"
        } else {
            "SELECT encoding, data FROM content WHERE id = ?1"
        };
        let Some((encoding, data)) = tx.row(lock, params![id], |row| Ok((row.int(0)?, row.blob(1)?.to_vec())))? else {
            continue;
        };
        if tx.row("SELECT 1 FROM email WHERE content = ?1 LIMIT 1", params![id], |_| Ok(()))?.is_some() {
            continue;
        }
        tx.execute("DELETE FROM summary WHERE content = ?1", params![id])?;
        tx.execute("DELETE FROM listed_fields WHERE content = ?1", params![id])?;
        tx.execute("DELETE FROM content WHERE id = ?1", params![id])?;
        gone += 1;
        if Encoding::from_code(encoding)? == Encoding::Object {
            objects.push(String::from_utf8(data).map_err(|_| StoreError::Corrupt("content.data"))?);
        }
    }
    Ok((gone, objects))
}
