//! SEARCH, SORT, THREAD.

use super::*;
use crate::command::search::{EntryType, Search, SearchKey as Key, SearchProgram, SearchReturn};
use crate::command::sort::{Sort, SortCriterion, SortKey, Thread};
use crate::date::Date;

fn search(key: Key) -> Search {
    Search { uid: false, returns: None, program: SearchProgram { charset: None, key } }
}

#[track_caller]
fn check_key(line: &str, key: Key) {
    check(&format!("SEARCH {line}"), Command::Search(search(key.clone())));
    let uid = Search { uid: true, ..search(Key::And(vec![key.clone(), Key::Not(Box::new(key))])) };
    check(&format!("UID SEARCH {line} NOT ({line})"), Command::Search(uid));
}

fn not(key: Key) -> Key {
    Key::Not(Box::new(key))
}

#[test]
fn flags() {
    for (name, flag) in [
        ("ANSWERED", Flag::Answered),
        ("DELETED", Flag::Deleted),
        ("DRAFT", Flag::Draft),
        ("FLAGGED", Flag::Flagged),
        ("SEEN", Flag::Seen),
        ("KEYWORD $Forwarded", Flag::Keyword("$Forwarded".into())),
    ] {
        check_key(name, Key::HasFlag(flag.clone()));
        check_key(&format!("UN{name}"), Key::LacksFlag(flag));
    }
    check_key("recent", Key::HasFlag(Flag::Recent));
    check_key("OLD", Key::LacksFlag(Flag::Recent));
    check_key("ALL", Key::All);
    check(
        "SEARCH NEW",
        Command::Search(search(Key::And(vec![Key::HasFlag(Flag::Recent), Key::LacksFlag(Flag::Seen)]))),
    );
}

#[test]
fn texts() {
    type Make = fn(String) -> Key;
    let of: [(&str, Make); 7] = [
        ("BCC", Key::Bcc),
        ("CC", Key::Cc),
        ("FROM", Key::From),
        ("TO", Key::To),
        ("SUBJECT", Key::Subject),
        ("BODY", Key::Body),
        ("TEXT", Key::Text),
    ];
    for (name, key) in of {
        check_key(&format!("{name} word"), key("word".to_owned()));
        check_key(&format!("{name} \"two \\\"words\""), key("two \"words".to_owned()));
        check_key(&format!("{name} {{7}}\r\nstraße"), key("straße".to_owned()));
    }
    let header = |text: &str| Key::Header { field: "X-Foo".to_owned(), text: text.to_owned() };
    check_key("HEADER X-Foo \"\"", header(""));
    check_key("HEADER \"X-Foo\" bar", header("bar"));
}

#[test]
fn numbers_and_dates() {
    check_key("2:4,*", Key::Numbers(set(&[(2, 4), (0, 0)])));
    check_key("$", Key::Numbers(MessageSet::Saved));
    check_key("UID 7:*", Key::Uids(set(&[(7, 0)])));
    check_key("UID $", Key::Uids(MessageSet::Saved));
    check_key("LARGER 4294967296", Key::Larger(4_294_967_296));
    check_key("SMALLER 0", Key::Smaller(0));
    check_key("OLDER 60", Key::Older(60));
    check_key("YOUNGER 60", Key::Younger(60));
    check_key("EMAILID M-6d_0", Key::EmailId("M-6d_0".to_owned()));
    check_key("THREADID T1", Key::ThreadId("T1".to_owned()));
    check_key("MODSEQ 620162338", Key::ModSeq { entry: None, mod_seq: 620_162_338 });
    let entry = Some(("/flags/\\draft".to_owned(), EntryType::All));
    check_key("MODSEQ \"/flags/\\\\draft\" all 0", Key::ModSeq { entry, mod_seq: 0 });
    check_key("SAVEDATESUPPORTED", Key::SaveDateSupported);
    type Make = fn(Date) -> Key;
    let of: [(&str, Make); 9] = [
        ("BEFORE", Key::Before),
        ("ON", Key::On),
        ("SINCE", Key::Since),
        ("SENTBEFORE", Key::SentBefore),
        ("SENTON", Key::SentOn),
        ("SENTSINCE", Key::SentSince),
        ("SAVEDBEFORE", Key::SavedBefore),
        ("SAVEDON", Key::SavedOn),
        ("SAVEDSINCE", Key::SavedSince),
    ];
    for (name, key) in of {
        for date in ["1-Feb-1994", "01-FEB-1994", "\"1-feb-1994\""] {
            check_key(&format!("{name} {date}"), key(Date { year: 1994, month: 2, day: 1 }));
        }
    }
}

#[test]
fn combinations() {
    let (seen, draft, all) = (Key::HasFlag(Flag::Seen), Key::HasFlag(Flag::Draft), Key::All);
    let both = Key::And(vec![seen.clone(), draft.clone()]);
    check("SEARCH SEEN DRAFT", Command::Search(search(both.clone())));
    check_key("(SEEN DRAFT)", both.clone());
    check_key("((SEEN))", seen.clone());
    check_key("NOT NOT SEEN", not(not(seen.clone())));
    check_key("OR SEEN DRAFT", Key::Or(vec![seen.clone(), draft.clone()]));
    check_key("OR SEEN OR DRAFT ALL", Key::Or(vec![seen.clone(), draft.clone(), all.clone()]));
    let left = Key::Or(vec![Key::Or(vec![seen.clone(), draft.clone()]), all.clone()]);
    check_key("OR OR SEEN DRAFT ALL", left);
    check_key("OR (SEEN DRAFT) NOT ALL", Key::Or(vec![both, not(all)]));
    check_key("FUZZY TEXT x", Key::Fuzzy(Box::new(Key::Text("x".to_owned()))));
}

#[test]
fn return_options() {
    let partial = PartialRange { from_end: false, low: 1, high: 500 };
    for (wire, returns) in [
        ("", SearchReturn { all: true, ..SearchReturn::default() }),
        ("SAVE", SearchReturn { save: true, ..SearchReturn::default() }),
        ("MIN MAX", SearchReturn { min: true, max: true, ..SearchReturn::default() }),
        ("all COUNT", SearchReturn { all: true, count: true, ..SearchReturn::default() }),
        ("PARTIAL 500:1", SearchReturn { partial: Some(partial), ..SearchReturn::default() }),
        ("UPDATE context", SearchReturn { update: true, context: true, ..SearchReturn::default() }),
        ("RELEVANCY ALL", SearchReturn { relevancy: true, all: true, ..SearchReturn::default() }),
    ] {
        let mut expected = search(Key::All);
        expected.returns = Some(returns);
        expected.program.charset = Some("UTF-8".to_owned());
        check(&format!("SEARCH RETURN ({wire}) CHARSET utf-8 ALL"), Command::Search(expected));
    }
}

#[test]
fn cancelling_updates() {
    check("CANCELUPDATE \"a1\" \"a2\"", Command::CancelUpdate(vec!["a1".to_owned(), "a2".to_owned()]));
    check_bad(&["CANCELUPDATE", "CANCELUPDATE a1", "CANCELUPDATE \"a1\" b"]);
    check_bad(&["SEARCH RETURN (ALL PARTIAL 1:2) ALL", "SEARCH RETURN (PARTIAL 1:2 PARTIAL 3:4) ALL"]);
    check_bad(&["SEARCH RETURN (PARTIAL 1) ALL", "SEARCH RETURN (PARTIAL 1:*) ALL", "SEARCH RETURN (PARTIAL 0:1) ALL"]);
}

#[test]
fn charsets() {
    let Ok(Command::Search(search)) = parsed("SEARCH CHARSET koi8-r TEXT {2}\r\nab", false) else { panic!("not read") };
    assert_eq!(search.program.charset.as_deref(), Some("KOI8-R"));
    assert!(!search.program.has_known_charset());
    for (charset, accepted) in [("KOI8-R", true), ("UTF-8", false)] {
        let line = [b"a SEARCH CHARSET ", charset.as_bytes(), b" TEXT {2}\r\n\xc1\xc2\r\n"].concat();
        let parsed = parse(&Bytes::from(line), &ParseOptions::default());
        assert_eq!(parsed.is_ok(), accepted, "{charset}");
    }
}

#[test]
fn no_searches() {
    check_bad(&[
        "SEARCH",
        "SEARCH ()",
        "SEARCH (SEEN",
        "SEARCH NOT",
        "SEARCH OR SEEN",
        "SEARCH OR SEEN OR",
        "SEARCH FOO",
    ]);
    check_bad(&[
        "SEARCH TEXT",
        "SEARCH HEADER x",
        "SEARCH ON 31-Feb-2024",
        "SEARCH ON \"1-Feb-2024",
        "SEARCH ON 1-2-2024",
    ]);
    check_bad(&[
        "SEARCH OLDER 0",
        "SEARCH EMAILID a.b",
        "SEARCH RETURN ALL",
        "SEARCH RETURN (FOO) ALL",
        "SEARCH RETURN (ALL)",
    ]);
    check_bad(&[
        "SEARCH CHARSET UTF-8",
        "SEARCH SEEN  SEEN",
        "SEARCH MODSEQ",
        "SEARCH MODSEQ \"x\" foo 1",
        "SEARCH KEYWORD \\Seen",
    ]);
}

#[test]
fn depth_and_number_are_limited() {
    let not = |count: usize| format!("SEARCH {}SEEN", "NOT ".repeat(count));
    assert!(parsed(&not(32), false).is_ok());
    assert_eq!(parsed(&not(33), false), Err("SEARCH: expected less deep nesting at octet 142".to_owned()));
    check_bad(&[&format!("SEARCH {}", "(".repeat(60_000)), &format!("SEARCH {}", "OR ".repeat(20_000))]);
    let or = |count: usize| format!("SEARCH {}SEEN", "OR SEEN ".repeat(count));
    assert!(parsed(&or(900), false).is_ok());
    check_bad(&[&or(2_000), &format!("SEARCH ALL{}", " ALL".repeat(2_000))]);
}

#[test]
fn sort_and_thread() {
    let program = || SearchProgram { charset: Some("UTF-8".to_owned()), key: Key::HasFlag(Flag::Seen) };
    let criteria = vec![
        SortCriterion { reverse: true, key: SortKey::Date },
        SortCriterion { reverse: false, key: SortKey::Subject },
    ];
    let sort = Sort { uid: true, returns: None, criteria, program: program() };
    check("UID SORT (REVERSE DATE subject) UTF-8 SEEN", Command::Sort(sort.clone()));
    let returns = Some(SearchReturn { count: true, ..SearchReturn::default() });
    let returning = Sort { uid: false, returns, ..sort };
    check("SORT RETURN (COUNT) (REVERSE DATE SUBJECT) utf-8 SEEN", Command::Sort(returning));
    let thread = Thread { uid: false, algorithm: "REFERENCES".to_owned(), program: program() };
    check("THREAD references UTF-8 SEEN", Command::Thread(thread));
    check_bad(&[
        "SORT (DATE) UTF-8",
        "SORT () UTF-8 ALL",
        "SORT DATE UTF-8 ALL",
        "SORT (FOO) UTF-8 ALL",
        "THREAD X UTF-8",
    ]);
}
