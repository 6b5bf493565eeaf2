//! Servers that lie, forget, repeat themselves and number anew: nothing is lost, nothing doubled, and nothing stays behind
//! without a word about it.

use super::remote::Remote;
use super::{Example, messages, settings, sorted};
use postroom_model::{Actor, AfterFetch, FetchProtocol};
use postroom_store::testing::{on_both, on_sqlite};

#[tokio::test]
async fn equal_messages_are_as_many_here_as_there() {
    for protocol in [FetchProtocol::Imap, FetchProtocol::Pop3] {
        for lasting in [true, false] {
            let folder = tempfile::tempdir().expect("a folder");
            let remote = Remote::start(protocol).await;
            remote.lock().uidl = lasting;
            remote.lock().sticky = lasting;
            let equal = b"Message-ID: <same@x>\r\n\r\nsame\r\n".to_vec();
            let all = [
                equal.clone(),
                b"Message-ID: \r\n\r\nno id\r\n".to_vec(),
                equal.clone(),
                equal,
                b"\r\nnothing\r\n".to_vec(),
            ];
            remote.add(&all);
            let example =
                Example::new(on_sqlite(folder.path()).await, settings(remote.address, protocol, AfterFetch::Delete))
                    .await;
            example.run_until(&remote, "all", |there, here| there.messages.is_empty() && here >= 5).await;
            assert_eq!(example.inbox().await, sorted(&all), "{protocol:?} {lasting}");
        }
    }
}

#[tokio::test]
async fn equal_unique_ids_are_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let remote = Remote::start(FetchProtocol::Pop3).await;
    let all = messages(4);
    remote.add(&all);
    for message in &mut remote.lock().messages {
        message.uidl = "same".to_owned();
    }
    let settings = settings(remote.address, FetchProtocol::Pop3, AfterFetch::Delete);
    let example = Example::new(on_sqlite(folder.path()).await, settings).await;
    example.run_until(&remote, "all", |there, here| there.messages.is_empty() && here >= 4).await;
    assert_eq!(example.inbox().await, sorted(&all));
}

#[tokio::test]
async fn numbered_anew_after_it_came_here() {
    on_both(|store| async move {
        let remote = Remote::start(FetchProtocol::Imap).await;
        let all = messages(6);
        remote.add(&all);
        let example = Example::new(store, settings(remote.address, FetchProtocol::Imap, AfterFetch::Keep)).await;
        example.run_until(&remote, "six", |_, here| here == 6).await;
        // Kept there, numbered anew, one removed, one more equal to a known one, one new.
        let more = messages(8);
        {
            let mut there = remote.lock();
            there.renumber();
            there.messages.remove(0);
            there.add(&[more[7].clone(), all[3].clone()]);
        }
        let expected = sorted(&[all.clone(), vec![more[7].clone(), all[3].clone()]].concat());
        example.run_until(&remote, "two more", |_, here| here >= 8).await;
        example.run_until(&remote, "IDLE", |there, _| there.commands.last().is_some_and(|last| last == "IDLE")).await;
        assert_eq!(example.inbox().await, expected);
        assert_eq!((example.remembered("7").await, example.remembered("8").await), (0, 7));
    })
    .await;
}

#[tokio::test]
async fn numbers_that_do_not_last() {
    let folder = tempfile::tempdir().expect("a folder");
    let remote = Remote::start(FetchProtocol::Imap).await;
    remote.lock().sticky = false;
    let all = messages(6);
    remote.add(&all);
    let settings = settings(remote.address, FetchProtocol::Imap, AfterFetch::Keep);
    let example = Example::new(on_sqlite(folder.path()).await, settings).await;
    for session in 1..=3 {
        let known = remote.lock().connections;
        remote.lock().renumber();
        let idle = |there: &super::remote::Mailbox| {
            there.connections > known && there.commands.last().is_some_and(|last| last == "IDLE")
        };
        example.run_until(&remote, "a session", |there, here| here >= 6 && idle(there)).await;
        assert_eq!(example.inbox().await, sorted(&all), "session {session}");
    }
}

#[tokio::test]
async fn what_is_too_large_stays_and_is_named() {
    for protocol in [FetchProtocol::Imap, FetchProtocol::Pop3] {
        // What the server says of it: the truth, less, nothing.
        for says in [2_000_000, 100, 0] {
            let folder = tempfile::tempdir().expect("a folder");
            let remote = Remote::start(protocol).await;
            let mut all = messages(3);
            all.insert(1, [b"Subject: large\r\n\r\n".to_vec(), b"0123456789abcde\r\n".repeat(120_000)].concat());
            remote.add(&all);
            remote.lock().messages[1].size = says;
            let example =
                Example::new(on_sqlite(folder.path()).await, settings(remote.address, protocol, AfterFetch::Delete))
                    .await;
            example.run_until(&remote, "the others", |there, here| there.messages.len() == 1 && here == 3).await;
            let lines = example.directory.list_inbound_services(Actor::operator(), None).await.expect("listed");
            let refused = &lines[0].refused;
            assert_eq!(refused.len(), 1, "{protocol:?} {says}: {lines:#?}");
            assert!(refused[0].why.contains("octets") || refused[0].why.contains("sends"), "{refused:?}");
            assert_eq!(remote.lock().contents(), all[1..2]);
        }
    }
}

#[tokio::test]
async fn what_the_server_cannot_give_stays_and_is_named() {
    for protocol in [FetchProtocol::Imap, FetchProtocol::Pop3] {
        let folder = tempfile::tempdir().expect("a folder");
        let remote = Remote::start(protocol).await;
        let all = messages(2);
        remote.add(&all);
        remote.lock().gives_nothing = true;
        let example =
            Example::new(on_sqlite(folder.path()).await, settings(remote.address, protocol, AfterFetch::Delete)).await;
        example
            .run_until(&remote, "a second session", |there, _| {
                there.commands.last().is_some_and(|last| last == "IDLE") || there.connections > 2
            })
            .await;
        assert_eq!(
            (example.inbox().await.len(), remote.lock().messages.len()),
            (0, 2),
            "nothing empty replaces a message"
        );
        let lines = example.directory.list_inbound_services(Actor::operator(), None).await.expect("listed");
        assert_eq!(lines[0].refused.len(), 2, "{lines:#?}");
    }
}
