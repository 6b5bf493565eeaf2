//! The limits of a connection. Each has a default that fits a small organisation.

use std::time::Duration;

#[derive(Clone, Debug)]
pub struct Limits {
    /// Octets of the largest message that is taken.
    pub message_size: u64,
    /// Octets of all messages that are arriving or being filed, together, on all connections.
    pub message_memory: u64,
    /// Recipients of one message. RFC 5321 section 4.5.3.1.8 asks for 100 at least.
    pub recipients: usize,
    /// Octets of a command line with its CRLF. RFC 5321 asks for 512 at least, parameters need more.
    pub command_line: usize,
    /// Refused commands on one connection; then it is closed.
    pub errors: usize,
    /// How long a connection may be silent between commands, or in the middle of one.
    pub command_time: Duration,
    /// How long it may be silent in the middle of a message.
    pub data_time: Duration,
    /// How long one message may take to arrive altogether.
    pub message_time: Duration,
    /// How long a client may take to read a reply.
    pub reply_time: Duration,
    /// How long a TLS handshake may take.
    pub handshake_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_size: 50 * 1024 * 1024,
            message_memory: 512 * 1024 * 1024,
            recipients: 1000,
            command_line: 4096,
            errors: 20,
            // RFC 5321 section 4.5.3.2.7.
            command_time: Duration::from_secs(5 * 60),
            data_time: Duration::from_secs(3 * 60),
            message_time: Duration::from_secs(60 * 60),
            reply_time: Duration::from_secs(60),
            handshake_time: Duration::from_secs(60),
        }
    }
}
