//! Forward and reverse paths (RFC 5321 section 4.1.2, RFC 6531 section 3.3).

use std::borrow::Cow;

/// What stands between the angle brackets, without a source route, which is ignored (RFC 5321 section 4.1.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path<'a> {
    /// As sent: quoted where the client quoted it.
    text: &'a str,
    /// Length of the local part as sent; all of it for `<postmaster>` and the null path.
    local: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPath {
    #[error("it must stand in < >")]
    Brackets,
    #[error("it is empty")]
    Empty,
    #[error("it is too long")]
    TooLong,
    #[error("the source route is not well-formed")]
    Route,
    #[error("the part before @ is not well-formed")]
    Local,
    #[error("the part after @ is no domain")]
    Domain,
}

/// RFC 5321 section 4.5.3.1 counts 64 octets for the local part and 255 for the domain. Automatic senders exceed the
/// first, so only the sum counts.
const LONGEST: usize = 64 + 1 + 255;

impl<'a> Path<'a> {
    /// `<>`
    pub fn is_null(&self) -> bool {
        self.text.is_empty()
    }

    /// `<postmaster>`, which needs no domain.
    pub fn is_postmaster(&self) -> bool {
        self.local == self.text.len() && !self.is_null()
    }

    /// As sent.
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// Without the quotes of the local part: `"bob"@example.org` is `bob@example.org` (section 4.1.2).
    pub fn unquoted(&self) -> Cow<'a, str> {
        let Some(inside) = self.text.get(..self.local).and_then(|local| local.strip_prefix('"')) else {
            return Cow::Borrowed(self.text);
        };
        let mut out = String::with_capacity(self.text.len());
        let mut characters = inside.strip_suffix('"').unwrap_or(inside).chars();
        while let Some(c) = characters.next() {
            out.extend(if c == '\\' { characters.next() } else { Some(c) });
        }
        out.push_str(self.text.get(self.local..).unwrap_or_default());
        Cow::Owned(out)
    }

    pub fn is_ascii(&self) -> bool {
        self.text.is_ascii()
    }
}

/// Reads `<path>`; gives what follows it.
pub(super) fn read(text: &str) -> Result<(Path<'_>, &str), BadPath> {
    let inside = text.strip_prefix('<').ok_or(BadPath::Brackets)?;
    let inside = match inside.strip_prefix('@') {
        Some(_) => after_route(inside)?,
        None => inside,
    };
    let local = local_part(inside)?;
    let rest = inside.get(local..).unwrap_or_default();
    if let Some(after) = rest.strip_prefix('>') {
        let text = inside.get(..local).unwrap_or_default();
        // Only postmaster goes without a domain (section 4.1.1.3).
        let known = text.is_empty() || text.eq_ignore_ascii_case("postmaster");
        return if known { Ok((Path { text, local }, after)) } else { Err(BadPath::Domain) };
    }
    let domain = rest.strip_prefix('@').ok_or(BadPath::Local)?;
    if local == 0 {
        return Err(BadPath::Local);
    }
    let end = domain.find('>').ok_or(BadPath::Brackets)?;
    let (domain, after) = (domain.get(..end).unwrap_or_default(), domain.get(end + 1..).unwrap_or_default());
    if !is_domain(domain) {
        return Err(BadPath::Domain);
    }
    let text = inside.get(..local + 1 + end).unwrap_or_default();
    if text.len() > LONGEST { Err(BadPath::TooLong) } else { Ok((Path { text, local }, after)) }
}

/// `A-d-l = At-domain *( "," At-domain )`, then `:`
fn after_route(text: &str) -> Result<&str, BadPath> {
    let (route, rest) = text.split_once(':').ok_or(BadPath::Route)?;
    let is_at_domain = |hop: &str| hop.strip_prefix('@').is_some_and(is_domain);
    if route.split(',').all(is_at_domain) { Ok(rest) } else { Err(BadPath::Route) }
}

/// Length of the local part: a dot-string or a quoted string.
fn local_part(text: &str) -> Result<usize, BadPath> {
    if text.starts_with('"') {
        return quoted(text).ok_or(BadPath::Local);
    }
    let end = text.find(|c: char| !is_atext(c) && c != '.').unwrap_or(text.len());
    let local = text.get(..end).unwrap_or_default();
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") { Err(BadPath::Local) } else { Ok(end) }
}

/// Length of a quoted string with its quotes. Control characters were refused with the line.
fn quoted(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return (at > 1).then_some(at + 1),
            '\\' => {
                characters.next().filter(|(_, escaped)| escaped.is_ascii())?;
            }
            _ => {}
        }
    }
    None
}

fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~".contains(c)
        || (!c.is_ascii() && !c.is_whitespace() && !c.is_control())
}

/// A domain or an address literal. Underscores, which no host name holds, stand in senders' domains all the same.
fn is_domain(text: &str) -> bool {
    if let Some(literal) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return !literal.is_empty() && literal.chars().all(|c| c.is_ascii_graphic() && !"[]\\".contains(c));
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c) || (!c.is_ascii() && c.is_alphanumeric()))
    };
    text.len() <= 255 && text.split('.').all(is_label)
}
