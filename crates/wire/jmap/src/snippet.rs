//! Search snippets (RFC 8621 section 5): text with what was found in it marked.

/// Characters of a preview at most.
const LONGEST: usize = 200;
/// RFC 8621 section 5 allows a preview 255 octets.
const MOST_OCTETS: usize = 255;
/// Text before the first match that is shown.
const LEAD: usize = 50;

/// The whole text with every match marked; None: nothing matches.
pub fn whole(text: &str, needles: &[String]) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    let found = matches(&characters, needles);
    (!found.is_empty()).then(|| marked(&characters, 0, characters.len(), &found, usize::MAX))
}

/// The surroundings of the first match; None: nothing matches.
pub fn excerpt(text: &str, needles: &[String]) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let characters: Vec<char> = text.chars().collect();
    let found = matches(&characters, needles);
    let (first, _) = found.first()?;
    let mut start = first.saturating_sub(LEAD);
    if start > 0 {
        // Not within a word.
        start += characters.get(start..*first)?.iter().position(|c| *c == ' ').map_or(0, |at| at + 1);
    }
    let end = (start + LONGEST).min(characters.len());
    Some(marked(&characters, start, end, &found, MOST_OCTETS))
}

/// Where the needles are found, in order, without overlaps: start and end.
fn matches(text: &[char], needles: &[String]) -> Vec<(usize, usize)> {
    let lower = |c: &char| c.to_lowercase().next().unwrap_or(*c);
    let text: Vec<char> = text.iter().map(lower).collect();
    let needles: Vec<Vec<char>> = needles
        .iter()
        .map(|needle| needle.trim().chars().map(|c| lower(&c)).collect::<Vec<char>>())
        .filter(|needle| !needle.is_empty())
        .collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < text.len() && found.len() < 1_000 {
        let rest = text.get(at..).unwrap_or_default();
        let longest = needles.iter().filter(|needle| rest.starts_with(needle)).map(Vec::len).max();
        match longest {
            Some(length) => {
                found.push((at, at + length));
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// A stretch of text, escaped for HTML, with the matches in `<mark>`; cut before `most` octets.
fn marked(text: &[char], start: usize, end: usize, found: &[(usize, usize)], most: usize) -> String {
    let mut out = String::new();
    let mut open = false;
    for (at, character) in text.iter().enumerate().take(end).skip(start) {
        let inside = found.iter().any(|(from, to)| (*from..*to).contains(&at));
        let starts = found.iter().any(|(from, _)| *from == at);
        let escaped = match character {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            other => other.to_string(),
        };
        let (close, begin) = (open && (!inside || starts), inside && (!open || starts));
        // Room for the tags that this character may need around it.
        if out.len().saturating_add(escaped.len()).saturating_add("</mark><mark></mark>".len()) > most {
            break;
        }
        if close {
            out.push_str("</mark>");
        }
        if begin {
            out.push_str("<mark>");
        }
        open = inside;
        out.push_str(&escaped);
    }
    if open {
        out.push_str("</mark>");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_are_marked_and_text_is_escaped() {
        let needles = ["Foo".to_owned(), "b&r".to_owned()];
        assert_eq!(whole("a foo <b&R>", &needles).unwrap(), "a <mark>foo</mark> &lt;<mark>b&amp;R</mark>&gt;");
        assert_eq!(whole("nothing", &needles), None);
        assert_eq!(whole("foofoo", &needles).unwrap(), "<mark>foo</mark><mark>foo</mark>");
    }

    #[test]
    fn an_excerpt_is_short_and_begins_with_a_word() {
        let text = format!("{} xylophone {}", "word ".repeat(100), "&".repeat(400));
        let excerpt = excerpt(&text, &["xylo".to_owned()]).unwrap();
        assert!(excerpt.len() <= 255 && excerpt.starts_with("word "), "{excerpt}");
        assert!(excerpt.contains("<mark>xylo</mark>phone"), "{excerpt}");
    }
}
