//! The character classes of the grammar as one table, so that a class test is one load and one mask.

/// RFC 9051 §9: `ATOM-CHAR = <any CHAR except atom-specials>`
pub(crate) const ATOM: u8 = 1;
/// RFC 9051 §9: `ASTRING-CHAR = ATOM-CHAR / resp-specials`
pub(crate) const ASTRING: u8 = 2;
/// RFC 9051 §9: `tag = 1*<any ASTRING-CHAR except "+">`
pub(crate) const TAG: u8 = 4;
/// RFC 9051 §9: `list-char = ATOM-CHAR / list-wildcards / resp-specials`
pub(crate) const LIST: u8 = 8;
/// The letters, digits, `.` and `-` that the names of commands, items and options are made of.
pub(crate) const WORD: u8 = 16;

static CLASSES: [u8; 256] = classes();

pub(crate) fn is(byte: u8, class: u8) -> bool {
    CLASSES[byte as usize] & class != 0
}

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0x21_u8;
    while byte < 0x7f {
        table[byte as usize] = match byte {
            b'(' | b')' | b'{' | b'"' | b'\\' => 0,
            b'%' | b'*' => LIST,
            b']' => ASTRING | TAG | LIST,
            b'+' => ATOM | ASTRING | LIST,
            b'.' | b'-' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => ATOM | ASTRING | TAG | LIST | WORD,
            _ => ATOM | ASTRING | TAG | LIST,
        };
        byte += 1;
    }
    table
}
