//! The tokens of an answer.

use crate::command::ParseOptions;
use crate::cursor::Cursor;
use bytes::Bytes;

/// An answer that breaks the grammar where it matters; says what should have stood there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server's answer is malformed: {0} should have stood there")]
pub struct Malformed(pub &'static str);

pub(super) enum Value<'a> {
    Atom(&'a [u8]),
    Quoted(Vec<u8>),
    /// Its number among the literals of the answer.
    Literal(usize),
    /// The atoms of the list; what is nested in it is left out.
    List(Vec<&'a [u8]>),
}

pub(super) struct Reader<'a> {
    rest: &'a [u8],
    literals: usize,
}

/// No server nests deeper than BODYSTRUCTURE of a message that nobody reads.
const DEEPEST: usize = 100;

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { rest: text, literals: 0 }
    }

    /// The rest without blanks in front.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest.trim_ascii()
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        taken
    }

    /// Up to the next blank.
    pub(super) fn word(&mut self) -> &'a [u8] {
        self.blanks();
        self.take(memchr::memchr(b' ', self.rest).unwrap_or(self.rest.len()))
    }

    pub(super) fn open(&mut self) -> Result<(), Malformed> {
        self.blanks();
        self.rest = self.rest.strip_prefix(b"(").ok_or(Malformed("("))?;
        Ok(())
    }

    /// Whether the list ends here.
    pub(super) fn close(&mut self) -> bool {
        self.blanks();
        match self.rest.strip_prefix(b")") {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// The name of a FETCH item: an atom that may hold a bracketed section with blanks in it.
    pub(super) fn item_name(&mut self) -> Result<&'a [u8], Malformed> {
        self.blanks();
        let mut bracketed = false;
        let ends = |byte: &u8| {
            match byte {
                b'[' => bracketed = true,
                b']' => bracketed = false,
                b' ' | b'(' | b')' if !bracketed => return true,
                _ => {}
            }
            false
        };
        let end = self.rest.iter().position(ends).unwrap_or(self.rest.len());
        if end == 0 { Err(Malformed("the name of an item")) } else { Ok(self.take(end)) }
    }

    pub(super) fn value(&mut self) -> Result<Value<'a>, Malformed> {
        self.blanks();
        match self.rest.first() {
            Some(b'"') => self.quoted().map(Value::Quoted),
            Some(b'(') => self.list(0),
            Some(b'{') => self.literal(),
            Some(b'~') if self.rest.get(1) == Some(&b'{') => {
                self.take(1);
                self.literal()
            }
            Some(b')') | None => Err(Malformed("a value")),
            Some(_) => {
                let ends = |byte: &u8| matches!(byte, b' ' | b'(' | b')' | b'"');
                let end = self.rest.iter().position(ends).unwrap_or(self.rest.len());
                Ok(Value::Atom(self.take(end)))
            }
        }
    }

    fn literal(&mut self) -> Result<Value<'a>, Malformed> {
        let end = memchr::memchr(b'}', self.rest).ok_or(Malformed("the size of a literal"))?;
        self.take(end + 1);
        self.literals += 1;
        Ok(Value::Literal(self.literals - 1))
    }

    fn quoted(&mut self) -> Result<Vec<u8>, Malformed> {
        self.take(1);
        let mut text = Vec::new();
        loop {
            match self.rest.first() {
                Some(b'"') => {
                    self.take(1);
                    return Ok(text);
                }
                Some(b'\\') if self.rest.len() > 1 => {
                    text.push(self.rest[1]);
                    self.take(2);
                }
                Some(byte) => {
                    text.push(*byte);
                    self.take(1);
                }
                None => return Err(Malformed("a closing quotation mark")),
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value<'a>, Malformed> {
        if depth > DEEPEST {
            return Err(Malformed("a list of less depth"));
        }
        self.open()?;
        let mut atoms = Vec::new();
        while !self.close() {
            self.blanks();
            if self.rest.first() == Some(&b'(') {
                self.list(depth + 1)?;
            } else if let Value::Atom(atom) = self.value()? {
                atoms.push(atom);
            }
        }
        Ok(Value::List(atoms))
    }
}

/// Seconds since 1970 of a date-time without its quotation marks.
pub(super) fn date_time(text: &[u8]) -> Option<i64> {
    let quoted = Bytes::from([&b"\""[..], text, b"\""].concat());
    Cursor::new(&quoted, &ParseOptions::default()).date_time().ok()
}
