//! Mail on its way to other servers: who takes it, by which way it goes, and the connections it goes over.
//!
//! Start reading at [`Relay::run`], which takes what is due from the queue, then at [`attempt`]. What an attempt came
//! to is written down by `postroom_outbound::settle`. DNS and the network come as arguments: [`Dns`], [`Network`].

pub mod dkim;
pub mod dns;
pub mod network;

mod attempt;
mod client;
mod lanes;
mod run;
mod worker;

pub use client::Times;
pub use dkim::{Dkim, DkimError};
pub use dns::{Dns, DnsProblem, MailHost};
pub use network::{BadNetwork, IpRange, Network};

use lanes::Lanes;
use postroom_directory::SealingKey;
use postroom_outbound::Outbound;
use std::sync::Arc;
use std::time::Duration;

/// The limits and times in force.
#[derive(Clone, Debug)]
pub struct Settings {
    pub times: Times,
    /// Connections to one destination at a time.
    pub connections_per_destination: usize,
    /// Connections to all of them together.
    pub connections: usize,
    /// Messages to one destination in a minute; 0: as many as there are.
    pub messages_per_minute: u32,
    /// Recipients of one message that go over one connection at once.
    pub recipients: usize,
    /// How long an open connection waits for another message.
    pub idle: Duration,
    /// Whether other processes work on the same queue.
    pub shared: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            times: Times::default(),
            connections_per_destination: 10,
            connections: 500,
            messages_per_minute: 0,
            recipients: 100,
            idle: Duration::from_secs(5),
            shared: false,
        }
    }
}

/// Delivery to other servers. Cheap to clone.
#[derive(Clone)]
pub struct Relay {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) outbound: Outbound,
    pub(crate) sealing: SealingKey,
    pub(crate) dkim: Dkim,
    pub(crate) dns: Dns,
    pub(crate) network: Network,
    pub(crate) settings: Settings,
    pub(crate) lanes: Lanes,
    /// What this process is known by in leases.
    pub(crate) lease: i64,
}

impl Relay {
    pub fn new(outbound: Outbound, sealing: SealingKey, dns: Dns, network: Network, settings: Settings) -> Self {
        let mut random = [0u8; 8];
        // Without random numbers the lease is shared with another process in the same state; both still hold leases.
        let _ = aws_lc_rs::rand::fill(&mut random);
        let lease = i64::from_be_bytes(random) & i64::MAX;
        let lanes = Lanes::new(&settings);
        let dkim = Dkim::new(outbound.access().clone(), sealing.clone());
        Self { inner: Arc::new(Inner { outbound, sealing, dkim, dns, network, settings, lanes, lease }) }
    }

    pub fn dns(&self) -> &Dns {
        &self.inner.dns
    }
}

#[cfg(any(test, feature = "testing"))]
pub mod testing;

#[cfg(test)]
mod tests;
