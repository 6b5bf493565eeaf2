use super::*;
use crate::AppendError;

#[tokio::test]
async fn a_stranger_finds_nothing_and_learns_nothing() {
    on_both(|store| async move {
        let world = World::new(store).await;
        let nobody = world.open(world.alice, MailboxId(999)).await;
        let stranger = world.open(world.alice, world.support).await;
        assert!(matches!(nobody, Err(AccessError::NotFound)));
        assert!(matches!(stranger, Err(AccessError::NotFound)));
        let listed = world.mail.folders(Actor::person(world.alice, Door::Imap), world.support).await;
        assert!(matches!(listed, Err(AccessError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn an_agent_works_and_deletes_to_deleted_items() {
    on_both(|store| async move {
        let world = World::new(store).await;
        world.grant(world.alice, &["preset:agent"]).await;
        let inbox = world.folder(world.alice, world.support, SpecialUse::Inbox).await;
        let trash = world.folder(world.alice, world.support, SpecialUse::Trash).await;
        let uid = world.append(&inbox, "Subject: one\r\n\r\nx").await;
        let change = set(FlagMode::Add, Flags::FLAGGED.union(Flags::DELETED), &["Todo"]);
        inbox.change_flags(vec![uid], change, None).await.expect("flagged");
        let snapshot = inbox.refresh().await.expect("read");
        let entry = snapshot.by_uid(uid).expect("there");
        assert_eq!((entry.flags, &*entry.keywords), (Flags::FLAGGED.union(Flags::DELETED), "todo"));
        assert_eq!(inbox.expunge(None).await.expect("expunged"), [uid]);
        assert_eq!(uids(&inbox).await, []);
        assert_eq!(uids(&trash).await, [1], "it is in Deleted Items");
        trash.change_flags(vec![1], set(FlagMode::Add, Flags::DELETED, &[]), None).await.expect("marked");
        let refused = trash.expunge(None).await.expect_err("needs message.purge");
        assert_eq!(denied(&refused), Some(Right::MessagePurge));
        world.grant(world.alice, &["preset:agent", "message.purge"]).await;
        assert_eq!(trash.expunge(None).await.expect("purged"), [1], "the same handle, the new right");
    })
    .await;
}

#[tokio::test]
async fn a_right_that_is_taken_away_is_gone_with_the_next_verb() {
    on_both(|store| async move {
        let world = World::new(store).await;
        world.grant(world.alice, &["preset:agent"]).await;
        let inbox = world.folder(world.alice, world.support, SpecialUse::Inbox).await;
        let uid = world.append(&inbox, "x").await;
        let mut told = world.mail.access().watch();
        told.borrow_and_update();
        world.grant(world.alice, &["folder.view"]).await;
        assert!(told.has_changed().expect("watched"));
        for error in [
            inbox.refresh().await.map(|_| ()).expect_err("refused"),
            inbox.bodies(vec![], 1).await.map(|_| ()).expect_err("refused"),
            inbox
                .change_flags(vec![uid], set(FlagMode::Add, Flags::SEEN, &[]), None)
                .await
                .map(|_| ())
                .expect_err("refused"),
        ] {
            assert_eq!(denied(&error), Some(Right::MessageRead));
        }
        world.grant(world.alice, &[]).await;
        assert_eq!(denied(&inbox.refresh().await.expect_err("refused")), Some(Right::MessageRead), "with the reason");
        let again = world.mail.open_special(inbox.opened(), SpecialUse::Inbox).await;
        assert!(matches!(again, Err(AccessError::NotFound)), "who comes anew finds nothing");
    })
    .await;
}

#[tokio::test]
async fn flags_that_one_may_not_set_are_dropped() {
    on_both(|store| async move {
        let world = World::new(store).await;
        world.grant(world.bob, &["preset:full_access"]).await;
        world.grant(world.alice, &["folder.view", "message.read", "message.seen", "message.add"]).await;
        let inbox = world.folder(world.alice, world.support, SpecialUse::Inbox).await;
        let mut message = world.message("x").await;
        message.flags = Flags::SEEN.union(Flags::FLAGGED);
        message.keywords = vec![Keyword::parse("todo").expect("valid")];
        let uid = inbox.append(vec![message]).await.expect("appended")[0].uid;
        let flags = |snapshot: Arc<crate::Snapshot>| snapshot.messages[0].flags;
        assert_eq!(flags(inbox.refresh().await.expect("read")), Flags::SEEN);
        let change = set(FlagMode::Replace, Flags::FLAGGED, &[]);
        let refused = inbox.change_flags(vec![uid], change, None).await.expect_err("only \\Flagged was asked");
        assert_eq!(denied(&refused), Some(Right::MessageFlag));
        let change = set(FlagMode::Remove, Flags::SEEN.union(Flags::FLAGGED), &[]);
        inbox.change_flags(vec![uid], change, None).await.expect("the part that is allowed");
        assert_eq!(flags(inbox.refresh().await.expect("read")), Flags::NONE);
    })
    .await;
}

#[tokio::test]
async fn copies_share_keywords_within_a_mailbox_and_are_their_own_elsewhere() {
    on_both(|store| async move {
        let world = World::new(store).await;
        world.grant(world.alice, &["preset:agent"]).await;
        let shared = world.folder(world.alice, world.support, SpecialUse::Inbox).await;
        let own = world.folder(world.alice, world.alice, SpecialUse::Inbox).await;
        let drafts = world.folder(world.alice, world.support, SpecialUse::Drafts).await;
        let uid = world.append(&shared, "Subject: a\r\n\r\nbody").await;
        assert_eq!(shared.copy_to(vec![uid, 77], &drafts).await.expect("copied").uids, [(uid, 1)]);
        assert_eq!(shared.copy_to(vec![uid], &own).await.expect("copied").uids, [(uid, 1)]);
        shared.change_flags(vec![uid], set(FlagMode::Add, Flags::FLAGGED, &[]), None).await.expect("flagged");
        let flags = |snapshot: Arc<crate::Snapshot>| snapshot.messages[0].flags;
        assert_eq!(flags(drafts.refresh().await.expect("read")), Flags::FLAGGED);
        let mine = own.refresh().await.expect("read");
        assert_eq!(flags(mine.clone()), Flags::NONE);
        let mut bytes = Vec::new();
        let body = own.bodies(vec![mine.messages[0].content], 1).await.expect("read").remove(0);
        body.read_into(&mut bytes).await.expect("unpacked");
        assert_eq!(bytes, b"Subject: a\r\n\r\nbody");
    })
    .await;
}

#[tokio::test]
async fn moving_needs_delete_here_and_add_there() {
    on_both(|store| async move {
        let world = World::new(store).await;
        world.grant(world.alice, &["folder.view", "message.read", "message.delete"]).await;
        world.grant(world.bob, &["preset:agent"]).await;
        let bobs = world.folder(world.bob, world.support, SpecialUse::Inbox).await;
        let uid = world.append(&bobs, "x").await;
        let inbox = world.folder(world.alice, world.support, SpecialUse::Inbox).await;
        let junk = world.folder(world.alice, world.support, SpecialUse::Junk).await;
        let trash = world.folder(world.alice, world.support, SpecialUse::Trash).await;
        let outbox = world.folder(world.bob, world.support, SpecialUse::Outbox).await;
        let refused = inbox.move_to(vec![uid], &junk).await.expect_err("needs message.add there");
        assert!(matches!(refused, AppendError::Access(error) if denied(&error) == Some(Right::MessageAdd)));
        assert!(matches!(bobs.move_to(vec![uid], &outbox).await, Err(AppendError::ServersFolder)));
        assert_eq!(inbox.move_to(vec![uid], &trash).await.expect("moved").uids, [(uid, 1)]);
        assert_eq!(uids(&inbox).await, []);
        let own = world.folder(world.alice, world.alice, SpecialUse::Inbox).await;
        assert_eq!(trash.move_to(vec![1], &own).await.expect("moved").uids, [(1, 1)]);
        assert_eq!((uids(&trash).await.len(), uids(&own).await.len()), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn a_conditional_store_leaves_changed_messages_alone() {
    on_both(|store| async move {
        let world = World::new(store).await;
        let inbox = world.folder(world.alice, world.alice, SpecialUse::Inbox).await;
        let (a, b) = (world.append(&inbox, "a").await, world.append(&inbox, "b").await);
        let since = inbox.refresh().await.expect("read").modseq;
        inbox.change_flags(vec![a], set(FlagMode::Add, Flags::SEEN, &[]), None).await.expect("changed");
        let change = set(FlagMode::Add, Flags::FLAGGED, &[]);
        let result = inbox.change_flags(vec![a, b], change, Some(since)).await.expect("changed");
        assert_eq!(result.modified, [a]);
        let flags: Vec<Flags> = inbox.refresh().await.expect("read").messages.iter().map(|e| e.flags).collect();
        assert_eq!(flags, [Flags::SEEN, Flags::FLAGGED]);
    })
    .await;
}

#[tokio::test]
async fn the_same_sent_message_is_filed_once() {
    on_both(|store| async move {
        let world = World::new(store).await;
        let sent = world.folder(world.alice, world.alice, SpecialUse::Sent).await;
        let text = "Message-ID: <one@example.org>\r\n\r\nx";
        let first = sent.append(vec![world.message(text).await]).await.expect("appended")[0];
        let again = sent.append(vec![world.message(text).await]).await.expect("appended")[0];
        assert!(!first.was_there && again.was_there);
        assert_eq!((again.uid, again.uidvalidity), (first.uid, first.uidvalidity));
        let other = sent.append(vec![world.message("Message-ID: <two@example.org>\r\n\r\nx").await]).await;
        assert_eq!(other.expect("appended")[0].uid, first.uid + 1);
        let inbox = world.folder(world.alice, world.alice, SpecialUse::Inbox).await;
        assert_eq!(
            (world.append(&inbox, text).await, world.append(&inbox, text).await),
            (1, 2),
            "elsewhere twice is twice"
        );
    })
    .await;
}

#[tokio::test]
async fn every_act_leaves_a_row() {
    on_both(|store| async move {
        let world = World::new(store.clone()).await;
        world.grant(world.alice, &["preset:agent"]).await;
        assert!(world.open(world.bob, world.support).await.is_err());
        let inbox = world.folder(world.alice, world.support, SpecialUse::Inbox).await;
        let uid = world.append(&inbox, "x").await;
        inbox.change_flags(vec![uid], set(FlagMode::Add, Flags::SEEN, &[]), None).await.expect("changed");
        inbox.remove(vec![uid]).await.expect("removed");
        let support = world.support;
        let rows = store.read(move |tx| postroom_store::audit::page(tx, Some(support), None, 100)).await.expect("read");
        let rows: Vec<_> = rows.into_iter().rev().map(|row| (row.person, row.action, row.outcome)).collect();
        let row = |person, action: &str, outcome: &str| (Some(person), action.to_owned(), outcome.to_owned());
        assert_eq!(
            rows,
            [
                row(world.bob, "mailbox.open", "denied"),
                row(world.alice, "mailbox.open", "done"),
                row(world.alice, "message.add", "done"),
                row(world.alice, "message.flag", "done"),
                row(world.alice, "message.delete", "done"),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn personal_seen_is_each_persons_own() {
    on_both(|store| async move {
        let world = World::new(store.clone()).await;
        let support = world.support;
        let personal = store.write(Scope::Organisation, move |tx| {
            mailboxes::set_policies(tx, support, SentCopy::Mailbox, SeenMode::Personal, None)
        });
        personal.await.expect("set");
        world.grant(world.alice, &["preset:agent"]).await;
        world.grant(world.bob, &["folder.view", "message.read"]).await;
        let hers = world.folder(world.alice, support, SpecialUse::Inbox).await;
        let his = world.folder(world.bob, support, SpecialUse::Inbox).await;
        let uid = world.append(&hers, "x").await;
        let before = his.refresh().await.expect("read");
        let change = set(FlagMode::Add, Flags::SEEN.union(Flags::FLAGGED), &[]);
        hers.change_flags(vec![uid], change, None).await.expect("changed");
        let flags = |snapshot: Arc<crate::Snapshot>| snapshot.messages[0].flags;
        assert_eq!(flags(hers.refresh().await.expect("read")), Flags::SEEN.union(Flags::FLAGGED));
        assert_eq!(flags(his.refresh().await.expect("read")), Flags::FLAGGED, "not read by him");
        his.change_flags(vec![uid], set(FlagMode::Add, Flags::SEEN, &[]), None).await.expect("reading is enough");
        assert_eq!(flags(his.refresh().await.expect("read")), Flags::SEEN.union(Flags::FLAGGED));
        hers.change_flags(vec![uid], set(FlagMode::Remove, Flags::SEEN, &[]), None).await.expect("changed");
        assert_eq!(flags(hers.refresh().await.expect("read")), Flags::FLAGGED);
        let after = his.refresh().await.expect("read");
        assert_eq!(flags(after.clone()), Flags::SEEN.union(Flags::FLAGGED), "hers does not touch his");
        assert!(after.modseq > before.modseq && after.messages[0].modseq > before.messages[0].modseq);
        let opened = world.open(world.alice, support).await.expect("opened");
        let counts = world.mail.counts(&opened).await.expect("counted")[&hers.id()];
        assert_eq!((counts.messages, counts.unseen), (1, 1));
    })
    .await;
}
