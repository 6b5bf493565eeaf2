//! The one copy in Sent Items, and that nothing is half done.

use super::example::Example;
use crate::SubmitError;
use postroom_model::{Flags, SpecialUse, Time};
use postroom_store::changes::Log;
use postroom_store::testing::on_both;
use postroom_store::{Scope, Tx, folders, sent_copies};
use postroom_wire_message::reference_hash;

#[tokio::test]
async fn the_policy_of_the_mailbox_in_from_decides() {
    // from, sent copies of (bob, support, billing, sales)
    let cases = [("bob", [1, 0, 0, 0]), ("support", [0, 1, 0, 0]), ("billing", [1, 0, 1, 0]), ("sales", [1, 0, 0, 0])];
    on_both(|store| async move {
        let example = Example::new(store).await;
        let mut expected = [0; 4];
        for (from, more) in cases {
            let raw = format!("From: {from}@example.org\nTo: alice@example.org\n\nHi\n");
            let accepted = example.send("bob", &["alice@example.org"], &raw).await.expect(from);
            assert_eq!(accepted.copies.len(), more.iter().sum::<usize>());
            expected.iter_mut().zip(more).for_each(|(total, more)| *total += more);
            let mut found = [0; 4];
            for (slot, name) in found.iter_mut().zip(["bob", "support", "billing", "sales"]) {
                *slot = example.sent(name).await.len();
            }
            assert_eq!(found, expected, "after sending as {from}");
        }
        let copies = example.folder("support", SpecialUse::Sent).await;
        assert_eq!(copies[0].0.flags, Flags::SEEN, "what one has sent is read");
        let delivered = example.folder("alice", SpecialUse::Inbox).await;
        assert_eq!(delivered[1].0.content, copies[0].0.content, "stored once");
        assert_eq!(delivered[1].0.flags, Flags::NONE);
    })
    .await;
}

#[tokio::test]
async fn a_message_to_oneself_is_in_both_folders() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let to = ["support@example.org", "support+again@example.org"];
        example.send("bob", &to, "From: support@example.org\n\nNote\n").await.expect("taken");
        assert_eq!((example.inbox("support").await.len(), example.sent("support").await.len()), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn the_same_message_is_not_filed_twice() {
    on_both(|store| async move {
        let example = Example::new(store.clone()).await;
        let raw = "From: support@example.org\nMessage-ID: <one@example.org>\n\nHi\n";
        let first = example.send("bob", &["alice@example.org"], raw).await.expect("taken");
        let again = example.send("bob", &["alice@example.org"], raw).await.expect("taken");
        assert_eq!(first.copies, again.copies, "the same copy stands for both");
        assert_eq!(example.inbox("alice").await.len(), 2, "both were sent");
        // Somebody else's message of the same Message-ID, and the same one much later, are copies of their own.
        example.send("carol", &["alice@example.org"], raw).await.expect("taken");
        assert_eq!(example.sent("support").await.len(), 2);
        example.advance(61 * 60 * 1000);
        example.send("bob", &["alice@example.org"], raw).await.expect("taken");
        assert_eq!(example.sent("support").await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_the_client_appended_first_is_the_copy() {
    on_both(|store| async move {
        let example = Example::new(store.clone()).await;
        let (bob, hash) = (example.id("bob"), reference_hash(b"first@example.org"));
        // As IMAP APPEND does it: the message, and a note that it stands for a sent copy.
        let raw = b"From: bob@example.org\r\nMessage-ID: <first@example.org>\r\n\r\nMine\r\n".to_vec();
        let prepared = postroom_mail::prepare(&store, raw).await.expect("prepared");
        let append = move |tx: &mut Tx<'_>| -> Result<u32, SubmitError> {
            let mut log = Log::begin(tx, bob, Time(1_795_248_000_000))?;
            let folder = folders::by_special_use(tx, bob, SpecialUse::Sent)?.expect("there").id;
            let filed = crate::local::file_in(tx, &mut log, SpecialUse::Sent, &prepared.content, Flags::SEEN, None)
                .expect("filed");
            sent_copies::remember(tx, bob, bob, hash, (folder, filed.uid), log.at())?;
            log.end(tx)?;
            Ok(filed.uid)
        };
        let uid = store.write(Scope::mailbox(bob), append).await.expect("appended");
        let sent = "From: bob@example.org\nMessage-ID: <first@example.org>\n\nMine\n";
        let accepted = example.send("bob", &["alice@example.org"], sent).await.expect("taken");
        assert_eq!(accepted.copies[0].uid, uid);
        assert_eq!(example.sent("bob").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_half_done() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let body = "x".repeat(1800);
        let raw = format!("From: bob@example.org\n\n{body}\n");
        let cases: [(&[&str], &str); 4] = [
            (&["x@elsewhere.example", "tiny@example.org"], "the mailbox of tiny@example.org is full"),
            (&["alice@example.org", "nobody@example.org"], "nobody@example.org does not exist here"),
            (&["alice@example.org", "tiny@example.org"], "the mailbox of tiny@example.org is full"),
            (&[], "the message has no recipient"),
        ];
        for (to, text) in cases {
            let refused = example.send("bob", to, &raw).await.expect_err(text);
            assert_eq!(refused.to_string(), text);
        }
        assert!(example.inbox("alice").await.is_empty() && example.sent("bob").await.is_empty());
        assert!(example.record("bob").await.is_empty() && example.record("alice").await.is_empty());
        example.send("bob", &["tiny@example.org"], "From: bob@example.org\n\nSmall\n").await.expect("fits");
        assert_eq!(example.inbox("tiny").await.len(), 1);
    })
    .await;
}
