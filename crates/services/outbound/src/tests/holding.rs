//! Mail for other servers goes into the queue; what is held leaves later, or is taken back.

use super::example::Example;
use crate::queue::Wanted;
use crate::{CancelError, SubmitError};
use postroom_model::{DeliveryState, Flags, SpecialUse};
use postroom_store::testing::on_both;

const HOUR: i64 = 60 * 60 * 1000;
const RAW: &str = "From: support@example.org\nMessage-ID: <later@example.org>\n\nHi\n";

fn states(status: &crate::queue::Status) -> Vec<(&str, DeliveryState)> {
    status.recipients.iter().map(|recipient| (recipient.address.as_str(), recipient.state)).collect()
}

#[tokio::test]
async fn recipients_elsewhere_are_queued_and_ours_are_served_at_once() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let to = ["alice@example.org", "friend@elsewhere.example"];
        let accepted = example.send("bob", &to, RAW).await.expect("taken");
        assert_eq!((example.inbox("alice").await.len(), example.sent("support").await.len()), (1, 1));
        let status = example.outbound.status(example.actor("bob"), &accepted.id).await.expect("shown");
        let expected =
            [("alice@example.org", DeliveryState::Delivered), ("friend@elsewhere.example", DeliveryState::Waiting)];
        assert_eq!(states(&status), expected);
        assert_eq!(status.message.from_address, "support@example.org");
        assert_eq!(
            status.copies,
            [(example.id("support"), example.folder("support", SpecialUse::Sent).await[0].0.email)]
        );
        // Who may send from the mailbox sees it, and nobody else does.
        assert!(example.outbound.status(example.actor("carol"), &accepted.id).await.is_ok());
        for stranger in ["dave", "frank"] {
            let refused = example.outbound.status(example.actor(stranger), &accepted.id).await.expect_err(stranger);
            assert_eq!(refused.to_string(), format!("there is no message {} in the queue", accepted.id));
            assert!(example.outbound.cancel(example.actor(stranger), &accepted.id, false).await.is_err());
        }
        let listed = example.outbound.sent_from(example.actor("bob"), example.id("support"), Wanted::default(), 10);
        assert_eq!(listed.await.expect("listed").len(), 1);
        assert!(example.outbound.queue(example.actor("bob"), Wanted::default(), 10).await.is_err(), "no administrator");
    })
    .await;
}

#[tokio::test]
async fn what_is_held_leaves_when_its_time_has_come() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let to = ["alice@example.org", "friend@elsewhere.example"];
        let accepted = example.send_held("bob", &to, RAW, HOUR).await.expect("taken");
        let status = example.outbound.status(example.actor("bob"), &accepted.id).await.expect("shown");
        assert!(states(&status).iter().all(|(_, state)| *state == DeliveryState::Held));
        assert!(example.inbox("alice").await.is_empty() && example.sent("support").await.is_empty());
        assert_eq!(example.folder("support", SpecialUse::Outbox).await.len(), 1);
        assert_eq!(example.outbound.release_due().await.expect("asked"), 0, "not yet");
        example.advance(HOUR);
        assert_eq!(example.outbound.release_due().await.expect("released"), 1);
        assert_eq!(example.outbound.release_due().await.expect("asked"), 0, "once");
        let status = example.outbound.status(example.actor("bob"), &accepted.id).await.expect("shown");
        let expected =
            [("alice@example.org", DeliveryState::Delivered), ("friend@elsewhere.example", DeliveryState::Waiting)];
        assert_eq!(states(&status), expected);
        assert_eq!(example.inbox("alice").await.len(), 1);
        assert!(example.folder("support", SpecialUse::Outbox).await.is_empty());
        assert_eq!(example.folder("support", SpecialUse::Sent).await[0].0.flags, Flags::SEEN);
        let far = example.send_held("bob", &to, RAW, 366 * 24 * HOUR).await;
        assert!(matches!(far, Err(SubmitError::HeldTooLong)));
    })
    .await;
}

#[tokio::test]
async fn what_is_held_is_taken_back_into_drafts_or_without_a_trace() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        for (into_drafts, drafts) in [(true, 1), (false, 1)] {
            let accepted = example.send_held("bob", &["alice@example.org"], RAW, HOUR).await.expect("taken");
            let status = example.outbound.cancel(example.actor("bob"), &accepted.id, into_drafts).await;
            assert_eq!(states(&status.expect("taken back")), [("alice@example.org", DeliveryState::Cancelled)]);
            assert!(example.folder("support", SpecialUse::Outbox).await.is_empty());
            let found = example.folder("support", SpecialUse::Drafts).await;
            assert_eq!(found.len(), drafts);
            assert!(found[0].0.flags.contains(Flags::DRAFT));
            let again = example.outbound.cancel(example.actor("bob"), &accepted.id, into_drafts).await;
            assert!(matches!(again, Err(CancelError::Left(_))), "{again:?}");
        }
        example.advance(2 * HOUR);
        assert_eq!(example.outbound.release_due().await.expect("asked"), 0);
        assert!(example.inbox("alice").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_held_message_can_leave_at_once() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let accepted = example.send_held("bob", &["alice@example.org"], RAW, HOUR).await.expect("taken");
        let status = example.outbound.send_now(example.actor("bob"), &accepted.id).await.expect("left");
        assert_eq!(states(&status), [("alice@example.org", DeliveryState::Delivered)]);
        assert_eq!((example.inbox("alice").await.len(), example.sent("support").await.len()), (1, 1));
        assert!(status.message.finished_at.is_some());
        example.advance(31 * 24 * HOUR);
        assert_eq!(example.outbound.forget_finished(10).await.expect("forgotten"), 1);
        assert!(example.outbound.status(example.actor("bob"), &accepted.id).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_report_of_success_comes_from_our_own_mailboxes() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        example.send_asking("bob", "alice@example.org", "From: bob@example.org\nSubject: Tea\n\nHi\n").await;
        let inbox = example.inbox("bob").await;
        let [report] = inbox.as_slice() else { panic!("one report: {inbox:?}") };
        for text in
            ["Subject: Delivered: Tea\r\n", "Action: delivered\r\n", "Original-Recipient: rfc822; a+b@x.example\r\n"]
        {
            assert!(report.contains(text), "{text} in {report}");
        }
    })
    .await;
}
