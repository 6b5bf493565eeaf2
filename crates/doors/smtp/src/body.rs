//! The octets of a message while they arrive, within the limits.

use crate::memory::{Budget, Share};
use std::sync::Arc;

/// A message that is arriving. What exceeds a limit is swallowed, so that the connection stays in step.
#[derive(Debug)]
pub(crate) struct Body {
    bytes: Vec<u8>,
    /// Octets that stood there before the client sent any.
    prefix: usize,
    limit: usize,
    share: Share,
    verdict: Result<(), Overflow>,
}

/// Why a message was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overflow {
    /// Larger than the largest message that is taken.
    TooBig,
    /// All messages in flight together take too much memory.
    NoMemory,
}

/// Room for the first octets, where the client gave no size; most mails fit.
const FIRST: usize = 8 * 1024;
/// A declared size is believed up to here.
const BELIEVED: u64 = 1024 * 1024;

impl Body {
    /// `prefix` stands in front and does not count against the limit.
    pub(crate) fn new(prefix: Vec<u8>, declared: Option<u64>, limit: u64, budget: &Arc<Budget>) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let share = budget.share();
        let mut body = Self { prefix: prefix.len(), bytes: prefix, limit, share, verdict: Ok(()) };
        let expected = declared.map_or(FIRST, |size| usize::try_from(size.min(BELIEVED)).unwrap_or(FIRST));
        body.make_room(expected.min(limit).saturating_add(64));
        body
    }

    /// Octets that the client sent and that were kept.
    pub(crate) fn received(&self) -> usize {
        self.bytes.len() - self.prefix
    }

    pub(crate) fn push(&mut self, more: &[u8]) {
        if self.verdict.is_err() {
            return;
        }
        if self.received() + more.len() > self.limit {
            self.give_up(Overflow::TooBig);
        } else if self.bytes.capacity() - self.bytes.len() >= more.len() || self.make_room(more.len()) {
            self.bytes.extend_from_slice(more);
        }
    }

    /// Ends the message: its octets, and the share of memory to be held until it is filed.
    pub(crate) fn finish(self) -> Result<(Vec<u8>, Share), Overflow> {
        self.verdict.map(|()| (self.bytes, self.share))
    }

    fn make_room(&mut self, more: usize) -> bool {
        let needed = self.bytes.len() + more;
        let wanted = needed.max(self.bytes.capacity() * 2).min(self.prefix + self.limit + 64).max(needed);
        if !self.share.grow_to(wanted as u64) {
            self.give_up(Overflow::NoMemory);
            return false;
        }
        self.bytes.reserve_exact(wanted - self.bytes.len());
        true
    }

    fn give_up(&mut self, why: Overflow) {
        self.verdict = Err(why);
        self.bytes = Vec::new();
        self.prefix = 0;
        self.share.release();
    }
}
