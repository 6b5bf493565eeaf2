//! What the door needs to know of its surroundings.

use postroom_directory::{Bindings, EndPoint};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// Settings of the door. Each has a default that fits an ordinary installation.
#[derive(Clone)]
pub struct ImapConfig {
    /// For STARTTLS; none: it is not offered.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// The hash of its certificate, for clients that bind their sign-in to it.
    pub end_point: Option<EndPoint>,
    /// Where JMAP is served; none: nowhere.
    pub jmap_url: Option<String>,
    /// Octets of the largest message that APPEND takes.
    pub message_size: usize,
    /// How long a client may stay silent before it has signed in; three times as long it may take in all.
    pub sign_in_timeout: Duration,
    /// How long a signed-in client may stay silent; RFC 9051 section 5.4 asks for 30 minutes at least.
    pub idle_timeout: Duration,
    /// How long a client may read nothing of what is written to it.
    pub write_timeout: Duration,
    /// Wrong commands and refused sign-ins before the connection is closed.
    pub most_errors: u32,
}

impl Default for ImapConfig {
    fn default() -> Self {
        Self {
            tls: None,
            end_point: None,
            jmap_url: None,
            message_size: 50 << 20,
            sign_in_timeout: Duration::from_secs(60),
            idle_timeout: Duration::from_secs(31 * 60),
            write_timeout: Duration::from_secs(120),
            most_errors: 30,
        }
    }
}

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    pub address: SocketAddr,
    /// Both ends are loopback addresses, which counts as protected.
    pub loopback: bool,
    /// What the TLS connection is known by, where the listener has set it up.
    pub bindings: Bindings,
}
