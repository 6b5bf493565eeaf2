//! The base subject (RFC 5256 2.1), by which SORT orders and threads join.

/// Longer subjects are compared by this many bytes.
const MAX_SUBJECT: usize = 1000;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BaseSubject {
    pub text: String,
    /// Something said "reply" or "forward" and was removed.
    pub is_reply: bool,
}

/// The base of a decoded subject (step 1 of the section, decoding, is done by [`crate::decode_header`]).
pub fn base_subject(decoded: &str) -> BaseSubject {
    let mut collapsed = String::with_capacity(decoded.len().min(MAX_SUBJECT));
    for word in decoded.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()) {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
        if collapsed.len() > MAX_SUBJECT {
            break;
        }
    }
    collapsed.truncate(collapsed.floor_char_boundary(MAX_SUBJECT));
    let (text, is_reply) = strip(&collapsed);
    BaseSubject { text: text.to_owned(), is_reply }
}

fn strip(subject: &str) -> (&str, bool) {
    let mut text = subject;
    let mut is_reply = false;
    loop {
        (text, is_reply) = without_trailers(text, is_reply);
        (text, is_reply) = without_prefixes(text, is_reply);
        // Step 6: `[fwd: ... ]`.
        match strip_word(text, "[fwd:").and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) => (text, is_reply) = (inner, true),
            None => return (text, is_reply),
        }
    }
}

/// Step 2: `subj-trailer = "(fwd)" / WSP`.
fn without_trailers(mut text: &str, mut is_reply: bool) -> (&str, bool) {
    loop {
        text = text.trim_end_matches(' ');
        let stem = text.len().checked_sub("(fwd)".len()).and_then(|at| text.split_at_checked(at));
        match stem {
            Some((stem, end)) if end.eq_ignore_ascii_case("(fwd)") => (text, is_reply) = (stem, true),
            _ => return (text, is_reply),
        }
    }
}

/// Steps 3 to 5: leaders, and blobs while something is left behind them.
fn without_prefixes(mut text: &str, mut is_reply: bool) -> (&str, bool) {
    loop {
        text = text.trim_start_matches(' ');
        if let Some(rest) = without_leader(text) {
            (text, is_reply) = (rest, true);
        } else if let Some(rest) = without_blob(text).filter(|rest| !rest.is_empty()) {
            text = rest;
        } else {
            return (text, is_reply);
        }
    }
}

/// `subj-leader = *subj-blob subj-refwd`, `subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"`
fn without_leader(mut text: &str) -> Option<&str> {
    while let Some(rest) = without_blob(text) {
        text = rest;
    }
    let rest = ["re", "fwd", "fw"].into_iter().find_map(|word| strip_word(text, word))?;
    let rest = rest.trim_start_matches(' ');
    without_blob(rest).unwrap_or(rest).strip_prefix(':')
}

/// `subj-blob = "[" *BLOBCHAR "]" *WSP`
fn without_blob(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?;
    let end = inner.find(['[', ']'])?;
    inner.get(end..)?.strip_prefix(']').map(|rest| rest.trim_start_matches(' '))
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}

#[cfg(test)]
mod tests;
