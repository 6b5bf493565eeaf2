//! Lines and octets over a connection, each wait with an end: a server that falls silent ends its own session.

use crate::error::FetchError;
use crate::network::BoxedStream;
use crate::received::Received;
use bytes::{Buf, BytesMut};
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The longest line that is taken, a list of flags or capabilities included.
const LONGEST_LINE: usize = 1024 * 1024;
const CHUNK: usize = 64 * 1024;

pub(crate) struct Wire {
    stream: BoxedStream,
    buffer: BytesMut,
    /// How long the server may be silent.
    pub(crate) patience: Duration,
    /// Where large messages wait.
    pub(crate) spool: PathBuf,
}

impl Wire {
    pub(crate) fn new(stream: BoxedStream, patience: Duration, spool: PathBuf) -> Self {
        Self { stream, buffer: BytesMut::with_capacity(CHUNK), patience, spool }
    }

    /// Gives the stream back for STARTTLS. What the server sent too early is nothing that TLS protects.
    pub(crate) fn into_clear(self) -> Result<BoxedStream, FetchError> {
        if self.buffer.is_empty() {
            Ok(self.stream)
        } else {
            Err(FetchError::Tls("the server sent data between STARTTLS and TLS".to_owned()))
        }
    }

    pub(crate) async fn send(&mut self, octets: &[u8]) -> Result<(), FetchError> {
        let sent = async {
            self.stream.write_all(octets).await?;
            self.stream.flush().await
        };
        match tokio::time::timeout(self.patience, sent).await {
            Ok(done) => Ok(done?),
            Err(_) => Err(FetchError::Silent(self.patience.as_secs())),
        }
    }

    async fn read_more(&mut self, patience: Duration) -> Result<(), FetchError> {
        self.buffer.reserve(CHUNK);
        match tokio::time::timeout(patience, self.stream.read_buf(&mut self.buffer)).await {
            Ok(Ok(0)) => Err(FetchError::Lost("the server closed it".to_owned())),
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(FetchError::Silent(patience.as_secs())),
        }
    }

    /// The next line without its ending.
    pub(crate) async fn line(&mut self) -> Result<Vec<u8>, FetchError> {
        self.line_within(self.patience).await
    }

    /// The same, with another patience for its first octet.
    pub(crate) async fn line_within(&mut self, patience: Duration) -> Result<Vec<u8>, FetchError> {
        let mut looked = 0;
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.buffer[looked..]) {
                let line = self.buffer.split_to(looked + at + 1);
                let line = line.strip_suffix(b"\n").unwrap_or(&line);
                return Ok(line.strip_suffix(b"\r").unwrap_or(line).to_vec());
            }
            looked = self.buffer.len();
            if looked > LONGEST_LINE {
                return Err(FetchError::Lost(format!("a line has more than {LONGEST_LINE} octets")));
            }
            let patience = if looked == 0 { patience } else { self.patience };
            self.read_more(patience).await?;
        }
    }

    /// Exactly `size` octets.
    pub(crate) async fn exactly(&mut self, size: u64) -> Result<Received, FetchError> {
        let mut received = Received::new();
        while received.size() < size {
            if self.buffer.is_empty() {
                self.read_more(self.patience).await?;
            }
            let left = usize::try_from(size - received.size()).unwrap_or(usize::MAX);
            let count = left.min(self.buffer.len());
            received.push(&self.buffer[..count], &self.spool)?;
            self.buffer.advance(count);
        }
        Ok(received)
    }

    /// Hands what arrives to `take`, which says how many octets it took and whether that was all.
    pub(crate) async fn until(
        &mut self,
        mut take: impl FnMut(&[u8]) -> Result<(usize, bool), FetchError>,
    ) -> Result<(), FetchError> {
        loop {
            let (took, all) = take(&self.buffer)?;
            self.buffer.advance(took);
            if all {
                return Ok(());
            }
            self.read_more(self.patience).await?;
        }
    }
}
