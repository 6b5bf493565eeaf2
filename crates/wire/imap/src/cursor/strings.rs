//! Strings: quoted, literal, atom-like.

use std::borrow::Cow;

use bytes::Bytes;

use super::{Cursor, Expected, Parsed};
use crate::characters::{ASTRING, LIST};
use crate::folder_name;

impl<'a> Cursor<'a> {
    /// RFC 9051 §9: `astring = 1*ASTRING-CHAR / string`
    pub(crate) fn astring(&mut self, what: &'static str) -> Parsed<Cow<'a, [u8]>> {
        self.characters_or_string(ASTRING, what)
    }

    /// RFC 9051 §9: `list-mailbox = 1*list-char / string`
    pub(crate) fn list_pattern(&mut self) -> Parsed<String> {
        let pattern = self.characters_or_string(LIST, "a folder pattern")?;
        Ok(folder_name::decode_text(&pattern, self.options.utf8).0)
    }

    /// An astring that is text: UTF-8, which ASCII is part of.
    pub(crate) fn text(&mut self, what: &'static str) -> Parsed<String> {
        let at = self.at;
        String::from_utf8(self.astring(what)?.into_owned()).map_err(|_| Expected { what: "text in UTF-8", at })
    }

    /// A user name: an astring, in which `*` and `%` may stand without quotes. `login*mailbox` holds one, and some
    /// programs quote nothing but passwords.
    pub(crate) fn user_name(&mut self) -> Parsed<String> {
        let at = self.at;
        let name = self.characters_or_string(LIST, "a user name")?;
        String::from_utf8(name.into_owned()).map_err(|_| Expected { what: "text in UTF-8", at })
    }

    /// RFC 9051 §9: `string = quoted / literal`
    pub(crate) fn string(&mut self, what: &'static str) -> Parsed<Cow<'a, [u8]>> {
        match self.peek() {
            Some(b'"') => self.quoted(),
            Some(b'{') => self.string_literal(),
            _ => self.expected(what),
        }
    }

    /// RFC 9051 §9: `nstring = string / nil`
    pub(crate) fn nstring(&mut self, what: &'static str) -> Parsed<Option<Cow<'a, [u8]>>> {
        if self.eat_text(b"NIL") { Ok(None) } else { self.string(what).map(Some) }
    }

    fn characters_or_string(&mut self, class: u8, what: &'static str) -> Parsed<Cow<'a, [u8]>> {
        if matches!(self.peek(), Some(b'"' | b'{')) {
            return self.string(what);
        }
        match self.take_class(class) {
            [] => self.expected(what),
            characters => Ok(Cow::Borrowed(characters)),
        }
    }

    /// RFC 9051 §9: `quoted = DQUOTE *QUOTED-CHAR DQUOTE`,
    /// `QUOTED-CHAR = <any TEXT-CHAR except quoted-specials> / "\" quoted-specials / UTF8-2 / UTF8-3 / UTF8-4`
    fn quoted(&mut self) -> Parsed<Cow<'a, [u8]>> {
        const UNFINISHED: &str = "a closing quotation mark";
        self.expect(b'"', "a quoted string")?;
        let mut unescaped: Option<Vec<u8>> = None;
        loop {
            let rest = self.rest();
            let stop = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
            let chunk = &rest[..stop];
            if let Some(bad) = memchr::memchr3(b'\r', b'\n', 0, chunk) {
                return Err(Expected { what: UNFINISHED, at: self.at + bad });
            }
            self.at += stop;
            match (rest.get(stop), rest.get(stop + 1)) {
                (Some(b'"'), _) => {
                    self.at += 1;
                    return Ok(match unescaped {
                        None => Cow::Borrowed(chunk),
                        Some(mut bytes) => {
                            bytes.extend_from_slice(chunk);
                            Cow::Owned(bytes)
                        }
                    });
                }
                (Some(_), Some(&escaped @ (b'"' | b'\\'))) => {
                    let bytes = unescaped.get_or_insert_default();
                    bytes.extend_from_slice(chunk);
                    bytes.push(escaped);
                    self.at += 2;
                }
                (Some(_), _) => return self.expected("\\\" or \\\\ where a backslash stands"),
                (None, _) => return self.expected(UNFINISHED),
            }
        }
    }

    /// RFC 9051 §9: `literal = "{" number64 ["+"] "}" CRLF *CHAR8`, `CHAR8 = %x01-ff`
    fn string_literal(&mut self) -> Parsed<Cow<'a, [u8]>> {
        let start = self.at;
        let (from, to) = self.literal_bounds()?;
        let bytes = &self.source[from..to];
        if memchr::memchr(0, bytes).is_some() {
            return Err(Expected { what: "a literal without NUL", at: start });
        }
        Ok(Cow::Borrowed(bytes))
    }

    /// RFC 9051 §9: `literal / literal8`: a message, whatever its bytes, and whether it came as literal8.
    pub(crate) fn message_literal(&mut self) -> Parsed<(Bytes, bool)> {
        let binary = self.eat(b'~');
        let (from, to) = self.literal_bounds()?;
        Ok((self.source.slice(from..to), binary))
    }

    /// Reads the announcement and steps over the bytes; they are all there, because the framer waited for them.
    fn literal_bounds(&mut self) -> Parsed<(usize, usize)> {
        const LITERAL: &str = "a literal";
        let start = self.at;
        self.expect(b'{', LITERAL)?;
        let size = self.number64(LITERAL)?;
        self.eat(b'+');
        self.expect(b'}', LITERAL)?;
        self.eat(b'\r');
        self.expect(b'\n', LITERAL)?;
        let from = self.at;
        let to = usize::try_from(size).ok().and_then(|size| from.checked_add(size)).filter(|&to| to <= self.end);
        let to = to.ok_or(Expected { what: LITERAL, at: start })?;
        self.at = to;
        Ok((from, to))
    }
}
