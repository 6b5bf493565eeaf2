//! The client of a dialogue: lines, TLS, and SCRAM-SHA-256.

use aws_lc_rs::{digest, hmac, pbkdf2};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

pub(crate) struct Client {
    stream: Option<Box<dyn Stream>>,
    unread: Vec<u8>,
}

/// How long an answer may take before the dialogue has failed.
const PATIENCE: Duration = Duration::from_secs(20);

static CERTIFICATE: LazyLock<(CertificateDer<'static>, Vec<u8>)> = LazyLock::new(|| {
    let made = rcgen::generate_simple_self_signed(vec![super::example::HOSTNAME.to_owned()]).expect("a certificate");
    (made.cert.der().clone(), made.signing_key.serialize_der())
});

pub(crate) fn server_tls() -> Arc<ServerConfig> {
    let (certificate, key) = CERTIFICATE.clone();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key));
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key);
    Arc::new(config.expect("the certificate fits"))
}

impl Client {
    pub(crate) fn new(stream: impl Stream + 'static) -> Self {
        Self { stream: Some(Box::new(stream)), unread: Vec::new() }
    }

    fn stream(&mut self) -> &mut dyn Stream {
        &mut **self.stream.as_mut().expect("connected")
    }

    /// The other side may be gone: then what it said before shows.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let _ = timeout(PATIENCE, async {
            self.stream().write_all(bytes).await?;
            self.stream().flush().await
        })
        .await;
    }

    /// The next line without its CRLF. None: the connection has ended.
    pub(crate) async fn line(&mut self) -> Result<Option<String>, String> {
        loop {
            if let Some(at) = self.unread.windows(2).position(|pair| pair == b"\r\n") {
                let line: Vec<u8> = self.unread.drain(..at + 2).collect();
                return Ok(Some(String::from_utf8_lossy(&line[..at]).into_owned()));
            }
            let mut more = [0; 4096];
            match timeout(PATIENCE, self.stream().read(&mut more)).await {
                Err(_) => return Err("the server says nothing".to_owned()),
                Ok(Ok(0) | Err(_)) if self.unread.is_empty() => return Ok(None),
                Ok(Ok(0) | Err(_)) => return Err(format!("half a line: {:?}", self.unread)),
                Ok(Ok(count)) => self.unread.extend_from_slice(&more[..count]),
            }
        }
    }

    pub(crate) async fn start_tls(&mut self) -> Result<(), String> {
        let mut roots = RootCertStore::empty();
        roots.add(CERTIFICATE.0.clone()).expect("a root");
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let name = ServerName::try_from(super::example::HOSTNAME).expect("a name");
        let stream = self.stream.take().expect("connected");
        let connecting = TlsConnector::from(Arc::new(config)).connect(name, stream);
        match timeout(PATIENCE, connecting).await {
            Ok(Ok(stream)) => {
                self.stream = Some(Box::new(stream));
                Ok(())
            }
            Ok(Err(error)) => Err(format!("no TLS: {error}")),
            Err(_) => Err("no TLS in time".to_owned()),
        }
    }

    /// RFC 5802 section 3, as a client that checks the server, too.
    pub(crate) async fn scram(&mut self, name: &str, password: &str) -> Result<String, String> {
        let bare = format!("n={name},r=fyko+d2lbbFgONRv9qkxdawL");
        self.send(format!("AUTH SCRAM-SHA-256 {}\r\n", STANDARD.encode(format!("n,,{bare}"))).as_bytes()).await;
        let server_first = self.challenge().await?;
        let field =
            |key: &str| server_first.split(',').find_map(|part| part.strip_prefix(key)).unwrap_or_default().to_owned();
        let salt = STANDARD.decode(field("s=")).map_err(|error| error.to_string())?;
        let iterations: NonZeroU32 = field("i=").parse().map_err(|_| format!("no iterations: {server_first}"))?;
        let mut salted = [0; 32];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, &salt, password.as_bytes(), &mut salted);
        let client_key = sign(&salted, b"Client Key");
        let stored_key = digest::digest(&digest::SHA256, &client_key);
        let without_proof = format!("c=biws,r={}", field("r="));
        let message = format!("{bare},{server_first},{without_proof}");
        let signature = sign(stored_key.as_ref(), message.as_bytes());
        let proof: Vec<u8> = client_key.iter().zip(&signature).map(|(key, sign)| key ^ sign).collect();
        let last = format!("{without_proof},p={}", STANDARD.encode(proof));
        self.send(format!("{}\r\n", STANDARD.encode(last)).as_bytes()).await;
        let answer = self.line().await?.unwrap_or_default();
        let Some(server_final) = answer.strip_prefix("334 ") else { return Ok(answer) };
        let server_key = sign(&salted, b"Server Key");
        let expected = format!("v={}", STANDARD.encode(sign(&server_key, message.as_bytes())));
        if STANDARD.decode(server_final).ok() != Some(expected.into_bytes()) {
            return Err("the server does not know the password itself".to_owned());
        }
        self.send(b"\r\n").await;
        Ok(self.line().await?.unwrap_or_default())
    }

    async fn challenge(&mut self) -> Result<String, String> {
        let line = self.line().await?.unwrap_or_default();
        let encoded = line.strip_prefix("334 ").ok_or_else(|| format!("no challenge: {line}"))?;
        let bytes = STANDARD.decode(encoded).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|error| error.to_string())
    }
}

fn sign(key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text).as_ref().to_vec()
}
