//! Answers of an SMTP server (RFC 5321 section 4.2), of one line or several.

/// The longest answer that is read, and the longest line of one.
const MOST_OCTETS: usize = 64 * 1024;
const LONGEST_LINE: usize = 4096;

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) code: u16,
    /// The text of each line, without code and enhanced code.
    pub(crate) lines: Vec<String>,
    /// RFC 2034, of the first line that has one.
    status: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("a line does not begin with a code")]
    NoCode,
    #[error("its lines have different codes")]
    Codes,
    #[error("it is too long")]
    TooLong,
    #[error("something came before it was asked for")]
    Surplus,
}

impl Reply {
    pub(crate) fn is_positive(&self) -> bool {
        (200..300).contains(&self.code)
    }

    pub(crate) fn is_permanent(&self) -> bool {
        (500..600).contains(&self.code)
    }

    /// RFC 3463; where the server gives none, the one that the code stands for.
    pub(crate) fn status(&self) -> String {
        match &self.status {
            Some(status) => status.clone(),
            None if self.is_positive() => "2.0.0".to_owned(),
            None if self.is_permanent() => "5.0.0".to_owned(),
            None => "4.0.0".to_owned(),
        }
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(status) = &self.status {
            write!(f, " {status}")?;
        }
        self.lines.iter().filter(|line| !line.is_empty()).try_for_each(|line| write!(f, " {line}"))
    }
}

/// An answer that is arriving.
#[derive(Default)]
pub(crate) struct Arriving {
    reply: Reply,
    octets: usize,
}

impl Arriving {
    /// Takes complete lines out of `input`. None: more must come.
    pub(crate) fn read(&mut self, input: &mut Vec<u8>) -> Result<Option<Reply>, Unreadable> {
        while let Some(end) = memchr::memchr(b'\n', input) {
            let line: Vec<u8> = input.drain(..=end).collect();
            self.octets += line.len();
            if line.len() > LONGEST_LINE || self.octets > MOST_OCTETS {
                return Err(Unreadable::TooLong);
            }
            let line = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
            if self.take(&line)? {
                return Ok(Some(std::mem::take(&mut self.reply)));
            }
        }
        if input.len() > LONGEST_LINE { Err(Unreadable::TooLong) } else { Ok(None) }
    }

    /// Gives true for the last line.
    fn take(&mut self, line: &str) -> Result<bool, Unreadable> {
        let (code, rest) = line.split_at_checked(3).ok_or(Unreadable::NoCode)?;
        let code: u16 = code.parse().ok().filter(|code| (200..600).contains(code)).ok_or(Unreadable::NoCode)?;
        let last = match rest.chars().next() {
            None | Some(' ') => true,
            Some('-') => false,
            Some(_) => return Err(Unreadable::NoCode),
        };
        if self.reply.code != 0 && self.reply.code != code {
            return Err(Unreadable::Codes);
        }
        self.reply.code = code;
        let text: String = rest.get(1..).unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
        let (status, text) = match text.split_once(' ') {
            Some((status, rest)) if is_status(status) => (Some(status.to_owned()), rest.to_owned()),
            None if is_status(&text) => (Some(text), String::new()),
            _ => (None, text),
        };
        self.reply.status = self.reply.status.take().or(status);
        self.reply.lines.push(text);
        Ok(last)
    }
}

/// `class "." subject "." detail`
fn is_status(word: &str) -> bool {
    let mut parts = word.split('.');
    let number = |part: Option<&str>| {
        part.is_some_and(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    matches!(parts.next(), Some("2" | "4" | "5"))
        && number(parts.next())
        && number(parts.next())
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<String>, Unreadable> {
        let mut input = text.as_bytes().to_vec();
        Arriving::default().read(&mut input).map(|reply| reply.map(|reply| format!("{reply} [{}]", reply.status())))
    }

    #[test]
    fn answers_are_read_whole_and_strictly() {
        let cases = [
            ("250 OK\r\n", Ok(Some("250 OK [2.0.0]"))),
            ("250\r\n", Ok(Some("250 [2.0.0]"))),
            ("550 5.1.1 no such user\r\n", Ok(Some("550 5.1.1 no such user [5.1.1]"))),
            ("550-5.1.1 no\n550 5.1.1 user\n", Ok(Some("550 5.1.1 no user [5.1.1]"))),
            ("450 4.7.1\r\n", Ok(Some("450 4.7.1 [4.7.1]"))),
            ("451 5.x.1 x\r\n", Ok(Some("451 5.x.1 x [4.0.0]"))),
            ("250-a\r\n", Ok(None)),
            ("250-a\r\n550 b\r\n", Err(Unreadable::Codes)),
            ("hello\r\n", Err(Unreadable::NoCode)),
            ("99 x\r\n", Err(Unreadable::NoCode)),
            ("250+x\r\n", Err(Unreadable::NoCode)),
            ("25", Ok(None)),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected.map(|reply| reply.map(str::to_owned)), "{text:?}");
        }
        assert_eq!(read(&"2".repeat(LONGEST_LINE + 1)), Err(Unreadable::TooLong));
        assert_eq!(read(&"250-x\r\n".repeat(10_000)), Err(Unreadable::TooLong));
    }
}
