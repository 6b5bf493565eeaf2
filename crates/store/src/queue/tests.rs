//! The queue on both databases.

use super::attempts::{Claim, Claimed, Settled, claim, end_leases, next_due, settle};
use super::*;
use crate::testing::on_both;
use crate::{NewSummary, Scope, Store};

fn content(store: &Store, text: &str) -> NewContent {
    store.prepare(text.as_bytes(), NewSummary::default()).expect("prepared")
}

async fn put(store: &Store, name: &str, to: &[(&str, &str)]) -> QueueId {
    let (content, name) = (content(store, name), name.to_owned());
    let to: Vec<(String, String)> = to.iter().map(|(a, l)| ((*a).to_owned(), (*l).to_owned())).collect();
    let work = move |tx: &mut Tx<'_>| {
        let new = NewQueued {
            name: &name,
            origin: QueueOrigin::Person,
            mailbox: Some(MailboxId(1)),
            person: Some(MailboxId(1)),
            content: &content,
            envelope_from: "bob@example.org",
            from_address: "bob@example.org",
            message_id: "<x@example.org>",
            utf8: false,
            ret: None,
            envelope_id: None,
            note: None,
            at: Time(1000),
            hold_until: None,
            expires_at: Time(9_000_000),
        };
        let recipients: Vec<NewQueuedRecipient<'_>> = to
            .iter()
            .map(|(address, lane)| NewQueuedRecipient {
                address,
                original: None,
                notify: None,
                state: DeliveryState::Waiting,
                lane,
                answer: "",
            })
            .collect();
        add(tx, &new, &recipients)
    };
    store.write(Scope::Free, work).await.expect("queued")
}

async fn take(store: &Store, by: i64, now: i64, not: &[&str]) -> Vec<Claimed> {
    let not: Vec<String> = not.iter().map(|lane| (*lane).to_owned()).collect();
    let work = move |tx: &mut Tx<'_>| {
        claim(tx, &Claim { by, now: Time(now), lease_until: Time(now + 100), not: &not, limit: 10 })
    };
    store.write(Scope::Free, work).await.expect("claimed")
}

fn addresses(claimed: &[Claimed]) -> Vec<&str> {
    claimed.iter().flat_map(|claimed| &claimed.recipients).map(|recipient| recipient.address.as_str()).collect()
}

#[tokio::test]
async fn a_recipient_is_claimed_once_and_comes_back_when_the_lease_ends() {
    on_both(|store| async move {
        let id = put(&store, "one", &[("a@x.example", "x"), ("b@y.example", "y")]).await;
        assert_eq!(addresses(&take(&store, 1, 999, &[]).await), Vec::<&str>::new(), "not due");
        assert_eq!(addresses(&take(&store, 1, 1000, &["y"]).await), ["a@x.example"], "a full lane is left alone");
        assert_eq!(addresses(&take(&store, 2, 1001, &[]).await), ["b@y.example"]);
        assert!(take(&store, 2, 1001, &[]).await.is_empty());
        assert_eq!(addresses(&take(&store, 2, 1100, &[]).await), ["a@x.example"], "the lease of the first ended");
        let late = store.write(Scope::Free, move |tx| {
            let settled = Settled {
                position: 0,
                state: DeliveryState::Delivered,
                next: None,
                lane: "x",
                answer: "250 late",
                delay_told: false,
            };
            settle(tx, id, 1, Time(1101), &settled)
        });
        assert!(!late.await.expect("asked"), "who lost the lease writes nothing");
        let told = store.read(move |tx| log(tx, id)).await.expect("read");
        assert!(told.len() == 1 && told[0].text.contains("a second time"), "{told:?}");
        assert_eq!(store.read(next_due).await.expect("read"), Some(Time(1101)));
        assert_eq!(store.write(Scope::Free, |tx| end_leases(tx, Time(1102))).await.expect("written"), 2);
        assert_eq!(addresses(&take(&store, 3, 1102, &[]).await), ["a@x.example", "b@y.example"]);
    })
    .await;
}

#[tokio::test]
async fn a_finished_message_gives_its_content_up_and_is_forgotten() {
    on_both(|store| async move {
        let id = put(&store, "one", &[("a@x.example", "x"), ("b@x.example", "x")]).await;
        take(&store, 1, 1000, &[]).await;
        let end = move |tx: &mut Tx<'_>, position, state| {
            lock(tx, id)?;
            let settled = Settled { position, state, next: None, lane: "x", answer: "the answer", delay_told: false };
            assert!(settle(tx, id, 1, Time(2000), &settled)?);
            finish(tx, id, Time(2000))
        };
        assert!(!store.write(Scope::Free, move |tx| end(tx, 0, DeliveryState::Delivered)).await.expect("written"));
        assert!(store.write(Scope::Free, move |tx| end(tx, 1, DeliveryState::Failed)).await.expect("written"));
        let kept = store.read(move |tx| by_id(tx, id)).await.expect("read").expect("there");
        assert!(kept.content.is_some() && kept.finished_at == Some(Time(2000)), "what failed can be sent again");
        assert_eq!(
            store.write(Scope::Free, move |tx| retry(tx, id, Time(3000), Time(9000))).await.expect("written"),
            1
        );
        assert_eq!(addresses(&take(&store, 1, 3000, &[]).await), ["b@x.example"]);
        assert!(store.write(Scope::Free, move |tx| end(tx, 1, DeliveryState::Delivered)).await.expect("written"));
        let kept = store.read(move |tx| by_id(tx, id)).await.expect("read").expect("there");
        assert_eq!(kept.content, None);
        assert_eq!(store.collect(Time(1000), 10).await.expect("collected"), 0);
        assert_eq!(store.collect(Time(2001), 10).await.expect("collected"), 1, "nothing refers to it");
        let filter = Filter { finished: true, recipient: Some("A@X".to_owned()), ..Filter::default() };
        let wanted = filter.clone();
        assert_eq!(store.read(move |tx| list(tx, &wanted, 10)).await.expect("read").len(), 1);
        assert!(store.read(|tx| list(tx, &Filter::default(), 10)).await.expect("read").is_empty());
        let forgotten = store.write(Scope::Free, |tx| prune(tx, Time(2001), Time(5000), 10)).await.expect("pruned");
        assert_eq!(forgotten, 1);
        assert!(store.read(move |tx| list(tx, &filter, 10)).await.expect("read").is_empty());
    })
    .await;
}

#[tokio::test]
async fn content_in_the_queue_is_not_collected() {
    on_both(|store| async move {
        let id = put(&store, "one", &[("a@x.example", "x")]).await;
        let release = move |tx: &mut Tx<'_>| {
            let content = by_id(tx, id)?.and_then(|message| message.content).expect("there");
            content::release(tx, content, Time(1))
        };
        store.write(Scope::Free, release).await.expect("written");
        assert_eq!(store.collect(Time(10), 10).await.expect("collected"), 0);
        assert_eq!(store.write(Scope::Free, move |tx| cancel(tx, id)).await.expect("written"), 1);
        assert!(store.write(Scope::Free, move |tx| finish(tx, id, Time(20))).await.expect("written"));
        assert_eq!(store.collect(Time(30), 10).await.expect("collected"), 1);
    })
    .await;
}
