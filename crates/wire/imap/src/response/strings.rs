//! Numbers, strings, flags, dates: what lines are made of.

use bytes::BufMut;

use crate::characters::{self, ASTRING};
use crate::date::{Date, MONTHS};
use crate::folder_name::mutf7;

/// Longer strings are sent as literals: some clients read quoted strings into a fixed buffer.
const LONGEST_QUOTED: usize = 4_000;

/// A number in decimal.
pub fn number<B: BufMut>(out: &mut B, number: u64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = number;
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.put_slice(&digits[start..]);
}

/// RFC 9051 §9: `string = quoted / literal`: quoted if it can be, 8-bit text only in UTF-8 mode.
pub fn string<B: BufMut>(out: &mut B, bytes: &[u8], utf8: bool) {
    if plain(out, bytes, |byte| byte) {
        return;
    }
    if bytes.len() <= LONGEST_QUOTED && fits_quotes(bytes, utf8) {
        quoted_unchecked(out, bytes);
    } else {
        literal(out, bytes);
    }
}

/// The same in capitals, for words whose case means nothing.
pub fn capitals<B: BufMut>(out: &mut B, word: &[u8]) {
    if !plain(out, word, |byte| byte.to_ascii_uppercase()) {
        string(out, &word.to_ascii_uppercase(), false);
    }
}

/// Most strings are short, and so plain that they stand between quotes as they are: those are written in one go.
/// False: this is none, and nothing was written.
#[inline]
fn plain<B: BufMut>(out: &mut B, bytes: &[u8], map: impl Fn(u8) -> u8) -> bool {
    const MOST: usize = 62;
    let mut quoted = [b'"'; MOST + 2];
    let Some(between) = quoted.get_mut(1..=bytes.len()).filter(|_| bytes.len() <= MOST) else { return false };
    let mut odd = false;
    for (to, byte) in between.iter_mut().zip(bytes) {
        odd |= !matches!(byte, b' '..=b'~') | (*byte == b'"') | (*byte == b'\\');
        *to = map(*byte);
    }
    if !odd {
        out.put_slice(quoted.get(..bytes.len() + 2).unwrap_or_default());
    }
    !odd
}

/// RFC 9051 §9: `nstring = string / nil`
pub fn nstring<B: BufMut>(out: &mut B, bytes: Option<&[u8]>, utf8: bool) {
    match bytes {
        Some(bytes) => string(out, bytes, utf8),
        None => out.put_slice(b"NIL"),
    }
}

/// RFC 9051 §9: `astring = 1*ASTRING-CHAR / string`; bare only where it cannot be taken for NIL.
pub fn astring<B: BufMut>(out: &mut B, text: &str, utf8: bool) {
    let bytes = text.as_bytes();
    let bare = bytes.iter().all(|&byte| characters::is(byte, ASTRING));
    if bare && !bytes.is_empty() && !bytes.eq_ignore_ascii_case(b"NIL") {
        out.put_slice(bytes);
    } else {
        string(out, bytes, utf8);
    }
}

/// RFC 9051 §9: `quoted = DQUOTE *QUOTED-CHAR DQUOTE` for text of our own; what quotes cannot hold becomes `?`.
pub fn quoted<B: BufMut>(out: &mut B, text: &str, utf8: bool) {
    if fits_quotes(text.as_bytes(), utf8) {
        return quoted_unchecked(out, text.as_bytes());
    }
    let fitting = |c: char| c != '\r' && c != '\n' && c != '\0' && (utf8 || c.is_ascii());
    let text: String = text.chars().map(|c| if fitting(c) { c } else { '?' }).collect();
    quoted_unchecked(out, text.as_bytes());
}

fn fits_quotes(bytes: &[u8], utf8: bool) -> bool {
    let ascii = bytes.iter().fold((true, true), |(seven_bit, one_line), &byte| {
        (seven_bit & (byte < 0x80), one_line & (byte != b'\r') & (byte != b'\n') & (byte != 0))
    });
    match ascii {
        (true, one_line) => one_line,
        (false, one_line) => one_line && utf8 && std::str::from_utf8(bytes).is_ok(),
    }
}

fn quoted_unchecked<B: BufMut>(out: &mut B, bytes: &[u8]) {
    out.put_u8(b'"');
    let mut rest = bytes;
    while let Some(stop) = memchr::memchr2(b'"', b'\\', rest) {
        out.put_slice(&rest[..stop]);
        out.put_slice(&[b'\\', rest[stop]]);
        rest = &rest[stop + 1..];
    }
    out.put_slice(rest);
    out.put_u8(b'"');
}

/// RFC 9051 §9: `literal = "{" number64 "}" CRLF *CHAR8`
pub fn literal<B: BufMut>(out: &mut B, bytes: &[u8]) {
    literal_header(out, bytes.len() as u64, false);
    out.put_slice(bytes);
}

/// Whether the bytes may stand in a string: all but NUL may.
pub(super) fn fits_literal(bytes: &[u8]) -> bool {
    memchr::memchr(0, bytes).is_none()
}

/// What stands before the bytes of a literal, for a caller that writes them itself; `binary` for literal8, which only
/// answers to BINARY may use (RFC 3516 §4.2).
pub fn literal_header<B: BufMut>(out: &mut B, length: u64, binary: bool) {
    out.put_slice(if binary { b"~{" } else { b"{" });
    number(out, length);
    out.put_slice(b"}\r\n");
}

/// A folder's name: in UTF-8 mode as it is, otherwise in modified UTF-7.
pub fn folder_name<B: BufMut>(out: &mut B, name: &str, utf8: bool) {
    let direct = utf8 || name.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'&');
    if direct {
        string(out, name.as_bytes(), utf8);
    } else {
        string(out, mutf7::encode(name).as_bytes(), false);
    }
}

/// RFC 9051 §9: `flag-list = "(" [flag *(SP flag)] ")"`
pub fn flag_list<B: BufMut, F: AsRef<str>>(out: &mut B, flags: impl IntoIterator<Item = F>) {
    out.put_u8(b'(');
    for (index, flag) in flags.into_iter().enumerate() {
        if index > 0 {
            out.put_u8(b' ');
        }
        out.put_slice(flag.as_ref().as_bytes());
    }
    out.put_u8(b')');
}

/// RFC 9051 §9: `date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE`, in UTC, from
/// seconds since 1970-01-01.
pub fn internal_date<B: BufMut>(out: &mut B, unix: i64) {
    let date = Date::from_days(unix.div_euclid(86_400));
    let second = unix.rem_euclid(86_400) as u32;
    let day = two_digits(u32::from(date.day));
    let mut text = *b"\" 1-Jan-1970 00:00:00 +0000\"";
    text[1..3].copy_from_slice(&if date.day < 10 { [b' ', day[1]] } else { day });
    text[4..7].copy_from_slice(MONTHS[usize::from(date.month - 1)]);
    text[8..10].copy_from_slice(&two_digits(u32::from(date.year / 100)));
    text[10..12].copy_from_slice(&two_digits(u32::from(date.year % 100)));
    text[13..15].copy_from_slice(&two_digits(second / 3_600));
    text[16..18].copy_from_slice(&two_digits(second / 60 % 60));
    text[19..21].copy_from_slice(&two_digits(second % 60));
    out.put_slice(&text);
}

fn two_digits(number: u32) -> [u8; 2] {
    [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8]
}
