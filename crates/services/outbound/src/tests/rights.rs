//! Who may send as whom.

use super::example::Example;
use crate::{SubmitError, may_send_from};
use postroom_store::testing::on_both;

/// person, address, what is decided.
const MATRIX: &[(&str, &str, &str)] = &[
    ("bob", "bob@example.org", "own bob"),
    ("bob", "BOB@Example.org", "own bob"),
    ("bob", "bob+lists@example.org", "own bob"),
    ("bob", "support@example.org", "as support"),
    ("bob", "support+x@example.org", "as support"),
    ("bob", "billing@example.org", "as billing"),
    ("carol", "support@example.org", "behalf support"),
    // send.as wins.
    ("carol", "billing@example.org", "as billing"),
    (
        "dave",
        "support@example.org",
        "sending as support@example.org: this needs the right send.as on The support; ask an administrator",
    ),
    (
        "dave",
        "support+x@example.org",
        "sending as support+x@example.org: this needs the right send.as on The support; ask an administrator",
    ),
    (
        "frank",
        "support@example.org",
        "sending as support@example.org needs the right send.as on it; ask an administrator",
    ),
    (
        "frank",
        "nobody@example.org",
        "sending as nobody@example.org needs the right send.as on it; ask an administrator",
    ),
    ("frank", "bob@example.org", "sending as bob@example.org needs the right send.as on it; ask an administrator"),
    (
        "frank",
        "x@elsewhere.example",
        "sending as x@elsewhere.example needs the right send.as on it; ask an administrator",
    ),
    ("frank", "no address", "sending as no address needs the right send.as on it; ask an administrator"),
    (
        "bob",
        "\"support@example.org\"@example.org",
        "sending as \"support@example.org\"@example.org needs the right send.as on it; ask an administrator",
    ),
];

#[tokio::test]
async fn the_matrix() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let org = example.access.org();
        for (person, address, expected) in MATRIX {
            let decided = match may_send_from(&org, example.actor(person), address).allowed() {
                Ok((mailbox, how)) => {
                    format!("{} {}", how.as_str(), org.mailbox(mailbox).expect("known").name)
                }
                Err(refusal) => refusal.to_string(),
            };
            assert_eq!(&decided, expected, "{person} as {address}");
        }
    })
    .await;
}

#[tokio::test]
async fn identities_are_what_may_be_sent_from() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let listed = |who: &str| -> Vec<String> {
            let identities = example.outbound.identities(example.actor(who));
            identities
                .iter()
                .map(|one| {
                    format!("{} {} {}", one.address, one.how.as_str(), if one.attachments { "files" } else { "-" })
                })
                .collect()
        };
        let bob = [
            "bob@example.org own files",
            "support@example.org as files",
            "billing@example.org as -",
            "sales@example.org as files",
        ];
        assert_eq!(listed("bob"), bob);
        assert_eq!(listed("dave"), ["dave@example.org own files"]);
    })
    .await;
}

#[tokio::test]
async fn refusals_are_recorded_where_they_were_tried() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        for who in ["dave", "frank"] {
            let from_header = example.send(who, &["bob@example.org"], "From: support@example.org\n\nHi\n").await;
            assert!(matches!(from_header, Err(SubmitError::Refused(_))), "{from_header:?}");
            let envelope = example.outbound.check_sender(example.actor(who), "support@example.org").await;
            assert!(matches!(envelope, Err(SubmitError::Refused(_))), "{envelope:?}");
        }
        assert!(example.inbox("bob").await.is_empty());
        let record = example.record("support").await;
        assert_eq!(record.len(), 4);
        assert!(record.iter().all(|row| row.action == "message.send" && row.outcome == "denied"));
        assert_eq!(record[0].person, Some(example.id("frank")));
    })
    .await;
}

#[tokio::test]
async fn files_need_a_right_of_their_own() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let with_file = |from: &str| {
            format!(
                "From: {from}@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nText\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n\nx\n--b--\n"
            )
        };
        example.send("bob", &["carol@example.org"], &with_file("support")).await.expect("an agent may");
        let refused = example.send("bob", &["carol@example.org"], &with_file("billing")).await.expect_err("may not");
        let text = "this needs the right attachment.add on The billing; ask an administrator";
        assert_eq!(refused.to_string(), text);
        example.send("bob", &["carol@example.org"], "From: billing@example.org\n\nNo file\n").await.expect("no file");
        assert_eq!(example.inbox("carol").await.len(), 2);
        assert_eq!(example.record("billing").await.iter().filter(|row| row.outcome == "denied").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_record_names_who_sent_as_what() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let to = ["bob@example.org", "dave@example.org"];
        example.send("bob", &to, "From: support@example.org\n\nHi\n").await.expect("as");
        example.send("carol", &to[..1], "From: support@example.org\n\nHi\n").await.expect("behalf");
        example.send("bob", &to[1..], "From: bob@example.org\n\nHi\n").await.expect("own");
        let said = |rows: Vec<postroom_store::audit::AuditRow>| -> Vec<(Option<_>, String)> {
            let sends = rows.into_iter().filter(|row| row.action == "message.send");
            sends.map(|row| (row.person, row.detail.split(" as message").next().expect("first").to_owned())).collect()
        };
        let (bob, carol) = (Some(example.id("bob")), Some(example.id("carol")));
        let support = said(example.record("support").await);
        assert_eq!(support, [(carol, "behalf to 1 recipient".to_owned()), (bob, "as to 2 recipients".to_owned())]);
        assert_eq!(said(example.record("bob").await), [(bob, "own to 1 recipient".to_owned())]);
    })
    .await;
}
