//! The beginning of an LZ4 block: headers are read far more often than what follows them.
//!
//! The format: a sequence is a token, literal bytes, and a copy of earlier output; the last one has literals only.
//! Start reading at [`prefix`].

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    Enough,
    /// That is all there is.
    Whole,
    Damaged,
}

/// `enough` is asked when there is so much more to look at.
const FIRST_LOOK: usize = 2048;

/// Appends the beginning of what `packed` holds to `out`, until `enough` is content with it. `size`: of the whole.
pub(super) fn prefix(packed: &[u8], size: usize, out: &mut Vec<u8>, mut enough: impl FnMut(&[u8]) -> bool) -> Prefix {
    let start = out.len();
    let mut next_look = FIRST_LOOK;
    let mut rest = packed;
    loop {
        let Some(copy) = sequence(&mut rest, start, out) else { return Prefix::Damaged };
        let length = out.len() - start;
        if length > size || (copy == Copied::Last && length != size) {
            return Prefix::Damaged;
        }
        if copy == Copied::Last {
            return Prefix::Whole;
        }
        if length >= next_look {
            if enough(out.get(start..).unwrap_or_default()) {
                return Prefix::Enough;
            }
            next_look = length * 2;
        }
    }
}

#[derive(PartialEq, Eq)]
enum Copied {
    Earlier,
    Last,
}

/// One sequence. None: the block is damaged.
fn sequence(rest: &mut &[u8], start: usize, out: &mut Vec<u8>) -> Option<Copied> {
    let token = byte(rest)?;
    let literals = length(usize::from(token >> 4), rest)?;
    let (literal, behind) = rest.split_at_checked(literals)?;
    out.extend_from_slice(literal);
    *rest = behind;
    if rest.is_empty() {
        return Some(Copied::Last);
    }
    let offset = usize::from(u16::from_le_bytes([byte(rest)?, byte(rest)?]));
    let count = length(usize::from(token & 15), rest)? + 4;
    let from = out.len().checked_sub(offset).filter(|from| *from >= start && offset > 0)?;
    if offset >= count {
        out.extend_from_within(from..from + count);
    } else {
        // What is copied overlaps what is written: the same few bytes again and again.
        for at in from..from + count {
            let octet = *out.get(at)?;
            out.push(octet);
        }
    }
    Some(Copied::Earlier)
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (first, behind) = rest.split_first()?;
    *rest = behind;
    Some(*first)
}

/// A length of 15 goes on in the bytes that follow, as long as they are 255.
fn length(nibble: usize, rest: &mut &[u8]) -> Option<usize> {
    let mut length = nibble;
    if nibble == 15 {
        loop {
            let more = byte(rest)?;
            length = length.checked_add(usize::from(more))?;
            if more != 255 {
                break;
            }
        }
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            prop::collection::vec(any::<u8>(), 0..40),
            ("[ab]{1,6}", 1..400usize).prop_map(|(word, times)| word.repeat(times).into_bytes()),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn the_whole_and_every_beginning_come_back(text in text(), wanted in 0..6000usize) {
            let packed = lz4_flex::block::compress(&text);
            let mut out = b"before".to_vec();
            prop_assert_eq!(prefix(&packed, text.len(), &mut out, |_| false), Prefix::Whole);
            prop_assert_eq!(&out[6..], &text[..]);
            let mut out = Vec::new();
            let done = prefix(&packed, text.len(), &mut out, |there| there.len() >= wanted);
            prop_assert!(done != Prefix::Damaged && text.starts_with(&out));
            prop_assert!(out.len() >= wanted.min(text.len()));
        }

        #[test]
        fn damaged_blocks_are_refused_and_cost_no_more_than_they_say(packed in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut out = Vec::new();
            prefix(&packed, 1000, &mut out, |_| false);
            prop_assert!(out.len() <= 1000 + 300 * 255 + 20);
        }
    }
}
