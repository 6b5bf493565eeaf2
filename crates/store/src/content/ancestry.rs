//! Where messages stand in their conversations, as was computed when they were filed.

use super::ContentId;
use crate::db::error::StoreError;
use crate::db::tx::{Tx, in_list, padded_chunks};

/// What a message says about its conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ancestry {
    /// The hash of its Message-ID.
    pub own: Option<i64>,
    /// Hashes of the Message-IDs of those before it, the nearest last.
    pub ancestors: Vec<i64>,
    pub base_subject: String,
    /// The subject says that it answers or forwards something.
    pub is_reply: bool,
    /// Unix seconds, from the Date field.
    pub sent_at: Option<i64>,
}

/// Hands the ancestry of each of `ids` to `each`, in any order.
pub fn ancestries(
    tx: &mut Tx<'_>,
    ids: &[ContentId],
    mut each: impl FnMut(ContentId, Ancestry),
) -> Result<(), StoreError> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    for chunk in padded_chunks(&ids) {
        let sql = format!(
            "SELECT content, refs, bears_id, ancestors, base_subject, is_reply, sent_at FROM summary WHERE content IN ({})",
            in_list(0, chunk.len())
        );
        let values: Vec<crate::Value<'_>> = chunk.iter().map(|id| (*id).into()).collect();
        tx.for_each(&sql, &values, |row| {
            let mut hashes = super::unpack_hashes(row.blob(1)?);
            let own = if row.bool(2)? { hashes.next() } else { None };
            let count = usize::try_from(row.int(3)?).map_err(|_| StoreError::Corrupt("summary.ancestors"))?;
            let ancestry = Ancestry {
                own,
                ancestors: hashes.take(count).collect(),
                base_subject: row.text(4)?.to_owned(),
                is_reply: row.bool(5)?,
                sent_at: row.opt_int(6)?,
            };
            each(ContentId(row.int(0)?), ancestry);
            Ok(())
        })?;
    }
    Ok(())
}
