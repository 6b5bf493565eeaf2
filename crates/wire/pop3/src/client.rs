//! The client's half, as far as fetching from other servers needs it: answers to types, and messages out of answers
//! (RFC 1939 section 3).

/// The first line of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    Ok(String),
    /// The server's own words.
    Err(String),
    /// `+`: it waits for more (RFC 5034).
    Continue(String),
}

/// Reads the first line of an answer; none if it is none.
pub fn status(line: &[u8]) -> Option<Status> {
    let words = |text: &[u8]| {
        let text = String::from_utf8_lossy(text.trim_ascii());
        text.chars().filter(|c| !c.is_control()).take(500).collect::<String>()
    };
    let begins = |word: &[u8]| line.len() >= word.len() && line[..word.len()].eq_ignore_ascii_case(word);
    if begins(b"+OK") {
        Some(Status::Ok(words(&line[3..])))
    } else if begins(b"-ERR") {
        Some(Status::Err(words(&line[4..])))
    } else if line.first() == Some(&b'+') && matches!(line.get(1), None | Some(b' ')) {
        Some(Status::Continue(words(&line[1..])))
    } else {
        None
    }
}

/// One line of the answer to LIST: number and size.
pub fn list_line(line: &[u8]) -> Option<(u32, u64)> {
    let text = std::str::from_utf8(line).ok()?;
    let mut words = text.split_ascii_whitespace();
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}

/// One line of the answer to UIDL: number and unique id, which is 1 to 70 visible characters; longer ones are seen.
pub fn uidl_line(line: &[u8]) -> Option<(u32, &str)> {
    let text = std::str::from_utf8(line).ok()?;
    let (number, id) = text.split_once(' ')?;
    let id = id.trim();
    let fits = !id.is_empty() && id.len() <= 200 && id.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    Some((number.parse().ok()?, fits.then_some(id)?))
}

/// Takes a message out of an answer as it arrives: the dots that the server put in front of lines go, and `.` on a line
/// of its own ends it. Only CRLF ends a line: a message that holds a bare line feed before a dot is not cut there.
#[derive(Debug, Default)]
pub struct Unstuffing {
    at: At,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    #[default]
    Start,
    Dot,
    DotReturn,
    Line,
    Return,
}

impl Unstuffing {
    /// Hands the octets of the message to `give`. Gives how many octets of `input` it used, and whether the message
    /// ended with them.
    pub fn feed<E>(&mut self, input: &[u8], mut give: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(usize, bool), E> {
        let mut at = 0;
        while let Some(&byte) = input.get(at) {
            match (self.at, byte) {
                (At::Start, b'.') => self.at = At::Dot,
                (At::Start | At::Line, _) => {
                    // All of a line at once.
                    let rest = &input[at..];
                    let end = memchr::memchr(b'\r', rest).unwrap_or(rest.len());
                    give(&rest[..end])?;
                    at += end;
                    self.at = At::Line;
                    if end < rest.len() {
                        self.at = At::Return;
                        at += 1;
                    }
                    continue;
                }
                (At::Dot, b'\r') => self.at = At::DotReturn,
                // A dot that the server put in front; what follows is the line.
                (At::Dot, _) => {
                    self.at = At::Line;
                    continue;
                }
                (At::DotReturn, b'\n') => return Ok((at + 1, true)),
                (At::DotReturn, _) => {
                    give(b"\r")?;
                    self.at = At::Line;
                    continue;
                }
                (At::Return, b'\n') => {
                    give(b"\r\n")?;
                    self.at = At::Start;
                }
                (At::Return, _) => {
                    give(b"\r")?;
                    self.at = At::Line;
                    continue;
                }
            }
            at += 1;
        }
        Ok((at, false))
    }
}

#[cfg(test)]
mod tests;
