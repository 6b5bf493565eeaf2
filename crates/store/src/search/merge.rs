//! Merging segments: eight of about one size become one, so that an email's words are written a few times and a
//! mailbox has few segments. Start reading at [`due`] and [`merge`].

use super::block::{Block, Builder, List, Terms, put_number};
use super::column::Column;
use super::emailset::EmailSet;
use super::segment::Segment;
use super::statements;
use crate::db::error::StoreError;
use crate::db::tx::Tx;
use postroom_model::{EmailId, MailboxId};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How many segments of a size there may be.
const FAN_IN: usize = 8;
/// A segment of this many octets is merged no further: a merge holds its segments in memory.
const FINAL_OCTETS: u64 = 2 * 1024 * 1024;

/// The segments of a mailbox that are to be merged now.
pub(crate) fn due(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<Option<Vec<i64>>, StoreError> {
    let mut sizes: [Vec<i64>; 32] = std::array::from_fn(|_| Vec::new());
    for segment in statements::segments(tx, mailbox)? {
        if segment.octets < FINAL_OCTETS {
            // By powers of 8.
            let size = usize::try_from(segment.emails.max(1).ilog2() / 3).unwrap_or(0);
            sizes[size].push(segment.id);
        }
    }
    Ok(sizes.into_iter().find(|segments| segments.len() >= FAN_IN).map(|mut segments| {
        segments.truncate(FAN_IN);
        segments
    }))
}

/// One segment of what several hold of `live`.
pub(crate) fn merge(mailbox: MailboxId, segments: &[Vec<Block>], live: EmailSet) -> Result<Segment, StoreError> {
    let mut builder = Builder::new(live.first().unwrap_or(EmailId(0)));
    let base = live.first().map_or(0, |email| email.0);
    let mut runs = segments.iter().map(|blocks| Run::of(blocks)).collect::<Result<Vec<_>, _>>()?;
    let mut heads: BinaryHeap<Reverse<(Column, &[u8], usize)>> = BinaryHeap::new();
    for (at, run) in runs.iter().enumerate() {
        heads.extend(run.peek().map(|(column, word, _)| Reverse((column, word, at))));
    }
    let (mut emails, mut list) = (Vec::new(), Vec::new());
    while let Some(Reverse((column, word, _))) = heads.peek().copied() {
        emails.clear();
        while let Some(Reverse((_, _, at))) = heads.peek().filter(|head| (head.0.0, head.0.1) == (column, word)) {
            let at = *at;
            heads.pop();
            if let Some((_, _, postings)) = runs[at].peek() {
                postings.read(&mut emails)?;
            }
            runs[at].advance()?;
            heads.extend(runs[at].peek().map(|(column, word, _)| Reverse((column, word, at))));
        }
        emails.retain(|email| live.contains(EmailId(*email)));
        encode(&mut emails, base, &mut list);
        if !list.is_empty() {
            builder.push(column, word, &list);
        }
    }
    Ok(Segment::new(mailbox, live, builder.finish()))
}

fn encode(emails: &mut Vec<i64>, base: i64, list: &mut Vec<u8>) {
    if !emails.is_sorted_by(|a, b| a < b) {
        emails.sort_unstable();
        emails.dedup();
    }
    list.clear();
    let mut before = base;
    for email in emails {
        put_number(list, email.abs_diff(before));
        before = *email;
    }
}

/// The words of one segment, one block after the other.
struct Run<'b> {
    blocks: std::slice::Iter<'b, Block>,
    words: std::vec::IntoIter<(Column, &'b [u8], List<'b>)>,
}

impl<'b> Run<'b> {
    fn of(blocks: &'b [Block]) -> Result<Self, StoreError> {
        let mut run = Self { blocks: blocks.iter(), words: Vec::new().into_iter() };
        run.next_block()?;
        Ok(run)
    }

    fn next_block(&mut self) -> Result<(), StoreError> {
        while self.words.len() == 0 {
            let Some(block) = self.blocks.next() else { return Ok(()) };
            let mut words = Vec::new();
            let terms = Terms::of(&block.terms)?;
            terms.each_word(&block.postings, |column, word, list| words.push((column, word, list)))?;
            self.words = words.into_iter();
        }
        Ok(())
    }

    fn peek(&self) -> Option<(Column, &'b [u8], List<'b>)> {
        self.words.as_slice().first().copied()
    }

    fn advance(&mut self) -> Result<(), StoreError> {
        self.words.next();
        self.next_block()
    }
}
