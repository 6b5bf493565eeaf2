//! A minimal IMAP client: it times commands by looking at the end of what arrives, and keeps text only where asked.
//! Start reading at [`Imap::timed`].

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::failure::{Failure, Result};

const READ_AT_ONCE: usize = 1 << 20;
/// The tagged line at the end of an answer is shorter than this.
const LONGEST_TAGGED_LINE: usize = 8192;

pub(crate) struct Imap {
    stream: TcpStream,
    buffer: Vec<u8>,
    commands: usize,
}

/// What a session in IDLE is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// `* n EXISTS`
    Exists(usize),
    /// `* n FETCH (… FLAGS …)`
    Flags,
}

/// How long an answer took and how much it was.
pub(crate) struct Timed {
    pub(crate) took: Duration,
    pub(crate) bytes: usize,
    /// The whole answer, where it was asked for; otherwise its last lines.
    pub(crate) text: String,
}

impl Imap {
    pub(crate) async fn login(server: SocketAddr, user: &str, password: &str) -> Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let mut imap = Self { stream, buffer: Vec::new(), commands: 0 };
        let greeting = imap.line().await?;
        if !greeting.starts_with("* OK") {
            return Err(Failure::new(greeting));
        }
        imap.text(&format!("LOGIN \"{user}\" \"{password}\"")).await?;
        Ok(imap)
    }

    /// Runs a command and returns its whole answer; anything but OK is an error.
    pub(crate) async fn text(&mut self, command: &str) -> Result<String> {
        Ok(self.run(command.as_bytes(), true).await?.text)
    }

    /// Runs a command without keeping its answer.
    pub(crate) async fn timed(&mut self, command: &str) -> Result<Timed> {
        self.run(command.as_bytes(), false).await
    }

    /// Runs a command and keeps its answer.
    pub(crate) async fn timed_text(&mut self, command: &str) -> Result<Timed> {
        self.run(command.as_bytes(), true).await
    }

    /// Files a message (RFC 7888: without waiting to be asked for it).
    pub(crate) async fn append(&mut self, folder: &str, message: &[u8]) -> Result<Timed> {
        let mut command = format!("APPEND \"{folder}\" {{{}+}}\r\n", message.len()).into_bytes();
        command.extend_from_slice(message);
        self.run(&command, false).await
    }

    async fn run(&mut self, command: &[u8], keep: bool) -> Result<Timed> {
        self.commands += 1;
        let tag = format!("Zq{}x ", self.commands);
        self.buffer.clear();
        // What is read for its text is short; a thousand sessions are open at once in some measurements.
        self.buffer.reserve(if keep { LONGEST_TAGGED_LINE } else { READ_AT_ONCE + LONGEST_TAGGED_LINE });
        let begun = Instant::now();
        let named = |why: &str| {
            let line = command.split(|byte| *byte == b'\r').next().unwrap_or_default();
            Failure::new(format!("{}: {why}", String::from_utf8_lossy(line)))
        };
        self.stream.write_all(&[tag.as_bytes(), command, b"\r\n"].concat()).await?;
        let mut bytes = 0;
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await?;
            if read == 0 {
                return Err(named("the server closed the connection"));
            }
            bytes += read;
            if let Some(status) = tagged_line(&self.buffer, tag.as_bytes()) {
                let took = begun.elapsed();
                if !status.starts_with("OK") {
                    return Err(named(&status));
                }
                return Ok(Timed { took, bytes, text: String::from_utf8_lossy(&self.buffer).into_owned() });
            }
            if !keep && self.buffer.len() > READ_AT_ONCE {
                let surplus = self.buffer.len() - LONGEST_TAGGED_LINE;
                self.buffer.drain(..surplus);
            }
        }
    }

    /// The number of messages in a folder.
    pub(crate) async fn count(&mut self, folder: &str) -> Result<usize> {
        let answer = self.text(&format!("STATUS \"{folder}\" (MESSAGES)")).await?;
        number_after(&answer, "MESSAGES ").ok_or_else(|| Failure::new(format!("no count in {answer:?}")))
    }

    /// Selects a folder; the number of messages in it.
    pub(crate) async fn select(&mut self, folder: &str) -> Result<usize> {
        let answer = self.text(&format!("SELECT \"{folder}\"")).await?;
        answer.lines().find_map(exists).ok_or_else(|| Failure::new(format!("no EXISTS in {answer:?}")))
    }

    /// Enters IDLE (RFC 2177); from here on only [`Imap::next_news`] makes sense.
    pub(crate) async fn idle(&mut self) -> Result<()> {
        self.stream.write_all(b"Zidle IDLE\r\n").await?;
        self.buffer.clear();
        let line = self.line().await?;
        if line.starts_with('+') { Ok(()) } else { Err(Failure::new(line)) }
    }

    /// Waits for the next news.
    pub(crate) async fn next_news(&mut self) -> Result<News> {
        loop {
            if let Some(news) = news(&self.line().await?) {
                return Ok(news);
            }
        }
    }

    async fn line(&mut self) -> Result<String> {
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.buffer) {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(Failure::new("the server closed the connection"));
            }
        }
    }
}

/// What follows the tag in the last line, if the answer is complete. A tag inside a literal does not end it unless
/// it is the very last line, which the corpus does not contain.
fn tagged_line(buffer: &[u8], tag: &[u8]) -> Option<String> {
    let body = buffer.strip_suffix(b"\r\n")?;
    let start = memchr::memrchr(b'\n', body).map_or(0, |at| at + 1);
    let status = body[start..].strip_prefix(tag)?;
    Some(String::from_utf8_lossy(status).into_owned())
}

fn exists(line: &str) -> Option<usize> {
    line.strip_prefix("* ")?.strip_suffix(" EXISTS")?.parse().ok()
}

fn news(line: &str) -> Option<News> {
    let flags = || line.starts_with("* ") && line.contains(" FETCH (") && line.contains("FLAGS (");
    exists(line).map(News::Exists).or_else(|| flags().then_some(News::Flags))
}

fn number_after(text: &str, name: &str) -> Option<usize> {
    let rest = &text[text.find(name)? + name.len()..];
    rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
}

/// How many messages a SEARCH found, whether it answered SEARCH or ESEARCH, or a SORT put in order.
pub(crate) fn hits(answer: &str) -> usize {
    let kinds = ["* SEARCH", "* ESEARCH", "* SORT"];
    let Some(line) = answer.lines().find(|l| kinds.iter().any(|kind| l.starts_with(kind))) else { return 0 };
    match line.strip_prefix("* SEARCH").or_else(|| line.strip_prefix("* SORT")) {
        Some(numbers) => numbers.split_whitespace().filter(|n| n.bytes().all(|b| b.is_ascii_digit())).count(),
        None => line.split(" ALL ").nth(1).and_then(|set| set.split(' ').next()).map_or(0, size_of_set),
    }
}

fn size_of_set(set: &str) -> usize {
    let one = |range: &str| {
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        let (first, last) = (first.parse::<usize>().ok()?, last.parse::<usize>().ok()?);
        Some(first.abs_diff(last) + 1)
    };
    set.split(',').filter_map(one).sum()
}

#[cfg(test)]
mod tests;
