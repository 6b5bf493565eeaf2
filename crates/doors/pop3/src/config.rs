//! What the door needs to know of its surroundings.

use postroom_directory::{Bindings, EndPoint};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// Settings of the door. Each has a default that fits an ordinary installation.
#[derive(Clone)]
pub struct Pop3Config {
    /// For STLS; none: it is not offered.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// The hash of its certificate, for clients that bind their sign-in to it.
    pub end_point: Option<EndPoint>,
    /// How long a client may stay silent before it has signed in.
    pub sign_in_timeout: Duration,
    /// How long a signed-in client may stay silent; RFC 1939 section 3 asks for 10 minutes at least.
    pub idle_timeout: Duration,
    /// How long a write may wait for a client that does not read.
    pub write_timeout: Duration,
    /// Wrong commands and refused sign-ins before the connection is closed.
    pub most_errors: u32,
}

impl Default for Pop3Config {
    fn default() -> Self {
        Self {
            tls: None,
            end_point: None,
            sign_in_timeout: Duration::from_secs(60),
            idle_timeout: Duration::from_secs(10 * 60),
            write_timeout: Duration::from_secs(120),
            most_errors: 20,
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
