//! Sections of a message: what stands in the brackets of BODY[…] and BINARY[…].

use std::num::NonZeroU32;

use crate::cursor::{Cursor, Expected, Parsed};

/// A part of a message (RFC 9051 §6.4.5.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Section {
    /// Part numbers from the outside in; empty is the message itself.
    pub part: Vec<NonZeroU32>,
    /// What of that part.
    pub text: SectionText,
}

/// What of a part is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum SectionText {
    /// Nothing is named: the whole message, or the part's content.
    #[default]
    All,
    /// `HEADER`
    Header,
    /// `HEADER.FIELDS (…)`, names as the client spelt them; the answer repeats them.
    HeaderFields(Vec<String>),
    /// `HEADER.FIELDS.NOT (…)`
    HeaderFieldsNot(Vec<String>),
    /// `TEXT`
    Text,
    /// `MIME`, only of a numbered part.
    Mime,
}

/// `<offset.count>` behind a section: so many octets from there on; answered as `<offset>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Partial {
    /// Octets to leave out.
    pub offset: u64,
    /// Octets to give at most; not zero.
    pub count: u64,
}

/// RFC 9051 §9: `section = "[" [section-spec] "]"`, `section-spec = section-msgtext / (section-part ["." section-text])`
pub(crate) fn section(cursor: &mut Cursor<'_>) -> Parsed<Section> {
    cursor.expect(b'[', "a section in brackets")?;
    let mut section = Section::default();
    while cursor.peek().is_some_and(|byte| byte.is_ascii_digit()) {
        section.part.push(cursor.nz_number("a part number")?);
        if !cursor.eat(b'.') {
            cursor.expect(b']', "a period or a closing bracket")?;
            return Ok(section);
        }
    }
    if section.part.is_empty() && cursor.eat(b']') {
        return Ok(section);
    }
    section.text = text(cursor, !section.part.is_empty())?;
    cursor.expect(b']', "a closing bracket")?;
    Ok(section)
}

/// RFC 9051 §9: `section-binary = "[" [section-part] "]"`
pub(super) fn part(cursor: &mut Cursor<'_>) -> Parsed<Vec<NonZeroU32>> {
    let at = cursor.at();
    let section = section(cursor)?;
    if section.text != SectionText::All {
        return Err(Expected { what: "a section of part numbers only", at });
    }
    Ok(section.part)
}

/// RFC 9051 §9: `partial = "<" number64 "." nz-number64 ">"`
pub(super) fn partial(cursor: &mut Cursor<'_>) -> Parsed<Option<Partial>> {
    const PARTIAL: &str = "a range such as <0.1024>";
    let at = cursor.at();
    if !cursor.eat(b'<') {
        return Ok(None);
    }
    let offset = cursor.number64(PARTIAL)?;
    cursor.expect(b'.', PARTIAL)?;
    let count = cursor.number64(PARTIAL)?;
    cursor.expect(b'>', PARTIAL)?;
    if count == 0 {
        return Err(Expected { what: PARTIAL, at });
    }
    Ok(Some(Partial { offset, count }))
}

/// RFC 9051 §9: `section-msgtext = "HEADER" / "HEADER.FIELDS" [".NOT"] SP header-list / "TEXT"`,
/// `section-text = section-msgtext / "MIME"`
fn text(cursor: &mut Cursor<'_>, numbered: bool) -> Parsed<SectionText> {
    let at = cursor.at();
    Ok(match cursor.word().as_bytes() {
        b"HEADER" => SectionText::Header,
        b"HEADER.FIELDS" => SectionText::HeaderFields(cursor.after_space(field_names)?),
        b"HEADER.FIELDS.NOT" => SectionText::HeaderFieldsNot(cursor.after_space(field_names)?),
        b"TEXT" => SectionText::Text,
        b"MIME" if numbered => SectionText::Mime,
        _ => return Err(Expected { what: "a section such as HEADER, TEXT or 1.MIME", at }),
    })
}

/// RFC 9051 §9: `header-list = "(" header-fld-name *(SP header-fld-name) ")"`, `header-fld-name = astring`
fn field_names(cursor: &mut Cursor<'_>) -> Parsed<Vec<String>> {
    cursor.list("a list of header field names", |cursor| cursor.text("the name of a header field"))
}
