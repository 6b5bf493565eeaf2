//! What does not arrive, and what the sender is told.

use super::sink::{Options, Sink};
use super::world::{Plan, World, states};
use postroom_model::{Actor, DeliveryState, Door, SpecialUse};
use postroom_outbound::{FAILED, Notify};
use postroom_store::testing::on_both;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_comes_back_in_plain_words_and_marks_the_copy() {
    on_both(|store| async move {
        let sink = Sink::start("127.0.0.1:0", Options::default()).await;
        let plan = Plan { records: &["b.example A 127.0.0.1"], port: sink.address.port(), ..Plan::default() };
        let world = World::new(store, plan).await;
        let name = world.send(&["x@b.example", "refused@b.example"]).await;
        let status = world.finished(&name).await;
        assert_eq!(
            states(&status),
            [("x@b.example", DeliveryState::Delivered), ("refused@b.example", DeliveryState::Failed)]
        );
        let inbox = world.folder(SpecialUse::Inbox).await;
        let [(_, report)] = inbox.as_slice() else { panic!("one report: {inbox:?}") };
        for text in [
            "Subject: Not delivered: Hello\r\n",
            "Auto-Submitted: auto-replied\r\n",
            "\r\n    refused@b.example\r\n    The server b.example answered:\r\n    550 5.1.1 no such person ask somebody else\r\n",
            "Final-Recipient: rfc822; refused@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; b.example\r\n",
            "Diagnostic-Code: smtp; 550 5.1.1 no such person ask somebody else\r\n",
            "Content-Type: message/rfc822\r\n",
        ] {
            assert!(report.contains(text), "{text} in {report}");
        }
        assert!(!report.contains("x@b.example"), "only what failed");
        let sent = world.folder(SpecialUse::Sent).await;
        assert_eq!(sent[0].0.keywords, FAILED);
        let found = world.outbound.status_of_email(Actor::operator(), world.bob, sent[0].0.email).await.expect("read");
        assert_eq!(found.expect("shown").message.name, name);

        let bob = Actor::person(world.bob, Door::Jmap);
        assert_eq!(world.outbound.resend(bob, &name).await.expect("sent again"), 1);
        world.until(&name, |status| status.recipients[1].attempts == 2).await;
        world.finished(&name).await;
        assert_eq!(world.folder(SpecialUse::Inbox).await.len(), 2, "it failed again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn domains_that_take_no_mail_fail_at_once() {
    on_both(|store| async move {
        let records = [
            "null.example MX 0 .",
            "private.example A 10.0.0.1",
            "loop.example MX 10 mail.example.org",
            "empty.example TXT x",
        ];
        let world = World::new(store, Plan { records: &records, ..Plan::default() }).await;
        let cases = [
            ("x@null.example", "the domain null.example says that it takes no mail"),
            ("x@none.example", "the domain none.example does not exist"),
            ("x@private.example", "the servers of private.example have addresses that mail must not go to"),
            ("x@loop.example", "mail for loop.example comes to this server, which does not know the domain"),
            ("x@empty.example", "the domain empty.example has no server for mail"),
        ];
        for (address, text) in cases {
            let name = world.send(&[address]).await;
            let status = world.finished(&name).await;
            assert_eq!(states(&status), [(address, DeliveryState::Failed)]);
            assert_eq!(status.recipients[0].answer, text);
        }
        let inbox = world.folder(SpecialUse::Inbox).await;
        assert_eq!(inbox.len(), cases.len());
        assert!(inbox[0].1.contains("Status: 5.1.10\r\n") && !inbox[0].1.contains("Remote-MTA"), "{}", inbox[0].1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_report_gets_none() {
    on_both(|store| async move {
        let sink = Sink::start("127.0.0.1:0", Options::default()).await;
        let plan = Plan { records: &["b.example A 127.0.0.1"], port: sink.address.port(), ..Plan::default() };
        let world = World::new(store, plan).await;
        let raw = "From: bob@example.org\r\n\r\nHi\r\n";
        let name = world.send_with(&["refused@b.example"], Some(Notify::default()), raw).await;
        world.finished(&name).await;
        assert!(world.folder(SpecialUse::Inbox).await.is_empty());
        assert_eq!(world.folder(SpecialUse::Sent).await[0].0.keywords, FAILED, "it shows all the same");
        let success = Notify { success: true, failure: false, delay: false };
        let name = world.send_with(&["x@b.example"], Some(success), raw).await;
        world.finished(&name).await;
        let inbox = world.folder(SpecialUse::Inbox).await;
        assert!(inbox.len() == 1 && inbox[0].1.contains("Action: delivered\r\n"), "{inbox:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_can_be_taken_back_and_a_dead_server_is_asked_once_for_all() {
    on_both(|store| async move {
        let plan = Plan {
            records: &["dead.example A 127.0.0.9"],
            port: 1,
            retries: &[Duration::from_secs(600)],
            ..Plan::default()
        };
        let world = World::new(store, plan).await;
        let name = world.send(&["x@dead.example"]).await;
        let status = world.until(&name, |status| status.recipients[0].attempts == 1).await;
        assert_eq!(states(&status), [("x@dead.example", DeliveryState::Waiting)]);
        assert!(status.recipients[0].answer.starts_with("no connection to dead.example (127.0.0.9:1)"), "{status:?}");
        let bob = Actor::person(world.bob, Door::Jmap);
        let status = world.outbound.cancel(bob, &name, true).await.expect("taken back");
        assert_eq!(states(&status), [("x@dead.example", DeliveryState::Cancelled)]);
        assert!(status.message.finished_at.is_some());
        let again = world.outbound.cancel(bob, &name, true).await.expect_err("too late");
        assert_eq!(again.to_string(), format!("message {name} has left already; it cannot be taken back"));
    })
    .await;
}
