//! One connection from greeting to goodbye. Start reading at [`Session::run`]; each command is a file in `commands`.

use crate::command::Command;
use crate::commands;
use crate::reply::{self, Asks, Reply};
use crate::transaction::Transaction;
use crate::wire::{Line, Lost, Wire};
use crate::{Mode, Peer, Smtp};
use postroom_directory::{Bindings, Entered};
use postroom_model::{Actor, Door};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

/// The state of one connection. `IO` changes with STARTTLS, and everything else begins anew.
pub(crate) struct Session<'s, IO> {
    pub(crate) smtp: &'s Smtp,
    pub(crate) mode: Mode,
    pub(crate) peer: Peer,
    pub(crate) wire: Wire<IO>,
    /// The protection of the connection: `TLS1.3`.
    pub(crate) tls: Option<&'static str>,
    /// What the TLS connection is known by.
    pub(crate) bindings: Bindings,
    pub(crate) hello: Option<Hello>,
    pub(crate) signed_in: Option<Entered>,
    pub(crate) transaction: Option<Transaction>,
    /// The last MAIL asked for SMTPUTF8, so replies may hold more than ASCII (RFC 6531 section 3.7.4).
    pub(crate) utf8: bool,
    errors: usize,
}

/// What the client called itself, and in which language.
#[derive(Clone, Debug)]
pub(crate) struct Hello {
    pub(crate) name: String,
    pub(crate) extended: bool,
}

/// What happens after a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    Continue,
    StartTls,
    Close,
}

/// How a session ended.
pub(crate) enum Ended<IO> {
    Closed,
    /// The reply to STARTTLS has been sent; the handshake follows on the bare connection.
    StartTls(IO),
}

impl<'s, IO: AsyncRead + AsyncWrite + Unpin> Session<'s, IO> {
    pub(crate) fn new(smtp: &'s Smtp, mode: Mode, peer: Peer, io: IO, tls: Option<&'static str>) -> Self {
        Self {
            smtp,
            mode,
            peer,
            wire: Wire::new(io),
            tls,
            bindings: Bindings::default(),
            hello: None,
            signed_in: None,
            transaction: None,
            utf8: false,
            errors: 0,
        }
    }

    /// Greets, unless STARTTLS was answered already.
    pub(crate) fn greet(&mut self) {
        let protocol = if self.mode == Mode::Lmtp { "LMTP" } else { "ESMTP" };
        self.reply(&Reply::new(220, "", format!("{} {protocol} Postroom", self.smtp.settings.hostname)));
    }

    /// Answers commands until the connection ends.
    pub(crate) async fn run(mut self, stop: &mut watch::Receiver<bool>) -> Ended<IO> {
        let lost = loop {
            match self.next(stop).await {
                Ok(Flow::Continue) => {}
                Ok(Flow::StartTls) => match self.wire.flush(&self.smtp.settings.limits).await {
                    Ok(()) => return Ended::StartTls(self.wire.into_io()),
                    Err(lost) => break lost,
                },
                Ok(Flow::Close) => {
                    self.wire.close(&self.smtp.settings.limits).await;
                    return Ended::Closed;
                }
                Err(lost) => break lost,
            }
        };
        match lost {
            Lost::Gone => {}
            Lost::TimedOut => self.goodbye("4.4.2", "you were silent for too long").await,
            Lost::Stopping => self.goodbye("4.3.2", "the server is stopping; try again soon").await,
        }
        Ended::Closed
    }

    async fn goodbye(&mut self, enhanced: &'static str, text: &'static str) {
        self.reply(&Reply::new(421, enhanced, format!("{} {text}", self.smtp.settings.hostname)));
        self.wire.close(&self.smtp.settings.limits).await;
    }

    async fn next(&mut self, stop: &mut watch::Receiver<bool>) -> Result<Flow, Lost> {
        if *stop.borrow() {
            return Err(Lost::Stopping);
        }
        let longest = self.longest_line();
        let flow = match self.wire.line(longest, &self.smtp.settings.limits, Some(stop)).await? {
            Line::Complete(line) => match Command::parse(&line) {
                Ok(command) => self.carry_out(command).await?,
                Err(bad) => {
                    self.reply(&reply::bad_command(&bad));
                    commands::after_bad(&line)
                }
            },
            Line::TooLong => {
                tracing::debug!(limit = "command_line", "a command was too long");
                self.refuse(Reply::new(500, "5.5.6", "the line is too long"))
            }
            Line::BareLf => self.refuse(Reply::new(500, "5.5.2", "lines end with CRLF, not with LF alone")),
        };
        // LMTP is spoken by the organisation's own mail server, which passes on what others sent.
        let patient = self.mode == Mode::Lmtp || self.errors <= self.smtp.settings.limits.errors;
        if flow == Flow::Continue && !patient {
            tracing::debug!(limit = "refused_commands", "a connection is closed");
            let text = format!("{} too many errors", self.smtp.settings.hostname);
            self.reply(&Reply::new(421, "4.7.0", text));
            return Ok(Flow::Close);
        }
        Ok(flow)
    }

    /// AUTH may carry its first response (RFC 4954 section 4: 12,288 octets).
    fn longest_line(&self) -> usize {
        let least = if self.mode.is_submission() { commands::auth::LONGEST_LINE } else { 0 };
        self.smtp.settings.limits.command_line.max(least)
    }

    async fn carry_out(&mut self, command: Command<'_>) -> Result<Flow, Lost> {
        if let Some(refused) = self.no_longer_welcome().await {
            return Ok(refused);
        }
        match command {
            Command::Ehlo(name) | Command::Helo(name) if self.mode == Mode::Lmtp => {
                tracing::debug!(name, "SMTP spoken to LMTP");
                Ok(self.refuse(Reply::new(500, "5.5.1", "this is LMTP: say LHLO")))
            }
            Command::Ehlo(name) => Ok(self.hello(name, true)),
            Command::Helo(name) => Ok(self.hello(name, false)),
            Command::Lhlo(name) if self.mode == Mode::Lmtp => Ok(self.hello(name, true)),
            Command::Lhlo(_) => Ok(self.refuse(Reply::new(500, "5.5.1", "this is SMTP: say EHLO"))),
            Command::Mail(from, parameters) => self.mail(from, parameters).await,
            Command::Rcpt(to, parameters) => self.rcpt(to, parameters).await,
            Command::Data => self.data().await,
            Command::Bdat { size, last } => self.bdat(size, last).await,
            Command::Auth { mechanism, initial } => self.auth(mechanism, initial).await,
            Command::StartTls => Ok(self.start_tls()),
            Command::Rset => {
                self.transaction = None;
                Ok(self.accept(Reply::ok("2.0.0", "forgotten")))
            }
            Command::Noop => Ok(self.accept(Reply::ok("2.0.0", "still here"))),
            Command::Vrfy => Ok(self.accept(Reply::new(252, "2.1.5", "send it a message and see"))),
            Command::Expn => Ok(self.refuse(Reply::new(502, "5.5.1", "lists are not shown"))),
            Command::Help => Ok(self.accept(Reply::new(214, "2.0.0", "see RFC 5321"))),
            Command::Quit => {
                self.reply(&Reply::new(221, "2.0.0", format!("{} goodbye", self.smtp.settings.hostname)));
                Ok(Flow::Close)
            }
        }
    }

    /// Ends the session of a person whose account or password is no longer what it was.
    async fn no_longer_welcome(&mut self) -> Option<Flow> {
        let signed_in = &self.signed_in.as_ref()?.signed_in;
        if self.smtp.settings.directory.still_valid(signed_in).await {
            return None;
        }
        self.reply(&Reply::new(421, "4.7.0", "your sign-in is no longer valid; sign in again"));
        Some(Flow::Close)
    }

    /// Queues a reply; one that says the client erred counts.
    pub(crate) fn reply(&mut self, reply: &Reply) {
        self.errors += usize::from(reply.is_error());
        reply.write(self.utf8, &mut self.wire.output);
    }

    pub(crate) fn accept(&mut self, reply: Reply) -> Flow {
        self.reply(&reply);
        Flow::Continue
    }

    pub(crate) fn refuse(&mut self, reply: Reply) -> Flow {
        self.reply(&reply);
        Flow::Continue
    }

    pub(crate) fn asks(&self) -> Asks {
        if self.mode.is_submission() { Asks::Person } else { Asks::Server }
    }

    /// The person signed in, coming through this door.
    pub(crate) fn actor(&self) -> Option<Actor> {
        self.signed_in.as_ref().map(|entered| entered.actor(Door::Submission))
    }

    /// Whether passwords may be sent as things are.
    pub(crate) fn is_protected(&self) -> bool {
        self.tls.is_some() || (self.peer.is_loopback && self.smtp.settings.plaintext_on_loopback)
    }
}
