//! A message as the lines of an answer (RFC 1939 section 3).
//!
//! Lines are sent with CRLF, whatever ends them in the message: a bare LF before a dot would end the answer early at
//! clients that take it for a line ending. A line that begins with a dot gets a second one. The door writes each line
//! between [`begin_line`] and [`end_line`].

use bytes::{BufMut, BytesMut};

/// The lines of a message without their endings.
#[derive(Clone, Debug)]
pub struct ContentLines<'a> {
    rest: &'a [u8],
}

pub fn lines(message: &[u8]) -> ContentLines<'_> {
    ContentLines { rest: message }
}

impl<'a> Iterator for ContentLines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let Some(at) = memchr::memchr(b'\n', self.rest) else { return Some(std::mem::take(&mut self.rest)) };
        let line = &self.rest[..at];
        self.rest = &self.rest[at + 1..];
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

/// What TOP shows (RFC 1939 section 7): the header fields, the empty line, and the first `count` lines behind it.
pub fn top(message: &[u8], count: u32) -> impl Iterator<Item = &[u8]> {
    let mut left: Option<u32> = None;
    lines(message).take_while(move |line| match &mut left {
        None => {
            left = line.is_empty().then_some(count);
            true
        }
        Some(0) => false,
        Some(count) => {
            *count -= 1;
            true
        }
    })
}

/// Appends what stands before a line of a message in an answer.
pub fn begin_line(out: &mut BytesMut, line: &[u8]) {
    if line.first() == Some(&b'.') {
        out.put_u8(b'.');
    }
}

/// Appends what stands behind it.
pub fn end_line(out: &mut BytesMut) {
    out.put_slice(b"\r\n");
}

#[cfg(test)]
mod tests;
