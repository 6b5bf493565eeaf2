//! One connection: reads commands, runs them one after the other, answers in order.
//!
//! Start reading at [`Session::run`]. After every command the client is told what changed in the selected folder
//! ([`Session::tell_news`]); with the next command after a change of rights, the new rights hold.

mod news;

pub(crate) use news::flag_names;

use crate::commands::{self, Done, DoneCode};
use crate::io::{Io, Stream};
use crate::notify::{Notify, stirred};
use crate::reply::{Code, Failure};
use crate::user::User;
use crate::view::View;
use crate::{Imap, Peer};
use bytes::{Bytes, BytesMut};
use postroom_directory::Bindings;
use postroom_wire_imap::response::{self, Status};
use postroom_wire_imap::{Command, Frame, Framer, Limits, LineFrame, ParseOptions, Refusal, Tag};
use std::io;
use tokio::sync::watch;
use tokio::time::Instant;

pub(crate) struct Session {
    pub(crate) imap: Imap,
    pub(crate) io: Io,
    pub(crate) framer: Framer,
    pub(crate) peer: Peer,
    /// TLS, or loopback, which counts the same.
    pub(crate) protected: bool,
    pub(crate) tls: bool,
    pub(crate) out: BytesMut,
    pub(crate) user: Option<User>,
    pub(crate) view: Option<View>,
    pub(crate) enabled: Enabled,
    /// None: the client has not used NOTIFY, and is told of the selected folder when it gives a command.
    pub(crate) notify: Option<Notify>,
    stop: watch::Receiver<bool>,
    /// Who has not signed in by then is sent away.
    sign_in_by: Instant,
    errors: u32,
    closing: bool,
}

/// What the client asked for with ENABLE, or by using it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Enabled {
    pub(crate) rev2: bool,
    pub(crate) utf8: bool,
    pub(crate) condstore: bool,
    /// Removed messages are told as VANISHED (RFC 7162 section 3.2.10).
    pub(crate) qresync: bool,
}

impl Enabled {
    /// Names and strings are UTF-8.
    pub(crate) fn is_utf8(self) -> bool {
        self.rev2 || self.utf8
    }
}

/// Answers are written out when this much has gathered, at the latest when more input is needed.
pub(crate) const FLUSH_AT: usize = 64 * 1024;

impl Session {
    pub(crate) fn new(imap: Imap, stream: Box<dyn Stream>, peer: Peer, tls: bool, stop: watch::Receiver<bool>) -> Self {
        let io = Io::new(stream, imap.config.write_timeout);
        Self {
            framer: Framer::new(Limits::before_sign_in()),
            io,
            peer,
            protected: tls || peer.loopback,
            tls,
            out: BytesMut::new(),
            user: None,
            view: None,
            enabled: Enabled::default(),
            notify: None,
            stop,
            sign_in_by: Instant::now() + imap.config.sign_in_timeout * 3,
            errors: 0,
            closing: false,
            imap,
        }
    }

    /// Greets, then runs commands until either end has had enough.
    pub(crate) async fn run(mut self) -> io::Result<()> {
        let capabilities = commands::capability::list(&self);
        let greeting = Some(Code::Capability(&capabilities));
        response::untagged(&mut self.out, Status::Ok, greeting, "Postroom at your service");
        let ended = self.serve().await;
        self.leave().await;
        self.io.close().await;
        ended
    }

    async fn serve(&mut self) -> io::Result<()> {
        while !self.closing {
            self.step().await?;
        }
        self.flush().await
    }

    async fn step(&mut self) -> io::Result<()> {
        match self.framer.next(&mut self.io.input) {
            Frame::NeedMoreBytes => self.read_more().await,
            Frame::SendContinuation => {
                response::continuation(&mut self.out, "go ahead");
                Ok(())
            }
            Frame::Command(frame) => self.command(frame).await,
            Frame::Refused { tag, refusal } => {
                response::refused(&mut self.out, tag.as_ref(), refusal);
                if matches!(refusal, Refusal::LiteralTooBig { .. }) {
                    tracing::debug!(limit = "message_size", "a literal is not taken");
                }
                self.count_error();
                Ok(())
            }
            Frame::Close { tag, refusal } => {
                response::refused(&mut self.out, tag.as_ref(), refusal);
                self.bye("too much was sent");
                Ok(())
            }
        }
    }

    /// Waits for input; all answers are out by then.
    pub(crate) async fn read_more(&mut self) -> io::Result<()> {
        self.flush().await?;
        let missing = self.framer.missing(&self.io.input);
        if missing == 0 {
            self.io.rest();
        }
        let until = self.patience();
        let mut stop = self.stop.clone();
        let read = loop {
            let woken = tokio::select! {
                read = tokio::time::timeout_at(until, self.io.fill(missing)) => Some(read),
                _ = stop.wait_for(|stop| *stop) => {
                    self.bye("the server is stopping");
                    return Ok(());
                }
                () = stirred(self.notify.as_mut(), self.view.as_mut()) => None,
            };
            match woken {
                Some(read) => break read,
                None => self.tell_unasked().await?,
            }
            if self.closing {
                return Ok(());
            }
            self.flush().await?;
        };
        match read {
            Ok(Ok(0)) => self.closing = true,
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(error),
            Err(_) => {
                let limit = if self.user.is_some() { "imap_timeout" } else { "sign_in_timeout" };
                tracing::debug!(limit, "nothing was heard for too long");
                self.bye("nothing was heard for too long");
            }
        }
        Ok(())
    }

    /// Until when the client may stay silent.
    fn patience(&self) -> Instant {
        let config = &self.imap.config;
        match self.user {
            Some(_) => Instant::now() + config.idle_timeout,
            None => self.sign_in_by.min(Instant::now() + config.sign_in_timeout),
        }
    }

    /// The next raw line, outside of commands: a response to a challenge. None: the connection ends.
    pub(crate) async fn line(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            match self.framer.next_line(&mut self.io.input) {
                LineFrame::Line(line) => return Ok(Some(line)),
                LineFrame::NeedMoreBytes => self.read_more().await?,
                LineFrame::TooLong | LineFrame::Close => self.bye("the line is too long"),
            }
            if self.closing {
                return Ok(None);
            }
        }
    }

    async fn command(&mut self, frame: Bytes) -> io::Result<()> {
        let options = ParseOptions { utf8: self.enabled.is_utf8(), ..ParseOptions::default() };
        match postroom_wire_imap::parse(&frame, &options) {
            Ok(tagged) => {
                drop(frame);
                self.answer(tagged.tag, tagged.command).await?;
            }
            Err(bad) => {
                match bad.tag {
                    Some(tag) => response::tagged(&mut self.out, &tag, Status::Bad, None, &bad.message),
                    None => response::untagged(&mut self.out, Status::Bad, None, &bad.message),
                }
                self.count_error();
            }
        }
        if self.out.len() > FLUSH_AT {
            self.flush().await?;
        }
        Ok(())
    }

    async fn answer(&mut self, tag: Tag, command: Command) -> io::Result<()> {
        if !self.still_valid().await {
            self.bye("the account has changed; sign in again");
            return Ok(());
        }
        let expunge = may_tell_expunged(&command);
        let removes = matches!(command, Command::Expunge | Command::UidExpunge(_) | Command::Move(_));
        let start_tls = matches!(command, Command::StartTls);
        let logout = matches!(command, Command::Logout);
        let compress = matches!(command, Command::Compress { .. });
        let result = commands::run(self, &tag, command).await;
        if self.closing && !logout {
            // BYE has been said, or the client has gone: nothing is answered any more.
            return Ok(());
        }
        if let Some(expunge) = expunge.filter(|_| removes || self.wants_news()) {
            self.tell_news(expunge).await?;
        }
        if !logout {
            self.tell_elsewhere().await?;
        }
        let (secures, compresses) = (start_tls && result.is_ok(), compress && result.is_ok());
        match result {
            Ok(Done { status, mut code, text }) => {
                self.settle(&mut code);
                response::tagged(&mut self.out, &tag, status, code.as_ref().map(|code| code.as_wire()), &text)
            }
            Err(Failure::No(code, text)) => response::tagged(&mut self.out, &tag, Status::No, code, &text),
            Err(Failure::Bad(text)) => {
                response::tagged(&mut self.out, &tag, Status::Bad, None, &text);
                self.count_error();
            }
            Err(Failure::Io(error)) => return Err(error),
        }
        if secures {
            self.flush().await?;
            self.secure().await?;
        }
        if compresses {
            self.flush().await?;
            self.io.compress();
        }
        Ok(())
    }

    /// The newest change is known only once the client has been told what is new.
    fn settle(&self, code: &mut Option<DoneCode>) {
        if let (Some(DoneCode::HighestModSeq(modseq)), Some(view)) = (code, &self.view) {
            *modseq = view.highest_modseq();
        }
    }

    async fn secure(&mut self) -> io::Result<()> {
        let config = self.imap.config.tls.clone().ok_or(io::ErrorKind::Unsupported)?;
        let exporter = self.io.start_tls(config).await?;
        self.peer.bindings = Bindings { exporter, end_point: self.imap.config.end_point };
        self.framer = Framer::new(Limits::before_sign_in());
        self.protected = true;
        Ok(())
    }

    /// Whether the person may still be here: the account exists and its credentials are those signed in with.
    pub(crate) async fn still_valid(&self) -> bool {
        match &self.user {
            Some(user) => self.imap.directory.still_valid(&user.signed_in).await,
            None => true,
        }
    }

    /// Ends the connection after what has been answered.
    pub(crate) fn bye(&mut self, text: &str) {
        if !self.closing {
            response::untagged(&mut self.out, Status::Bye, None, text);
            self.closing = true;
        }
    }

    pub(crate) fn close(&mut self) {
        self.closing = true;
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing
    }

    pub(crate) fn count_error(&mut self) {
        self.errors += 1;
        if self.errors >= self.imap.config.most_errors {
            tracing::debug!(limit = "refused_commands", "a connection is closed");
            self.bye("too many errors");
        }
    }

    pub(crate) fn stop(&self) -> watch::Receiver<bool> {
        self.stop.clone()
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

    /// From now on MODSEQs are told; for a folder that is selected already the client learns where it stands
    /// (RFC 7162 section 3.1). False: it was so before.
    pub(crate) fn enable_condstore(&mut self) -> bool {
        if std::mem::replace(&mut self.enabled.condstore, true) {
            return false;
        }
        if let Some(view) = &self.view {
            let highest = Some(Code::HighestModSeq(view.highest_modseq()));
            response::untagged(&mut self.out, Status::Ok, highest, "the newest change");
        }
        true
    }

    /// Leaves the selected folder, if there is one.
    pub(crate) async fn leave(&mut self) -> bool {
        let Some(view) = self.view.take() else { return false };
        if view.has_taken_recent()
            && let Err(error) = view.folder.keep_recent().await
        {
            tracing::warn!(%error, "what was told as recent is forgotten");
        }
        true
    }
}

/// Whether news may be told after a command, and whether removed messages may be among them: not while the client
/// may have commands under way that use sequence numbers (RFC 9051 section 7.5.1). None: no news at all.
fn may_tell_expunged(command: &Command) -> Option<bool> {
    match command {
        Command::Fetch(fetch) => Some(fetch.uid),
        Command::Store(store) => Some(store.uid),
        Command::Search(search) => Some(search.uid),
        Command::Sort(sort) => Some(sort.uid),
        Command::Thread(thread) => Some(thread.uid),
        Command::Logout
        | Command::StartTls
        | Command::Select(_)
        | Command::Examine(_)
        | Command::Close
        | Command::Unselect => None,
        _ => Some(true),
    }
}
