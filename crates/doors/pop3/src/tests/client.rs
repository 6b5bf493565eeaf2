//! The client of a dialogue: lines, TLS, and SCRAM-SHA-256.

use aws_lc_rs::{digest, hmac, pbkdf2};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;

pub(super) struct Client {
    stream: Option<Box<dyn crate::Stream>>,
    unread: Vec<u8>,
}

const HOST: &str = "mail.example.org";

static CERTIFICATE: LazyLock<(CertificateDer<'static>, Vec<u8>)> = LazyLock::new(|| {
    let made = rcgen::generate_simple_self_signed(vec![HOST.to_owned()]).expect("a certificate");
    (made.cert.der().clone(), made.signing_key.serialize_der())
});

pub(super) fn server_tls() -> Arc<ServerConfig> {
    let (certificate, key) = CERTIFICATE.clone();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key));
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key);
    Arc::new(config.expect("the certificate fits"))
}

impl Client {
    pub(super) fn new(stream: impl crate::Stream + 'static) -> Self {
        Self { stream: Some(Box::new(stream)), unread: Vec::new() }
    }

    fn stream(&mut self) -> &mut dyn crate::Stream {
        &mut **self.stream.as_mut().expect("connected")
    }

    /// The other side may be gone: then what it said before shows.
    pub(super) async fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream().write_all(bytes).await;
        let _ = self.stream().flush().await;
    }

    /// The next line without its CRLF. None: the connection has ended.
    pub(super) async fn line(&mut self) -> Option<String> {
        loop {
            if let Some(at) = self.unread.windows(2).position(|pair| pair == b"\r\n") {
                let line: Vec<u8> = self.unread.drain(..at + 2).collect();
                return Some(String::from_utf8_lossy(&line[..at]).into_owned());
            }
            let mut more = [0; 4096];
            match self.stream().read(&mut more).await {
                Ok(0) | Err(_) => {
                    assert!(self.unread.is_empty(), "half a line: {:?}", self.unread);
                    return None;
                }
                Ok(count) => self.unread.extend_from_slice(&more[..count]),
            }
        }
    }

    pub(super) async fn start_tls(&mut self) {
        let mut roots = RootCertStore::empty();
        roots.add(CERTIFICATE.0.clone()).expect("a root");
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let name = ServerName::try_from(HOST).expect("a name");
        let stream = self.stream.take().expect("connected");
        let secure = TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("a TLS handshake");
        self.stream = Some(Box::new(secure));
    }

    /// RFC 5802 section 3, as a client that checks the server, too. The last answer is read by the dialogue.
    pub(super) async fn scram(&mut self, name: &str, password: &str) {
        let bare = format!("n={name},r=fyko+d2lbbFgONRv9qkxdawL");
        self.send(format!("AUTH SCRAM-SHA-256 {}\r\n", STANDARD.encode(format!("n,,{bare}"))).as_bytes()).await;
        let server_first = self.challenge().await.expect("a challenge");
        let field =
            |key: &str| server_first.split(',').find_map(|part| part.strip_prefix(key)).unwrap_or_default().to_owned();
        let salt = STANDARD.decode(field("s=")).expect("a salt");
        let iterations: NonZeroU32 = field("i=").parse().expect("iterations");
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
        if let Some(server_final) = self.challenge().await {
            let server_key = sign(&salted, b"Server Key");
            let expected = format!("v={}", STANDARD.encode(sign(&server_key, message.as_bytes())));
            assert_eq!(server_final, expected, "the server does not know the password itself");
            self.send(b"\r\n").await;
        }
    }

    /// None: the line is no challenge, and stays unread.
    async fn challenge(&mut self) -> Option<String> {
        let line = self.line().await?;
        let Some(encoded) = line.strip_prefix("+ ") else {
            self.unread.splice(0..0, format!("{line}\r\n").into_bytes());
            return None;
        };
        Some(String::from_utf8(STANDARD.decode(encoded).expect("base64")).expect("text"))
    }
}

fn sign(key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text).as_ref().to_vec()
}
