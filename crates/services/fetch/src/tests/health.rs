//! What people see of a service.

use super::remote::Remote;
use super::{Example, messages, settings};
use postroom_model::{Actor, AfterFetch, FetchProtocol, SpecialUse};
use postroom_store::testing::on_sqlite;
use postroom_store::{folders, placements};
use std::time::Duration;

#[tokio::test]
async fn a_test_shows_what_would_happen_and_changes_nothing() {
    for protocol in [FetchProtocol::Imap, FetchProtocol::Pop3] {
        let folder = tempfile::tempdir().expect("a folder");
        let remote = Remote::start(protocol).await;
        let all = messages(7);
        remote.add(&all);
        remote.lock().messages[2].size = 5_000_000;
        let example =
            Example::new(on_sqlite(folder.path()).await, settings(remote.address, protocol, AfterFetch::Delete)).await;
        let tested = example.fetch.test(&example.facts().await).await.expect("tested");
        assert_eq!(
            (tested.messages, tested.too_large, tested.would_fetch, tested.would_remove),
            (7, 1, 6, 6),
            "{tested:?}"
        );
        assert_eq!(tested.notes[0], "6 messages would be fetched, and deleted there");
        assert!(tested.notes.iter().any(|note| note.contains("not encrypted")), "{tested:?}");
        assert_eq!(tested.told_at_once, protocol == FetchProtocol::Imap);
        assert_eq!(remote.lock().contents(), all);
        assert!(remote.lock().commands.iter().all(|command| !command.contains("STORE") && !command.contains("DELE")));
    }
}

#[tokio::test]
async fn managers_hear_of_a_failure_once_and_of_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let remote = Remote::start(FetchProtocol::Imap).await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    let mut to = settings(nobody, FetchProtocol::Imap, AfterFetch::Delete);
    let example = Example::with(on_sqlite(folder.path()).await, to.clone(), |limits| {
        limits.alert_after = Duration::ZERO;
    })
    .await;
    let running = tokio::spawn(example.worker().await.run());
    let carol = example.directory.org().by_name("carol").expect("she is there").id;
    let mail = || async {
        let read = move |tx: &mut postroom_store::Tx<'_>| {
            let inbox = folders::by_special_use(tx, carol, SpecialUse::Inbox)?.expect("an Inbox");
            placements::page(tx, carol, inbox.id, None, 0, 10)
        };
        let mut texts = Vec::new();
        for placed in example.store.read(read).await.expect("read") {
            let mut raw = Vec::new();
            let stored = example.store.contents(vec![placed.content], 1).await.expect("read");
            stored[0].open_into(&mut raw).expect("content");
            texts.push(String::from_utf8(raw).expect("UTF-8"));
        }
        texts
    };
    while example.state().await.failing_since.is_none() {
        tokio::task::yield_now().await;
    }
    for _ in 0..3 {
        example.fetch.alert().await;
    }
    let texts = mail().await;
    assert_eq!(texts.len(), 1, "told once");
    assert!(texts[0].contains("No mail is fetched") && texts[0].contains("Connection refused"), "{}", texts[0]);
    let state = example.state().await;
    assert!(state.error.contains("Connection refused"), "the reason as it was given: {state:?}");
    running.abort();
    _ = running.await;

    to.port = remote.address.port();
    let new = postroom_directory::NewInbound { settings: to, secret: None };
    example
        .directory
        .update_inbound_service(Actor::operator(), example.mailbox, example.service, new)
        .await
        .expect("changed");
    remote.add(&messages(1));
    example.run_until(&remote, "mail", |there, here| here == 1 && there.messages.is_empty()).await;
    while example.state().await.failing_since.is_some() {
        example.run_until(&remote, "IDLE", |there, _| there.commands.last().is_some_and(|last| last == "IDLE")).await;
    }
    example.fetch.alert().await;
    let texts = mail().await;
    assert!(texts.len() == 2 && texts[1].contains("is fetched from 127.0.0.1 again"), "{texts:?}");
}

#[tokio::test]
async fn a_wrong_password_is_said_in_the_servers_words_and_not_repeated_soon() {
    let folder = tempfile::tempdir().expect("a folder");
    let remote = Remote::start(FetchProtocol::Imap).await;
    let to = settings(remote.address, FetchProtocol::Imap, AfterFetch::Delete);
    let example = Example::with(on_sqlite(folder.path()).await, to.clone(), |limits| {
        limits.first_pause = Duration::from_secs(1);
        limits.longest_pause = Duration::from_secs(900);
    })
    .await;
    let wrong = postroom_directory::AccountSecret::of_password(postroom_directory::Secret::new("wrong"));
    let new = postroom_directory::NewInbound { settings: to, secret: Some(wrong) };
    example
        .directory
        .update_inbound_service(Actor::operator(), example.mailbox, example.service, new)
        .await
        .expect("changed");
    let running = tokio::spawn(example.worker().await.run());
    while example.state().await.error.is_empty() {
        tokio::task::yield_now().await;
    }
    running.abort();
    let state = example.state().await;
    assert_eq!(state.error, "signing in was refused: wrong password");
    let wait = state.next_try_at.expect("a time").0 - state.failing_since.expect("a time").0;
    assert!((20_000..40_000).contains(&wait), "{wait} ms");
}
