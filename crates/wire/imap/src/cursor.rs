//! A position in one command's bytes and the tokens of the grammar; the parsers of [`crate::command`] are built on it.

mod numbers;
mod strings;

use bytes::Bytes;

use crate::characters::{self, ATOM, WORD};
use crate::command::ParseOptions;
use crate::flag::Flag;
use crate::folder_name::FolderName;

/// What should have stood at a position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    pub(crate) what: &'static str,
    pub(crate) at: usize,
}

pub(crate) type Parsed<T> = Result<T, Expected>;

pub(crate) struct Cursor<'a> {
    source: &'a Bytes,
    at: usize,
    end: usize,
    pub(crate) options: &'a ParseOptions,
    nesting: usize,
    keys: usize,
}

impl<'a> Cursor<'a> {
    /// Starts at the front; the final line ending is not part of what is read.
    pub(crate) fn new(source: &'a Bytes, options: &'a ParseOptions) -> Self {
        let end = match source.as_ref() {
            [line @ .., b'\r', b'\n'] | [line @ .., b'\n'] => line.len(),
            line => line.len(),
        };
        Self { source, at: 0, end, options, nesting: 0, keys: 0 }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        &self.source[self.at..self.end]
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    /// The parser's answer where something else stands here.
    pub(crate) fn expected<T>(&self, what: &'static str) -> Parsed<T> {
        Err(Expected { what, at: self.at })
    }

    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Eats the text if it is next, whatever its case.
    pub(crate) fn eat_text(&mut self, text: &[u8]) -> bool {
        let there = self.rest().get(..text.len()).is_some_and(|next| next.eq_ignore_ascii_case(text));
        if there {
            self.at += text.len();
        }
        there
    }

    pub(crate) fn expect(&mut self, byte: u8, what: &'static str) -> Parsed<()> {
        if self.eat(byte) { Ok(()) } else { self.expected(what) }
    }

    pub(crate) fn space(&mut self) -> Parsed<()> {
        self.expect(b' ', "a space")
    }

    /// `SP` and then what the parser reads.
    pub(crate) fn after_space<T>(&mut self, parser: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.space()?;
        parser(self)
    }

    /// Nothing but blanks may be left; some clients leave one at the end of a line.
    pub(crate) fn finish(&mut self) -> Parsed<()> {
        self.take_while(|byte| byte == b' ');
        if self.at == self.end { Ok(()) } else { self.expected("the end of the line") }
    }

    pub(crate) fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().position(|&byte| !belongs(byte)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    pub(crate) fn take_class(&mut self, class: u8) -> &'a [u8] {
        self.take_while(|byte| characters::is(byte, class))
    }

    /// The next name in capitals; empty if there is none or it is longer than any name of the grammar.
    pub(crate) fn word(&mut self) -> Word {
        Word::new(self.take_class(WORD))
    }

    /// RFC 9051 §9: `atom = 1*ATOM-CHAR`
    pub(crate) fn atom(&mut self, what: &'static str) -> Parsed<&'a str> {
        let at = self.at;
        match std::str::from_utf8(self.take_class(ATOM)) {
            Ok(atom) if !atom.is_empty() => Ok(atom),
            _ => Err(Expected { what, at }),
        }
    }

    /// `"(" item *(SP item) ")"`
    pub(crate) fn list<T>(
        &mut self,
        what: &'static str,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        self.expect(b'(', what)?;
        let mut items = vec![item(self)?];
        while !self.eat(b')') {
            self.expect(b' ', "a space or a closing parenthesis")?;
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// `"(" [item *(SP item)] ")"`
    pub(crate) fn list_or_empty<T>(
        &mut self,
        what: &'static str,
        item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        if self.eat_text(b"()") { Ok(Vec::new()) } else { self.list(what, item) }
    }

    /// Steps over the space before an optional list; a blank at the end of the line is none.
    pub(crate) fn optional_list(&mut self) -> bool {
        let there = self.rest().starts_with(b" (");
        self.at += usize::from(there);
        there
    }

    /// RFC 9051 §9: `mailbox = "INBOX" / astring`
    pub(crate) fn folder(&mut self) -> Parsed<FolderName> {
        let name = self.astring("a folder name")?;
        Ok(FolderName::decode(&name, self.options.utf8))
    }

    /// RFC 9051 §9: `flag = "\Answered" / "\Flagged" / … / flag-keyword / flag-extension`
    pub(crate) fn flag(&mut self) -> Parsed<Flag> {
        let start = self.at;
        self.eat(b'\\');
        self.atom("a flag")?;
        match std::str::from_utf8(&self.source[start..self.at]) {
            Ok(name) => Ok(Flag::from_name(name)),
            Err(_) => Err(Expected { what: "a flag", at: start }),
        }
    }

    /// Runs a parser one level deeper, unless that is too deep.
    pub(crate) fn nested<T>(&mut self, parser: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.nesting >= self.options.nesting {
            return self.expected("less deep nesting");
        }
        self.nesting += 1;
        let parsed = parser(self);
        self.nesting -= 1;
        parsed
    }

    /// Counts one search key, unless there are too many.
    pub(crate) fn count_key(&mut self) -> Parsed<()> {
        self.keys += 1;
        if self.keys > self.options.search_keys { self.expected("fewer search keys") } else { Ok(()) }
    }
}

/// A name in capitals without an allocation.
pub(crate) struct Word {
    letters: [u8; Word::LONGEST],
    length: usize,
}

impl Word {
    const LONGEST: usize = 24;

    fn new(text: &[u8]) -> Self {
        let mut letters = [0; Self::LONGEST];
        let Some(place) = letters.get_mut(..text.len()) else {
            return Self { letters, length: 0 };
        };
        place.copy_from_slice(text);
        place.make_ascii_uppercase();
        Self { letters, length: text.len() }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.letters[..self.length]
    }
}
