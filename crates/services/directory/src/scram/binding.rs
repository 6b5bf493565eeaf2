//! Channel binding (RFC 5056): what both ends of a TLS connection know it by, and nobody between them. A proof that holds
//! it is worth nothing on another connection.

/// What a connection is known by. Empty without TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    /// `tls-exporter` (RFC 9266).
    pub exporter: Option<[u8; 32]>,
    /// `tls-server-end-point` (RFC 5929).
    pub end_point: Option<EndPoint>,
}

/// The hash of the server's certificate: 32, 48 or 64 octets, as its signature has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndPoint {
    octets: [u8; 64],
    length: usize,
}

impl EndPoint {
    /// None: no hash that is used is so long.
    pub fn new(hash: &[u8]) -> Option<Self> {
        let mut octets = [0; 64];
        octets.get_mut(..hash.len())?.copy_from_slice(hash);
        Some(Self { octets, length: hash.len() })
    }

    fn as_bytes(&self) -> &[u8] {
        &self.octets[..self.length]
    }
}

impl Bindings {
    /// Whether SCRAM-SHA-256-PLUS can be offered.
    pub fn is_empty(&self) -> bool {
        self.exporter.is_none() && self.end_point.is_none()
    }

    pub(super) fn find(&self, name: &str) -> Option<&[u8]> {
        match name {
            "tls-exporter" => self.exporter.as_ref().map(<[u8; 32]>::as_slice),
            "tls-server-end-point" => self.end_point.as_ref().map(EndPoint::as_bytes),
            _ => None,
        }
    }
}
