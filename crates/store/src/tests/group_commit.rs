//! Many writers at once: each is answered after its commit, failures take back only themselves.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_do_not_disturb_each_other() {
    on_both(|store| async move {
        let (alice, bob) = (mailbox(&store, "alice").await, mailbox(&store, "bob").await);
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..120 {
            let store = store.clone();
            let target = if n % 2 == 0 { alice } else { bob };
            tasks.spawn(async move {
                let inbox = folder(&store, target, SpecialUse::Inbox).await;
                let content = content(&store, &format!("message {}", n % 7));
                store
                    .write(Scope::mailbox(target), move |tx| {
                        let mut log = Log::begin(tx, target, AT)?;
                        emails::file(tx, &mut log, &new_email(inbox, &content), None)?;
                        log.end(tx)?;
                        // Every fifth changes its mind after all the work.
                        if n % 5 == 0 { Err(FileError::NoFolder) } else { Ok(()) }
                    })
                    .await
                    .is_ok()
            });
        }
        let done = tasks.join_all().await.into_iter().filter(|ok| *ok).count();
        assert_eq!(done, 96);
        for (target, want) in [(alice, 48), (bob, 48)] {
            let inbox = folder(&store, target, SpecialUse::Inbox).await;
            let page = store.read(move |tx| placements::page(tx, target, inbox, None, 0, 1000)).await.expect("read");
            assert_eq!(
                page.iter().map(|p| p.uid).collect::<Vec<_>>(),
                (1..=want).collect::<Vec<_>>(),
                "no gap, no double"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_panic_is_an_error_and_the_store_lives_on() {
    on_both(|store| async move {
        let alice = mailbox(&store, "alice").await;
        let failed: Result<(), StoreError> =
            store.write(Scope::mailbox(alice), |_| panic!("a programming error, on purpose")).await;
        assert!(matches!(failed, Err(StoreError::Panicked)));
        let inbox = folder(&store, alice, SpecialUse::Inbox).await;
        assert_eq!(file(&store, alice, inbox, "after").await.uid, 1);
    })
    .await;
}

#[tokio::test]
async fn a_closed_store_refuses() {
    on_both(|store| async move {
        let alice = mailbox(&store, "alice").await;
        let closing = store.clone();
        tokio::task::spawn_blocking(move || closing.close()).await.expect("closed");
        assert!(matches!(store.read(move |tx| changes::current(tx, alice)).await, Err(StoreError::Closed)));
    })
    .await;
}
