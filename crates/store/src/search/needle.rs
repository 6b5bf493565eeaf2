//! A text that is looked for, as patterns over the dictionary. Start reading at [`Needle::of`].

use super::words::{LONGEST_PART, Words, is_connector};
use memchr::memmem::Finder;

/// What a word must be like: bytes to find in a dictionary, where a line break stands on both sides of each word.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    finder: Finder<'static>,
    /// Whether the bytes begin with the line break before the word.
    pub(crate) from_start: bool,
}

impl Pattern {
    fn of(part: &str, from_start: bool, to_end: bool) -> Self {
        let (before, after) = (if from_start { "\n" } else { "" }, if to_end { "\n" } else { "" });
        let finder = Finder::new(&format!("{before}{part}{after}")).into_owned();
        Self { finder, from_start }
    }

    pub(crate) fn find(&self, text: &[u8]) -> Option<usize> {
        self.finder.find(text)
    }
}

/// An email can contain the text only if it has a word for each of the patterns.
#[derive(Clone, Debug)]
pub(crate) struct Needle {
    patterns: Vec<Pattern>,
    exact: bool,
}

impl Needle {
    /// None: the text holds no word.
    ///
    /// A word inside the text is a whole word of the email. The first and the last may be the end and the start
    /// of longer ones; a text that is one word may stand anywhere in a word, and stands nowhere else.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let words: Vec<_> = Words::of(text).collect();
        let (first, last) = (words.first()?, words.last()?);
        let exact = words.len() == 1 && *first == (0..text.len()) && text.len() <= LONGEST_PART;
        let open_start = is_open(&text[..first.start]);
        let open_end = is_open(&text[last.end..]);
        let patterns = words.iter().map(|word| {
            let (open_start, open_end) = (word == first && open_start, word == last && open_end);
            shortened(&text[word.clone()], open_start, open_end)
        });
        Some(Self { patterns: patterns.collect(), exact })
    }

    pub(crate) fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Whether having such words is the same as containing the text.
    pub(crate) fn is_exact(&self) -> bool {
        self.exact
    }
}

/// Whether a word of the email may go on over this edge of the text: nothing follows, or a single connector, which
/// may join the word to one that the text does not show.
fn is_open(edge: &str) -> bool {
    match edge.as_bytes() {
        [] => true,
        [byte] => is_connector(*byte),
        _ => false,
    }
}

/// Long words stand in the dictionary in pieces: a part is looked for that is in one of them.
fn shortened(word: &str, open_start: bool, open_end: bool) -> Pattern {
    if word.len() <= LONGEST_PART {
        return Pattern::of(word, !open_start, !open_end);
    }
    let head = &word[..word.floor_char_boundary(LONGEST_PART)];
    let tail = &word[word.ceil_char_boundary(word.len() - LONGEST_PART)..];
    match (open_start, open_end) {
        (true, false) => Pattern::of(tail, false, true),
        (from_start, _) => Pattern::of(head, !from_start, false),
    }
}
