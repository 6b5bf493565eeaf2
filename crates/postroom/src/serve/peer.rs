//! Who is at the other end of a connection, and the rule that loopback counts as protected.

use std::net::{IpAddr, SocketAddr};
use tokio::net::TcpStream;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    /// Both ends are loopback addresses: nobody outside this machine can listen.
    pub(crate) loopback: bool,
}

impl Peer {
    pub(crate) fn of(stream: &TcpStream) -> std::io::Result<Self> {
        let (address, local) = (stream.peer_addr()?, stream.local_addr()?);
        Ok(Self::between(address, local))
    }

    fn between(peer: SocketAddr, local: SocketAddr) -> Self {
        // An IPv4 peer of a [::] listener comes as ::ffff:a.b.c.d.
        let address = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        let loopback = address.ip().is_loopback() && local.ip().to_canonical().is_loopback();
        Self { address, loopback }
    }

    /// What limits per address count by: an IPv4 address, or the /64 that one IPv6 host has for itself.
    pub(crate) fn counted_as(&self) -> IpAddr {
        match self.address.ip() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                std::net::Ipv6Addr::from(network).into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_must_be_loopback() {
        let cases = [
            ("127.0.0.1:5000", "127.0.0.1:143", true),
            ("127.0.0.9:5000", "127.0.0.1:143", true),
            ("[::1]:5000", "[::1]:143", true),
            ("[::ffff:127.0.0.1]:5000", "[::ffff:127.0.0.1]:143", true),
            ("192.0.2.1:5000", "127.0.0.1:143", false),
            ("127.0.0.1:5000", "192.0.2.1:143", false),
            ("[::ffff:192.0.2.1]:5000", "[::ffff:192.0.2.2]:143", false),
        ];
        for (peer, local, expected) in cases {
            let found = Peer::between(peer.parse().unwrap(), local.parse().unwrap());
            assert_eq!(found.loopback, expected, "{peer} {local}");
        }
    }

    #[test]
    fn neighbours_in_a_64_count_as_one() {
        let counted = |text: &str| Peer::between(text.parse().unwrap(), "[::]:25".parse().unwrap()).counted_as();
        assert_eq!(counted("[2001:db8::1]:1"), counted("[2001:db8::2:2]:2"));
        assert_ne!(counted("[2001:db8::1]:1"), counted("[2001:db8:0:1::1]:1"));
        assert_ne!(counted("192.0.2.1:1"), counted("192.0.2.2:1"));
        assert_eq!(counted("[::ffff:192.0.2.1]:1"), counted("192.0.2.1:2"));
    }
}
