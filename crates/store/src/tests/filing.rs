use super::*;

#[tokio::test]
async fn what_is_filed_is_read_back() {
    on_both(|store| async move {
        let alice = mailbox(&store, "alice").await;
        let inbox = folder(&store, alice, SpecialUse::Inbox).await;
        let filed = file(&store, alice, inbox, "Subject: one\r\n\r\nhello").await;
        assert_eq!((filed.uid, filed.email), (1, EmailId(1)));
        let page = store.read(move |tx| placements::page(tx, alice, inbox, None, 0, 10)).await.expect("read");
        assert_eq!(page.len(), 1);
        assert_eq!((page[0].uid, page[0].size, page[0].modseq), (1, 21, filed.modseq));
        let stored = store.contents(vec![page[0].content], usize::MAX).await.expect("read");
        let mut bytes = Vec::new();
        stored[0].open_into(&mut bytes).expect("unpacked");
        assert_eq!(bytes, b"Subject: one\r\n\r\nhello");
    })
    .await;
}

#[tokio::test]
async fn folders_are_counted_with_what_stands_in_them() {
    on_both(|store| async move {
        let alice = mailbox(&store, "alice").await;
        let (inbox, sent) =
            (folder(&store, alice, SpecialUse::Inbox).await, folder(&store, alice, SpecialUse::Sent).await);
        file(&store, alice, inbox, "Subject: one\r\n\r\nhello").await;
        file(&store, alice, inbox, "Subject: two\r\n\r\n").await;
        file(&store, alice, sent, "x").await;
        let totals = store.read(move |tx| folders::totals(tx, alice)).await.expect("read");
        assert_eq!(totals.len(), 2);
        assert!(totals.contains(&(inbox, 2, 37)) && totals.contains(&(sent, 1, 1)), "{totals:?}");
    })
    .await;
}

#[tokio::test]
async fn large_and_incompressible_content_survives() {
    on_both(|store| async move {
        let alice = mailbox(&store, "alice").await;
        let inbox = folder(&store, alice, SpecialUse::Inbox).await;
        let mut seed = 1u32;
        let noise: String = (0..400_000)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                char::from(b' ' + (seed >> 25) as u8 % 90)
            })
            .collect();
        file(&store, alice, inbox, &noise).await;
        file(&store, alice, inbox, "").await;
        let page = store.read(move |tx| placements::page(tx, alice, inbox, None, 0, 10)).await.expect("read");
        let stored = store.contents(page.iter().map(|p| p.content).collect(), usize::MAX).await.expect("read");
        assert!(stored[0].is_large());
        let mut bytes = Vec::new();
        stored[0].open_into(&mut bytes).expect("unpacked");
        assert!(bytes == noise.as_bytes());
        stored[1].open_into(&mut bytes).expect("an empty message");
        assert_eq!(bytes.len(), noise.len());
    })
    .await;
}

#[tokio::test]
async fn the_same_content_is_stored_once_and_collected_when_unused() {
    on_both(|store| async move {
        let alice = mailbox(&store, "alice").await;
        let inbox = folder(&store, alice, SpecialUse::Inbox).await;
        for _ in 0..3 {
            file(&store, alice, inbox, "the same").await;
        }
        let count = |store: Store| async move {
            store.read(|tx| tx.row("SELECT COUNT(*) FROM content", &[], |row| row.int(0))).await.expect("read")
        };
        assert_eq!(count(store.clone()).await, Some(1));
        let remove = |uid| {
            store.write(Scope::mailbox(alice), move |tx| {
                let mut log = Log::begin(tx, alice, AT)?;
                assert!(placements::remove(tx, &mut log, inbox, uid)?);
                log.end(tx)
            })
        };
        remove(1).await.expect("removed");
        assert_eq!(store.collect(Time(i64::MAX), 10).await.expect("collected"), 0, "two emails still hold it");
        remove(2).await.expect("removed");
        remove(3).await.expect("removed");
        assert_eq!(store.collect(AT, 10).await.expect("collected"), 0, "not yet a day");
        assert_eq!(store.collect(Time(i64::MAX), 10).await.expect("collected"), 1);
        assert_eq!(count(store.clone()).await, Some(0));
        let used = store.read(move |tx| changes::used(tx, alice)).await.expect("read");
        assert_eq!(used, 0);
    })
    .await;
}

#[tokio::test]
async fn references_join_threads_and_subjects_do_not() {
    on_both(|store| async move {
        let alice = mailbox(&store, "alice").await;
        let inbox = folder(&store, alice, SpecialUse::Inbox).await;
        let threads = store.write(Scope::mailbox(alice), {
            // A first mail; a reply to it; two replies to a mail that never came; a stranger.
            let mails: [&[i64]; 5] = [&[10], &[11, 10], &[12, 99], &[13, 99], &[14]];
            let mails = mails.map(|references| referring(&store, &format!("{references:?}"), references));
            move |tx| {
                let mut log = Log::begin(tx, alice, AT)?;
                let mut threads = Vec::new();
                for mail in &mails {
                    threads.push(emails::file(tx, &mut log, &new_email(inbox, mail), None)?.thread.0);
                }
                log.end(tx)?;
                Ok::<_, FileError>(threads)
            }
        });
        assert_eq!(threads.await.expect("filed"), [1, 1, 3, 3, 5]);
    })
    .await;
}

#[tokio::test]
async fn a_full_mailbox_refuses_and_nothing_is_left_behind() {
    on_both(|store| async move {
        let alice = mailbox(&store, "alice").await;
        let inbox = folder(&store, alice, SpecialUse::Inbox).await;
        let before = store.read(move |tx| changes::current(tx, alice)).await.expect("read");
        let content = content(&store, "twelve bytes");
        let refused = store.write(Scope::mailbox(alice), move |tx| {
            let mut log = Log::begin(tx, alice, AT)?;
            let filed = emails::file(tx, &mut log, &new_email(inbox, &content), Some(11))?;
            log.end(tx)?;
            Ok::<_, FileError>(filed)
        });
        assert!(matches!(refused.await, Err(FileError::Full { used: 0, quota: 11 })));
        let after = store.read(move |tx| changes::current(tx, alice)).await.expect("read");
        assert_eq!(before, after);
    })
    .await;
}

#[tokio::test]
async fn every_change_is_in_the_log_in_order() {
    on_both(|store| async move {
        let alice = mailbox(&store, "alice").await;
        let inbox = folder(&store, alice, SpecialUse::Inbox).await;
        let trash = folder(&store, alice, SpecialUse::Trash).await;
        let mut watch = store.watch_mailbox(alice);
        let start = store.read(move |tx| changes::current(tx, alice)).await.expect("read");
        file(&store, alice, inbox, "a").await;
        let last = store.write(Scope::mailbox(alice), move |tx| {
            let mut log = Log::begin(tx, alice, AT)?;
            emails::set_keywords(tx, &mut log, EmailId(1), Flags::SEEN, "todo")?;
            placements::set_deleted(tx, &mut log, inbox, 1, true)?;
            assert_eq!(placements::relocate(tx, &mut log, inbox, 1, trash)?.map(|(uid, _)| uid), Some(1));
            log.end(tx)
        });
        let last = last.await.expect("changed");
        watch.changed().await.expect("told");
        assert_eq!(*watch.borrow_and_update(), last);
        let rows = store.read(move |tx| changes::since(tx, alice, start, 1)).await.expect("read");
        assert_eq!(
            rows.iter().map(|c| c.kind).collect::<Vec<_>>(),
            [ChangeKind::Placed],
            "a page never splits a change"
        );
        let rows = store.read(move |tx| changes::since(tx, alice, start, 100)).await.expect("read");
        let kinds: Vec<_> = rows.iter().map(|c| (c.modseq.0 - start.0, c.kind)).collect();
        assert_eq!(
            kinds,
            [
                (1, ChangeKind::Placed),
                (2, ChangeKind::Keywords),
                (2, ChangeKind::Deleted),
                (2, ChangeKind::Placed),
                (2, ChangeKind::Removed)
            ]
        );
        let unchanged = store.write(Scope::mailbox(alice), move |tx| Log::begin(tx, alice, AT)?.end(tx)).await;
        assert_eq!(unchanged.expect("nothing to do"), last);
        assert_eq!(last, ModSeq(start.0 + 2));
    })
    .await;
}
