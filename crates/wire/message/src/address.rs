//! Address lists (RFC 5322 3.4) in the shape that ENVELOPE gives them (RFC 9051 7.5.2). Start reading at
//! [`addresses`]. The reader takes whatever mail programs write; what it had to guess makes the list malformed, which
//! only [`addresses_checked`] minds.

use crate::fields::MAX_VALUE;

mod scan;

use scan::Scan;

/// One list is kept up to this many entries.
pub const MAX_ADDRESSES: usize = 10_000;
/// Longest header value whose addresses are read: enough for [`MAX_ADDRESSES`] of usual length.
const MAX_LIST: usize = MAX_VALUE * 16;

/// One entry of an address list. Quoting is removed; encoded words in the name are untouched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Address {
    pub name: Option<Vec<u8>>,
    /// The part before the `@`. For the start of a group: its name.
    pub local: Option<Vec<u8>>,
    /// The part after the `@`; empty where the mail has none. `None` marks the start or end of a group.
    pub domain: Option<Vec<u8>>,
}

/// What an entry is: IMAP marks groups by entries of their own in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    Mailbox,
    GroupStart,
    GroupEnd,
}

impl Address {
    pub fn kind(&self) -> AddressKind {
        AddressKind::of(self.local.is_some(), self.domain.is_some())
    }

    fn group_start(name: Vec<u8>) -> Self {
        Self { name: None, local: Some(name), domain: None }
    }
}

impl AddressKind {
    pub(crate) fn of(has_local: bool, has_domain: bool) -> Self {
        match (has_local, has_domain) {
            (_, true) => Self::Mailbox,
            (true, false) => Self::GroupStart,
            (false, false) => Self::GroupEnd,
        }
    }
}

/// Two readers may see different addresses in this value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the address list is not well-formed")]
pub struct MalformedAddresses;

/// The entries of an address header value (what stands after the colon, folded or not).
pub fn addresses(value: &[u8]) -> Vec<Address> {
    read(value).0
}

/// As [`addresses`], but refuses a value that has more than one reading: for deciding who a message is from.
pub fn addresses_checked(value: &[u8]) -> Result<Vec<Address>, MalformedAddresses> {
    match read(value) {
        (list, false) => Ok(list),
        (_, true) => Err(MalformedAddresses),
    }
}

fn read(value: &[u8]) -> (Vec<Address>, bool) {
    let mut list = Reader::default();
    let mut scan = Scan::of(value.get(..MAX_LIST).unwrap_or(value));
    while list.found.len() < MAX_ADDRESSES && list.item(&mut scan) {}
    list.close_group(false);
    let malformed = list.malformed || scan.malformed || value.len() > MAX_LIST || !scan.at_end();
    (list.found, malformed)
}

/// Ends a list that was cut short so that a group in it is closed.
pub(crate) fn cut(list: &mut Vec<Address>) {
    list.truncate(MAX_ADDRESSES - 1);
    let open = list.iter().rev().find(|entry| entry.kind() != AddressKind::Mailbox);
    if open.is_some_and(|entry| entry.kind() == AddressKind::GroupStart) {
        list.push(Address::default());
    }
}

#[derive(Default)]
struct Reader {
    found: Vec<Address>,
    in_group: bool,
    malformed: bool,
}

/// What was read of one entry so far. `shown` is all of it as a display name would show it; `local` the last word of
/// it without inner white space, which is the local part if an `@` follows.
#[derive(Default)]
struct Words {
    shown: Vec<u8>,
    before_local: usize,
    local: Vec<u8>,
    count: usize,
}

impl Words {
    fn push(&mut self, word: &[u8], spaced: bool) {
        // `john . doe @ example.org` is one local part (RFC 5322 4.4).
        let joins = !spaced || word.starts_with(b".") || self.local.ends_with(b".");
        if self.count > 0 && !joins {
            self.before_local = self.shown.len();
            self.local.clear();
        }
        if self.count > 0 && spaced {
            self.shown.push(b' ');
        }
        self.shown.extend_from_slice(word);
        self.local.extend_from_slice(word);
        self.count += 1;
    }

    fn has_several(&self) -> bool {
        self.before_local > 0
    }
}

impl Reader {
    /// Reads one entry; `false` at the end of the value.
    fn item(&mut self, scan: &mut Scan<'_>) -> bool {
        let mut words = Words::default();
        loop {
            let spaced = scan.skip_space();
            match scan.peek() {
                None => {
                    self.bare_word(words, scan);
                    return false;
                }
                Some(b',') => {
                    scan.bump();
                    self.bare_word(words, scan);
                    return true;
                }
                Some(b';') => {
                    scan.bump();
                    self.bare_word(words, scan);
                    self.close_group(true);
                    return true;
                }
                Some(b':') => {
                    scan.bump();
                    self.open_group(words);
                    return true;
                }
                Some(b'<') => {
                    scan.bump();
                    self.angle(words, scan);
                    return true;
                }
                Some(b'@') => {
                    scan.bump();
                    if !self.spec(&mut words, scan) {
                        return true;
                    }
                }
                Some(b'"') => words.push(&scan.quoted(), spaced),
                Some(_) => words.push(scan.atom(), spaced),
            }
        }
    }

    /// `local@domain` without angle brackets. `true` when brackets follow after all: then all this was a display name.
    fn spec(&mut self, words: &mut Words, scan: &mut Scan<'_>) -> bool {
        let domain = scan.domain();
        scan.skip_space();
        if scan.peek() == Some(b'<') {
            let local_start = words.shown.len();
            words.shown.push(b'@');
            words.shown.extend_from_slice(&domain);
            words.before_local = local_start;
            return true;
        }
        self.malformed |= words.has_several() || words.local.is_empty() || domain.is_empty();
        words.shown.truncate(words.before_local);
        let comment = scan.take_comment();
        let name = named(std::mem::take(&mut words.shown)).or(comment);
        let local = std::mem::take(&mut words.local);
        self.found.push(Address { name, local: Some(local), domain: Some(domain) });
        match scan.peek() {
            Some(b',') => scan.bump(),
            None | Some(b';') => {}
            Some(_) => self.malformed = true,
        }
        false
    }

    fn angle(&mut self, words: Words, scan: &mut Scan<'_>) {
        let (local, domain) = scan.angle();
        self.malformed |= local.is_empty() != domain.is_empty();
        let name = named(words.shown).or_else(|| scan.take_comment());
        self.found.push(Address { name, local: Some(local), domain: Some(domain) });
        scan.skip_space();
        scan.take_comment();
        match scan.peek() {
            Some(b',') => scan.bump(),
            None | Some(b';') => {}
            Some(_) => self.malformed = true,
        }
    }

    /// A word without any `@`: `From: root`. Nothing at all (`a@b,,c@d`) is allowed by the obsolete grammar.
    fn bare_word(&mut self, words: Words, scan: &mut Scan<'_>) {
        let comment = scan.take_comment();
        if words.count == 0 {
            return;
        }
        self.malformed = true;
        self.found.push(Address { name: comment, local: Some(words.shown), domain: Some(Vec::new()) });
    }

    fn open_group(&mut self, words: Words) {
        self.malformed |= self.in_group || words.count == 0;
        if self.in_group {
            self.found.push(Address::default());
        }
        self.found.push(Address::group_start(words.shown));
        self.in_group = true;
    }

    fn close_group(&mut self, written: bool) {
        self.malformed |= self.in_group != written;
        if self.in_group {
            self.found.push(Address::default());
        }
        self.in_group = false;
    }
}

fn named(name: Vec<u8>) -> Option<Vec<u8>> {
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests;
