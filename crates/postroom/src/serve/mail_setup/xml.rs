//! As much of XML as the answers need.

/// Text that may stand between tags and in attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// What stands in the first element of this name, in any case and with any prefix.
pub(super) fn element(text: &str, name: &str) -> Option<String> {
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let tag = &rest[open + 1..];
        let end = tag.find('>')?;
        let (inside, after) = (&tag[..end], &tag[end + 1..]);
        let written = inside.split([' ', '\t', '\r', '\n', '/']).next().unwrap_or_default();
        let local = written.rsplit_once(':').map_or(written, |(_, local)| local);
        if local.eq_ignore_ascii_case(name) && !inside.ends_with('/') {
            let content = &after[..after.find('<')?];
            return Some(unescaped(content.trim()));
        }
        rest = after;
    }
    None
}

fn unescaped(text: &str) -> String {
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    named.iter().fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}
