//! Message identifiers for threading. They are kept without the angle brackets.

use crate::fields::{Fields, unfold};

/// A message keeps at most this many references: the first (the root of the thread) and the nearest.
pub const MAX_REFERENCES: usize = 64;
/// An identifier fits on one line of a message (RFC 5322 2.1.1); longer ones are not kept.
const MAX_ID: usize = 998;

/// Every `<...>` in a Message-ID, In-Reply-To or References value, without brackets and inner white space.
pub fn message_ids(value: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    let mut rest = value;
    std::iter::from_fn(move || {
        loop {
            let open = memchr::memchr(b'<', rest)?;
            rest = rest.get(open + 1..)?;
            let close = memchr::memchr(b'>', rest)?;
            let inside = rest.get(..close).unwrap_or_default();
            rest = rest.get(close + 1..).unwrap_or_default();
            // A bracket that was never closed swallows the next identifier otherwise.
            let inside = memchr::memrchr(b'<', inside).map_or(inside, |again| &inside[again + 1..]);
            if let Some(id) = clean(inside) {
                return Some(id);
            }
        }
    })
}

fn clean(inside: &[u8]) -> Option<Vec<u8>> {
    let id: Vec<u8> = inside.iter().copied().filter(|byte| *byte > b' ').take(MAX_ID + 1).collect();
    (!id.is_empty() && id.len() <= MAX_ID).then_some(id)
}

/// The message's own identifier. One written without brackets counts, because replies will quote it that way.
pub(crate) fn own_id(value: &[u8]) -> Option<Vec<u8>> {
    message_ids(value).next().or_else(|| {
        let value = unfold(value);
        if memchr::memchr2(b'<', b' ', &value).is_some() {
            return None;
        }
        clean(&value)
    })
}

/// References and then In-Reply-To, each identifier once, bounded by [`MAX_REFERENCES`]; and how many of them, from the
/// first on, say where the message stands in its thread (RFC 5256 section 3): those of References, or, where there are
/// none, the first of In-Reply-To.
pub(crate) fn references(header: &[u8]) -> (Vec<Vec<u8>>, usize) {
    let mut found: Vec<Vec<u8>> = Vec::new();
    let mut ancestors = 0;
    for name in ["References", "In-Reply-To"] {
        ancestors = found.len();
        for field in Fields::of(header).filter(|field| field.is(name)) {
            message_ids(field.value).for_each(|id| {
                if keep(&mut found, id) {
                    ancestors = ancestors.saturating_sub(1);
                }
            });
        }
    }
    let ancestors = if ancestors == 0 { found.len().min(1) } else { ancestors };
    (found, ancestors)
}

/// True: one that was kept before had to give way.
fn keep(found: &mut Vec<Vec<u8>>, id: Vec<u8>) -> bool {
    if found.contains(&id) {
        return false;
    }
    let full = found.len() == MAX_REFERENCES;
    if full {
        found.remove(1);
    }
    found.push(id);
    full
}

#[cfg(test)]
mod tests;
