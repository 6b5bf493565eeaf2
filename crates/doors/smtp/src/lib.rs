//! SMTP and LMTP: mail from other servers, and what people send. Bytes become calls of services here, and their
//! answers become replies ([`reply`]); nothing is decided here.
//!
//! Start reading at [`serve_connection`], then at `session.rs`. Where a message ends is decided in `dots.rs`.

mod body;
pub mod command;
mod commands;
mod dots;
mod limits;
mod memory;
mod reply;
mod session;
mod transaction;
mod wire;

pub use limits::Limits;

use memory::Budget;
use postroom_directory::{Bindings, Directory, EndPoint};
use postroom_inbound::Inbound;
use postroom_outbound::Outbound;
use rustls::{ProtocolVersion, ServerConfig};
use session::{Ended, Session};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What every connection shares. Cheap to clone.
#[derive(Clone)]
pub struct Smtp {
    pub(crate) settings: Arc<Settings>,
    pub(crate) budget: Arc<Budget>,
}

/// The services and settings of the door.
pub struct Settings {
    /// The name that the server gives itself.
    pub hostname: String,
    pub limits: Limits,
    /// None: no STARTTLS, and [`Mode::Submissions`] refuses everybody.
    pub tls: Option<Arc<ServerConfig>>,
    /// The hash of its certificate, for clients that bind their sign-in to it.
    pub end_point: Option<EndPoint>,
    /// Whether passwords may be sent without TLS where both ends are loopback addresses.
    pub plaintext_on_loopback: bool,
    pub directory: Directory,
    pub inbound: Inbound,
    pub outbound: Outbound,
}

impl Smtp {
    pub fn new(settings: Settings) -> Self {
        let budget = Budget::new(settings.limits.message_memory);
        Self { settings: Arc::new(settings), budget }
    }
}

/// What a listener is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Mail from other servers (port 25).
    Mx,
    /// Mail from a server beside this one (RFC 2033).
    Lmtp,
    /// What people send (port 587, RFC 6409).
    Submission,
    /// The same with TLS from the first octet (port 465, RFC 8314).
    Submissions,
}

impl Mode {
    fn is_submission(self) -> bool {
        matches!(self, Self::Submission | Self::Submissions)
    }
}

/// Who is at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    pub address: IpAddr,
    /// Both ends are loopback addresses and nothing stands between: counts as protected.
    pub is_loopback: bool,
}

impl Peer {
    pub fn of(peer: SocketAddr, local: SocketAddr) -> Self {
        let is_loopback = |address: SocketAddr| address.ip().to_canonical().is_loopback();
        Self { address: peer.ip().to_canonical(), is_loopback: is_loopback(peer) && is_loopback(local) }
    }
}

/// Serves one connection until it ends. When `stop` becomes true, the running command is finished and the client
/// told to come back later.
pub async fn serve_connection<S>(smtp: Smtp, mode: Mode, stream: S, peer: Peer, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    if mode == Mode::Submissions {
        if let Some(secure) = handshake(&smtp, stream).await {
            secured(&smtp, mode, secure, peer, true, &mut stop).await;
        }
        return;
    }
    let mut session = Session::new(&smtp, mode, peer, stream, None);
    session.greet();
    match session.run(&mut stop).await {
        Ended::Closed => {}
        Ended::StartTls(stream) => {
            if let Some(secure) = handshake(&smtp, stream).await {
                secured(&smtp, mode, secure, peer, false, &mut stop).await;
            }
        }
    }
}

/// The session inside TLS. After STARTTLS there is no second greeting.
async fn secured<S>(
    smtp: &Smtp,
    mode: Mode,
    secure: Secure<S>,
    peer: Peer,
    greets: bool,
    stop: &mut watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut session = Session::new(smtp, mode, peer, secure.stream, Some(secure.version));
    session.bindings = secure.bindings;
    if greets {
        session.greet();
    }
    // A second STARTTLS is refused, so this is the end.
    session.run(stop).await;
}

/// A connection inside TLS.
struct Secure<S> {
    stream: TlsStream<S>,
    version: &'static str,
    bindings: Bindings,
}

async fn handshake<S>(smtp: &Smtp, stream: S) -> Option<Secure<S>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let acceptor = TlsAcceptor::from(smtp.settings.tls.clone()?);
    let stream = match timeout(smtp.settings.limits.handshake_time, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            tracing::debug!(%error, "a TLS handshake failed");
            return None;
        }
        Err(_) => return None,
    };
    let session = stream.get_ref().1;
    let version = match session.protocol_version() {
        Some(ProtocolVersion::TLSv1_2) => "TLS1.2",
        Some(ProtocolVersion::TLSv1_3) => "TLS1.3",
        _ => "TLS",
    };
    // Before TLS 1.3 the value is not bound to one connection under all circumstances (RFC 9266).
    let export = || session.export_keying_material([0; 32], b"EXPORTER-Channel-Binding", Some(b"")).ok();
    let exporter = (version == "TLS1.3").then(export).flatten();
    let bindings = Bindings { exporter, end_point: smtp.settings.end_point };
    Some(Secure { stream, version, bindings })
}
