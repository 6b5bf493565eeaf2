//! Walks the header fields of a header block, and answers HEADER.FIELDS from it. Start reading at [`Fields`].
//! It must see exactly the fields and the end that the MIME parser sees, lenient cases included; a property test
//! compares the two.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// One header value is kept up to this many bytes after unfolding.
pub const MAX_VALUE: usize = 64 * 1024;

/// One header field as it stands in the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// The name as written, without the white space before the colon.
    pub name: &'a [u8],
    /// Everything after the colon, folding and the final line break included.
    pub value: &'a [u8],
    /// Offset of the name in the block.
    pub start: usize,
    /// Offset after the final line break.
    pub end: usize,
}

impl Field<'_> {
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// The fields of a header block in order. The block may be a whole message: iteration stops at the blank line.
/// Lines that are no field (no colon) are stepped over.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    block: &'a [u8],
    at: usize,
    done: bool,
    blank_line: bool,
}

impl<'a> Fields<'a> {
    pub fn of(block: &'a [u8]) -> Self {
        Self { block, at: 0, done: false, blank_line: false }
    }

    fn finish(&mut self, at: usize, blank_line: bool) {
        self.at = at;
        self.done = true;
        self.blank_line = blank_line;
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        while !self.done {
            let rest = self.block.get(self.at..).unwrap_or_default();
            let skip = rest.iter().take_while(|&&byte| matches!(byte, b' ' | b'\t' | b'\r' | 0x0c)).count();
            match rest.get(skip) {
                None => self.finish(self.block.len(), false),
                Some(b'\n') => self.finish(self.at + skip + 1, true),
                Some(_) => {
                    let start = self.at + skip;
                    let line = self.block.get(start..).unwrap_or_default();
                    match name_and_colon(line) {
                        Ok((name, colon)) => {
                            let end = start + field_length(line);
                            self.at = end;
                            let value = self.block.get(start + colon + 1..end).unwrap_or_default();
                            return Some(Field { name, value, start, end });
                        }
                        Err(next_line) => self.at = start + next_line,
                    }
                }
            }
        }
        None
    }
}

/// The name and the place of the colon, or the length of a line that has none. Colons in front belong to the name.
fn name_and_colon(line: &[u8]) -> Result<(&[u8], usize), usize> {
    let lead = line.iter().take_while(|&&byte| byte == b':').count();
    let rest = line.get(lead..).unwrap_or_default();
    match memchr2(b':', b'\n', rest) {
        Some(at) if rest.get(at) == Some(&b':') => {
            let name = line.get(..lead + at).unwrap_or_default();
            let length = name.iter().rposition(|&byte| !matches!(byte, b' ' | b'\t')).map_or(0, |last| last + 1);
            Ok((name.get(..length).unwrap_or_default(), lead + at))
        }
        Some(newline) => Err(lead + newline + 1),
        None => Err(line.len()),
    }
}

/// The length of a field: up to the first line break that no white space follows.
fn field_length(line: &[u8]) -> usize {
    let mut from = 0;
    while let Some(newline) = line.get(from..).and_then(|rest| memchr(b'\n', rest)) {
        from += newline + 1;
        if !matches!(line.get(from), Some(b' ' | b'\t')) {
            return from;
        }
    }
    line.len()
}

/// Where the header block of a message ends: after the blank line, or at the end of the bytes.
/// Bytes without any field and without a blank line have no header: they are all body.
pub fn header_end(raw: &[u8]) -> usize {
    let mut fields = Fields::of(raw);
    let count = fields.by_ref().count();
    if count == 0 && !fields.blank_line { 0 } else { fields.at }
}

/// The value on one line: line breaks removed as RFC 5322 2.2.3 says, NUL removed (no IMAP string may hold it), white
/// space at both ends trimmed, cut at [`MAX_VALUE`] bytes. Encoded words stay as they are.
pub fn unfold(value: &[u8]) -> Cow<'_, [u8]> {
    let value = value.trim_ascii();
    let value = value.get(..MAX_VALUE).unwrap_or(value);
    if memchr::memchr3(b'\r', b'\n', 0, value).is_none() {
        return Cow::Borrowed(value);
    }
    Cow::Owned(value.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n' | 0)).collect())
}

/// The field names of a `HEADER.FIELDS` or `HEADER.FIELDS.NOT` (RFC 9051 6.4.5.1), prepared once for many messages.
#[derive(Debug, Clone)]
pub struct FieldFilter {
    names: Vec<Vec<u8>>,
    lengths: u128,
    negate: bool,
}

impl FieldFilter {
    pub fn new<N: AsRef<[u8]>>(names: impl IntoIterator<Item = N>, negate: bool) -> Self {
        let names: Vec<Vec<u8>> = names.into_iter().map(|name| name.as_ref().to_ascii_lowercase()).collect();
        let lengths = names.iter().fold(0, |set, name| set | length_bit(name.len()));
        Self { names, lengths, negate }
    }

    pub fn takes(&self, name: &[u8]) -> bool {
        let listed = self.lengths & length_bit(name.len()) != 0
            && self.names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name));
        listed != self.negate
    }

    /// Appends the fields the filter takes, as they stand, and the blank line that ends every header answer.
    pub fn copy(&self, block: &[u8], out: &mut Vec<u8>) {
        for field in Fields::of(block).filter(|field| self.takes(field.name)) {
            out.extend_from_slice(block.get(field.start..field.end).unwrap_or_default());
            if !out.ends_with(b"\n") {
                out.extend_from_slice(b"\r\n");
            }
        }
        out.extend_from_slice(b"\r\n");
    }
}

/// One bit per length, all long names sharing the last: most fields are refused without comparing any name.
fn length_bit(length: usize) -> u128 {
    1 << length.min(127)
}

/// The answer to `HEADER.FIELDS (names)` (`negate`: `HEADER.FIELDS.NOT`) on a header block or a whole message.
pub fn header_fields<N: AsRef<[u8]>>(raw: &[u8], names: impl IntoIterator<Item = N>, negate: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    FieldFilter::new(names, negate).copy(raw, &mut out);
    out
}

#[cfg(test)]
mod tests;
