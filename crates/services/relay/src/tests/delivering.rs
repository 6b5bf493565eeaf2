//! What arrives, and how.

use super::sink::{Options, Sink};
use super::world::{Plan, World, states};
use postroom_model::{DeliveryState, SpecialUse};
use postroom_outbound::Notify;
use postroom_store::testing::on_both;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn the_preferred_server_that_answers_takes_the_message() {
    on_both(|store| async move {
        let sink = Sink::start("127.0.0.2:0", Options::default()).await;
        // Nothing listens on 127.0.0.3.
        let records = [
            "a.example MX 10 dead.example",
            "a.example MX 20 alive.example",
            "dead.example A 127.0.0.3",
            "alive.example A 127.0.0.2",
        ];
        let plan = Plan { records: &records, port: sink.address.port(), ..Plan::default() };
        let world = World::new(store, plan).await;
        let name = world.send(&["x@a.example"]).await;
        let status = world.finished(&name).await;
        assert_eq!(states(&status), [("x@a.example", DeliveryState::Delivered)]);
        assert_eq!(status.log.len(), 1);
        assert_eq!(status.log[0].text, "alive.example answered: 250 2.0.0 kept (delivered)");
        let received = sink.received();
        assert_eq!(received[0].commands, ["MAIL FROM:<bob@example.org>", "RCPT TO:<x@a.example>", "DATA"]);
        let message = &received[0].message;
        assert!(message.starts_with("Received: by mail.example.org with ESMTPSA"), "{message}");
        assert!(message.ends_with("\r\n\r\n.dot\r\nHi\r\n"), "{message}");
        assert_eq!(world.folder(SpecialUse::Sent).await.len(), 1);
        assert!(world.folder(SpecialUse::Inbox).await.is_empty(), "good news is no news");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_offers_is_used() {
    on_both(|store| async move {
        let offers = vec!["PIPELINING", "SIZE 100000", "8BITMIME", "DSN", "CHUNKING", "SMTPUTF8"];
        let sink = Sink::start("127.0.0.1:0", Options { offers, ..Options::default() }).await;
        let plan = Plan { records: &["b.example A 127.0.0.1"], port: sink.address.port(), ..Plan::default() };
        let world = World::new(store, plan).await;
        let notify = Notify { success: true, failure: true, delay: false };
        let raw = "From: bob@example.org\r\nSubject: x\r\n\r\nJörg\r\n";
        let name = world.send_with(&["x@b.example", "y@b.example"], Some(notify), raw).await;
        let status = world.finished(&name).await;
        assert!(states(&status).iter().all(|(_, state)| *state == DeliveryState::Delivered));
        let received = sink.received();
        let [one] = received.as_slice() else { panic!("one message for both: {received:?}") };
        let size = one.message.len();
        assert_eq!(
            one.commands,
            [
                format!("MAIL FROM:<bob@example.org> SIZE={size} BODY=8BITMIME"),
                "RCPT TO:<x@b.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;x@b.example".to_owned(),
                "RCPT TO:<y@b.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;y@b.example".to_owned(),
                format!("BDAT {size} LAST"),
            ]
        );
        assert!(world.folder(SpecialUse::Inbox).await.is_empty(), "the other server reports success");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_to_one_place_share_a_connection() {
    on_both(|store| async move {
        let sink = Sink::start("127.0.0.1:0", Options::default()).await;
        let plan = Plan { records: &["b.example A 127.0.0.1"], port: sink.address.port(), ..Plan::default() };
        let world = World::new(store, plan).await;
        for _ in 0..3 {
            let name = world.send(&["x@b.example"]).await;
            world.finished(&name).await;
        }
        assert_eq!((sink.received().len(), sink.connections()), (3, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_ends_an_idle_connection_gets_the_next_message_over_a_new_one() {
    on_both(|store| async move {
        let sink = Sink::start("127.0.0.1:0", Options { closes: true, ..Options::default() }).await;
        let plan = Plan {
            records: &["b.example A 127.0.0.1"],
            port: sink.address.port(),
            retries: &[Duration::from_secs(600)],
            ..Plan::default()
        };
        let world = World::new(store, plan).await;
        for _ in 0..3 {
            let name = world.send(&["x@b.example"]).await;
            let status = world.finished(&name).await;
            assert_eq!(status.recipients[0].attempts, 1, "{:?}", status.log);
        }
        assert_eq!(sink.received().len(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delayed_recipient_is_tried_again_and_the_others_are_not() {
    on_both(|store| async move {
        let sink = Sink::start("127.0.0.1:0", Options::default()).await;
        let plan = Plan { records: &["b.example A 127.0.0.1"], port: sink.address.port(), ..Plan::default() };
        let world = World::new(store, plan).await;
        let name = world.send(&["x@b.example", "later@b.example"]).await;
        let status = world.finished(&name).await;
        assert!(states(&status).iter().all(|(_, state)| *state == DeliveryState::Delivered));
        let recipients: Vec<usize> = sink.received().iter().map(|received| received.commands.len() - 2).collect();
        assert_eq!(recipients, [2, 1], "the second time one recipient is left");
        assert_eq!(status.recipients.iter().map(|recipient| recipient.attempts).collect::<Vec<_>>(), [1, 2]);
        let told = "b.example answered: 451 4.2.1 come back later (it is tried again later)";
        assert!(status.log.iter().any(|row| row.text == told), "{:?}", status.log);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_was_lost_is_said_so() {
    on_both(|store| async move {
        let sink = Sink::start("127.0.0.1:0", Options { dies_once: true, ..Options::default() }).await;
        let plan = Plan { records: &["b.example A 127.0.0.1"], port: sink.address.port(), ..Plan::default() };
        let world = World::new(store, plan).await;
        let name = world.send(&["x@b.example"]).await;
        let status = world.finished(&name).await;
        assert_eq!(states(&status), [("x@b.example", DeliveryState::Delivered)]);
        assert_eq!(sink.received().len(), 2);
        assert!(status.log[0].text.contains("it gets it a second time"), "{:?}", status.log);
    })
    .await;
}
