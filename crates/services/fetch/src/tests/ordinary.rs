//! Servers that do as they should.

use super::remote::{ALL, Remote};
use super::{Example, messages, settings, sorted};
use postroom_model::{AfterFetch, FetchProtocol, Flags, SpecialUse, Time};
use postroom_store::testing::{on_both, on_sqlite};
use postroom_store::{folders, placements};

#[tokio::test]
async fn everything_comes_here_once_and_goes_there() {
    on_both(|store| async move {
        let remote = Remote::start(FetchProtocol::Imap).await;
        let all = messages(230);
        remote.add(&all);
        let example = Example::new(store, settings(remote.address, FetchProtocol::Imap, AfterFetch::Delete)).await;
        example.run_until(&remote, "an empty Inbox", |there, here| there.messages.is_empty() && here == 230).await;
        assert!(example.inbox().await == sorted(&all), "byte for byte");
        let state = example.state().await;
        assert_eq!((state.moved, state.error.as_str(), state.failing_since), (230, "", None), "{state:?}");
    })
    .await;
}

#[tokio::test]
async fn pop3_does_the_same() {
    on_both(|store| async move {
        let remote = Remote::start(FetchProtocol::Pop3).await;
        let all = messages(230);
        remote.add(&all);
        let example = Example::new(store, settings(remote.address, FetchProtocol::Pop3, AfterFetch::Delete)).await;
        example.run_until(&remote, "an empty maildrop", |there, here| there.messages.is_empty() && here == 230).await;
        assert!(example.inbox().await == sorted(&all), "byte for byte");
        assert_eq!(example.remembered("").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_comes_later_is_told_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let remote = Remote::start(FetchProtocol::Imap).await;
    let example =
        Example::new(on_sqlite(folder.path()).await, settings(remote.address, FetchProtocol::Imap, AfterFetch::Delete))
            .await;
    let running = tokio::spawn(example.worker().await.run());
    let mut changes = example.store.watch_mailbox(example.mailbox);
    for round in 1..=3 {
        remote.add(&messages(1));
        while example.count().await < round {
            tokio::time::timeout(std::time::Duration::from_secs(20), changes.changed())
                .await
                .expect("told")
                .expect("news");
        }
    }
    running.abort();
    assert_eq!(remote.lock().connections, 1, "one session saw it all");
}

#[tokio::test]
async fn kept_messages_come_once_and_stay() {
    for protocol in [FetchProtocol::Imap, FetchProtocol::Pop3] {
        let folder = tempfile::tempdir().expect("a folder");
        let remote = Remote::start(protocol).await;
        let all = messages(5);
        remote.add(&all);
        let example =
            Example::new(on_sqlite(folder.path()).await, settings(remote.address, protocol, AfterFetch::Keep)).await;
        example.run_until(&remote, "five", |_, here| here == 5).await;
        remote.add(&messages(6)[5..]);
        example.run_until(&remote, "the sixth", |_, here| here == 6).await;
        // Another session, and another look.
        let seen = remote.lock().connections;
        example
            .run_until(&remote, "another session", |there, _| {
                there.connections > seen + 1 || protocol == FetchProtocol::Imap
            })
            .await;
        assert_eq!((example.inbox().await, remote.lock().messages.len()), (sorted(&messages(6)), 6));
    }
}

#[tokio::test]
async fn moved_messages_are_in_the_other_folder_once() {
    for capabilities in [ALL, "IMAP4rev1 UIDPLUS IDLE", "IMAP4rev1"] {
        let folder = tempfile::tempdir().expect("a folder");
        let remote = Remote::start(FetchProtocol::Imap).await;
        remote.lock().capabilities = capabilities.to_owned();
        let all = messages(5);
        remote.add(&all);
        let after = AfterFetch::Move("Archive".to_owned());
        let example =
            Example::new(on_sqlite(folder.path()).await, settings(remote.address, FetchProtocol::Imap, after)).await;
        example.run_until(&remote, "an empty Inbox", |there, here| there.messages.is_empty() && here == 5).await;
        assert_eq!(
            (example.inbox().await, sorted(&remote.lock().archive)),
            (sorted(&all), sorted(&all)),
            "{capabilities}"
        );
    }
}

#[tokio::test]
async fn flags_and_dates_come_along() {
    let folder = tempfile::tempdir().expect("a folder");
    let remote = Remote::start(FetchProtocol::Imap).await;
    remote.add(&messages(1));
    remote.lock().messages[0].flags = ["\\Seen", "\\Recent", "Important", "$Forwarded"].map(str::to_owned).into();
    let example =
        Example::new(on_sqlite(folder.path()).await, settings(remote.address, FetchProtocol::Imap, AfterFetch::Delete))
            .await;
    example.run_until(&remote, "it", |_, here| here == 1).await;
    let mailbox = example.mailbox;
    let read = move |tx: &mut postroom_store::Tx<'_>| {
        let inbox = folders::by_special_use(tx, mailbox, SpecialUse::Inbox)?.expect("an Inbox");
        placements::page(tx, mailbox, inbox.id, None, 0, 10)
    };
    let placed = example.store.read(read).await.expect("read").remove(0);
    assert_eq!(placed.flags, Flags::SEEN.union(Flags::FORWARDED));
    assert_eq!(placed.keywords, "important");
    // 2020-11-21T08:00:00Z
    assert_eq!(placed.received_at, Time(1_605_945_600_000));
}

#[tokio::test]
async fn without_uidplus_nothing_of_others_is_expunged() {
    let folder = tempfile::tempdir().expect("a folder");
    let remote = Remote::start(FetchProtocol::Imap).await;
    remote.lock().capabilities = "IMAP4rev1 IDLE".to_owned();
    let all = messages(4);
    remote.add(&all);
    remote.lock().messages[1].flags.insert("\\Deleted".to_owned());
    let example =
        Example::new(on_sqlite(folder.path()).await, settings(remote.address, FetchProtocol::Imap, AfterFetch::Delete))
            .await;
    let noted = |there: &super::remote::Mailbox| there.commands.iter().any(|command| command == "IDLE");
    example.run_until(&remote, "three", |there, here| here == 3 && noted(there)).await;
    assert_eq!(remote.lock().messages.len(), 4, "EXPUNGE would have taken what somebody else marked");
    let note = example.state().await.note;
    assert!(note.contains("UIDPLUS") && note.contains("somebody marked them as deleted"), "{note}");
    // Whoever marked it changes their mind: then it is mail like any other.
    remote.lock().messages[1].flags.clear();
    example.run_until(&remote, "an empty Inbox", |there, here| there.messages.is_empty() && here == 4).await;
    assert_eq!(example.inbox().await, sorted(&all));
}

#[tokio::test]
async fn with_uidplus_what_others_marked_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let remote = Remote::start(FetchProtocol::Imap).await;
    let all = messages(4);
    remote.add(&all);
    remote.lock().messages[1].flags.insert("\\Deleted".to_owned());
    let example =
        Example::new(on_sqlite(folder.path()).await, settings(remote.address, FetchProtocol::Imap, AfterFetch::Delete))
            .await;
    example.run_until(&remote, "three", |there, here| here == 3 && there.messages.len() == 1).await;
    assert_eq!(remote.lock().contents(), all[1..2]);
}
