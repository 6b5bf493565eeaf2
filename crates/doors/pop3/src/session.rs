//! One connection: reads commands, runs them one after the other, answers in order, which is all that PIPELINING
//! (RFC 2449 section 6.6) asks for. Start reading at [`Session::run`].

use crate::commands;
use crate::io::{Io, Stream};
use crate::maildrop::Maildrop;
use crate::reply::Failure;
use crate::{Peer, Pop3};
use bytes::{Bytes, BytesMut};
use postroom_directory::{Bindings, SignedIn};
use postroom_wire_pop3::{Code, Line, Lines, lines, reply};
use std::io;
use tokio::sync::watch;

pub(crate) struct Session {
    pub(crate) pop3: Pop3,
    pub(crate) io: Io,
    pub(crate) peer: Peer,
    /// TLS, or loopback, which counts the same.
    pub(crate) protected: bool,
    pub(crate) tls: bool,
    pub(crate) out: BytesMut,
    /// What USER said, until PASS comes.
    pub(crate) name: Option<String>,
    pub(crate) user: Option<User>,
    lines: Lines,
    stop: watch::Receiver<bool>,
    errors: u32,
    closing: bool,
}

/// Who is signed in, and what is served to them.
pub(crate) struct User {
    pub(crate) signed_in: SignedIn,
    pub(crate) maildrop: Maildrop,
}

/// Answers are written out when this much has gathered, at the latest when more input is needed.
pub(crate) const FLUSH_AT: usize = 64 * 1024;

impl Session {
    pub(crate) fn new(pop3: Pop3, stream: Box<dyn Stream>, peer: Peer, tls: bool, stop: watch::Receiver<bool>) -> Self {
        Self {
            io: Io::new(stream, pop3.config.write_timeout),
            peer,
            protected: tls || peer.loopback,
            tls,
            out: BytesMut::new(),
            name: None,
            user: None,
            lines: Lines::default(),
            stop,
            errors: 0,
            closing: false,
            pop3,
        }
    }

    /// Greets, then runs commands until either end has had enough.
    pub(crate) async fn run(mut self) -> io::Result<()> {
        reply::ok(&mut self.out, "Postroom at your service");
        let ended = self.serve().await;
        self.io.close().await;
        ended
    }

    async fn serve(&mut self) -> io::Result<()> {
        while let Some(line) = self.line(lines::COMMAND).await? {
            self.command(&line).await?;
            self.flush_if_full().await?;
        }
        self.flush().await
    }

    /// The next line. None: the connection ends.
    pub(crate) async fn line(&mut self, limit: usize) -> io::Result<Option<Bytes>> {
        while !self.closing {
            match self.lines.next(&mut self.io.input, limit) {
                Line::Line(line) => return Ok(Some(line)),
                Line::NeedMoreBytes => self.read_more().await?,
                Line::TooLong => {
                    reply::err(&mut self.out, None, "the line is too long");
                    self.count_error();
                }
                Line::Close => self.close(),
            }
        }
        Ok(None)
    }

    /// Waits for input; all answers are out by then.
    async fn read_more(&mut self) -> io::Result<()> {
        self.flush().await?;
        self.io.rest();
        let config = &self.pop3.config;
        let limit = if self.user.is_some() { config.idle_timeout } else { config.sign_in_timeout };
        let mut stop = self.stop.clone();
        let read = tokio::select! {
            read = tokio::time::timeout(limit, self.io.fill()) => read,
            _ = stop.wait_for(|stop| *stop) => {
                // Read by the client as the answer to its next command.
                reply::err(&mut self.out, Some(Code::SysTemp), "the server is stopping");
                self.close();
                return Ok(());
            }
        };
        match read {
            Ok(Ok(0)) => self.close(),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(error),
            // RFC 1939 section 3: closed without a word, and nothing is removed.
            Err(_) => self.close(),
        }
        Ok(())
    }

    async fn command(&mut self, line: &[u8]) -> io::Result<()> {
        if !self.still_valid().await {
            reply::err(&mut self.out, Some(Code::Auth), "the account has changed; sign in again");
            self.close();
            return Ok(());
        }
        let done = match postroom_wire_pop3::parse(line) {
            Ok(command) => commands::run(self, command).await,
            Err(bad) => Err(bad.into()),
        };
        match done {
            Ok(()) => {}
            Err(Failure::Refused(code, text)) => reply::err(&mut self.out, code, &text),
            Err(Failure::Mistake(code, text)) => {
                reply::err(&mut self.out, code, &text);
                self.count_error();
            }
            Err(Failure::Io(error)) => return Err(error),
        }
        Ok(())
    }

    /// Whether the person may still be here: the account exists and its credentials are those signed in with.
    async fn still_valid(&self) -> bool {
        match &self.user {
            Some(user) => self.pop3.directory.still_valid(&user.signed_in).await,
            None => true,
        }
    }

    /// Changes to TLS. What the client said before counts no more (RFC 2595 section 4).
    pub(crate) async fn secure(&mut self) -> io::Result<()> {
        let config = self.pop3.config.tls.clone().ok_or(io::ErrorKind::Unsupported)?;
        self.flush().await?;
        let exporter = self.io.start_tls(config, self.pop3.config.sign_in_timeout).await?;
        self.peer.bindings = Bindings { exporter, end_point: self.pop3.config.end_point };
        self.lines = Lines::default();
        self.name = None;
        self.tls = true;
        self.protected = true;
        Ok(())
    }

    /// Ends the connection after what has been answered.
    pub(crate) fn close(&mut self) {
        self.closing = true;
    }

    fn count_error(&mut self) {
        self.errors += 1;
        if self.errors >= self.pop3.config.most_errors {
            self.close();
        }
    }

    pub(crate) async fn flush_if_full(&mut self) -> io::Result<()> {
        if self.out.len() >= FLUSH_AT { self.flush().await } else { Ok(()) }
    }

    pub(crate) async fn flush(&mut self) -> io::Result<()> {
        if !self.out.is_empty() {
            self.io.write(&self.out).await?;
            if self.out.capacity() > FLUSH_AT * 4 {
                self.out = BytesMut::new();
            } else {
                self.out.clear();
            }
        }
        Ok(())
    }
}
