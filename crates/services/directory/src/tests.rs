//! The use cases, each on a fresh SQLite and a fresh PostgreSQL database.

mod audit;
mod grants;
mod mailboxes;
mod roles;
mod second_factor;
mod sessions;
mod setup;
mod sign_in;

use crate::{Directory, Limits, Names, NewShared, NewUser, Secret};
use postroom_access::Access;
use postroom_model::{Actor, Clock, Door, MailboxId, Time};
use postroom_store::Store;
use postroom_store::testing::on_both;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

pub(crate) const OPERATOR: Actor = Actor { who: postroom_model::Who::Operator, door: Door::Cli, only: None };

/// Time that stands still until it is moved.
#[derive(Debug)]
pub(crate) struct StoppedClock(AtomicI64);

impl StoppedClock {
    pub(crate) fn forward(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::Relaxed))
    }
}

/// Cheap hashing, so that tests are quick.
pub(crate) fn cheap() -> Limits {
    Limits { hash_memory_kib: 8, hash_passes: 1, scram_iterations: 10, ..Limits::default() }
}

/// An organisation to try things on.
pub(crate) struct Desk {
    pub(crate) directory: Directory,
    pub(crate) clock: Arc<StoppedClock>,
}

impl Desk {
    pub(crate) async fn open(store: Store) -> Self {
        Self::with(store, cheap()).await
    }

    pub(crate) async fn with(store: Store, limits: Limits) -> Self {
        let clock = Arc::new(StoppedClock(AtomicI64::new(1_700_000_000_000)));
        let access = Access::start(store, clock.clone()).await.expect("access");
        let directory =
            Directory::start(access, limits, crate::SealingKey::fresh().expect("a key")).await.expect("a directory");
        directory.create_domain(OPERATOR, "example.org").await.expect("a domain");
        Self { directory, clock }
    }

    /// With the address `name@example.org` and the password `name`.
    pub(crate) async fn user(&self, name: &str) -> MailboxId {
        let new = NewUser { names: names(name), password: Some(Secret::new(name)), ..NewUser::default() };
        self.directory.create_user(OPERATOR, new).await.expect("a user").id
    }

    pub(crate) async fn shared(&self, name: &str) -> MailboxId {
        let new = NewShared { names: names(name), ..NewShared::default() };
        self.directory.create_shared(OPERATOR, new).await.expect("a shared mailbox").id
    }

    /// What the record says, oldest first, as `action outcome`.
    pub(crate) async fn record(&self) -> Vec<String> {
        let mut lines = self.directory.audit_page(OPERATOR, None, None, 1000).await.expect("the record");
        lines.reverse();
        lines.into_iter().map(|line| format!("{} {}", line.action, line.outcome)).collect()
    }
}

pub(crate) fn names(name: &str) -> Names {
    Names { name: name.to_owned(), display_name: String::new(), addresses: vec![format!("{name}@example.org")] }
}

pub(crate) fn person(id: MailboxId) -> Actor {
    Actor::person(id, Door::Admin)
}

/// Runs a test on both databases.
pub(crate) async fn on_desks<F, Fut>(test: F)
where
    F: Fn(Desk) -> Fut,
    Fut: Future<Output = ()>,
{
    on_both(|store| async {
        test(Desk::open(store).await).await;
    })
    .await;
}
