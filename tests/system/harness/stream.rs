//! A connection to the server, plain or encrypted, read by lines and by counted octets.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Far longer than anything takes: a test that waits in vain fails instead of hanging.
const PATIENCE: Duration = Duration::from_secs(90);

/// What is read and not asked for yet stands in `input` from `at`.
pub(crate) struct Stream {
    socket: Option<Socket>,
    input: Vec<u8>,
    at: usize,
}

enum Socket {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

/// A client that trusts one certificate, or who it was issued by.
pub(crate) fn trusting(certificate: &Path) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(certificate).expect("a certificate")).expect("it can be trusted");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}

impl Stream {
    pub(crate) fn connect(to: SocketAddr) -> io::Result<Self> {
        let socket = TcpStream::connect(to)?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { socket: Some(Socket::Plain(socket)), input: Vec::new(), at: 0 })
    }

    /// From here on everything is encrypted. The server must prove that it is `name`.
    pub(crate) fn secure(&mut self, trust: &Arc<ClientConfig>, name: &str) -> io::Result<()> {
        assert_eq!(self.at, self.input.len(), "nothing may follow the answer to STARTTLS");
        let Some(Socket::Plain(mut socket)) = self.socket.take() else { panic!("it is encrypted already") };
        let name = ServerName::try_from(name.to_owned()).expect("a host name");
        let mut tls = ClientConnection::new(trust.clone(), name).map_err(io::Error::other)?;
        while tls.is_handshaking() {
            tls.complete_io(&mut socket)?;
        }
        self.socket = Some(Socket::Tls(Box::new(StreamOwned::new(tls, socket))));
        Ok(())
    }

    /// The certificate that the server showed.
    pub(crate) fn certificate(&self) -> Vec<u8> {
        let Some(Socket::Tls(tls)) = &self.socket else { panic!("it is not encrypted") };
        tls.conn.peer_certificates().and_then(|chain| chain.first()).expect("a certificate").to_vec()
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self.socket.as_mut().expect("a socket") {
            Socket::Plain(socket) => socket.write_all(bytes),
            Socket::Tls(tls) => tls.write_all(bytes).and_then(|()| tls.flush()),
        }
    }

    /// The next line without its CRLF; an error of kind `UnexpectedEof` where the other end has closed.
    pub(crate) fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut searched = 0;
        loop {
            if let Some(end) = self.input[self.at + searched..].iter().position(|octet| *octet == b'\n') {
                let line = self.take(searched + end + 1);
                return Ok(line.strip_suffix(b"\r\n").unwrap_or(&line).to_vec());
            }
            searched = self.input.len() - self.at;
            self.fill()?;
        }
    }

    pub(crate) fn exactly(&mut self, count: usize) -> io::Result<Vec<u8>> {
        while self.input.len() - self.at < count {
            self.fill()?;
        }
        Ok(self.take(count))
    }

    /// Everything until the other end closes.
    pub(crate) fn rest(&mut self) -> io::Result<Vec<u8>> {
        loop {
            match self.fill() {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                Err(error) => return Err(error),
            }
        }
        Ok(self.take(self.input.len() - self.at))
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        let taken = self.input[self.at..self.at + count].to_vec();
        self.at += count;
        if self.at == self.input.len() {
            self.input.clear();
            self.at = 0;
        }
        taken
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut more = [0; 64 * 1024];
        let count = match self.socket.as_mut().expect("a socket") {
            Socket::Plain(socket) => socket.read(&mut more)?,
            Socket::Tls(tls) => tls.read(&mut more)?,
        };
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.input.extend_from_slice(&more[..count]);
        Ok(())
    }
}
