//! Connections that end, fall silent or are garbled at every octet, and a process that ends between any two steps. After
//! it everything is here once, and nothing is there.

use super::remote::{Fault, Mailbox, Remote};
use super::{Example, messages, settings, sorted};
use postroom_model::{AfterFetch, FetchProtocol};
use postroom_store::Store;
use postroom_store::testing::{on_both, on_sqlite};
use std::future::Future;
use std::pin::pin;
use std::task::Poll;

/// Three messages, small ones, so that every octet of a session can be tried.
fn few(round: usize) -> Vec<Vec<u8>> {
    (0..3)
        .map(|number| format!("Message-ID: <{round}.{number}@x>\r\n\r\n{}\r\n", ".x\r\n".repeat(number)).into_bytes())
        .collect()
}

/// One fault after another, each with new messages there.
async fn each(example: &Example, remote: &Remote, faults: impl Iterator<Item = Fault>) {
    let keeps = example.facts().await.settings.after_fetch == AfterFetch::Keep;
    let mut expected: Vec<Vec<u8>> = Vec::new();
    for (round, fault) in faults.enumerate() {
        let some = few(round);
        expected.extend(some.iter().cloned());
        remote.lock().faults = [fault].into();
        remote.lock().add(&some);
        let (count, what) = (expected.len(), format!("all after {fault:?}"));
        let done = |there: &Mailbox, here| here >= count && (keeps || there.messages.is_empty());
        example.run_until(remote, &what, done).await;
        assert_eq!(example.count().await, count, "exactly once after {fault:?}");
    }
    assert!(example.inbox().await == sorted(&expected), "byte for byte");
}

async fn every(protocol: FetchProtocol, after: AfterFetch, faults: impl Iterator<Item = Fault>) {
    let folder = tempfile::tempdir().expect("a folder");
    let remote = Remote::start(protocol).await;
    let example = Example::with(on_sqlite(folder.path()).await, settings(remote.address, protocol, after), |limits| {
        limits.patience = std::time::Duration::from_millis(300);
    })
    .await;
    each(&example, &remote, faults).await;
}

#[tokio::test]
async fn imap_cut_at_every_octet() {
    every(FetchProtocol::Imap, AfterFetch::Delete, (0..1200).step_by(7).map(Fault::CutAfter)).await;
}

#[tokio::test]
async fn imap_cut_at_every_octet_while_moving() {
    every(FetchProtocol::Imap, AfterFetch::Move("Archive".to_owned()), (0..1200).step_by(17).map(Fault::CutAfter))
        .await;
}

#[tokio::test]
async fn imap_cut_at_every_octet_while_keeping() {
    every(FetchProtocol::Imap, AfterFetch::Keep, (0..1200).step_by(23).map(Fault::CutAfter)).await;
}

#[tokio::test]
async fn imap_cut_before_every_command() {
    every(FetchProtocol::Imap, AfterFetch::Delete, (0..12).map(Fault::CutBefore)).await;
}

#[tokio::test]
async fn imap_silent_at_some_octets() {
    every(FetchProtocol::Imap, AfterFetch::Delete, (0..1200).step_by(61).map(Fault::StallAfter)).await;
}

#[tokio::test]
async fn pop3_cut_at_every_octet() {
    every(FetchProtocol::Pop3, AfterFetch::Delete, (0..600).step_by(5).map(Fault::CutAfter)).await;
}

#[tokio::test]
async fn pop3_cut_before_every_command() {
    every(FetchProtocol::Pop3, AfterFetch::Delete, (0..16).map(Fault::CutBefore)).await;
}

#[tokio::test]
async fn pop3_without_unique_ids_cut_at_every_octet() {
    let folder = tempfile::tempdir().expect("a folder");
    let remote = Remote::start(FetchProtocol::Pop3).await;
    remote.lock().uidl = false;
    let settings = settings(remote.address, FetchProtocol::Pop3, AfterFetch::Delete);
    let example = Example::new(on_sqlite(folder.path()).await, settings).await;
    each(&example, &remote, (0..600).step_by(11).map(Fault::CutAfter)).await;
}

#[tokio::test]
async fn pop3_silent_at_some_octets() {
    every(FetchProtocol::Pop3, AfterFetch::Delete, (0..600).step_by(41).map(Fault::StallAfter)).await;
}

/// A garbled octet of a message cannot be told from the message; all others can, so only what is said before the first
/// message and after the last is garbled.
#[tokio::test]
async fn a_garbled_listing_loses_and_doubles_nothing() {
    every(FetchProtocol::Imap, AfterFetch::Delete, (0..540).step_by(3).map(Fault::Garble)).await;
    every(FetchProtocol::Pop3, AfterFetch::Delete, (0..175).step_by(2).map(Fault::Garble)).await;
}

/// The process ends: the worker is dropped after so many steps, wherever it stands. What it gave to the database to
/// commit may be committed or not.
#[tokio::test]
async fn ended_between_any_two_steps() {
    on_both(|store| ended(store, FetchProtocol::Imap)).await;
}

#[tokio::test]
async fn pop3_ended_between_any_two_steps() {
    on_both(|store| ended(store, FetchProtocol::Pop3)).await;
}

async fn ended(store: Store, protocol: FetchProtocol) {
    let remote = Remote::start(protocol).await;
    let example = Example::new(store, settings(remote.address, protocol, AfterFetch::Delete)).await;
    let mut expected: Vec<Vec<u8>> = Vec::new();
    for steps in 1..60 {
        let some = few(steps);
        expected.extend(some.iter().cloned());
        remote.lock().add(&some);
        for steps in [steps, steps / 2 + 1] {
            ends_after(example.worker().await.run(), steps).await;
        }
        let count = expected.len();
        example.run_until(&remote, "all", |there, here| there.messages.is_empty() && here >= count).await;
        assert!(example.inbox().await == sorted(&expected), "exactly once, ended after {steps} steps");
    }
}

/// Polls so many times, then drops.
async fn ends_after(work: impl Future<Output = ()>, mut steps: usize) {
    let mut work = pin!(work);
    let limited = std::future::poll_fn(|context| {
        if steps == 0 {
            return Poll::Ready(());
        }
        steps -= 1;
        work.as_mut().poll(context)
    });
    // One that waits for nothing more, in IDLE or between two looks, ends too.
    let _ = tokio::time::timeout(std::time::Duration::from_millis(50), limited).await;
}

#[tokio::test]
async fn one_that_stalls_holds_up_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = on_sqlite(folder.path()).await;
    let (silent, good) = (Remote::start(FetchProtocol::Imap).await, Remote::start(FetchProtocol::Imap).await);
    silent.add(&messages(3));
    silent.lock().faults = std::iter::repeat_n(Fault::StallAfter(400), 50).collect();
    good.add(&messages(20));
    let example = Example::new(store, settings(silent.address, FetchProtocol::Imap, AfterFetch::Delete)).await;
    let secret =
        Some(postroom_directory::AccountSecret::of_password(postroom_directory::Secret::new(super::remote::PASSWORD)));
    let mut to = settings(good.address, FetchProtocol::Imap, AfterFetch::Delete);
    to.username = "other".to_owned();
    let new = postroom_directory::NewInbound { settings: to, secret };
    let made = example.directory.create_inbound_service(postroom_model::Actor::operator(), example.mailbox, new).await;
    made.expect("made");
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let running = tokio::spawn(example.fetch.clone().run(stopped));
    let mut changes = example.store.watch_mailbox(example.mailbox);
    while example.count().await < 20 {
        tokio::time::timeout(std::time::Duration::from_secs(20), changes.changed()).await.expect("soon").expect("news");
    }
    stop.send_replace(true);
    running.await.expect("it ends when asked to");
    assert_eq!(example.inbox().await, sorted(&messages(20)));
}
