//! Cuts a client's byte stream into lines. Start reading at [`Lines::next`].
//!
//! Invariants: a byte is scanned once, however the stream is split into reads; what is held of a line never exceeds its
//! limit by more than one read; what exceeds it is dropped without being kept.

use bytes::{Buf, Bytes, BytesMut};

/// The longest command with its line ending. RFC 2449 section 4 asks for 255 octets; long passwords need more.
pub const COMMAND: usize = 1024;
/// The longest response to a challenge (RFC 5034 section 4: 12288 octets).
pub const RESPONSE: usize = 12_288;
/// How much of a line that is too long is read before the connection is given up.
const DRAINED_AT_MOST: usize = 64 * 1024;

/// What the stream has next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Line {
    /// Read more bytes into the buffer and ask again.
    NeedMoreBytes,
    /// A line without its ending.
    Line(Bytes),
    /// A line was too long and is dropped.
    TooLong,
    /// So much came without a line ending that the connection should be closed.
    Close,
}

/// Cuts one client's stream. It keeps positions only; the bytes stay in the buffer that every call is given.
#[derive(Debug, Default)]
pub struct Lines {
    /// The buffer holds no line ending before here.
    scanned: usize,
    /// Bytes thrown away of the line that is too long.
    drained: usize,
}

impl Lines {
    /// Takes the next line from the front of the buffer. It ends with CRLF; scripts that send a bare LF are served.
    pub fn next(&mut self, buffer: &mut BytesMut, limit: usize) -> Line {
        let found = memchr::memchr(b'\n', buffer.get(self.scanned..).unwrap_or_default());
        let Some(end) = found.map(|at| self.scanned + at + 1) else { return self.unfinished(buffer, limit) };
        let too_long = self.drained > 0 || end > limit;
        *self = Self::default();
        if too_long {
            buffer.advance(end);
            return Line::TooLong;
        }
        let mut line = buffer.split_to(end);
        line.truncate(end - 1);
        if line.last() == Some(&b'\r') {
            line.truncate(end - 2);
        }
        Line::Line(line.freeze())
    }

    fn unfinished(&mut self, buffer: &mut BytesMut, limit: usize) -> Line {
        self.scanned = buffer.len();
        if self.drained > 0 || buffer.len() > limit {
            self.drained += buffer.len();
            self.scanned = 0;
            buffer.clear();
        }
        if self.drained > DRAINED_AT_MOST { Line::Close } else { Line::NeedMoreBytes }
    }
}

#[cfg(test)]
mod tests;
