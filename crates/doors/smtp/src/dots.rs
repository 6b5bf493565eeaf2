//! The end of DATA, and the dots that stand before it (RFC 5321 sections 4.1.1.4 and 4.5.2).
//!
//! A line ends with CRLF and with nothing else. A dot after a bare LF or CR is content, so that no two servers can
//! disagree about where a message ends ("SMTP smuggling"). Start reading at [`Dots::decode`].

use crate::body::Body;
use memchr::memmem::Finder;
use std::sync::LazyLock;

static LINE_WITH_DOT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\r\n."));

/// Where in the message the next octet stands.
#[derive(Debug)]
pub(crate) struct Dots {
    at_line_start: bool,
}

/// How far the octets at hand led.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// These are done with; the rest is to be given again together with more.
    pub(crate) used: usize,
    pub(crate) ended: bool,
}

impl Dots {
    pub(crate) fn new() -> Self {
        // DATA's own CRLF counts: `.` CRLF right after it is an empty message.
        Self { at_line_start: true }
    }

    /// Puts what `input` holds of the message into `body`.
    pub(crate) fn decode(&mut self, input: &[u8], body: &mut Body) -> Decoded {
        let mut used = 0;
        loop {
            let rest = &input[used..];
            if self.at_line_start {
                match rest {
                    [b'.', b'\r', b'\n', ..] => return Decoded { used: used + 3, ended: true },
                    // It takes more to tell whether this is the end.
                    [] | [b'.'] | [b'.', b'\r'] => return Decoded { used, ended: false },
                    [b'.', ..] => used += 1,
                    _ => {}
                }
                self.at_line_start = false;
                continue;
            }
            match LINE_WITH_DOT.find(rest) {
                Some(at) => {
                    body.push(&rest[..at + 2]);
                    used += at + 2;
                    self.at_line_start = true;
                }
                None => {
                    // A CR at the end may be half of a CRLF.
                    let keep = rest.len() - usize::from(rest.ends_with(b"\r"));
                    body.push(&rest[..keep]);
                    self.at_line_start = rest.ends_with(b"\r\n");
                    return Decoded { used: used + keep, ended: false };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
