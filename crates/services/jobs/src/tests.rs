use super::*;
use postroom_model::{Actor, AuditEntry, Clock, MailboxKind, Outcome, Privilege, SeenMode, SentCopy};
use postroom_store::mailboxes::{self, NewMailbox};
use postroom_store::testing::on_both;
use postroom_store::{Scope, Store, audit};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Time that stands still until it is moved.
struct StoppedClock(AtomicI64);

impl StoppedClock {
    fn forward(&self, span: Duration) {
        self.0.fetch_add(i64::try_from(span.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::Relaxed))
    }
}

struct Desk {
    schedule: Schedule,
    clock: Arc<StoppedClock>,
    store: Store,
}

async fn desk(store: Store) -> Desk {
    let clock = Arc::new(StoppedClock(AtomicI64::new(1_700_000_000_000)));
    let at = clock.now();
    let made = store.write(Scope::Organisation, move |tx| {
        let new = NewMailbox {
            kind: MailboxKind::Shared,
            name: "support".to_owned().try_into().unwrap(),
            display_name: "Support".to_owned(),
            sent_copy: SentCopy::default(),
            seen: SeenMode::default(),
            quota: None,
            privilege: Privilege::User,
        };
        let id = mailboxes::create(tx, &new, at)?;
        let entry = AuditEntry::done(at, Actor::operator(), id, "mailbox.create", "");
        audit::record(tx, &AuditEntry { outcome: Outcome::Done, ..entry })
    });
    made.await.unwrap();
    let access = Access::start(store.clone(), clock.clone()).await.unwrap();
    let retention = Retention { audit: DAY * 90, changes: DAY * 30 };
    Desk { schedule: Schedule::new(access, retention, Duration::from_secs(60)), clock, store }
}

impl Desk {
    /// How many rows the record of acts and the change log of the one mailbox have.
    async fn rows(&self) -> (usize, usize) {
        let mailbox = self.schedule.access.org().mailboxes().next().unwrap().id;
        let count = self.store.read(move |tx| {
            let audit = audit::page(tx, None, None, 1000)?.len();
            let changes = postroom_store::changes::since(tx, mailbox, postroom_model::ModSeq(0), 1000)?.len();
            Ok((audit, changes))
        });
        count.await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_go_when_their_time_is_over_and_not_before() {
    on_both(|store| async {
        let desk = desk(store).await;
        let (audit, changes) = desk.rows().await;
        assert!(audit > 0 && changes > 0, "there is something to prune");
        for (days, expected) in [(29, (audit, changes)), (2, (audit, 0)), (58, (audit, 0)), (2, (0, 0))] {
            desk.clock.forward(DAY * days);
            desk.schedule.run_seldom().await;
            assert_eq!(desk.rows().await, expected, "after {days} more days");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schedule_ends_when_it_is_told_to() {
    on_both(|store| async {
        let desk = desk(store).await;
        let (stopping, stop) = watch::channel(false);
        let running = tokio::spawn(desk.schedule.run(stop));
        stopping.send_replace(true);
        running.await.unwrap();
    })
    .await;
}
