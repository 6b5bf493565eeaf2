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
        notices.mark_known();
        let uid = world.append(&hers, "x").await;
        notices.changed().await;
        let after = his.refresh().await.expect("read");
        assert_eq!((before.len(), after.len()), (0, 1));
        assert_eq!(his.affected_since(before.modseq), Affected::These([uid].into()));
        assert!(Arc::ptr_eq(&after, &hers.refresh().await.expect("read")), "one picture for all");
    })
    .await;
}

/// Whoever looks first moves the picture forward; those who only wait are told all the same.
#[tokio::test]
async fn who_waits_is_told_of_what_others_have_seen_already() {
    on_both(|store| async move {
        let world = World::new(store).await;
        world.grant(world.alice, &["preset:agent"]).await;
        world.grant(world.bob, &["preset:agent"]).await;
        let hers = world.folder(world.alice, world.support, SpecialUse::Inbox).await;
        let his = world.folder(world.bob, world.support, SpecialUse::Inbox).await;
        let (mut notices, mut more) = (his.notices(), his.notices());
        for expected in 1..=3 {
            notices.mark_known();
            more.mark_known();
            world.append(&hers, "x").await;
            assert_eq!(hers.refresh().await.expect("read").len(), expected);
            notices.changed().await;
            more.changed().await;
            assert_eq!(his.snapshot().expect("read").len(), expected, "the picture is ready when they wake");
        }
    })
    .await;
}

#[tokio::test]
async fn a_folder_with_a_new_name_is_found_under_it_at_once() {
    on_both(|store| async move {
        let world = World::new(store).await;
        let opened = world.open(world.alice, world.alice).await.expect("opened");
        let there = async |path: &str| world.mail.open_folder(&opened, path).await.is_ok();
        assert!(!there("Work").await);
        world.mail.create_folder(&opened, "Work").await.expect("made");
        assert!(there("Work").await);
        world.mail.rename_folder(&opened, "Work", "Play").await.expect("renamed");
        assert!(!there("Work").await && there("Play").await);
        world.mail.delete_folder(&opened, "Play").await.expect("deleted");
        assert!(!there("Play").await);
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
        assert_eq!(moved_forward.tally, loaded.tally);
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
