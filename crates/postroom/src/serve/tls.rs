//! The certificate: from files, or a self-signed one that is made once and kept in `data`.

use super::peer::Peer;
use crate::config::{CertificateFiles, Config, Limits};
use aws_lc_rs::digest;
use postroom_directory::{Bindings, EndPoint};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, crypto};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("{0} holds no certificate that can be read: {1}")]
    Certificate(PathBuf, #[source] rustls::pki_types::pem::Error),
    #[error("{0} holds no certificate")]
    NoCertificate(PathBuf),
    #[error("{0} holds no private key that can be read: {1}")]
    Key(PathBuf, #[source] rustls::pki_types::pem::Error),
    #[error("certificate {0} and its key cannot be used: {1}")]
    Unusable(PathBuf, #[source] rustls::Error),
    #[error("a self-signed certificate cannot be made: {0}")]
    Make(#[from] rcgen::Error),
    #[error("{0} cannot be written: {1}")]
    Keep(PathBuf, #[source] io::Error),
}

/// What the listeners need: the same certificate, announced for mail protocols and for HTTP.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) mail: Arc<ServerConfig>,
    pub(crate) http: Arc<ServerConfig>,
    /// The hash of the certificate (RFC 5929); none: its signature leaves open which hash that is.
    pub(crate) end_point: Option<EndPoint>,
}

impl Tls {
    pub(crate) fn load(config: &Config) -> Result<Self, TlsError> {
        let files = match &config.tls {
            Some(files) => files.clone(),
            None => self_signed(&config.data, &config.hostname)?,
        };
        let (mail, end_point) = server_config(&files)?;
        let mut http = mail.clone();
        http.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { mail: Arc::new(mail), http: Arc::new(http), end_point })
    }
}

fn server_config(files: &CertificateFiles) -> Result<(ServerConfig, Option<EndPoint>), TlsError> {
    let unreadable = |error| TlsError::Certificate(files.certificate.clone(), error);
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(&files.certificate).and_then(Iterator::collect).map_err(unreadable)?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(files.certificate.clone()));
    }
    let end_point = chain.first().and_then(|certificate| end_point(certificate));
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| TlsError::Key(files.key.clone(), error))?;
    let unusable = |error| TlsError::Unusable(files.certificate.clone(), error);
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(unusable)?;
    Ok((config, end_point))
}

/// RFC 5929 section 4.1: hashed with the hash of the certificate's own signature, with SHA-256 where that is a weaker one.
fn end_point(certificate: &CertificateDer<'_>) -> Option<EndPoint> {
    const SHA_256: [&str; 5] = [
        // RSA with MD5, SHA-1 and SHA-256; ECDSA with SHA-1 and SHA-256.
        "1.2.840.113549.1.1.4",
        "1.2.840.113549.1.1.5",
        "1.2.840.113549.1.1.11",
        "1.2.840.10045.4.1",
        "1.2.840.10045.4.3.2",
    ];
    const SHA_384: [&str; 2] = ["1.2.840.113549.1.1.12", "1.2.840.10045.4.3.3"];
    const SHA_512: [&str; 2] = ["1.2.840.113549.1.1.13", "1.2.840.10045.4.3.4"];
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    let signature = parsed.signature_algorithm.algorithm.to_id_string();
    let signature = signature.as_str();
    let algorithm = if SHA_256.contains(&signature) {
        &digest::SHA256
    } else if SHA_384.contains(&signature) {
        &digest::SHA384
    } else if SHA_512.contains(&signature) {
        &digest::SHA512
    } else {
        return None;
    };
    EndPoint::new(digest::digest(algorithm, certificate).as_ref())
}

/// What a connection is known by on both of its ends.
pub(crate) fn bindings(stream: &TlsStream<TcpStream>, end_point: Option<EndPoint>) -> Bindings {
    let session = stream.get_ref().1;
    // Before TLS 1.3 the value is not bound to one connection under all circumstances (RFC 9266).
    let modern = session.protocol_version() == Some(rustls::ProtocolVersion::TLSv1_3);
    let export = || session.export_keying_material([0; 32], b"EXPORTER-Channel-Binding", Some(b"")).ok();
    Bindings { exporter: modern.then(export).flatten(), end_point }
}

/// The handshake of a listener that speaks TLS from the first octet. None: it did not come about.
pub(crate) async fn accept(
    acceptor: &TlsAcceptor,
    stream: TcpStream,
    peer: &Peer,
    limits: &Limits,
) -> Option<TlsStream<TcpStream>> {
    match tokio::time::timeout(limits.sign_in_timeout.0, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::debug!(%error, peer = %peer.address, "no TLS handshake");
            None
        }
        Err(_) => {
            tracing::info!(limit = "sign_in_timeout", peer = %peer.address, "a TLS handshake took too long");
            None
        }
    }
}

/// Finds or makes the certificate of this host name. A new host name gets a new one.
fn self_signed(data: &Path, hostname: &str) -> Result<CertificateFiles, TlsError> {
    let files = CertificateFiles {
        certificate: data.join(format!("self-signed-{hostname}.pem")),
        key: data.join(format!("self-signed-{hostname}.key")),
    };
    if files.certificate.exists() && files.key.exists() {
        return Ok(files);
    }
    let mut names = vec![hostname.to_owned()];
    names.extend(["localhost", "127.0.0.1", "::1"].into_iter().filter(|name| *name != hostname).map(str::to_owned));
    let made = rcgen::generate_simple_self_signed(names)?;
    keep(&files.key, &made.signing_key.serialize_pem())?;
    keep(&files.certificate, &made.cert.pem())?;
    Ok(files)
}

/// Writes a file that only its owner reads. It is moved into place whole.
fn keep(path: &Path, text: &str) -> Result<(), TlsError> {
    let failed = |error| TlsError::Keep(path.to_owned(), error);
    let fresh = path.with_extension("new");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&fresh, path).map_err(failed)
}

#[cfg(test)]
mod tests;
