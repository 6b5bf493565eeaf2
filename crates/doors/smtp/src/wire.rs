//! Lines and octets from a connection, and replies to it, each with its time limit.
//!
//! Replies collect in one buffer and are written before the connection is read again: the replies to a batch of
//! pipelined commands go out in one write (RFC 2920 section 3.2).

use crate::limits::Limits;
use bytes::{Buf, BytesMut};
use memchr::memchr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::timeout;

/// A connection with what was read and not used yet, and what is to be written.
#[derive(Debug)]
pub(crate) struct Wire<IO> {
    io: IO,
    pub(crate) input: BytesMut,
    pub(crate) output: Vec<u8>,
    /// Octets at the start of `input` that are known to hold no LF.
    searched: usize,
}

/// What came of reading a line.
#[derive(Debug)]
pub(crate) enum Line {
    /// Without its CRLF.
    Complete(BytesMut),
    /// Longer than the limit; it was swallowed.
    TooLong,
    /// It ended with a bare LF.
    BareLf,
}

/// Why nothing more can be read.
#[derive(Debug)]
pub(crate) enum Lost {
    /// The client went away, or the network did.
    Gone,
    /// It was silent for too long, or did not read its replies.
    TimedOut,
    /// The server is stopping.
    Stopping,
}

const SMALL_READ: usize = 8 * 1024;
const LARGE_READ: usize = 64 * 1024;

impl<IO: AsyncRead + AsyncWrite + Unpin> Wire<IO> {
    pub(crate) fn new(io: IO) -> Self {
        Self { io, input: BytesMut::new(), output: Vec::new(), searched: 0 }
    }

    /// The connection itself. What was read ahead is dropped: after STARTTLS it may have been injected by somebody
    /// between (RFC 3207 section 4.2 and 6).
    pub(crate) fn into_io(self) -> IO {
        self.io
    }

    /// Reads a line. `stop`: give up when it becomes true while nothing of a line has arrived.
    pub(crate) async fn line(
        &mut self,
        longest: usize,
        limits: &Limits,
        stop: Option<&mut watch::Receiver<bool>>,
    ) -> Result<Line, Lost> {
        let mut stop = stop;
        let mut too_long = false;
        loop {
            if let Some(at) = self.line_feed() {
                let mut line = self.input.split_to(at + 1);
                self.searched = 0;
                if too_long || line.len() > longest {
                    return Ok(Line::TooLong);
                }
                if !line.ends_with(b"\r\n") {
                    return Ok(Line::BareLf);
                }
                line.truncate(line.len() - 2);
                return Ok(Line::Complete(line));
            }
            if self.input.len() > longest {
                too_long = true;
                self.input.clear();
                self.searched = 0;
            }
            let stop = stop.as_deref_mut().filter(|_| self.input.is_empty() && !too_long);
            self.fill(SMALL_READ, ("smtp_timeout", limits.command_time), limits, stop).await?;
        }
    }

    fn line_feed(&mut self) -> Option<usize> {
        let found = memchr(b'\n', &self.input[self.searched..]).map(|at| at + self.searched);
        self.searched = self.input.len();
        found
    }

    /// Reads more of a message. Large pieces: there is much to come.
    pub(crate) async fn more(&mut self, large: bool, patience: Duration, limits: &Limits) -> Result<(), Lost> {
        let size = if large { LARGE_READ } else { SMALL_READ };
        self.fill(size, ("data_timeout", patience), limits, None).await
    }

    async fn fill(
        &mut self,
        size: usize,
        (limit, patience): (&'static str, Duration),
        limits: &Limits,
        stop: Option<&mut watch::Receiver<bool>>,
    ) -> Result<(), Lost> {
        self.flush(limits).await?;
        if self.input.is_empty() && self.input.capacity() > LARGE_READ / 2 && size == SMALL_READ {
            // A large buffer does not stay with a connection that is idle.
            self.input = BytesMut::new();
        }
        if self.input.capacity() - self.input.len() < size / 2 {
            self.input.reserve(size);
        }
        let read = timeout(patience, self.io.read_buf(&mut self.input));
        let read = match stop {
            None => read.await,
            Some(stop) => tokio::select! {
                biased;
                read = read => read,
                () = stopping(stop) => return Err(Lost::Stopping),
            },
        };
        match read {
            Err(_) => {
                tracing::debug!(limit, "nothing was heard for too long");
                Err(Lost::TimedOut)
            }
            Ok(Ok(0) | Err(_)) => Err(Lost::Gone),
            Ok(Ok(_)) => Ok(()),
        }
    }

    /// Writes the replies that have collected.
    pub(crate) async fn flush(&mut self, limits: &Limits) -> Result<(), Lost> {
        if self.output.is_empty() {
            return Ok(());
        }
        let write = async {
            self.io.write_all(&self.output).await?;
            self.io.flush().await
        };
        let written = timeout(limits.reply_time, write).await;
        self.output.clear();
        match written {
            Err(_) => {
                tracing::debug!(limit = "write_timeout", "a client does not read");
                Err(Lost::TimedOut)
            }
            Ok(Err(_)) => Err(Lost::Gone),
            Ok(Ok(())) => Ok(()),
        }
    }

    /// Writes what is left and says goodbye to the network.
    pub(crate) async fn close(&mut self, limits: &Limits) {
        if self.flush(limits).await.is_ok() {
            let _ = timeout(limits.reply_time, self.io.shutdown()).await;
        }
    }

    /// Drops octets of the input that are done with.
    pub(crate) fn used(&mut self, octets: usize) {
        self.input.advance(octets);
        self.searched = 0;
    }
}

/// Comes when the server stops; never, if nobody is left to say so.
async fn stopping(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
