//! Connections to other servers: which addresses may be reached, and TLS. Handed in from outside, so that everything
//! else here knows no resolver and no certificates.

use crate::error::FetchError;
use postroom_relay::IpRange;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// A connection, in clear or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub(crate) type BoxedStream = Box<dyn Stream>;

const CONNECTING: Duration = Duration::from_secs(15);
const HANDSHAKE: Duration = Duration::from_secs(20);

/// Reaches other servers. Cheap to clone.
#[derive(Clone)]
pub struct Network {
    tls: TlsConnector,
    /// Private addresses that everybody may reach all the same.
    allow: Arc<[IpRange]>,
}

impl Network {
    /// Trusts the public authorities and those in `extra`.
    pub fn new(extra: Vec<CertificateDer<'static>>, allow: &[IpRange]) -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for certificate in extra {
            roots.add(certificate)?;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: TlsConnector::from(Arc::new(config)), allow: allow.into() })
    }

    /// Connects to the first address of the host that answers.
    pub(crate) async fn connect(&self, host: &str, port: u16, public_only: bool) -> Result<TcpStream, FetchError> {
        let found = tokio::time::timeout(CONNECTING, tokio::net::lookup_host((host, port))).await;
        let found = found.map_err(|_| FetchError::Unreachable(format!("{host} is not resolved in time")))?;
        let addresses: Vec<SocketAddr> =
            found.map_err(|error| FetchError::Unreachable(format!("{host} is not found: {error}")))?.collect();
        let mut last = FetchError::Unreachable(format!("{host} has no address"));
        for address in addresses {
            let allowed = || self.allow.iter().any(|range| range.contains(address.ip()));
            if public_only && !is_public(address.ip()) && !allowed() {
                last = FetchError::Unreachable(format!(
                    "{host} is {}, a private address: only an administrator may name one, or allow it in [outgoing] allow_networks",
                    address.ip()
                ));
                continue;
            }
            match tokio::time::timeout(CONNECTING, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(error)) => last = FetchError::Unreachable(format!("{host} ({address}): {error}")),
                Err(_) => last = FetchError::Unreachable(format!("{host} ({address}) does not answer")),
            }
        }
        Err(last)
    }

    /// TLS over a connection; the certificate must be the host's.
    pub(crate) async fn secure<S: Stream + 'static>(&self, host: &str, stream: S) -> Result<BoxedStream, FetchError> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| FetchError::Tls(format!("`{host}` is no name that a certificate can bear")))?;
        let secured = tokio::time::timeout(HANDSHAKE, self.tls.connect(name, stream)).await;
        match secured {
            Ok(Ok(stream)) => Ok(Box::new(stream)),
            Ok(Err(error)) => Err(FetchError::Tls(error.to_string())),
            Err(_) => Err(FetchError::Tls("the handshake takes too long".to_owned())),
        }
    }
}

/// Whether an address is one that everybody reaches alike.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let shared = a == 100 && (64..128).contains(&b);
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.is_documentation()
                || shared
                || a == 0
                || a >= 240)
        }
        IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            !(v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || first & 0xfe00 == 0xfc00
                || first & 0xffc0 == 0xfe80
                || first & 0xffc0 == 0xfec0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        let check = |address: &str, public| assert_eq!(is_public(address.parse().expect(address)), public, "{address}");
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fc00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "255.255.255.255",
            "224.0.0.1",
            "::",
        ] {
            check(private, false);
        }
        for public in ["9.9.9.9", "172.32.0.1", "100.128.0.1", "2620:fe::9", "::ffff:9.9.9.9"] {
            check(public, true);
        }
    }
}
