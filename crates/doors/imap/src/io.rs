//! The bytes of a connection: an input buffer, bounded writes, and the changes to TLS and to compression.

use crate::deflate::Deflate;
use bytes::BytesMut;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// A byte stream in both directions, plain or TLS.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send + Sync {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + Sync> Stream for S {}

pub(crate) struct Io {
    stream: Option<Box<dyn Stream>>,
    pub(crate) input: BytesMut,
    deflate: Option<Box<Deflate>>,
    write_timeout: Duration,
}

/// What is read at most before it is looked at; a literal on its way raises it.
const READ_AHEAD: usize = 16 * 1024;
/// Trust in the announced size of a literal: memory is taken as the bytes come.
const LITERAL_STEP: usize = 1024 * 1024;

impl Io {
    pub(crate) fn new(stream: Box<dyn Stream>, write_timeout: Duration) -> Self {
        Self { stream: Some(stream), input: BytesMut::new(), deflate: None, write_timeout }
    }

    /// Reads some bytes into the buffer. 0: the client closed. `missing`: how many are known to come.
    pub(crate) async fn fill(&mut self, missing: usize) -> io::Result<usize> {
        self.input.reserve(missing.clamp(if self.input.is_empty() { 512 } else { READ_AHEAD }, LITERAL_STEP));
        let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        let Some(deflate) = &mut self.deflate else { return stream.read_buf(&mut self.input).await };
        loop {
            let made = deflate.unpack(&mut self.input)?;
            if made > 0 {
                return Ok(made);
            }
            deflate.packed.reserve(READ_AHEAD / 4);
            if stream.read_buf(&mut deflate.packed).await? == 0 {
                return Ok(0);
            }
        }
    }

    /// Writes all, or fails when the client reads nothing for the write timeout. A slow one gets what it asked for.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (stream, patience) = (self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?, self.write_timeout);
        match &mut self.deflate {
            None => write_all(stream, bytes, patience).await,
            Some(deflate) => {
                for piece in deflate.pack(bytes) {
                    write_all(stream, &piece?, patience).await?;
                }
                Ok(())
            }
        }
    }

    pub(crate) fn is_compressed(&self) -> bool {
        self.deflate.is_some()
    }

    /// From here on both directions are compressed. What the client has sent ahead is so already.
    pub(crate) fn compress(&mut self) {
        self.deflate = Some(Box::new(Deflate::new(std::mem::take(&mut self.input))));
    }

    /// Gives an empty input buffer's memory back, so that an idle session holds little.
    pub(crate) fn rest(&mut self) {
        if self.input.is_empty() {
            self.input = BytesMut::new();
        }
    }

    /// Starts TLS. What was sent in clear behind STARTTLS is dropped: it could come from somebody else.
    /// Gives what the connection is known by from then on (RFC 9266).
    pub(crate) async fn start_tls(&mut self, config: Arc<rustls::ServerConfig>) -> io::Result<Option<[u8; 32]>> {
        let plain = self.stream.take().ok_or(io::ErrorKind::NotConnected)?;
        self.input.clear();
        let accepting = tokio_rustls::TlsAcceptor::from(config).accept(plain);
        let secure = tokio::time::timeout(self.write_timeout, accepting).await.map_err(timed_out)??;
        let session = secure.get_ref().1;
        // Before TLS 1.3 the value is not bound to one connection under all circumstances.
        let modern = session.protocol_version() == Some(rustls::ProtocolVersion::TLSv1_3);
        let export = || session.export_keying_material([0; 32], b"EXPORTER-Channel-Binding", Some(b"")).ok();
        let exporter = modern.then(export).flatten();
        self.stream = Some(Box::new(secure));
        Ok(exporter)
    }

    pub(crate) async fn close(&mut self) {
        if let Some(stream) = self.stream.as_mut() {
            let _ = tokio::time::timeout(Duration::from_secs(2), stream.shutdown()).await;
        }
    }
}

async fn write_all(stream: &mut Box<dyn Stream>, mut bytes: &[u8], patience: Duration) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = tokio::time::timeout(patience, stream.write(bytes)).await.map_err(timed_out)??;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[written..];
    }
    tokio::time::timeout(patience, stream.flush()).await.map_err(timed_out)?
}

fn timed_out(_: tokio::time::error::Elapsed) -> io::Error {
    io::ErrorKind::TimedOut.into()
}
