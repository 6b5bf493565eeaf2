//! Reading the change log: what has left a folder, and pruning.

use super::*;

async fn remove(store: &Store, mailbox: MailboxId, folder: FolderId, uid: u32, at: Time) -> ModSeq {
    let done = store.write(Scope::mailbox(mailbox), move |tx| {
        let mut log = Log::begin(tx, mailbox, at)?;
        assert!(placements::remove(tx, &mut log, folder, uid)?);
        log.end(tx)
    });
    done.await.expect("removed")
}

async fn removed(store: &Store, mailbox: MailboxId, folder: FolderId, since: i64) -> Option<Vec<u32>> {
    let read = store.read(move |tx| {
        let until = changes::current(tx, mailbox)?;
        changes::removed(tx, mailbox, folder, ModSeq(since), until)
    });
    read.await.expect("read")
}

async fn prune(store: &Store, mailbox: MailboxId, before: Time, limit: u32) -> u64 {
    let done = store.write(Scope::mailbox(mailbox), move |tx| changes::prune(tx, mailbox, before, limit));
    done.await.expect("pruned")
}

#[tokio::test]
async fn what_has_left_a_folder_is_told_as_far_as_the_log_reaches() {
    on_both(|store| async move {
        let alice = mailbox(&store, "alice").await;
        let inbox = folder(&store, alice, SpecialUse::Inbox).await;
        let junk = folder(&store, alice, SpecialUse::Junk).await;
        for text in ["1", "2", "3"] {
            file(&store, alice, inbox, text).await;
        }
        let known = file(&store, alice, junk, "4").await.modseq.0;
        let later = Time(AT.0 + 1000);
        remove(&store, alice, inbox, 3, AT).await;
        remove(&store, alice, junk, 1, later).await;
        file(&store, alice, inbox, "5").await;
        remove(&store, alice, inbox, 4, later).await;
        remove(&store, alice, inbox, 1, later).await;
        assert_eq!(removed(&store, alice, inbox, known).await, Some(vec![1, 3]), "4 came and went");
        assert_eq!(removed(&store, alice, junk, known).await, Some(vec![1]));
        assert_eq!(removed(&store, alice, inbox, i64::MAX).await, Some(Vec::new()));
        // The rows of the same age as the first removal go; those behind a younger one stay.
        assert!(prune(&store, alice, later, 1000).await > 0);
        assert_eq!(removed(&store, alice, inbox, known).await, None);
        assert_eq!(removed(&store, alice, inbox, known + 1).await, Some(vec![1]));
        assert_eq!(prune(&store, alice, later, 1000).await, 0, "the row of the filing waits behind a younger one");
    })
    .await;
}
