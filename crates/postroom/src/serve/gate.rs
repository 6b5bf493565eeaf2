//! How many connections there may be: together, and from one address. Loopback counts towards the first only.

use super::metrics::Metrics;
use super::peer::Peer;
use crate::config::{Limits, Listener};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Clone)]
pub(crate) struct Gate {
    inner: Arc<Inner>,
}

struct Inner {
    together: Arc<Semaphore>,
    per_address: usize,
    addresses: Mutex<HashMap<IpAddr, usize>>,
    metrics: Arc<Metrics>,
}

/// One connection's place; given back when it is dropped.
pub(crate) struct Place {
    gate: Gate,
    listener: Listener,
    counted_as: Option<IpAddr>,
    _together: OwnedSemaphorePermit,
}

impl Gate {
    pub(crate) fn new(limits: &Limits, metrics: Arc<Metrics>) -> Self {
        let together = limits.connections.number().min(Semaphore::MAX_PERMITS);
        Self {
            inner: Arc::new(Inner {
                together: Arc::new(Semaphore::new(together)),
                per_address: limits.connections_per_address.number(),
                addresses: Mutex::new(HashMap::new()),
                metrics,
            }),
        }
    }

    /// None: there is no place for this connection now.
    pub(crate) fn enter(&self, listener: Listener, peer: &Peer) -> Option<Place> {
        let Ok(together) = self.inner.together.clone().try_acquire_owned() else {
            tracing::info!(limit = "connections", %listener, peer = %peer.address, "no place for another connection");
            return None;
        };
        let counted_as = (!peer.loopback).then(|| peer.counted_as());
        if let Some(address) = counted_as
            && !self.count(address)
        {
            let peer = peer.address;
            tracing::info!(limit = "connections_per_address", %listener, %peer, "too many connections from there");
            return None;
        }
        self.inner.metrics.opened(listener);
        Some(Place { gate: self.clone(), listener, counted_as, _together: together })
    }

    fn count(&self, address: IpAddr) -> bool {
        let mut addresses = self.inner.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let open = addresses.entry(address).or_default();
        let room = *open < self.inner.per_address;
        *open += usize::from(room);
        if *open == 0 {
            addresses.remove(&address);
        }
        room
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let inner = &self.gate.inner;
        inner.metrics.closed(self.listener);
        let Some(address) = self.counted_as else { return };
        let mut addresses = inner.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = addresses.get_mut(&address) {
            *open -= 1;
            if *open == 0 {
                addresses.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Count;

    fn gate(connections: u64, connections_per_address: u64) -> Gate {
        let limits = Limits {
            connections: Count(connections),
            connections_per_address: Count(connections_per_address),
            ..Limits::default()
        };
        Gate::new(&limits, Arc::new(Metrics::default()))
    }

    fn peer(address: &str, loopback: bool) -> Peer {
        Peer { address: address.parse().unwrap(), loopback }
    }

    #[test]
    fn one_address_has_so_many_places_and_gets_them_back() {
        let gate = gate(100, 2);
        let first = gate.enter(Listener::Smtp, &peer("192.0.2.1:1", false));
        let second = gate.enter(Listener::Imap, &peer("192.0.2.1:2", false));
        assert!(first.is_some() && second.is_some());
        assert!(gate.enter(Listener::Smtp, &peer("192.0.2.1:3", false)).is_none());
        assert!(gate.enter(Listener::Smtp, &peer("192.0.2.2:3", false)).is_some());
        drop(first);
        assert!(gate.enter(Listener::Smtp, &peer("192.0.2.1:4", false)).is_some());
        drop(second);
        assert!(gate.inner.addresses.lock().unwrap().is_empty(), "nothing is remembered of who left");
    }

    #[test]
    fn loopback_counts_towards_the_whole_only() {
        let gate = gate(3, 1);
        let places: Vec<_> = (1..=3).map(|_| gate.enter(Listener::Lmtp, &peer("127.0.0.1:1", true))).collect();
        assert!(places.iter().all(Option::is_some));
        assert!(gate.enter(Listener::Lmtp, &peer("127.0.0.1:1", true)).is_none());
        drop(places);
        assert!(gate.enter(Listener::Lmtp, &peer("127.0.0.1:1", true)).is_some());
    }
}
