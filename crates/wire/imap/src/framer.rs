//! Cuts a client's byte stream into commands, literals included, without parsing them.
//!
//! Invariants: a byte is scanned once, however the stream is split into reads; what is held of a command never exceeds
//! the [`Limits`]; what exceeds them is drained without being kept. Start reading at [`Framer::next`].

mod limits;
mod literal;
#[cfg(test)]
mod tests;

use bytes::{Buf, Bytes, BytesMut};

pub use limits::Limits;
use literal::{LONGEST_MARKER, Literal, takes_message};

use crate::tag::Tag;

/// What the stream has for the session next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Frame {
    /// Read more bytes into the buffer and ask again.
    NeedMoreBytes,
    /// The client waits for a go-ahead before it sends a literal: write `+ …` and ask again.
    SendContinuation,
    /// A whole command with its literals and line endings, for [`crate::parse`].
    Command(Bytes),
    /// A command was dropped: answer with [`Refusal::answer`] and ask again.
    Refused {
        /// The command's tag, if it had one.
        tag: Option<Tag>,
        /// Why it was dropped.
        refusal: Refusal,
    },
    /// The client announced or sent more than is worth draining: say BYE and close.
    Close {
        /// The command's tag, if it had one.
        tag: Option<Tag>,
        /// Why.
        refusal: Refusal,
    },
}

/// The next line outside of commands: a response during AUTHENTICATE, `DONE` during IDLE.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum LineFrame {
    /// Read more bytes into the buffer and ask again.
    NeedMoreBytes,
    /// The line without its ending.
    Line(Bytes),
    /// A line was longer than the limit and was dropped.
    TooLong,
    /// So many bytes came without a line ending that the connection should be closed.
    Close,
}

/// Why a command was dropped. The text is meant for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The lines of the command without its literals are too long; answered with BAD.
    #[error("command line longer than {limit} octets")]
    LineTooLong {
        /// The limit that was exceeded.
        limit: usize,
    },
    /// A literal is too big, alone or together with those before it; answered with NO [TOOBIG].
    #[error("literal of {size} octets where at most {limit} are accepted")]
    LiteralTooBig {
        /// The size that was announced.
        size: u64,
        /// What would have been accepted here.
        limit: u64,
    },
    /// Too many literals in one command; answered with BAD.
    #[error("more than {limit} literals in one command")]
    TooManyLiterals {
        /// The limit that was exceeded.
        limit: usize,
    },
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Reading the line that starts at this index of the buffer.
    Line { start: usize },
    /// Waiting for a literal that ends at this index of the buffer.
    Literal { end: usize },
    /// Throwing away a literal that has so many bytes left.
    DrainLiteral { left: u64 },
    /// Throwing away a line.
    DrainLine,
}

/// Sizes of what a command has brought so far.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    line: usize,
    literals: usize,
    arguments: u64,
    messages: u64,
}

/// Frames one client's stream. It keeps positions only: the bytes stay in the buffer that every call is given, and
/// nobody else may take bytes from the front of that buffer while a command is incomplete.
#[derive(Debug)]
pub struct Framer {
    limits: Limits,
    state: State,
    /// The buffer holds no line ending between the start of the line and here.
    scanned: usize,
    held: Held,
    /// Bytes thrown away of the command that is being refused.
    drained: u64,
    refused: Option<(Option<Tag>, Refusal)>,
}

impl Framer {
    /// A framer at the start of a stream.
    pub fn new(limits: Limits) -> Self {
        Self { limits, state: State::Line { start: 0 }, scanned: 0, held: Held::default(), drained: 0, refused: None }
    }

    /// Changes the limits, from the next literal and line on; done after sign-in.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Whether no part of a command is pending. Before TLS or compression starts the buffer must be empty as well:
    /// what came in clear behind STARTTLS must not be run (RFC 9051 §6.2.1).
    pub fn is_idle(&self, buffer: &BytesMut) -> bool {
        buffer.is_empty() && self.refused.is_none() && self.drained == 0
    }

    /// How many bytes are certainly still to come of the literal being read: a hint for `BytesMut::reserve`, which the
    /// caller caps, because a client announces more than it sends.
    pub fn missing(&self, buffer: &BytesMut) -> usize {
        match self.state {
            State::Literal { end } => end.saturating_sub(buffer.len()),
            _ => 0,
        }
    }

    /// Takes the next frame from the front of the buffer.
    pub fn next(&mut self, buffer: &mut BytesMut) -> Frame {
        loop {
            let frame = match self.state {
                State::Line { start } => self.line(buffer, start),
                State::Literal { end } => self.literal(buffer, end),
                State::DrainLiteral { left } => self.drain_literal(buffer, left),
                State::DrainLine => self.drain_line(buffer),
            };
            if let Some(frame) = frame {
                return frame;
            }
        }
    }

    /// Takes the next line from the front of the buffer, whatever it holds. Only between commands.
    pub fn next_line(&mut self, buffer: &mut BytesMut) -> LineFrame {
        let Some(end) = self.line_end(buffer) else {
            return self.unfinished_raw_line(buffer);
        };
        let mut line = buffer.split_to(end);
        let too_long = self.drained > 0 || end > self.limits.line;
        self.start_over();
        if too_long {
            return LineFrame::TooLong;
        }
        line.truncate(line.len() - literal::line_ending(&line));
        LineFrame::Line(line.freeze())
    }

    fn unfinished_raw_line(&mut self, buffer: &mut BytesMut) -> LineFrame {
        if self.drained > 0 || buffer.len() > self.limits.line {
            self.drained += buffer.len() as u64;
            buffer.clear();
            self.scanned = 0;
        }
        if self.drained > self.limits.drain { LineFrame::Close } else { LineFrame::NeedMoreBytes }
    }

    fn line(&mut self, buffer: &mut BytesMut, start: usize) -> Option<Frame> {
        let Some(end) = self.line_end(buffer) else {
            if self.held.line + (buffer.len() - start) > self.limits.line {
                self.refuse(buffer, Refusal::LineTooLong { limit: self.limits.line });
                self.drain(buffer, start);
                self.scanned = buffer.len();
                self.drained += buffer.len() as u64;
                self.state = State::DrainLine;
                return self.close_if_too_much();
            }
            return Some(Frame::NeedMoreBytes);
        };
        self.held.line += end - start;
        let announced = Literal::announced(&buffer[start..end]);
        if self.held.line > self.limits.line {
            self.refuse(buffer, Refusal::LineTooLong { limit: self.limits.line });
            self.drain(buffer, end);
            return self.after_refusal(announced);
        }
        match announced {
            Some(literal) => self.announced(buffer, end, literal),
            None => {
                self.start_over();
                Some(Frame::Command(buffer.split_to(end).freeze()))
            }
        }
    }

    fn announced(&mut self, buffer: &mut BytesMut, end: usize, literal: Literal) -> Option<Frame> {
        match self.admit(&buffer[..end], literal) {
            Ok(size) => {
                self.state = State::Literal { end: end.saturating_add(size) };
                literal.waits.then_some(Frame::SendContinuation)
            }
            Err(refusal) => {
                self.refuse(buffer, refusal);
                self.drain(buffer, end);
                self.after_refusal(Some(literal))
            }
        }
    }

    /// Counts the literal, unless a limit forbids it.
    fn admit(&mut self, command: &[u8], literal: Literal) -> Result<usize, Refusal> {
        if self.held.literals >= self.limits.literals {
            return Err(Refusal::TooManyLiterals { limit: self.limits.literals });
        }
        let (limit, total, held) = if takes_message(command, self.held.literals) {
            (self.limits.message, self.limits.messages_total, &mut self.held.messages)
        } else {
            (self.limits.literal, self.limits.literals_total, &mut self.held.arguments)
        };
        let unasked = if literal.waits { u64::MAX } else { self.limits.non_synchronising };
        let limit = limit.min(unasked).min(total.saturating_sub(*held));
        let too_big = Refusal::LiteralTooBig { size: literal.size, limit };
        let size = usize::try_from(literal.size).map_err(|_| too_big)?;
        if literal.size > limit {
            return Err(too_big);
        }
        *held += literal.size;
        self.held.literals += 1;
        Ok(size)
    }

    fn literal(&mut self, buffer: &BytesMut, end: usize) -> Option<Frame> {
        if buffer.len() < end {
            return Some(Frame::NeedMoreBytes);
        }
        self.state = State::Line { start: end };
        self.scanned = end;
        None
    }

    fn refuse(&mut self, buffer: &BytesMut, refusal: Refusal) {
        // Not further than the limit: what is beyond it is in the buffer or not, as the stream was split.
        let start = &buffer[..buffer.len().min(self.limits.line)];
        self.refused = Some((Tag::leading(start), refusal));
    }

    fn drain(&mut self, buffer: &mut BytesMut, count: usize) {
        buffer.advance(count);
        self.drained += count as u64;
        self.scanned = 0;
    }

    /// A line of a refused command has ended: after a literal that the client sends without waiting the command goes
    /// on; one it would have waited for never comes.
    fn after_refusal(&mut self, announced: Option<Literal>) -> Option<Frame> {
        match announced {
            Some(literal) if !literal.waits => {
                self.drained = self.drained.saturating_add(literal.size);
                self.state = State::DrainLiteral { left: literal.size };
                self.close_if_too_much()
            }
            _ => self.close_if_too_much().or_else(|| self.refused_now()),
        }
    }

    fn close_if_too_much(&mut self) -> Option<Frame> {
        if self.drained <= self.limits.drain {
            return None;
        }
        self.refused.clone().map(|(tag, refusal)| Frame::Close { tag, refusal })
    }

    fn refused_now(&mut self) -> Option<Frame> {
        let (tag, refusal) = self.refused.take()?;
        self.start_over();
        Some(Frame::Refused { tag, refusal })
    }

    fn drain_literal(&mut self, buffer: &mut BytesMut, left: u64) -> Option<Frame> {
        if let Some(frame) = self.close_if_too_much() {
            return Some(frame);
        }
        let here = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        buffer.advance(here);
        let left = left - here as u64;
        if left > 0 {
            self.state = State::DrainLiteral { left };
            return Some(Frame::NeedMoreBytes);
        }
        self.scanned = 0;
        self.state = State::DrainLine;
        None
    }

    /// Throws the line away but for the few bytes at its end that may announce one more literal.
    fn drain_line(&mut self, buffer: &mut BytesMut) -> Option<Frame> {
        let seen = self.scanned;
        if let Some(end) = self.line_end(buffer) {
            self.drained += (end - seen) as u64;
            let announced = Literal::announced(&buffer[..end]);
            buffer.advance(end);
            self.scanned = 0;
            return self.after_refusal(announced);
        }
        self.drained += (buffer.len() - seen) as u64;
        buffer.advance(buffer.len().saturating_sub(LONGEST_MARKER));
        self.scanned = buffer.len();
        self.close_if_too_much().or(Some(Frame::NeedMoreBytes))
    }

    /// The index behind the next line ending that has not been looked at; remembers how far it looked.
    fn line_end(&mut self, buffer: &BytesMut) -> Option<usize> {
        let found = memchr::memchr(b'\n', &buffer[self.scanned..]);
        let end = found.map(|at| self.scanned + at + 1);
        self.scanned = end.unwrap_or(buffer.len());
        end
    }

    fn start_over(&mut self) {
        self.state = State::Line { start: 0 };
        self.scanned = 0;
        self.held = Held::default();
        self.drained = 0;
        self.refused = None;
    }
}
