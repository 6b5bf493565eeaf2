//! Many contents and summaries read at once: a page of a folder, for lists and for reading it through.
//!
//! Everything of a page stands in one buffer; what is asked for is borrowed from it. Start reading at [`Page::read`].

use super::lz4::{self, Prefix};
use super::{ContentId, Encoding, Stored};
use crate::db::error::StoreError;
use crate::db::tx::{Tx, in_list, padded_chunks};
use crate::db::value::{Row, Value};
use crate::objects::Objects;
use std::ops::Range;

/// What is read of each content. A summary that is not wanted is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub envelope: bool,
    pub structure: bool,
    pub preview: bool,
    /// The header fields that lists show.
    pub listed_fields: bool,
    pub content: bool,
}

impl Wanted {
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }

    pub fn has_summary(self) -> bool {
        self.envelope || self.structure || self.preview
    }

    /// Both together.
    pub fn and(self, other: Self) -> Self {
        Self {
            envelope: self.envelope || other.envelope,
            structure: self.structure || other.structure,
            preview: self.preview || other.preview,
            listed_fields: self.listed_fields || other.listed_fields,
            content: self.content || other.content,
        }
    }

    fn summary_columns(self) -> Vec<&'static str> {
        let all = [(self.envelope, "envelope"), (self.structure, "structure"), (self.preview, "preview")];
        all.into_iter().filter_map(|(wanted, column)| wanted.then_some(column)).collect()
    }
}

/// What was read, by content.
#[derive(Debug)]
pub struct Page {
    buffer: Vec<u8>,
    /// In order of content.
    summaries: Vec<(ContentId, SummarySpans)>,
    /// In order of content.
    listed_fields: Vec<(ContentId, Range<usize>)>,
    /// In order of content.
    contents: Vec<(ContentId, ContentSpan)>,
    objects: Objects,
}

#[derive(Clone, Debug, Default)]
struct SummarySpans {
    envelope: Range<usize>,
    structure: Range<usize>,
    preview: Range<usize>,
}

#[derive(Clone, Debug)]
struct ContentSpan {
    size: u64,
    encoding: Encoding,
    data: Range<usize>,
}

/// What was computed of a message when it was filed; what was not asked for is empty.
#[derive(Clone, Copy, Debug)]
pub struct SummaryRef<'p> {
    pub envelope: &'p [u8],
    pub structure: &'p [u8],
    pub preview: &'p [u8],
}

/// Content as it is kept.
#[derive(Clone, Copy, Debug)]
pub struct StoredRef<'p> {
    id: ContentId,
    size: u64,
    encoding: Encoding,
    data: &'p [u8],
    objects: &'p Objects,
}

impl Page {
    pub(crate) fn read(
        tx: &mut Tx<'_>,
        objects: &Objects,
        ids: &[ContentId],
        wanted: Wanted,
    ) -> Result<Self, StoreError> {
        let mut page = Self {
            buffer: Vec::new(),
            summaries: Vec::new(),
            listed_fields: Vec::new(),
            contents: Vec::new(),
            objects: objects.clone(),
        };
        let mut ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let columns = wanted.summary_columns();
        if !columns.is_empty() {
            page.summaries.reserve(ids.len());
            let select = format!("SELECT content, {} FROM summary WHERE content", columns.join(", "));
            rows_among(tx, &select, "content", &ids, |row| page.take_summary(row, wanted))?;
        }
        if wanted.listed_fields {
            page.listed_fields.reserve(ids.len());
            let select = "SELECT content, fields FROM listed_fields WHERE content";
            rows_among(tx, select, "content", &ids, |row| {
                let fields = page.keep(row.blob(1)?);
                page.listed_fields.push((ContentId(row.int(0)?), fields));
                Ok(())
            })?;
        }
        if wanted.content {
            page.contents.reserve(ids.len());
            let select = "SELECT id, size, encoding, data FROM content WHERE id";
            rows_among(tx, select, "id", &ids, |row| page.take_content(row))?;
        }
        Ok(page)
    }

    fn take_summary(&mut self, row: &Row<'_>, wanted: Wanted) -> Result<(), StoreError> {
        let mut spans = SummarySpans::default();
        let mut column = 0;
        let mut next = || {
            column += 1;
            column
        };
        if wanted.envelope {
            spans.envelope = self.keep(row.blob(next())?);
        }
        if wanted.structure {
            spans.structure = self.keep(row.blob(next())?);
        }
        if wanted.preview {
            spans.preview = self.keep(row.text(next())?.as_bytes());
        }
        self.summaries.push((ContentId(row.int(0)?), spans));
        Ok(())
    }

    fn take_content(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        let (size, encoding) = (row.size(1)?, Encoding::from_code(row.int(2)?)?);
        let data = self.keep(row.blob(3)?);
        self.contents.push((ContentId(row.int(0)?), ContentSpan { size, encoding, data }));
        Ok(())
    }

    fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.buffer.len();
        self.buffer.extend_from_slice(bytes);
        start..self.buffer.len()
    }

    fn bytes(&self, range: &Range<usize>) -> &[u8] {
        self.buffer.get(range.clone()).unwrap_or_default()
    }

    pub fn summary(&self, content: ContentId) -> Option<SummaryRef<'_>> {
        let spans = find(&self.summaries, content)?;
        let (envelope, structure) = (self.bytes(&spans.envelope), self.bytes(&spans.structure));
        Some(SummaryRef { envelope, structure, preview: self.bytes(&spans.preview) })
    }

    /// The header fields that lists show. None: they were not kept apart.
    pub fn listed_fields(&self, content: ContentId) -> Option<&[u8]> {
        find(&self.listed_fields, content).map(|fields| self.bytes(fields))
    }

    pub fn content(&self, content: ContentId) -> Option<StoredRef<'_>> {
        let ContentSpan { size, encoding, data } = find(&self.contents, content)?;
        let data = self.bytes(data);
        Some(StoredRef { id: content, size: *size, encoding: *encoding, data, objects: &self.objects })
    }
}

fn find<T>(rows: &[(ContentId, T)], content: ContentId) -> Option<&T> {
    let at = rows.binary_search_by_key(&content, |(id, _)| *id).ok()?;
    rows.get(at).map(|(_, found)| found)
}

/// Hands the rows of `ids` (ascending) to `each`, in order of id. Ids that lie close together are read as one range,
/// which is faster than looking each up; then others that lie between come along.
fn rows_among(
    tx: &mut Tx<'_>,
    select: &str,
    column: &str,
    ids: &[i64],
    mut each: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return Ok(()) };
    let spread = last.abs_diff(*first) + 1;
    if spread <= ids.len() as u64 + ids.len() as u64 / 8 {
        let sql = format!("{select} BETWEEN ?1 AND ?2 ORDER BY {column}");
        return tx.for_each(&sql, &[Value::Int(*first), Value::Int(*last)], each);
    }
    for chunk in padded_chunks(ids) {
        let sql = format!("{select} IN ({}) ORDER BY {column}", in_list(0, chunk.len()));
        let values: Vec<Value<'_>> = chunk.iter().map(|id| Value::Int(*id)).collect();
        tx.for_each(&sql, &values, &mut each)?;
    }
    Ok(())
}

impl StoredRef<'_> {
    /// Octets of the content itself.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reading it reads a file: do that where blocking is allowed, with [`StoredRef::to_owned`].
    pub fn is_large(&self) -> bool {
        self.encoding == Encoding::Object
    }

    pub fn to_owned(&self) -> Stored {
        Stored {
            id: self.id,
            size: self.size,
            encoding: self.encoding,
            data: self.data.to_vec(),
            objects: self.objects.clone(),
        }
    }

    fn length(&self) -> Result<usize, StoreError> {
        usize::try_from(self.size).map_err(|_| StoreError::Corrupt("content.size"))
    }

    /// Appends the content to `out`. Blocks when it is large.
    pub fn append_to(&self, out: &mut Vec<u8>) -> Result<(), StoreError> {
        let start = out.len();
        out.resize(start + self.length()?, 0);
        self.open_to(out.get_mut(start..).unwrap_or_default())
    }

    /// Writes the content into `out`, which is as long as the content. Blocks when the content is large.
    pub fn open_to(&self, out: &mut [u8]) -> Result<(), StoreError> {
        let done = match self.encoding {
            Encoding::Plain if out.len() == self.data.len() => {
                out.copy_from_slice(self.data);
                true
            }
            Encoding::Plain => false,
            Encoding::Lz4 => unpacked_to(self.data, out),
            Encoding::Object => {
                let name = std::str::from_utf8(self.data).map_err(|_| StoreError::Corrupt("content.data"))?;
                unpacked_to(&self.objects.get(name)?, out)
            }
        };
        if done { Ok(()) } else { Err(StoreError::Corrupt("content.data")) }
    }

    /// Appends the beginning of the content to `out`, at least until `enough` says so of what there is of it; it is
    /// asked now and then. Not for large content.
    pub fn open_beginning(&self, out: &mut Vec<u8>, enough: impl FnMut(&[u8]) -> bool) -> Result<(), StoreError> {
        match self.encoding {
            Encoding::Plain => out.extend_from_slice(self.data),
            // What is short is unpacked sooner as a whole.
            Encoding::Lz4 if self.size <= SHORT => return self.append_to(out),
            Encoding::Lz4 => {
                let size = self.length()?;
                let unpacked = lz4::prefix(self.data, size, out, enough);
                if unpacked == Prefix::Damaged {
                    return Err(StoreError::Corrupt("content.data"));
                }
            }
            Encoding::Object => return self.to_owned().open_into(out),
        }
        Ok(())
    }
}

/// Octets up to which LZ4's own decoder is faster than stopping early.
const SHORT: u64 = 16 * 1024;

fn unpacked_to(packed: &[u8], out: &mut [u8]) -> bool {
    matches!(lz4_flex::block::decompress_into(packed, out), Ok(size) if size == out.len())
}
