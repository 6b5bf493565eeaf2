//! An SMTP client (RFC 5321): one connection to another server, over which messages go one after the other.
//!
//! Start reading at [`Client::open`], then at [`transaction`]. What the other server says is read strictly and within
//! limits; nothing that it says is trusted.

pub(crate) mod auth;
pub(crate) mod reply;
pub(crate) mod transaction;

use reply::{Reply, Unreadable};
use rustls::pki_types::ServerName;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// How long the other server may take (RFC 5321 section 4.5.3.2).
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub connect: Duration,
    /// The greeting, and answers to commands.
    pub answer: Duration,
    /// Taking the next piece of a message.
    pub piece: Duration,
    /// The answer to a whole message.
    pub end: Duration,
}

impl Default for Times {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(30), answer: seconds(300), piece: seconds(180), end: seconds(600) }
    }
}

/// How the connection is protected.
#[derive(Clone)]
pub(crate) enum Security {
    /// Nothing.
    None,
    /// TLS where the server offers it, whoever it is.
    Opportunistic(Arc<rustls::ClientConfig>),
    /// STARTTLS, or nothing is sent.
    StartTls(Arc<rustls::ClientConfig>),
    /// TLS from the first octet.
    Tls(Arc<rustls::ClientConfig>),
}

/// Where to connect to.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    /// The name of the server, for TLS and for people.
    pub(crate) name: String,
    pub(crate) security: Security,
}

/// Why there is no connection, or not any more.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Lost {
    #[error("no connection to {0}: {1}")]
    Connect(String, std::io::Error),
    #[error("no connection to {0} within {1:?}")]
    ConnectTime(String, Duration),
    #[error("{0} ended the connection: {1}")]
    Io(String, std::io::Error),
    #[error("{0} did not answer within {1:?}")]
    Time(String, Duration),
    #[error("{0} gave an answer that is no SMTP: {1}")]
    Unreadable(String, Unreadable),
    #[error("no protected connection to {0}: {1}")]
    Tls(String, std::io::Error),
    #[error("{0} offers no STARTTLS, which is required")]
    NoStartTls(String),
    /// It does not want us now, or at all.
    #[error("{0} answered: {1}")]
    Refused(String, Reply),
}

pub(crate) trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// What the server offers (RFC 5321 section 4.1.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offers {
    pub(crate) start_tls: bool,
    pub(crate) pipelining: bool,
    pub(crate) eight_bit: bool,
    pub(crate) utf8: bool,
    pub(crate) dsn: bool,
    pub(crate) chunking: bool,
    /// The largest message it takes; 0: it does not say.
    pub(crate) size: Option<u64>,
    /// Upper case.
    pub(crate) auth: Vec<String>,
}

/// A connection that has been greeted.
pub(crate) struct Client {
    io: Box<dyn Io>,
    input: Vec<u8>,
    pub(crate) name: String,
    pub(crate) offers: Offers,
    pub(crate) protected: bool,
    pub(crate) times: Times,
}

impl Client {
    /// Connects, says hello as `hostname`, and protects the connection as `target` says.
    pub(crate) async fn open(target: &Target, hostname: &str, times: Times) -> Result<Self, Lost> {
        let name = &target.name;
        let stream = match timeout(times.connect, TcpStream::connect(target.address)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(Lost::Connect(format!("{name} ({})", target.address), error)),
            Err(_) => return Err(Lost::ConnectTime(format!("{name} ({})", target.address), times.connect)),
        };
        // An SMTP dialogue is many short messages.
        let _ = stream.set_nodelay(true);
        let io: Box<dyn Io> = Box::new(stream);
        let fresh = |io, protected| Self {
            io,
            input: Vec::new(),
            name: name.clone(),
            offers: Offers::default(),
            protected,
            times,
        };
        let mut client = match &target.security {
            Security::Tls(config) => fresh(handshake(io, name, config, times).await?, true),
            _ => fresh(io, false),
        };
        let greeting = client.reply(times.answer).await?;
        client.expect(greeting)?;
        client.hello(hostname).await?;
        let (config, required) = match &target.security {
            Security::None | Security::Tls(_) => return Ok(client),
            Security::Opportunistic(config) => (config, false),
            Security::StartTls(config) => (config, true),
        };
        match (client.offers.start_tls, required) {
            (true, _) => client.start_tls(config, hostname).await,
            (false, true) => Err(Lost::NoStartTls(name.clone())),
            (false, false) => Ok(client),
        }
    }

    async fn start_tls(mut self, config: &Arc<rustls::ClientConfig>, hostname: &str) -> Result<Self, Lost> {
        let answer = self.command("STARTTLS").await?;
        self.expect(answer)?;
        if !self.input.is_empty() {
            // What came in clear behind the answer may be anybody's (RFC 3207 section 4.2 and its history).
            return Err(Lost::Unreadable(self.name, Unreadable::Surplus));
        }
        self.io = handshake(self.io, &self.name, config, self.times).await?;
        self.protected = true;
        self.hello(hostname).await?;
        Ok(self)
    }

    async fn hello(&mut self, hostname: &str) -> Result<(), Lost> {
        let answer = self.command(&format!("EHLO {hostname}")).await?;
        if answer.is_positive() {
            self.offers = Offers::read(&answer);
            return Ok(());
        }
        if answer.code == 421 {
            return Err(Lost::Refused(self.name.clone(), answer));
        }
        let answer = self.command(&format!("HELO {hostname}")).await?;
        self.offers = Offers::default();
        self.expect(answer)
    }

    /// Says goodbye; whether it is heard does not matter.
    pub(crate) async fn quit(mut self) {
        let _ = timeout(Duration::from_secs(5), self.command("QUIT")).await;
    }

    /// One command and its answer.
    pub(crate) async fn command(&mut self, line: &str) -> Result<Reply, Lost> {
        self.write(format!("{line}\r\n").as_bytes(), self.times.answer).await?;
        self.reply(self.times.answer).await
    }

    fn expect(&self, reply: Reply) -> Result<(), Lost> {
        if reply.is_positive() { Ok(()) } else { Err(Lost::Refused(self.name.clone(), reply)) }
    }

    async fn write(&mut self, bytes: &[u8], patience: Duration) -> Result<(), Lost> {
        let written = async {
            self.io.write_all(bytes).await?;
            self.io.flush().await
        };
        match timeout(patience, written).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Lost::Io(self.name.clone(), error)),
            Err(_) => Err(Lost::Time(self.name.clone(), patience)),
        }
    }

    async fn reply(&mut self, patience: Duration) -> Result<Reply, Lost> {
        let mut arriving = reply::Arriving::default();
        let read = async {
            loop {
                match arriving.read(&mut self.input) {
                    Ok(Some(reply)) => return Ok(reply),
                    Ok(None) => {}
                    Err(unreadable) => return Err(Lost::Unreadable(self.name.clone(), unreadable)),
                }
                let mut piece = [0; 4096];
                match self.io.read(&mut piece).await {
                    Ok(0) => return Err(Lost::Io(self.name.clone(), std::io::ErrorKind::UnexpectedEof.into())),
                    Ok(count) => self.input.extend_from_slice(piece.get(..count).unwrap_or_default()),
                    Err(error) => return Err(Lost::Io(self.name.clone(), error)),
                }
            }
        };
        match timeout(patience, read).await {
            Ok(read) => read,
            Err(_) => Err(Lost::Time(self.name.clone(), patience)),
        }
    }
}

async fn handshake(
    io: Box<dyn Io>,
    name: &str,
    config: &Arc<rustls::ClientConfig>,
    times: Times,
) -> Result<Box<dyn Io>, Lost> {
    let refused = |error| Lost::Tls(name.to_owned(), error);
    let server = ServerName::try_from(name.to_owned())
        .map_err(|error| refused(std::io::Error::new(std::io::ErrorKind::InvalidInput, error)))?;
    let connecting = TlsConnector::from(config.clone()).connect(server, io);
    match timeout(times.answer, connecting).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) => Err(refused(error)),
        Err(_) => Err(Lost::Time(name.to_owned(), times.answer)),
    }
}

impl Offers {
    fn read(answer: &Reply) -> Self {
        let mut offers = Self::default();
        for line in answer.lines.iter().skip(1) {
            let line = line.to_ascii_uppercase();
            let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
            match words.next() {
                Some("STARTTLS") => offers.start_tls = true,
                Some("PIPELINING") => offers.pipelining = true,
                Some("8BITMIME") => offers.eight_bit = true,
                Some("SMTPUTF8") => offers.utf8 = true,
                Some("DSN") => offers.dsn = true,
                Some("CHUNKING") => offers.chunking = true,
                Some("SIZE") => offers.size = words.next().and_then(|size| size.parse().ok()).filter(|size| *size > 0),
                Some("AUTH") => offers.auth.extend(words.map(str::to_owned)),
                _ => {}
            }
        }
        offers
    }
}
