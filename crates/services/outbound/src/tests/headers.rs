//! What submission checks in the header, and what it adds and takes away.

use super::example::Example;
use postroom_store::testing::on_both;

#[tokio::test]
async fn from_must_be_there_and_clear() {
    let cases = [
        ("Subject: x\n\nNo From\n", "the message has no From field with an address"),
        ("no header at all\n", "the message has no From field with an address"),
        ("From: Nobody:;\n\nAn empty group\n", "the message has no From field with an address"),
        ("From: bob@example.org\nFROM: alice@example.org\n\nTwo\n", "the message has more than one From field"),
        ("From: bob@example.org alice@example.org\n\nWhich?\n", "the From field is not well-formed"),
        (
            "From: bob@example.org, support@example.org\n\nTwo authors\n",
            "a message with several addresses in From needs a Sender field",
        ),
        (
            "From: bob@example.org, support@example.org\nSender: alice@example.org\n\nTwo authors\n",
            "sending as alice@example.org needs the right send.as on it; ask an administrator",
        ),
        (
            "From: bob@example.org, alice@example.org\nSender: bob@example.org\n\nTwo authors\n",
            "sending as alice@example.org needs the right send.as on it; ask an administrator",
        ),
    ];
    on_both(|store| async move {
        let example = Example::new(store).await;
        for (raw, text) in cases {
            let refused = example.send("bob", &["carol@example.org"], raw).await.expect_err(raw);
            assert_eq!(refused.to_string(), text, "{raw}");
        }
        assert!(example.inbox("carol").await.is_empty() && example.sent("bob").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn sender_says_what_was_decided() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let to = ["alice@example.org"];
        // Own: no Sender. As: nothing tells who it was.
        example.send("bob", &to, "From: bob@example.org\nSender: bob@example.org\n\n1\n").await.expect("own");
        let mut as_support = "From: support@example.org\nSender: bob@example.org\nMessage-ID: <x@y>\n\n2\n".to_owned();
        as_support.insert_str(0, "Return-Path: <bob@example.org>\n");
        let submission = crate::Submission {
            envelope_from: "support@example.org".to_owned(),
            recipients: vec![crate::SubmissionRecipient {
                address: postroom_model::Address::parse(to[0]).expect("an address"),
                notify: None,
                original: None,
            }],
            raw: as_support.into_bytes(),
            with: "ESMTPSA",
            tls: None,
            ret: None,
            envelope_id: None,
            utf8: false,
            hold_until: None,
            note: None,
        };
        example.outbound.submit(example.actor("bob"), submission).await.expect("as");
        example.send("carol", &to, "From: support@example.org\nSender: x@y.example\n\n3\n").await.expect("behalf");
        let several = "From: bob@example.org, support@example.org\nSender: support@example.org\n\n4\n";
        example.send("bob", &to, several).await.expect("several");
        let got = example.inbox("alice").await;
        let has_sender = |text: &str| text.lines().find(|line| line.starts_with("Sender:")).map(str::to_owned);
        assert_eq!(has_sender(&got[0]), None);
        assert!(!got[1].to_lowercase().contains("bob"), "no trace of the person: {}", got[1]);
        assert_eq!(has_sender(&got[2]).as_deref(), Some("Sender: \"The carol\" <carol@example.org>"));
        assert_eq!(has_sender(&got[3]).as_deref(), Some("Sender: support@example.org"));
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_is_added_and_bcc_is_taken_out() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let raw = "From: bob@example.org\nTo: alice@example.org\nBcc: dave@example.org\n\nHi\n";
        let accepted = example.send("bob", &["alice@example.org", "dave@example.org"], raw).await.expect("taken");
        let (alice, dave) = (example.inbox("alice").await, example.inbox("dave").await);
        assert_eq!(alice, dave);
        let expected = format!(
            "Return-Path: <bob@example.org>\r\nReceived: by mail.example.org with ESMTPSA (TLS1.3) id {id};\r\n\tSat, 21 Nov 2026 08:00:00 +0000\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\nMessage-ID: <{id}@mail.example.org>\r\nFrom: bob@example.org\r\nTo: alice@example.org\r\n\r\nHi\r\n",
            id = accepted.id
        );
        assert_eq!(alice, [expected]);
        let sent = example.sent("bob").await;
        assert!(sent[0].contains("Bcc: dave@example.org\r\n"), "the sender sees whom it went to: {}", sent[0]);
    })
    .await;
}

#[tokio::test]
async fn names_in_sender_are_encoded() {
    on_both(|store| async move {
        let example = Example::new(store.clone()).await;
        let carol = example.access.org().by_name("carol").expect("known").clone();
        let rename = move |tx: &mut postroom_store::Tx<'_>| {
            postroom_store::mailboxes::rename(
                tx,
                &carol,
                "Çarol \"Cé\" Ñandú, Unidade de Atenção aos Usuários e Usuárias",
            )
        };
        store.write(postroom_store::Scope::Organisation, rename).await.expect("renamed");
        example.access.reload().await.expect("reloaded");
        example.send("carol", &["alice@example.org"], "From: support@example.org\n\nHi\n").await.expect("behalf");
        let got = example.inbox("alice").await;
        let parsed = postroom_wire_message::Parsed::of(got[0].as_bytes());
        let sender = &parsed.envelope.sender[0];
        let name = postroom_wire_message::decode_header(sender.name.as_deref().expect("a name"));
        assert_eq!(name, "Çarol \"Cé\" Ñandú, Unidade de Atenção aos Usuários e Usuárias");
        assert!(got[0].is_ascii() && got[0].lines().all(|line| line.len() <= 78));
    })
    .await;
}
