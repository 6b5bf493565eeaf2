//! A small IMAP client that waits for each answer.
//!
//! Start reading at [`Imap::run`]. The `try_…` methods are for tests in which the server may die.

use super::password;
use super::stream::Stream;
use std::io;
use std::net::SocketAddr;

pub(crate) struct Imap {
    pub(crate) stream: Stream,
    commands: u32,
}

/// One response. Each literal stands in `literals`; in `text` only its `{size}` is left.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) text: String,
    pub(crate) literals: Vec<Vec<u8>>,
}

/// What a command brought: the untagged responses, then `OK …`, `NO …` or `BAD …`.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) untagged: Vec<Response>,
    pub(crate) status: String,
}

impl Imap {
    /// Connected and greeted.
    pub(crate) fn connect(to: SocketAddr) -> Self {
        Self::try_connect(to).expect("the server greets")
    }

    pub(crate) fn try_connect(to: SocketAddr) -> io::Result<Self> {
        Self::greeted(Stream::connect(to)?)
    }

    /// On a connection that is encrypted already, perhaps.
    pub(crate) fn greeted(stream: Stream) -> io::Result<Self> {
        let mut imap = Self { stream, commands: 0 };
        let greeting = imap.next()?;
        assert!(greeting.text.starts_with("* OK"), "{greeting:?}");
        Ok(imap)
    }

    /// Signed in with the password of the example organisation.
    pub(crate) fn sign_in(to: SocketAddr, user: &str) -> Self {
        Self::try_sign_in(to, user).expect("the server answers")
    }

    pub(crate) fn try_sign_in(to: SocketAddr, user: &str) -> io::Result<Self> {
        let mut imap = Self::try_connect(to)?;
        let answer = imap.try_run(&format!("LOGIN {user} {}", password(user)))?;
        assert!(answer.status.starts_with("OK"), "{answer:?}");
        Ok(imap)
    }

    /// Runs a command to its tagged answer.
    #[track_caller]
    pub(crate) fn run(&mut self, command: &str) -> Answer {
        self.try_run(command).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    pub(crate) fn try_run(&mut self, command: &str) -> io::Result<Answer> {
        let tag = self.start(command.as_bytes())?;
        self.finish(&tag)
    }

    /// Runs a command that must be done.
    #[track_caller]
    pub(crate) fn ok(&mut self, command: &str) -> Answer {
        let answer = self.run(command);
        assert!(answer.status.starts_with("OK"), "{command}: {answer:?}");
        answer
    }

    /// Runs a command that must be refused; gives what was said.
    #[track_caller]
    pub(crate) fn refused(&mut self, command: &str) -> String {
        let answer = self.run(command);
        assert!(answer.status.starts_with("NO"), "{command}: {answer:?}");
        answer.status
    }

    /// Files a message.
    #[track_caller]
    pub(crate) fn append(&mut self, folder: &str, message: &[u8]) -> Answer {
        self.try_append(folder, message).unwrap_or_else(|error| panic!("APPEND {folder}: {error}"))
    }

    pub(crate) fn try_append(&mut self, folder: &str, message: &[u8]) -> io::Result<Answer> {
        let command = format!("APPEND \"{folder}\" {{{}+}}\r\n", message.len());
        let tag = self.start(&[command.as_bytes(), message].concat())?;
        self.finish(&tag)
    }

    /// The contents of messages, in order of UID. `what` is a set of UIDs.
    #[track_caller]
    pub(crate) fn bodies(&mut self, what: &str) -> Vec<Vec<u8>> {
        let answer = self.ok(&format!("UID FETCH {what} (BODY.PEEK[])"));
        answer.untagged.into_iter().filter_map(|response| response.literals.into_iter().next()).collect()
    }

    /// Begins to wait for news.
    #[track_caller]
    pub(crate) fn idle(&mut self) {
        self.start(b"IDLE").expect("the server reads");
        let answer = self.next().expect("the server answers");
        assert!(answer.text.starts_with("+ "), "{answer:?}");
    }

    /// Reads news until one holds `wanted`, and gives it.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, wanted: &str) -> String {
        let mut seen = Vec::new();
        loop {
            match self.next() {
                Ok(response) if response.text.contains(wanted) => return response.text,
                Ok(response) => seen.push(response.text),
                Err(error) => panic!("{wanted} did not come ({error}); but {seen:#?}"),
            }
        }
    }

    /// Ends IDLE; gives what was told meanwhile.
    #[track_caller]
    pub(crate) fn done(&mut self) -> Answer {
        self.stream.write(b"DONE\r\n").expect("the server reads");
        let tag = format!("t{}", self.commands);
        let answer = self.finish(&tag).expect("the server answers");
        assert!(answer.status.starts_with("OK"), "{answer:?}");
        answer
    }

    /// Whether the server has closed the connection, with nothing more said.
    #[track_caller]
    pub(crate) fn is_closed(&mut self) {
        let rest = self.stream.rest().expect("it closes");
        assert!(rest.is_empty(), "{}", String::from_utf8_lossy(&rest));
    }

    /// Sends a command; gives its tag.
    pub(crate) fn start(&mut self, command: &[u8]) -> io::Result<String> {
        self.commands += 1;
        let tag = format!("t{}", self.commands);
        self.stream.write(&[tag.as_bytes(), b" ", command, b"\r\n"].concat())?;
        Ok(tag)
    }

    /// Reads to the answer of the command.
    pub(crate) fn finish(&mut self, tag: &str) -> io::Result<Answer> {
        let mut untagged = Vec::new();
        loop {
            let response = self.next()?;
            match response.text.strip_prefix(tag).and_then(|rest| rest.strip_prefix(' ')) {
                Some(status) => return Ok(Answer { untagged, status: status.to_owned() }),
                None => untagged.push(response),
            }
        }
    }

    /// The next response, with its literals.
    pub(crate) fn next(&mut self) -> io::Result<Response> {
        let (mut text, mut literals) = (String::new(), Vec::new());
        loop {
            let line = self.stream.line()?;
            text.push_str(&String::from_utf8_lossy(&line));
            let Some(size) = literal_size(&line) else { return Ok(Response { text, literals }) };
            literals.push(self.stream.exactly(size)?);
        }
    }
}

/// The size at the end of a line that a literal follows.
fn literal_size(line: &[u8]) -> Option<usize> {
    let digits = line.strip_suffix(b"}")?;
    let open = digits.iter().rposition(|octet| *octet == b'{')?;
    std::str::from_utf8(&digits[open + 1..]).ok()?.parse().ok()
}

impl Answer {
    /// Whether an untagged response holds the text.
    pub(crate) fn tells(&self, text: &str) -> bool {
        self.untagged.iter().any(|response| response.text.contains(text))
    }

    /// The number behind a word: of `[UIDNEXT 7]` in any response, or in the status.
    #[track_caller]
    pub(crate) fn number(&self, word: &str) -> u64 {
        let lines = self.untagged.iter().map(|response| response.text.as_str()).chain([self.status.as_str()]);
        let number = |line: &str| {
            let rest = &line[line.find(&format!("{word} "))? + word.len() + 1..];
            rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        };
        lines.filter_map(number).next().unwrap_or_else(|| panic!("no {word} in {self:?}"))
    }

    /// How many messages the folder holds: `* 7 EXISTS`.
    #[track_caller]
    pub(crate) fn exists(&self) -> usize {
        let number = |response: &Response| response.text.strip_prefix("* ")?.strip_suffix(" EXISTS")?.parse().ok();
        self.untagged.iter().rev().find_map(number).unwrap_or_else(|| panic!("no EXISTS in {self:?}"))
    }

    /// The numbers of a `* SEARCH` response.
    #[track_caller]
    pub(crate) fn found(&self) -> Vec<u32> {
        let line = self.untagged.iter().find_map(|response| response.text.strip_prefix("* SEARCH"));
        let line = line.unwrap_or_else(|| panic!("no SEARCH in {self:?}"));
        line.split_whitespace().map(|number| number.parse().expect("a number")).collect()
    }
}
