//! Searches are compared with looking for the text in every message, at every state of indexing.

use super::{TextField, TextQuery, text_search};
use crate::indexer::{Indexer, Pace};
use crate::prepare;
use postroom_model::{
    EmailId, Flags, FolderId, MailboxId, MailboxKind, MailboxName, Privilege, SeenMode, SentCopy, SpecialUse,
    SystemClock, Time,
};
use postroom_store::changes::Log;
use postroom_store::emails::{FileError, NewEmail, Source};
use postroom_store::mailboxes::NewMailbox;
use postroom_store::search::{EmailSet, waiting};
use postroom_store::testing::{on_both, on_sqlite};
use postroom_store::{Scope, Store, emails, folders, mailboxes, placements};
use postroom_wire_message::{Parsed, PartRef, SearchText, decode_header, header_fields, normalise, search_text};
use proptest::prelude::{Just, Strategy, prop_oneof};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::sync::Arc;

/// A mailbox with mail.
struct World {
    store: Store,
    mailbox: MailboxId,
    inbox: FolderId,
    mails: Vec<Vec<u8>>,
}

impl World {
    async fn new(store: &Store, name: &str, mails: Vec<Vec<u8>>) -> Self {
        let new = NewMailbox {
            kind: MailboxKind::User,
            name: MailboxName::parse(name).expect("a name"),
            display_name: name.to_owned(),
            sent_copy: SentCopy::Mailbox,
            seen: SeenMode::Shared,
            quota: None,
            privilege: Privilege::User,
        };
        let made = store.write(Scope::Organisation, move |tx| mailboxes::create(tx, &new, Time(0)));
        let mailbox = made.await.expect("made");
        let inbox = store.read(move |tx| folders::by_special_use(tx, mailbox, SpecialUse::Inbox)).await.expect("read");
        let inbox = inbox.expect("every mailbox has one").id;
        let mut world = Self { store: store.clone(), mailbox, inbox, mails: Vec::new() };
        for mail in mails {
            world.file(mail).await;
        }
        world
    }

    async fn file(&mut self, raw: Vec<u8>) {
        self.mails.push(raw.clone());
        let (content, mailbox, folder) =
            (prepare(&self.store, raw).await.expect("prepared").content, self.mailbox, self.inbox);
        let filed = self.store.write(Scope::mailbox(mailbox), move |tx| {
            let mut log = Log::begin(tx, mailbox, Time(1))?;
            let content = Source::New(&content);
            let new = NewEmail { folder, content, received_at: Time(1), flags: Flags::NONE, keywords: "" };
            emails::file(tx, &mut log, &new, None)?;
            log.end(tx)?;
            Ok::<_, FileError>(())
        });
        filed.await.expect("filed");
    }

    async fn remove(&self, uid: u32) {
        let (mailbox, inbox) = (self.mailbox, self.inbox);
        let removed = self.store.write(Scope::mailbox(mailbox), move |tx| {
            let mut log = Log::begin(tx, mailbox, Time(2))?;
            placements::remove(tx, &mut log, inbox, uid)?;
            log.end(tx)
        });
        removed.await.expect("removed");
    }

    async fn search(&self, field: TextField, needle: &str) -> Vec<i64> {
        let query = TextQuery { field, needle: needle.to_owned() };
        let found = text_search(&self.store, self.mailbox, None, &query).await.expect("searched");
        found.iter().map(|email| email.0).collect()
    }

    /// What a search must answer, from the messages themselves.
    fn truth(&self, field: &TextField, needle: &str) -> Vec<i64> {
        let holds = |raw: &Vec<u8>| contains(raw, field, &normalise(needle));
        (1..).zip(&self.mails).filter(|(_, raw)| holds(raw)).map(|(id, _)| id).collect()
    }

    async fn index(&self) {
        while indexer(&self.store).run_once().await.expect("indexed") > 0 {}
    }

    async fn waiting(&self) -> Vec<i64> {
        let mailbox = self.mailbox;
        let found = self.store.read(move |tx| waiting::of_mailbox(tx, mailbox, EmailId(0), 1_000)).await;
        found.expect("read").into_iter().map(|email| email.0).collect()
    }
}

fn indexer(store: &Store) -> Indexer {
    Indexer::new(store.clone(), Arc::new(SystemClock), Pace::default())
}

fn contains(raw: &[u8], field: &TextField, needle: &str) -> bool {
    let structure = Parsed::of(raw).structure.encode();
    let SearchText { headers, body, from, to, cc, bcc, subject } =
        search_text(raw, &PartRef::decode(&structure).expect("just encoded"));
    match field {
        TextField::From => from.contains(needle),
        TextField::To => to.contains(needle),
        TextField::Cc => cc.contains(needle),
        TextField::Bcc => bcc.contains(needle),
        TextField::Subject => subject.contains(needle),
        TextField::Body => body.contains(needle),
        TextField::Text => headers.contains(needle) || body.contains(needle),
        TextField::Header(name) => {
            let fields = header_fields(raw, [name.as_str()], false);
            let values = postroom_wire_message::Fields::of(&fields).map(|field| normalise(&decode_header(field.value)));
            values.into_iter().any(|value| value.contains(needle))
        }
    }
}

/// Few letters and many edges, so that needles are found often, and at all kinds of places.
fn text(longest: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop_oneof![Just("a"), Just("b"), Just("Ab"), Just("é"), Just("ß"), Just("東"), Just("7")],
        3 => prop_oneof![Just(" "), Just("  "), Just("\r\n ")],
        3 => prop_oneof![Just("."), Just("@"), Just("-"), Just("'"), Just(","), Just("…"), Just("/")],
    ];
    proptest::collection::vec(piece, 0..longest).prop_map(|pieces| pieces.concat())
}

fn mail() -> impl Strategy<Value = Vec<u8>> {
    let fields = (text(10), text(10), text(8), text(6), text(60));
    (fields, prop_oneof![Just("plain"), Just("html")]).prop_map(|((subject, from, to, tag, body), kind)| {
        let mail = format!(
            "Subject: {subject}\r\nFrom: {from} <a.b@ab.example>\r\nTo: {to} <b@a-b.example>\r\nX-Tag: {tag}\r\n\
             Content-Type: text/{kind}; charset=utf-8\r\n\r\n{body}\r\n"
        );
        mail.into_bytes()
    })
}

fn field() -> impl Strategy<Value = TextField> {
    prop_oneof![
        3 => Just(TextField::Text),
        2 => Just(TextField::Body),
        1 => Just(TextField::Subject),
        1 => Just(TextField::From),
        1 => Just(TextField::To),
        1 => Just(TextField::Cc),
        1 => Just(TextField::Header("X-Tag".to_owned())),
        1 => Just(TextField::Header("x-none".to_owned())),
    ]
}

fn sample<T>(runner: &mut TestRunner, strategy: &impl Strategy<Value = T>) -> T {
    strategy.new_tree(runner).expect("a value").current()
}

#[tokio::test]
async fn searches_agree_with_the_messages_however_much_is_indexed() {
    on_both(|store| async move {
        let mut runner = TestRunner::deterministic();
        for case in 0..6 {
            let mut mails = sample(&mut runner, &proptest::collection::vec(mail(), 2..16));
            let later = mails.split_off(mails.len() / 2);
            let queries = sample(&mut runner, &proptest::collection::vec((field(), text(5)), 40));
            let mut world = World::new(&store, &format!("box{case}"), mails).await;
            agrees(&world, &queries).await;
            world.index().await;
            agrees(&world, &queries).await;
            for mail in later {
                world.file(mail).await;
            }
            assert!(!world.waiting().await.is_empty(), "half of it waits");
            agrees(&world, &queries).await;
            world.index().await;
            assert!(world.waiting().await.is_empty());
            agrees(&world, &queries).await;
        }
    })
    .await;
}

async fn agrees(world: &World, queries: &[(TextField, String)]) {
    for (field, needle) in queries {
        let found = world.search(field.clone(), needle).await;
        assert_eq!(found, world.truth(field, needle), "{needle:?} in {field:?}");
    }
}

fn simple(subject: &str, body: &str) -> Vec<u8> {
    format!("Subject: {subject}\r\nFrom: Ann Example <ann@example.org>\r\n\r\n{body}\r\n").into_bytes()
}

#[tokio::test]
async fn each_field_is_searched_by_itself() {
    on_both(|store| async move {
        let mails =
            vec![simple("Cats", "about dogs"), simple("Dogs", "about =?utf-8?q?caf=C3=A9?="), simple("", "CATS")];
        let world = World::new(&store, "alice", mails).await;
        let cases: [(TextField, &str, &[i64]); 11] = [
            (TextField::Subject, "cat", &[1]),
            (TextField::Body, "cat", &[3]),
            (TextField::Text, "cat", &[1, 3]),
            (TextField::Text, "DOGS", &[1, 2]),
            (TextField::From, "ann example", &[1, 2, 3]),
            (TextField::From, "@example.org", &[1, 2, 3]),
            (TextField::To, "ann", &[]),
            (TextField::Subject, "", &[1, 2, 3]),
            (TextField::Header("SUBJECT".into()), "dog", &[2]),
            (TextField::Header("subject".into()), "", &[1, 2, 3]),
            (TextField::Header("cc".into()), "", &[]),
        ];
        for _ in 0..2 {
            for (field, needle, expected) in &cases {
                assert_eq!(world.search(field.clone(), needle).await, *expected, "{needle} in {field:?}");
            }
            world.index().await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_has_gone_or_is_not_asked_about_is_not_found() {
    on_both(|store| async move {
        let mut world = World::new(&store, "alice", vec![simple("one", "word"); 3]).await;
        world.index().await;
        world.file(simple("two", "word")).await;
        world.file(simple("three", "word")).await;
        world.remove(2).await;
        world.remove(5).await;
        assert_eq!(world.search(TextField::Text, "wor").await, [1, 3, 4]);
        let within: EmailSet = [1, 2, 4].into_iter().map(EmailId).collect();
        let query = TextQuery { field: TextField::Text, needle: "one\r\n  \t".to_owned() };
        let found = text_search(&store, world.mailbox, Some(&within), &query).await.expect("searched");
        assert!(found.contains(EmailId(1)) && !found.contains(EmailId(3)) && !found.contains(EmailId(4)));
    })
    .await;
}

#[tokio::test]
async fn an_email_that_cannot_be_read_holds_nothing_up() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = on_sqlite(folder.path()).await;
    // Compresses too badly to be kept in the database.
    let mut seed = 1u32;
    let noise = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b' ' + (seed >> 25) as u8 % 90
    });
    let noise: Vec<u8> = noise.take(400_000).collect();
    let large = [&b"Subject: lost\r\n\r\n"[..], &noise].concat();
    let world = World::new(&store, "alice", vec![simple("kept", "word"), large, simple("kept", "wordy")]).await;
    assert_eq!(world.search(TextField::Subject, "lost").await, [2]);
    std::fs::remove_dir_all(folder.path().join("blobs")).expect("lost");
    assert_eq!(world.search(TextField::Subject, "lost").await, [0; 0], "its text is not there any more");
    assert_eq!(world.search(TextField::Text, "word").await, [1, 3]);
    world.index().await;
    assert!(world.waiting().await.is_empty());
    assert_eq!(world.search(TextField::Text, "word").await, [1, 3]);
}

#[tokio::test]
async fn the_job_catches_up_and_stops() {
    on_both(|store| async move {
        let mut world = World::new(&store, "alice", vec![simple("one", "word"); 2]).await;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let pace = Pace { quiet: std::time::Duration::ZERO, ..Pace::default() };
        let job = tokio::spawn(Indexer::new(store.clone(), Arc::new(SystemClock), pace).run(stopped));
        while !world.waiting().await.is_empty() {}
        world.file(simple("two", "word")).await;
        while !world.waiting().await.is_empty() {}
        stop.send(true).expect("it listens");
        job.await.expect("it ends");
        assert_eq!(world.search(TextField::Subject, "t").await, [3]);
    })
    .await;
}

#[test]
fn mail_waits_for_a_quiet_moment_but_not_for_long() {
    let pace = Pace::default();
    assert!(!pace.is_urgent(Time(1_000), Time(3_999), 9_999));
    assert!(pace.is_urgent(Time(1_000), Time(4_000), 1));
    assert!(pace.is_urgent(Time(1_000), Time(1_000), 10_000));
}
