//! The shared snapshot: whatever changes, moving it forward gives the same as loading it anew.

use super::*;
use crate::Affected;
use proptest::prelude::*;

#[tokio::test]
async fn watchers_are_told_and_see_the_same_picture() {
    on_both(|store| async move {
        let world = World::new(store).await;
        world.grant(world.alice, &["preset:agent"]).await;
        world.grant(world.bob, &["preset:agent"]).await;
        let hers = world.folder(world.alice, world.support, SpecialUse::Inbox).await;
        let his = world.folder(world.bob, world.support, SpecialUse::Inbox).await;
        let before = his.refresh().await.expect("read");
        let mut notices = his.notices();
        notices.borrow_and_update();
        let uid = world.append(&hers, "x").await;
        notices.changed().await.expect("told");
        let after = his.refresh().await.expect("read");
        assert_eq!((before.len(), after.len()), (0, 1));
        assert_eq!(his.affected_since(before.modseq), Affected::These([uid].into()));
        assert!(Arc::ptr_eq(&after, &hers.refresh().await.expect("read")), "one picture for all");
    })
    .await;
}

#[derive(Clone, Debug)]
enum Act {
    Append,
    Flag(usize, u32),
    Remove(usize),
    Move(usize),
    Look,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => Just(Act::Append),
        2 => (0..6usize, 0..16u32).prop_map(|(n, flags)| Act::Flag(n, flags)),
        1 => (0..6usize).prop_map(Act::Remove),
        1 => (0..6usize).prop_map(Act::Move),
        2 => Just(Act::Look),
    ]
}

async fn story(store: Store, acts: Vec<Act>) {
    let world = World::new(store).await;
    let inbox = world.folder(world.alice, world.alice, SpecialUse::Inbox).await;
    let junk = world.folder(world.alice, world.alice, SpecialUse::Junk).await;
    let nth = |uids: Vec<u32>, n: usize| uids.get(n).copied().into_iter().collect::<Vec<_>>();
    for act in acts {
        let here: Vec<u32> = inbox.snapshot().expect("read").messages.iter().map(|e| e.uid).collect();
        match act {
            Act::Append => drop(world.append(&inbox, "x").await),
            Act::Flag(n, flags) => {
                inbox
                    .change_flags(nth(here, n), set(FlagMode::Replace, Flags(flags), &[]), None)
                    .await
                    .map(drop)
                    .expect("ok");
            }
            Act::Remove(n) => drop(inbox.remove(nth(here, n)).await.expect("ok")),
            Act::Move(n) => drop(inbox.move_to(nth(here, n), &junk).await.expect("ok")),
            Act::Look => drop(inbox.refresh().await.expect("read")),
        }
    }
    for folder in [inbox, junk] {
        let moved_forward = folder.refresh().await.expect("read");
        let fresh = Mail::new(world.mail.access().clone());
        let opened = world.open(world.alice, world.alice).await.expect("opened");
        let loaded = fresh.open_folder(&opened, folder.path()).await.expect("there").refresh().await.expect("read");
        assert_eq!(moved_forward.messages, loaded.messages);
        assert_eq!(moved_forward.uidnext, loaded.uidnext);
    }
}

#[test]
fn moving_forward_equals_loading_anew() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 12, ..ProptestConfig::default() });
    let result = runner.run(&prop::collection::vec(act(), 1..30), |acts| {
        runtime.block_on(on_both(|store| story(store, acts.clone())));
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[tokio::test]
async fn a_pruned_log_is_noticed_and_the_folder_read_anew() {
    on_both(|store| async move {
        let world = World::new(store.clone()).await;
        let inbox = world.folder(world.alice, world.alice, SpecialUse::Inbox).await;
        world.append(&inbox, "1").await;
        let before = inbox.refresh().await.expect("read").modseq;
        world.append(&inbox, "2").await;
        world.append(&inbox, "3").await;
        let alice = world.alice;
        let last = Time(i64::MAX);
        // All but the newest row is gone, as if the folder had not been looked at for long.
        let prune = store.write(Scope::mailbox(alice), move |tx| {
            let rows = postroom_store::changes::since(tx, alice, before, 100)?;
            let older = u32::try_from(rows.len()).unwrap_or(0) / 2;
            assert!(older > 0);
            let all = postroom_store::changes::since(tx, alice, postroom_model::ModSeq(0), 100)?.len();
            let limit = u32::try_from(all).unwrap_or(0) - older;
            postroom_store::changes::prune(tx, alice, last, limit)
        });
        prune.await.expect("pruned");
        assert_eq!(uids(&inbox).await, [1, 2, 3]);
        let happened = world.mail.happened(Actor::person(alice, Door::Imap), alice, before).await.expect("read");
        assert!(happened.too_much, "{happened:?}");
    })
    .await;
}

#[tokio::test]
async fn what_happened_is_told_folder_by_folder() {
    on_both(|store| async move {
        let world = World::new(store).await;
        let inbox = world.folder(world.alice, world.alice, SpecialUse::Inbox).await;
        let junk = world.folder(world.alice, world.alice, SpecialUse::Junk).await;
        let actor = Actor::person(world.alice, Door::Imap);
        let (notices, start) = world.mail.watch(actor, world.alice).await.expect("hers");
        let uid = world.append(&inbox, "1").await;
        assert!(*notices.borrow() > start, "the notice has come");
        let happened = world.mail.happened(actor, world.alice, start).await.expect("read");
        let only = |id, messages, flags| [(id, crate::Stirred { messages, flags })].into();
        assert_eq!((happened.folders, happened.tree, happened.too_much), (only(inbox.id(), true, false), false, false));
        inbox.change_flags(vec![uid], set(FlagMode::Add, Flags::FLAGGED, &[]), None).await.map(drop).expect("ok");
        let next = world.mail.happened(actor, world.alice, happened.until).await.expect("read");
        assert_eq!(next.folders, only(inbox.id(), false, true));
        inbox.change_flags(vec![uid], set(FlagMode::Add, Flags::DELETED, &[]), None).await.map(drop).expect("ok");
        let next = world.mail.happened(actor, world.alice, next.until).await.expect("read");
        assert_eq!(next.folders, only(inbox.id(), false, true));
        inbox.move_to(vec![uid], &junk).await.map(drop).expect("moved");
        let next = world.mail.happened(actor, world.alice, next.until).await.expect("read");
        assert_eq!(next.folders.keys().copied().collect::<Vec<_>>(), [inbox.id(), junk.id()]);
        let opened = world.open(world.alice, world.alice).await.expect("opened");
        world.mail.subscribe(&opened, "Inbox", false).await.expect("hers");
        let next = world.mail.happened(actor, world.alice, next.until).await.expect("read");
        assert!(next.tree && next.folders.is_empty());
        let stranger = Actor::person(world.bob, Door::Imap);
        assert!(matches!(world.mail.happened(stranger, world.alice, start).await, Err(AccessError::NotFound)));
        assert!(matches!(world.mail.watch(stranger, world.alice).await, Err(AccessError::NotFound)));
    })
    .await;
}
