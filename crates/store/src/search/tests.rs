//! Tests of the index: what it answers is compared with looking through the texts themselves.

use super::needle::Needle;
use super::words::{Words, each_term};
use super::{Candidates, Column, Columns, EmailSet, Entry, Texts, block, waiting};
use crate::testing::{on_both, on_sqlite};
use crate::tests::{file, folder, mailbox};
use crate::{Scope, Store, changes, placements};
use postroom_model::{EmailId, FolderId, MailboxId, SpecialUse, Time};
use proptest::prelude::{Just, Strategy, prop_assert, prop_oneof, proptest};
use proptest::test_runner::TestRunner;

fn words(text: &str) -> Vec<&str> {
    Words::of(text).map(|range| &text[range]).collect()
}

#[test]
fn text_is_cut_into_words() {
    let check = |text, expected: &[&str]| assert_eq!(words(text), expected, "{text}");
    check("", &[]);
    check(" . - ", &[]);
    check("hello, world.", &["hello", "world"]);
    check("<ann@mail.example.org>", &["ann@mail.example.org"]);
    check("self-hosted don't a--b .c d.", &["self-hosted", "don't", "a", "b", "c", "d"]);
    check("x_y 1.5+2 a/b=c", &["x_y", "1.5+2", "a", "b", "c"]);
    check("größe 東京・大阪。日本\u{3000}语", &["größe", "東京・大阪", "日本", "语"]);
    check("“quoted”—dash…", &["quoted", "dash"]);
    check("é.à", &["é.à"]);
}

#[test]
fn parts_of_long_words_stand_in_one_piece() {
    let word: String = (0..3_000).map(|n| char::from_u32(0x4e00 + n % 500 * 7).unwrap_or('x')).collect();
    let mut pieces = Vec::new();
    each_term(&word, |piece| pieces.push(piece));
    assert!(pieces.iter().all(|piece| piece.len() <= 512));
    let starts: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
    for start in starts {
        let part = &word[start..word.floor_char_boundary(start + 120)];
        assert!(pieces.iter().any(|piece| piece.contains(part)), "{start}");
    }
    assert!(word.ends_with(pieces[pieces.len() - 1]) && pieces[pieces.len() - 1].len() >= 120);
}

#[test]
fn a_needle_of_one_word_needs_no_second_look() {
    let check = |text, expected| assert_eq!(Needle::of(text).map(|needle| needle.is_exact()), expected, "{text}");
    check("linu", Some(true));
    check("ann@example.org", Some(true));
    check(".org", Some(false));
    check("two words", Some(false));
    check("word.", Some(false));
    check("--", None);
    check("", None);
}

#[test]
fn numbers_survive() {
    let numbers = [0, 1, 127, 128, 16_383, 16_384, 1 << 32, (1 << 56) - 1];
    let mut bytes = Vec::new();
    numbers.iter().for_each(|number| block::put_number(&mut bytes, *number));
    let mut rest = &bytes[..];
    for number in numbers {
        assert_eq!(block::take_number(&mut rest).ok(), Some(number));
    }
    assert!(rest.is_empty() && block::take_number(&mut rest).is_err());
}

#[test]
fn sets_of_emails() {
    let set = |ids: &[i64]| ids.iter().map(|id| EmailId(*id)).collect::<EmailSet>();
    let mut some = set(&[3, 64, 1_000]);
    assert_eq!((some.len(), some.first(), some.last()), (3, Some(EmailId(3)), Some(EmailId(1_000))));
    some.subtract(&set(&[1_000]));
    assert_eq!(some, set(&[64, 3]), "empty words at the end make no difference");
    some.union(&set(&[2_000]));
    some.intersect(&set(&[3, 4, 2_000, 5_000]));
    assert_eq!(some.iter().map(|id| id.0).collect::<Vec<_>>(), [3, 2_000]);
    assert!(some.contains(EmailId(3)) && !some.contains(EmailId(4)) && !some.contains(EmailId(-1)));
    assert!(EmailSet::default().last().is_none() && set(&[]).is_empty());
}

/// Text with few letters, so that words, parts of words and edges meet often.
fn text(longest: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop_oneof![Just("a"), Just("b"), Just("ab"), Just("é"), Just("東"), Just("7")],
        2 => Just(" "),
        2 => prop_oneof![Just("."), Just("@"), Just("-"), Just("'"), Just(","), Just("…"), Just("<")],
    ];
    proptest::collection::vec(piece, 0..longest).prop_map(|pieces| pieces.concat())
}

/// One email, told by its number: a subject and a body.
fn entry(mailbox: MailboxId, email: i64, texts: &(String, String)) -> Entry {
    let mut parts = Texts::default();
    parts.set(Column::Subject, texts.0.clone());
    parts.set(Column::Headers, format!("subject: {}", texts.0));
    parts.set(Column::Body, texts.1.clone());
    Entry { mailbox, email: EmailId(email), texts: Some(parts) }
}

async fn mails(store: &Store, name: &'static str, count: usize) -> (MailboxId, FolderId) {
    let mailbox = mailbox(store, name).await;
    let inbox = folder(store, mailbox, SpecialUse::Inbox).await;
    for _ in 0..count {
        file(store, mailbox, inbox, "the same").await;
    }
    (mailbox, inbox)
}

async fn waiting_in(store: &Store, mailbox: MailboxId) -> Vec<i64> {
    let found = store.read(move |tx| waiting::of_mailbox(tx, mailbox, EmailId(0), 1_000)).await.expect("read");
    found.into_iter().map(|email| email.0).collect()
}

/// What the index says, checked against the texts of the emails that it was given.
async fn agrees(store: &Store, mailbox: MailboxId, corpus: &[(String, String)], columns: Columns, needle: &str) {
    let holds = |(subject, body): &(String, String)| {
        let subject_only = columns == Columns::one(Column::Subject);
        if subject_only {
            subject.contains(needle)
        } else {
            format!("subject: {subject}").contains(needle) || body.contains(needle)
        }
    };
    let truth: EmailSet = (1..).map(EmailId).zip(corpus).filter(|(_, texts)| holds(texts)).map(|(id, _)| id).collect();
    match store.search().candidates(mailbox, columns, needle).await.expect("searched") {
        Candidates::Exactly(found) => assert_eq!(found, truth, "{needle:?} in {corpus:?}"),
        Candidates::Possibly(found) => {
            let mut missing = truth.clone();
            missing.subtract(&found);
            assert!(missing.is_empty(), "{needle:?} lost {missing:?} in {corpus:?}");
        }
        Candidates::Anything => assert!(words(needle).is_empty(), "{needle:?}"),
    }
}

#[tokio::test]
async fn the_index_agrees_with_the_texts() {
    on_both(|store| async move {
        let (mut runner, mut cases) = (TestRunner::deterministic(), Vec::new());
        for case in 0..12 {
            let name: &'static str = Box::leak(format!("box{case}").into_boxed_str());
            let corpus = sample(&mut runner, &proptest::collection::vec((text(12), text(60)), 1..25));
            let (mailbox, _) = mails(&store, name, corpus.len()).await;
            // Several segments, and enough single ones to be merged.
            for (at, texts) in corpus.iter().enumerate() {
                let id = i64::try_from(at).expect("few") + 1;
                store.search().index(vec![entry(mailbox, id, texts)]).await.expect("indexed");
            }
            assert!(waiting_in(&store, mailbox).await.is_empty());
            cases.push((mailbox, corpus));
        }
        for (mailbox, corpus) in &cases {
            for _ in 0..40 {
                let needle = sample(&mut runner, &text(6));
                agrees(&store, *mailbox, corpus, Columns::TEXT, &needle).await;
                agrees(&store, *mailbox, corpus, Columns::one(Column::Subject), &needle).await;
            }
        }
    })
    .await;
}

fn sample<T>(runner: &mut TestRunner, strategy: &impl Strategy<Value = T>) -> T {
    use proptest::strategy::ValueTree;
    strategy.new_tree(runner).expect("a value").current()
}

proptest! {
    /// Without a database: many more texts.
    #[test]
    fn patterns_find_every_place(text in text(40), needle in text(8)) {
        let mut dictionary = String::from("\n");
        each_term(&text, |word| {
            dictionary.push_str(word);
            dictionary.push('\n');
        });
        if let Some(parsed) = Needle::of(&needle) {
            let like = parsed.patterns().iter().all(|pattern| pattern.find(dictionary.as_bytes()).is_some());
            prop_assert!(like || !text.contains(&needle));
            prop_assert!(!parsed.is_exact() || like == text.contains(&needle));
        }
    }
}

#[tokio::test]
async fn indexing_twice_changes_nothing() {
    on_both(|store| async move {
        let (mailbox, _) = mails(&store, "alice", 3).await;
        let corpus = [("one".to_owned(), "alpha".to_owned()), ("two".to_owned(), "alphabet".to_owned())];
        for _ in 0..20 {
            let entries = (1..).zip(&corpus).map(|(id, texts)| entry(mailbox, id, texts));
            store.search().index(entries.collect()).await.expect("indexed");
        }
        assert_eq!(waiting_in(&store, mailbox).await, [3], "what was not given waits still");
        for needle in ["alpha", "bet", "one", "o", "zero", "alpha bet"] {
            agrees(&store, mailbox, &corpus, Columns::TEXT, needle).await;
        }
    })
    .await;
}

#[tokio::test]
async fn mailboxes_do_not_see_each_other() {
    on_both(|store| async move {
        let (alice, _) = mails(&store, "alice", 1).await;
        let (bob, _) = mails(&store, "bob", 1).await;
        let text = |word: &str| (String::new(), word.to_owned());
        let both = vec![entry(alice, 1, &text("secret")), entry(bob, 1, &text("public"))];
        store.search().index(both).await.expect("indexed");
        agrees(&store, alice, &[text("secret")], Columns::TEXT, "c").await;
        agrees(&store, bob, &[text("public")], Columns::TEXT, "secret").await;
        store.search().forget(alice).await.expect("forgotten");
        agrees(&store, alice, &[], Columns::TEXT, "secret").await;
        agrees(&store, bob, &[text("public")], Columns::TEXT, "public").await;
    })
    .await;
}

#[tokio::test]
async fn emails_that_have_gone_leave_the_index() {
    on_both(|store| async move {
        let (mailbox, inbox) = mails(&store, "alice", 4).await;
        let corpus = ["one", "two", "three", "four"].map(|word| (String::new(), format!("word {word}")));
        let entries = (1..).zip(&corpus).map(|(id, texts)| entry(mailbox, id, texts));
        store.search().index(entries.collect()).await.expect("indexed");
        let removed = store.write(Scope::mailbox(mailbox), move |tx| {
            let mut log = changes::Log::begin(tx, mailbox, Time(1))?;
            placements::remove(tx, &mut log, inbox, 2)?;
            log.end(tx)
        });
        removed.await.expect("removed");
        let found = |needle: &'static str| store.search().candidates(mailbox, Columns::TEXT, needle);
        let set = |ids: &[i64]| Candidates::Exactly(ids.iter().map(|id| EmailId(*id)).collect());
        store.search().tidy(mailbox, 30).await.expect("tidied");
        assert_eq!(found("two").await.expect("searched"), set(&[2]), "too few to write it anew");
        store.search().tidy(mailbox, 25).await.expect("tidied");
        assert_eq!(found("two").await.expect("searched"), set(&[]));
        assert_eq!(found("word").await.expect("searched"), set(&[1, 3, 4]));
    })
    .await;
}

async fn reopened(store: Store, folder: &std::path::Path, damage: impl FnOnce(&std::path::Path)) -> Store {
    tokio::task::spawn_blocking(move || store.close()).await.expect("closed");
    damage(&folder.join("search.db"));
    on_sqlite(folder).await
}

#[tokio::test]
async fn a_lost_or_damaged_index_is_filled_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = on_sqlite(folder.path()).await;
    let (mailbox, _) = mails(&store, "alice", 2).await;
    let corpus = [(String::new(), "alpha".to_owned()), (String::new(), "beta".to_owned())];
    let fill = async |store: &Store| {
        let entries = (1..).zip(&corpus).map(|(id, texts)| entry(mailbox, id, texts));
        store.search().index(entries.collect()).await.expect("indexed");
    };
    fill(&store).await;
    let store = reopened(store, folder.path(), |_| {}).await;
    assert!(waiting_in(&store, mailbox).await.is_empty(), "an index that was closed well is kept");
    agrees(&store, mailbox, &corpus, Columns::TEXT, "beta").await;
    let store = reopened(store, folder.path(), |file| std::fs::remove_file(file).expect("removed")).await;
    assert_eq!(waiting_in(&store, mailbox).await, [1, 2]);
    fill(&store).await;
    let store =
        reopened(store, folder.path(), |file| std::fs::write(file, b"no database at all").expect("written")).await;
    assert_eq!(waiting_in(&store, mailbox).await, [1, 2]);
    fill(&store).await;
    agrees(&store, mailbox, &corpus, Columns::TEXT, "alpha").await;
}

#[test]
fn damaged_blocks_are_errors() {
    let texts = (String::from("one two"), String::from("three four five"));
    let segments = super::segment::build((1..20).map(|id| entry(MailboxId(1), id, &texts)).collect());
    let built = &segments[0].blocks[0];
    let needle = Needle::of("e").expect("a word");
    let search = |terms: &[u8], postings: &[u8]| {
        let terms = block::Terms::of(terms)?;
        let (mut places, mut found) = (Vec::new(), EmailSet::default());
        terms.find(Columns::TEXT, &needle.patterns()[0], |place| places.push(place))?;
        places.into_iter().try_for_each(|place| terms.read(postings, place, &mut found))?;
        terms.each_word(postings, |_, _, _| {})?;
        Ok::<_, crate::StoreError>(found.len())
    };
    assert_eq!(search(&built.terms, &built.postings).ok(), Some(19));
    for at in 0..built.terms.len() {
        let _ = search(&built.terms[..at], &built.postings);
        let mut terms = built.terms.clone();
        terms[at] ^= 0xff;
        let _ = search(&terms, &built.postings);
    }
    for at in 0..built.postings.len() {
        let mut postings = built.postings.clone();
        postings[at] ^= 0xff;
        let _ = search(&built.terms, &postings);
        assert!(search(&built.terms, &postings[..at]).is_err());
    }
}
