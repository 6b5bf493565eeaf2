//! Recognises the announcement of a literal at the end of a line.

use crate::characters::{self, TAG};

/// `~{18446744073709551615+}` and its line ending, with some leading zeros to spare.
pub(super) const LONGEST_MARKER: usize = 32;

/// An announced literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Literal {
    pub(super) size: u64,
    /// The client sends it only after a continuation.
    pub(super) waits: bool,
}

impl Literal {
    /// RFC 9051 §9: `literal = "{" number64 ["+"] "}" CRLF *CHAR8`, `literal8 = "~{" number64 ["+"] "}" CRLF *OCTET`;
    /// numbers that do not fit are as large as can be.
    pub(super) fn announced(line: &[u8]) -> Option<Self> {
        let tail = &line[line.len().saturating_sub(LONGEST_MARKER)..];
        let inside = tail[..tail.len() - line_ending(tail)].strip_suffix(b"}")?;
        let (inside, waits) = inside.strip_suffix(b"+").map_or((inside, true), |inside| (inside, false));
        let open = inside.iter().rposition(|byte| !byte.is_ascii_digit())?;
        let digits = &inside[open + 1..];
        if inside[open] != b'{' || digits.is_empty() {
            return None;
        }
        let size =
            digits.iter().fold(0_u64, |size, digit| size.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
        Some(Self { size, waits })
    }
}

/// The length of the CRLF, or of the bare LF of a client typed by hand, at the end.
pub(super) fn line_ending(line: &[u8]) -> usize {
    match line {
        [.., b'\r', b'\n'] => 2,
        [.., b'\n'] => 1,
        _ => 0,
    }
}

/// Whether the literal announced at the end is (part of) a message: any literal of APPEND and REPLACE but the folder,
/// which is the first argument of APPEND and follows the message number of REPLACE. `earlier` says how many literals the
/// command has had before this one.
pub(super) fn takes_message(command: &[u8], earlier: usize) -> bool {
    let Some(space) = command.iter().position(|&byte| !characters::is(byte, TAG)) else {
        return false;
    };
    let arguments = after_word(&command[space + 1..], b"APPEND ").or_else(|| {
        let command = &command[space + 1..];
        let replace = after_word(after_word(command, b"UID ").unwrap_or(command), b"REPLACE ")?;
        let number = replace.iter().position(|byte| *byte == b' ')?;
        Some(&replace[number + 1..])
    });
    let is_folder = |arguments: &[u8]| earlier == 0 && arguments.starts_with(b"{");
    arguments.is_some_and(|arguments| !is_folder(arguments))
}

fn after_word<'a>(text: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}
