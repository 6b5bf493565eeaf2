//! The server is killed in the middle of deliveries, again and again: what it has acknowledged is there exactly once,
//! what it has not at most once, and everything about it fits together.
//!
//! The moment is chosen by how many messages were acknowledged. `SEED=…` repeats a run, as far as threads can be
//! repeated. Start reading at [`nothing_acknowledged_is_lost_and_nothing_doubled`].

mod ledger;
mod senders;

use crate::harness::{Database, Home, on_both};
use ledger::Ledger;
use std::hash::{BuildHasher, Hasher, RandomState};

const ROUNDS: u64 = 8;

#[test]
fn nothing_acknowledged_is_lost_and_nothing_doubled() {
    let seed = std::env::var("SEED").map(|seed| seed.parse().expect("a number"));
    let seed = seed.unwrap_or_else(|_| RandomState::new().build_hasher().finish());
    println!("SEED={seed}");
    on_both(|database| killed_again_and_again(database, Random(seed)));
}

fn killed_again_and_again(database: Database, mut random: Random) {
    let mut home = Home::with_organisation(database);
    let mut ledger = Ledger::default();
    for round in 0..ROUNDS {
        let server = home.serve();
        ledger.check(&server);
        let until = 1 + random.below(120);
        home = senders::deliver_until_killed(server, round, until, &mut random, &mut ledger);
    }
    let server = home.serve();
    ledger.check(&server);
    println!("{database:?}: {ledger}");
    assert!(ledger.acknowledged() > ROUNDS as usize, "the rounds have delivered something");
    server.stop();
}

/// xorshift64*: the same seed gives the same numbers.
pub(crate) struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.max(1);
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// Another one, for a thread of its own.
    fn split(&mut self) -> Self {
        Self(self.next())
    }
}
