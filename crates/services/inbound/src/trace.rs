//! The trace fields that delivery puts in front of a message (RFC 5321 section 4.4).

use crate::Inbound;
use crate::authenticity::{Bringer, without_forged};
use postroom_outbound::new_id;
use postroom_wire_message::{Fields, Received, header_end};
use std::net::IpAddr;

/// How a message reached this server.
#[derive(Clone, Copy, Debug)]
pub struct Hop<'a> {
    /// What the client called itself.
    pub helo: &'a str,
    pub peer: Option<IpAddr>,
    /// The protection of the connection: `TLS1.3`.
    pub tls: Option<&'a str>,
    /// The protocol word (RFC 3848): `ESMTPS`, `LMTP`.
    pub with: &'a str,
    /// Empty: the null sender.
    pub envelope_from: &'a str,
    /// Only where there is a single one: several would tell each other of blind copies.
    pub recipient: Option<&'a str>,
}

/// A message that is arriving: its trace fields, then what the client sends.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// As the Received field names it.
    pub id: String,
    /// Append what the client sends.
    pub bytes: Vec<u8>,
    trace: usize,
    /// None: it comes from this machine.
    pub(crate) bringer: Option<Bringer>,
}

impl Inbound {
    /// Begins a message: the trace fields stand in front, so that nothing is moved later.
    pub fn begin(&self, hop: &Hop<'_>) -> Incoming {
        let now = self.access.clock().now();
        let id = new_id(now);
        let received = Received {
            helo: Some(hop.helo),
            peer_name: None,
            peer: hop.peer,
            tls: hop.tls,
            by: &self.hostname,
            with: hop.with,
            id: &id,
            recipient: hop.recipient,
            at: now.seconds(),
        };
        let sender = hop.envelope_from.chars().filter(|c| !c.is_control()).collect::<String>();
        let trace = format!("Return-Path: <{sender}>\r\nReceived: {}\r\n", received.value());
        let bringer = hop.peer.filter(|peer| !peer.to_canonical().is_loopback()).map(|address| Bringer {
            address,
            helo: hop.helo.to_owned(),
            envelope_from: hop.envelope_from.to_owned(),
        });
        Incoming { id, trace: trace.len(), bytes: trace.into_bytes(), bringer }
    }
}

impl Incoming {
    /// Octets that the client sent so far.
    pub fn received(&self) -> usize {
        self.bytes.len() - self.trace
    }

    /// What the client sent.
    pub(crate) fn sent(&self) -> &[u8] {
        self.bytes.get(self.trace..).unwrap_or_default()
    }

    /// Puts what was found about the message between its trace fields and what was sent, whose claims to be ours go.
    pub(crate) fn set_results(&mut self, field: &str, hostname: &str) {
        let kept = without_forged(self.sent(), hostname);
        self.bytes.truncate(self.trace);
        self.bytes.extend_from_slice(field.as_bytes());
        self.trace = self.bytes.len();
        self.bytes.extend_from_slice(&kept);
    }

    /// The message with its trace. One without any header needs a blank line between, or its first line would be
    /// taken for a field.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let sent = &self.bytes[self.trace..];
        if Fields::of(sent).next().is_none() && header_end(sent) == 0 {
            self.bytes.splice(self.trace..self.trace, *b"\r\n");
        }
        self.bytes
    }
}
