//! One budget for the octets of all messages in flight, so that many large ones at once are put off instead of taking
//! all memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is left. Shared by all connections.
#[derive(Debug)]
pub(crate) struct Budget {
    free: AtomicU64,
}

impl Budget {
    pub(crate) fn new(octets: u64) -> Arc<Self> {
        Arc::new(Self { free: AtomicU64::new(octets) })
    }

    /// Nothing taken yet.
    pub(crate) fn share(self: &Arc<Self>) -> Share {
        Share { budget: self.clone(), taken: 0 }
    }

    fn take(&self, octets: u64) -> bool {
        self.free.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |free| free.checked_sub(octets)).is_ok()
    }
}

/// What one message has taken; given back when it goes.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Arc<Budget>,
    taken: u64,
}

impl Share {
    /// Takes as much as is missing to `octets`. False: there is not enough.
    pub(crate) fn grow_to(&mut self, octets: u64) -> bool {
        let more = octets.saturating_sub(self.taken);
        let granted = more == 0 || self.budget.take(more);
        if granted {
            self.taken += more;
        }
        granted
    }

    pub(crate) fn release(&mut self) {
        self.budget.free.fetch_add(self.taken, Ordering::Relaxed);
        self.taken = 0;
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn what_is_taken_comes_back() {
        let budget = Budget::new(100);
        let mut one = budget.share();
        let mut two = budget.share();
        assert!(one.grow_to(60) && one.grow_to(40) && two.grow_to(40));
        assert!(!two.grow_to(41), "nothing is left");
        drop(one);
        assert!(two.grow_to(100));
        two.release();
        assert!(budget.share().grow_to(100));
    }
}
