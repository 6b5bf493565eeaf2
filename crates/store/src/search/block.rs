//! A piece of a segment: words in order, and for each the emails that hold it.
//!
//! Terms: a head ([`Terms`] describes it), then the words of one column after the other. A line break stands before
//! and after each word, so that one search over the bytes finds words by their start, end, middle or as a whole.
//! Postings: for each word the octets that its list takes, then the list: the distance of each email from the one
//! before, the first from the block's base; every number in 7-bit groups, the lowest first, the high bit set on all
//! but the last. Words come in groups of [`GROUP`]; the head says where each group begins in both.
//! Start reading at [`Builder`] and [`Terms::find`].

use super::column::{Column, Columns};
use super::emailset::EmailSet;
use super::needle::Pattern;
use crate::db::error::StoreError;
use memchr::{memchr, memchr_iter, memrchr};
use postroom_model::EmailId;

const GROUP: u32 = 16;
/// A block is closed when it has grown to this.
const TERMS_FULL: usize = 48 * 1024;
const POSTINGS_FULL: usize = 192 * 1024;
const HEAD: usize = 16;

const DAMAGED: StoreError = StoreError::Corrupt("a block of the search index");

/// A finished block.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) columns: Columns,
    pub(crate) terms: Vec<u8>,
    pub(crate) postings: Vec<u8>,
}

/// Takes words in order and gives blocks.
pub(crate) struct Builder {
    base: i64,
    columns: Columns,
    /// Column, and where its words begin and end in the text.
    sections: Vec<[u32; 3]>,
    /// Where each group begins in the text and in the postings.
    groups: Vec<[u32; 2]>,
    in_group: u32,
    text: Vec<u8>,
    postings: Vec<u8>,
    done: Vec<Block>,
}

impl Builder {
    /// No email before `base` may come.
    pub(crate) fn new(base: EmailId) -> Self {
        Self {
            base: base.0,
            columns: Columns::default(),
            sections: Vec::new(),
            groups: Vec::new(),
            in_group: 0,
            text: Vec::new(),
            postings: Vec::new(),
            done: Vec::new(),
        }
    }

    /// Adds a word with its list, which counts from the base.
    pub(crate) fn push(&mut self, column: Column, word: &[u8], list: &[u8]) {
        if self.text.len() >= TERMS_FULL || self.postings.len() >= POSTINGS_FULL {
            self.close();
        }
        let index = small(column.index());
        if self.sections.last().is_none_or(|section| section[0] != index) {
            self.sections.push([index, small(self.text.len()), 0]);
            self.columns.insert(column);
            self.text.push(b'\n');
            self.in_group = 0;
        }
        if self.in_group == 0 {
            self.groups.push([small(self.text.len()), small(self.postings.len())]);
        }
        self.in_group = (self.in_group + 1) % GROUP;
        self.text.extend_from_slice(word);
        self.text.push(b'\n');
        put_number(&mut self.postings, list.len() as u64);
        self.postings.extend_from_slice(list);
        if let Some(section) = self.sections.last_mut() {
            section[2] = small(self.text.len());
        }
    }

    fn close(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let size = HEAD + self.sections.len() * 12 + self.groups.len() * 8 + self.text.len();
        let mut terms = Vec::with_capacity(size);
        terms.extend_from_slice(&self.base.to_le_bytes());
        terms.extend_from_slice(&small(self.sections.len()).to_le_bytes());
        terms.extend_from_slice(&small(self.groups.len()).to_le_bytes());
        for number in self.sections.drain(..).flatten() {
            terms.extend_from_slice(&number.to_le_bytes());
        }
        for number in self.groups.drain(..).flatten() {
            terms.extend_from_slice(&number.to_le_bytes());
        }
        terms.append(&mut self.text);
        let (columns, postings) = (std::mem::take(&mut self.columns), std::mem::take(&mut self.postings));
        self.in_group = 0;
        self.done.push(Block { columns, terms, postings });
    }

    pub(crate) fn finish(mut self) -> Vec<Block> {
        self.close();
        self.done
    }
}

/// Blocks are far smaller than 4 GiB: a word has at most 512 octets, and a list one number for each email.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(crate) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads a number and steps over it.
pub(crate) fn take_number(bytes: &mut &[u8]) -> Result<u64, StoreError> {
    let (mut number, mut shift) = (0u64, 0);
    while let Some((byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
        shift += 7;
        if shift > 56 {
            break;
        }
    }
    Err(DAMAGED)
}

/// Where the list of a word is: the offset of its group, and how many lists come before it in the group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    group: u32,
    skip: u32,
}

/// The dictionary of a block: base (8 octets), number of sections and of groups (4 each), then for each section
/// column, start and end (4 each), for each group offsets in text and postings (4 each), then the text.
/// Numbers are little-endian.
pub(crate) struct Terms<'b> {
    base: i64,
    sections: &'b [[[u8; 4]; 3]],
    groups: &'b [[[u8; 4]; 2]],
    text: &'b [u8],
}

impl<'b> Terms<'b> {
    pub(crate) fn of(bytes: &'b [u8]) -> Result<Self, StoreError> {
        let (base, rest) = bytes.split_first_chunk::<8>().ok_or(DAMAGED)?;
        let (sections, rest) = rest.split_first_chunk::<4>().ok_or(DAMAGED)?;
        let (groups, rest) = rest.split_first_chunk::<4>().ok_or(DAMAGED)?;
        let (sections, groups) = (number(*sections), number(*groups));
        let (head, rest) = rest.split_at_checked(sections * 12).ok_or(DAMAGED)?;
        let (index, text) = rest.split_at_checked(groups * 8).ok_or(DAMAGED)?;
        let sections = head.as_chunks::<4>().0.as_chunks::<3>().0;
        let groups = index.as_chunks::<4>().0.as_chunks::<2>().0;
        Ok(Self { base: i64::from_le_bytes(*base), sections, groups, text })
    }

    fn sections(&self) -> impl Iterator<Item = Result<(Column, usize, &'b [u8]), StoreError>> + use<'b> {
        let text = self.text;
        self.sections.iter().map(move |[column, start, end]| {
            let column = Column::from_index(number(*column)).ok_or(DAMAGED)?;
            let start = number(*start);
            Ok((column, start, text.get(start..number(*end)).ok_or(DAMAGED)?))
        })
    }

    /// Hands over the place of each word in `columns` that is like the pattern.
    pub(crate) fn find(
        &self,
        columns: Columns,
        pattern: &Pattern,
        mut each: impl FnMut(Place),
    ) -> Result<(), StoreError> {
        let mut group = 0;
        for section in self.sections() {
            let (column, start, text) = section?;
            if columns.contains(column) {
                find_words(text, pattern, |word| {
                    each(self.place(&mut group, start + word)?);
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    /// The place of the word that begins at an offset of the text, not before the group `from`.
    fn place(&self, from: &mut usize, offset: usize) -> Result<Place, StoreError> {
        let later = self.groups.get(*from..).ok_or(DAMAGED)?;
        let ahead = later.partition_point(|[start, _]| number(*start) <= offset);
        *from = (*from + ahead).checked_sub(1).ok_or(DAMAGED)?;
        let [start, group] = *self.groups.get(*from).ok_or(DAMAGED)?;
        let between = self.text.get(number(start)..offset).ok_or(DAMAGED)?;
        Ok(Place { group: u32::from_le_bytes(group), skip: small(memchr_iter(b'\n', between).count()) })
    }

    /// Adds the emails of the list at a place.
    pub(crate) fn read(&self, postings: &[u8], place: Place, into: &mut EmailSet) -> Result<(), StoreError> {
        let mut rest = postings.get(place.group as usize..).ok_or(DAMAGED)?;
        for _ in 0..place.skip {
            take_list(&mut rest)?;
        }
        let mut list = take_list(&mut rest)?;
        let mut email = self.base;
        while !list.is_empty() {
            email = step(email, &mut list)?;
            into.insert(EmailId(email));
        }
        Ok(())
    }

    /// All words with their lists, in order: column, word, base and list.
    pub(crate) fn each_word(
        &self,
        postings: &'b [u8],
        mut each: impl FnMut(Column, &'b [u8], List<'b>),
    ) -> Result<(), StoreError> {
        let mut rest = postings;
        for section in self.sections() {
            let (column, _, text) = section?;
            let words = text.split(|byte| *byte == b'\n').filter(|word| !word.is_empty());
            for word in words {
                each(column, word, List { base: self.base, list: take_list(&mut rest)? });
            }
        }
        Ok(())
    }
}

/// A list that has not been read yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List<'b> {
    base: i64,
    list: &'b [u8],
}

impl List<'_> {
    pub(crate) fn read(self, into: &mut Vec<i64>) -> Result<(), StoreError> {
        let (mut list, mut email) = (self.list, self.base);
        while !list.is_empty() {
            email = step(email, &mut list)?;
            into.push(email);
        }
        Ok(())
    }
}

/// A set of emails takes a bit for each id up to the largest: a damaged list must not ask for all memory.
const LARGEST_EMAIL: i64 = 1 << 32;

fn step(email: i64, list: &mut &[u8]) -> Result<i64, StoreError> {
    let distance = i64::try_from(take_number(list)?).map_err(|_| DAMAGED)?;
    email.checked_add(distance).filter(|email| *email <= LARGEST_EMAIL).ok_or(DAMAGED)
}

fn take_list<'b>(postings: &mut &'b [u8]) -> Result<&'b [u8], StoreError> {
    let length = usize::try_from(take_number(postings)?).map_err(|_| DAMAGED)?;
    let (list, rest) = postings.split_at_checked(length).ok_or(DAMAGED)?;
    *postings = rest;
    Ok(list)
}

/// Hands over the offset of each word that is like the pattern, once.
fn find_words(
    text: &[u8],
    pattern: &Pattern,
    mut each: impl FnMut(usize) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| pattern.find(rest)) {
        let inside = from + found + usize::from(pattern.from_start);
        let word = text.get(..inside).and_then(|before| memrchr(b'\n', before)).map_or(0, |line| line + 1);
        each(word)?;
        // On at the line break after the word, which may begin the next find.
        from = text.get(inside..).and_then(|rest| memchr(b'\n', rest)).map_or(text.len(), |line| inside + line);
    }
    Ok(())
}

fn number(bytes: [u8; 4]) -> usize {
    u32::from_le_bytes(bytes) as usize
}
