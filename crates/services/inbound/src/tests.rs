//! Delivery on both databases. bob has two addresses, one of them with a detail of its own; `tiny` holds 2,000 octets.

use super::*;
use postroom_model::{
    Clock, Door, MailboxId, MailboxKind, MailboxName, Privilege, SeenMode, SentCopy, SpecialUse, Time,
};
use postroom_store::audit::AuditRow;
use postroom_store::mailboxes::NewMailbox;
use postroom_store::placements::Placement;
use postroom_store::testing::on_both;
use postroom_store::{Scope, Store, Tx, addresses, audit, domains, folders, mailboxes, placements};

/// 2026-11-21T08:00:00Z
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Time {
        Time(1_795_248_000_000)
    }
}

struct Example {
    store: Store,
    access: Access,
    inbound: Inbound,
}

fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

fn make(tx: &mut Tx<'_>, kind: MailboxKind, name: &str, all: &[&str], quota: Option<u64>) -> Result<(), StoreError> {
    let new = NewMailbox {
        kind,
        name: MailboxName::parse(name).expect("a name"),
        display_name: name.to_owned(),
        sent_copy: SentCopy::Mailbox,
        seen: SeenMode::Shared,
        quota,
        privilege: Privilege::User,
    };
    let id = mailboxes::create(tx, &new, Time(0))?;
    let all: Vec<Address> = all.iter().map(|text| address(text)).collect();
    addresses::set(tx, id, &all)
}

fn fill(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    domains::create(tx, "example.org", Time(0))?;
    make(tx, MailboxKind::User, "bob", &["bob@example.org", "robert@example.org"], None)?;
    make(tx, MailboxKind::Shared, "news", &["news@example.org", "bob+news@example.org"], None)?;
    make(tx, MailboxKind::Room, "boardroom", &["boardroom@example.org"], None)?;
    make(tx, MailboxKind::Shared, "tiny", &["tiny@example.org"], Some(2000))
}

impl Example {
    async fn new(store: Store) -> Self {
        store.write(Scope::Organisation, fill).await.expect("the organisation is made");
        let access = Access::start(store.clone(), Arc::new(Stopped)).await.expect("the facts are loaded");
        let inbound = Inbound::new(access.clone(), "mail.example.org");
        Self { store, access, inbound }
    }

    fn id(&self, name: &str) -> MailboxId {
        self.access.org().by_name(name).expect("known").id
    }

    async fn deliver(&self, mode: Mode, to: &[&str], raw: &[u8]) -> Result<Vec<Delivered>, DeliverError> {
        let hop = Hop {
            helo: "client.example",
            peer: Some([192, 0, 2, 1].into()),
            tls: None,
            with: "ESMTP",
            envelope_from: "sender@elsewhere.example",
            recipient: None,
        };
        let mut message = self.inbound.begin(&hop);
        message.bytes.extend_from_slice(raw);
        assert_eq!(message.received(), raw.len());
        let mailboxes = to.iter().map(|name| self.id(name)).collect();
        let envelope_from = "sender@elsewhere.example".to_owned();
        self.inbound.deliver(Delivery { door: Door::Smtp, mode, envelope_from, mailboxes, message }).await
    }

    async fn deliver_from(&self, sender: &str, to: &str) -> Result<Vec<Delivered>, DeliverError> {
        let hop = Hop {
            helo: "client.example",
            peer: Some([192, 0, 2, 1].into()),
            tls: None,
            with: "ESMTP",
            envelope_from: sender,
            recipient: None,
        };
        let mut message = self.inbound.begin(&hop);
        let forged = "Authentication-Results: mail.example.org; dmarc=forged";
        let raw = format!("{forged}\r\nFrom: {sender}\r\nSubject: x\r\n\r\nHi\r\n");
        message.bytes.extend_from_slice(raw.as_bytes());
        let (door, mode, envelope_from) = (Door::Smtp, Mode::Together, sender.to_owned());
        self.inbound.deliver(Delivery { door, mode, envelope_from, mailboxes: vec![self.id(to)], message }).await
    }

    async fn inbox(&self, name: &str) -> Vec<(Placement, Vec<u8>)> {
        self.folder(name, SpecialUse::Inbox).await
    }

    async fn folder(&self, name: &str, special: SpecialUse) -> Vec<(Placement, Vec<u8>)> {
        let mailbox = self.id(name);
        let list = move |tx: &mut Tx<'_>| {
            let inbox = folders::by_special_use(tx, mailbox, special)?.expect("every mailbox has it");
            placements::page(tx, mailbox, inbox.id, None, 0, 100)
        };
        let mut found = Vec::new();
        for placement in self.store.read(list).await.expect("read") {
            let stored = self.store.contents(vec![placement.content], 1).await.expect("content");
            let mut bytes = Vec::new();
            stored[0].open_into(&mut bytes).expect("opened");
            found.push((placement, bytes));
        }
        found
    }

    async fn record(&self, name: &str) -> Vec<AuditRow> {
        let mailbox = self.id(name);
        self.store.read(move |tx| audit::page(tx, Some(mailbox), None, 100)).await.expect("the record")
    }
}

#[tokio::test]
async fn addresses_resolve_exactly_first() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let mailbox = |name| Recipient::Mailbox(example.id(name));
        let cases = [
            ("bob@example.org", 0, mailbox("bob")),
            ("Robert@Example.org", 0, mailbox("bob")),
            ("bob+lists@example.org", 0, mailbox("bob")),
            ("bob+news@example.org", 0, mailbox("news")),
            ("boardroom@example.org", 0, mailbox("boardroom")),
            ("nobody@example.org", 0, Recipient::Unknown),
            ("nobody+bob@example.org", 0, Recipient::Unknown),
            ("bob@elsewhere.example", 0, Recipient::NotOurs),
            ("bob@sub.example.org", 0, Recipient::NotOurs),
            ("tiny@example.org", 2000, mailbox("tiny")),
            ("tiny@example.org", 2001, Recipient::Full { mailbox: example.id("tiny"), never: true }),
        ];
        for (text, size, expected) in cases {
            let found = example.inbound.resolve(&address(text), size).await.expect("looked up");
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(example.inbound.postmaster(), None);
        example.deliver(Mode::Together, &["tiny"], &[b'x'; 1500]).await.expect("fits");
        let found = example.inbound.resolve(&address("tiny@example.org"), 500).await.expect("looked up");
        assert_eq!(found, Recipient::Full { mailbox: example.id("tiny"), never: false });
    })
    .await;
}

#[tokio::test]
async fn a_message_is_stored_once_and_filed_once_for_each_mailbox() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let raw = b"Subject: x\r\nMessage-ID: <a@b>\r\n\r\nHi\r\n";
        let to = ["bob", "news", "bob", "boardroom"];
        let outcomes = example.deliver(Mode::Together, &to, raw).await.expect("delivered");
        assert_eq!(outcomes, [Delivered::Filed; 4]);
        let (bob, news) = (example.inbox("bob").await, example.inbox("news").await);
        assert_eq!((bob.len(), news.len(), example.inbox("boardroom").await.len()), (1, 1, 1));
        assert_eq!(bob[0].0.content, news[0].0.content, "stored once");
        assert_eq!(bob[0].0.received_at, Time(1_795_248_000_000));
        let text = String::from_utf8_lossy(&bob[0].1).into_owned();
        let id = text.split(" id ").nth(1).and_then(|rest| rest.split(';').next()).expect("an id").to_owned();
        let expected = format!(
            "Return-Path: <sender@elsewhere.example>\r\nReceived: from client.example ([192.0.2.1])\r\n\tby mail.example.org with ESMTP id {id};\r\n\tSat, 21 Nov 2026 08:00:00 +0000\r\n"
        );
        assert_eq!(text, expected + std::str::from_utf8(raw).expect("text"));
        let record = example.record("news").await;
        assert_eq!((record.len(), record[0].action.as_str(), record[0].who.as_str()), (1, "message.deliver", "server"));
        assert_eq!((record[0].door.as_str(), record[0].outcome.as_str()), ("smtp", "done"));
        assert!(record[0].detail.starts_with("from <sender@elsewhere.example>, ") && record[0].detail.ends_with(&id));
    })
    .await;
}

#[tokio::test]
async fn replies_join_the_thread() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let raws: [&[u8]; 3] = [
            b"Message-ID: <1@x>\r\n\r\nQuestion\r\n",
            b"Message-ID: <2@x>\r\nIn-Reply-To: <1@x>\r\n\r\nAnswer\r\n",
            b"Message-ID: <3@x>\r\n\r\nSomething else\r\n",
        ];
        for raw in raws {
            example.deliver(Mode::Together, &["bob"], raw).await.expect("delivered");
        }
        let threads: Vec<_> = example.inbox("bob").await.into_iter().map(|(placement, _)| placement.thread).collect();
        assert!(threads[0] == threads[1] && threads[1] != threads[2], "{threads:?}");
    })
    .await;
}

#[tokio::test]
async fn one_full_mailbox_holds_back_the_others_only_where_there_is_one_answer() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let large = [b'x'; 3000];
        let together = example.deliver(Mode::Together, &["bob", "tiny"], &large).await;
        assert!(matches!(together, Err(DeliverError::Full { never: true })), "{together:?}");
        assert!(example.inbox("bob").await.is_empty() && example.record("bob").await.is_empty());
        let each = example.deliver(Mode::Each, &["tiny", "bob"], &large).await.expect("bob has room");
        assert_eq!(each, [Delivered::Full { never: true }, Delivered::Filed]);
        assert!(example.inbox("tiny").await.is_empty() && example.record("tiny").await.is_empty());
        example.deliver(Mode::Each, &["tiny"], &large[..1500]).await.expect("fits");
        let each = example.deliver(Mode::Each, &["tiny", "bob"], &large[..500]).await.expect("bob has room");
        assert_eq!(each, [Delivered::Full { never: false }, Delivered::Filed]);
        let together = example.deliver(Mode::Together, &["tiny", "bob"], &large[..500]).await;
        assert!(matches!(together, Err(DeliverError::Full { never: false })), "{together:?}");
        assert_eq!((example.inbox("bob").await.len(), example.inbox("tiny").await.len()), (2, 1));
    })
    .await;
}

#[tokio::test]
async fn a_mailbox_that_was_removed_meanwhile_is_an_answer_of_its_own() {
    on_both(|store| async move {
        let example = Example::new(store.clone()).await;
        let news = example.id("news");
        // The facts in memory still name it.
        let remove = move |tx: &mut Tx<'_>| mailboxes::remove(tx, news);
        let access = example.access.clone();
        let before = access.org();
        store.write(Scope::Organisation, remove).await.expect("removed");
        let mailboxes = vec![news, before.by_name("bob").expect("known").id];
        for (mode, filed) in [(Mode::Together, false), (Mode::Each, true)] {
            let hop = Hop { helo: "x", peer: None, tls: None, with: "LMTP", envelope_from: "", recipient: None };
            let mut message = example.inbound.begin(&hop);
            message.bytes.extend_from_slice(b"Subject: x\r\n\r\n");
            let mailboxes = mailboxes.clone();
            let delivery = Delivery { door: Door::Lmtp, mode, envelope_from: String::new(), mailboxes, message };
            match example.inbound.deliver(delivery).await {
                Ok(outcomes) => assert!(filed && outcomes == [Delivered::Gone, Delivered::Filed], "{outcomes:?}"),
                Err(error) => assert!(!filed && matches!(error, DeliverError::Gone), "{error:?}"),
            }
        }
        assert_eq!(example.inbox("bob").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn large_and_odd_messages_come_back_as_they_were() {
    on_both(|store| async move {
        let example = Example::new(store).await;
        let noise: Vec<u8> = (0u32..300_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let mut large = b"Subject: noise\r\n\r\n".to_vec();
        large.extend_from_slice(&noise);
        let cases: [(&[u8], &[u8]); 5] = [
            (&large, b""),
            (b"", b"\r\n"),
            (b"no header\r\n", b"\r\n"),
            (b"\r\nblank line first\r\n", b""),
            (b"Subject: \0\xff\r\n\nbare\rbreaks\n", b""),
        ];
        for (raw, between) in cases {
            example.deliver(Mode::Together, &["bob"], raw).await.expect("delivered");
            let stored = example.inbox("bob").await.pop().expect("one").1;
            let expected = [b"08:00:00 +0000\r\n", between, raw].concat();
            assert!(stored.ends_with(&expected), "{}", stored[..stored.len().min(400)].escape_ascii());
        }
    })
    .await;
}

/// What a domain says about its mail, and what becomes of a message from it that comes from 192.0.2.1.
#[tokio::test(flavor = "multi_thread")]
async fn mail_that_is_not_from_whom_it_says_is_marked_and_goes_to_junk_or_is_refused() {
    let records = [
        "right.example TXT v=spf1 ip4:192.0.2.1 -all",
        "_dmarc.right.example TXT v=DMARC1; p=reject",
        "wrong.example TXT v=spf1 ip4:192.0.2.9 -all",
        "_dmarc.wrong.example TXT v=DMARC1; p=reject",
        "careless.example TXT v=spf1 -all",
    ];
    let dns = postroom_relay::testing::start(&records).await;
    on_both(|store| async move {
        let mut example = Example::new(store).await;
        let dns = postroom_relay::Dns::with_servers(&[dns]).expect("a resolver");
        let cases = [
            // policy, domain, taken, folder, what is written down
            (DmarcPolicy::Enforce, "right.example", true, SpecialUse::Inbox, "dmarc=pass"),
            (DmarcPolicy::Junk, "wrong.example", true, SpecialUse::Junk, "dmarc=fail"),
            (DmarcPolicy::Enforce, "wrong.example", false, SpecialUse::Junk, ""),
            (DmarcPolicy::Record, "wrong.example", true, SpecialUse::Inbox, "spf=fail"),
            (DmarcPolicy::Enforce, "careless.example", true, SpecialUse::Inbox, "dmarc=none"),
        ];
        for (dmarc, domain, taken, folder, text) in cases {
            let patience = std::time::Duration::from_secs(20);
            let authenticity = Authenticity { dns: dns.clone(), dmarc, patience };
            example.inbound = Inbound::new(example.access.clone(), "mail.example.org").with_authenticity(authenticity);
            let before = example.folder("bob", folder).await.len();
            let sent = example.deliver_from(&format!("x@{domain}"), "bob").await;
            assert_eq!(sent.is_ok(), taken, "{domain} {dmarc:?}: {sent:?}");
            let after = example.folder("bob", folder).await;
            assert_eq!(after.len(), before + usize::from(taken), "{domain} {dmarc:?}");
            if taken {
                let message = String::from_utf8_lossy(&after[before].1).into_owned();
                assert!(message.contains(text), "{text} in {message}");
                assert!(!message.contains("forged") && message.contains("Authentication-Results: mail.example.org"));
                assert!(message.starts_with("Return-Path: <x@") && message.ends_with("Subject: x\r\n\r\nHi\r\n"));
            }
        }
    })
    .await;
}
