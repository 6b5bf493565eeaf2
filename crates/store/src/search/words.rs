//! Cuts normalised text into words. Texts and needles are cut alike, by looking at no more than one character to
//! either side: that is what makes the index exact.
//!
//! A word is a run of letters and digits (every character outside ASCII that is neither blank nor punctuation
//! counts), or several joined by single connectors: `example.org`, `ann@example.org`, `self-hosted` are one word.
//! Start reading at [`Words`].

use std::ops::Range;

/// A word longer than twice this is cut into pieces that overlap by more than [`LONGEST_PART`].
const PIECE: usize = 512;
const STEP: usize = 384;
/// Any part of a word up to this length stands whole in one of its pieces.
pub(crate) const LONGEST_PART: usize = 120;

/// Whether a character is part of words.
fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    let punctuation = matches!(c,
        '\u{80}'..='\u{a9}' | '\u{ab}'..='\u{b4}' | '\u{b6}'..='\u{b9}' | '\u{bb}'..='\u{bf}' | '\u{d7}' | '\u{f7}'
        | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{fe10}'..='\u{fe1f}'
        | '\u{fe30}'..='\u{fe6f}' | '\u{feff}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}');
    !punctuation && !c.is_whitespace()
}

/// Whether a character joins two words when one stands on each side of it.
pub(crate) fn is_connector(byte: u8) -> bool {
    matches!(byte, b'.' | b'@' | b'-' | b'_' | b'+' | b'\'')
}

/// The words of a text, as ranges.
pub(crate) struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Words<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Where the run of word characters that begins at `from` ends.
    fn run(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(byte) = bytes.get(at) {
            if byte.is_ascii_alphanumeric() {
                at += 1;
            } else if byte.is_ascii() {
                break;
            } else {
                match self.text[at..].chars().next().filter(|c| is_word(*c)) {
                    Some(c) => at += c.len_utf8(),
                    None => break,
                }
            }
        }
        at
    }

    /// Steps over what is in no word.
    fn skip(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if byte.is_ascii_alphanumeric() {
                return;
            }
            if byte.is_ascii() {
                self.at += 1;
                continue;
            }
            match self.text[self.at..].chars().next() {
                Some(c) if !is_word(c) => self.at += c.len_utf8(),
                _ => return,
            }
        }
    }
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        self.skip();
        let start = self.at;
        let mut end = self.run(start);
        if end == start {
            return None;
        }
        while self.text.as_bytes().get(end).is_some_and(|byte| is_connector(*byte)) {
            let next = self.run(end + 1);
            if next == end + 1 {
                break;
            }
            end = next;
        }
        self.at = end;
        Some(start..end)
    }
}

/// Hands each word of a text to `each`, long ones in overlapping pieces.
pub(crate) fn each_term<'t>(text: &'t str, mut each: impl FnMut(&'t str)) {
    for range in Words::of(text) {
        let word = &text[range];
        let mut start = 0;
        loop {
            let end = word.floor_char_boundary(start + PIECE);
            each(&word[start..end]);
            if end == word.len() {
                break;
            }
            start = word.floor_char_boundary(start + STEP);
        }
    }
}
