//! FETCH.

use std::num::NonZeroU32;

use super::*;
use crate::command::fetch::{Fetch, FetchItem};
use crate::command::section::{Partial, Section, SectionText};

fn fetch(items: &[FetchItem]) -> Fetch {
    let items = items.to_vec();
    Fetch { uid: false, messages: set(&[(1, 0)]), items, changed_since: None, vanished: false, partial: None }
}

fn part(steps: &[u32]) -> Vec<NonZeroU32> {
    steps.iter().filter_map(|&step| NonZeroU32::new(step)).collect()
}

#[track_caller]
fn check_items(items: &str, expected: &[FetchItem]) {
    check(&format!("FETCH 1:* {items}"), Command::Fetch(fetch(expected)));
}

#[test]
fn items_and_macros() {
    use FetchItem::{Body, BodyStructure, Envelope, Flags, InternalDate, Rfc822Size, Uid};
    check_items("FAST", &[Flags, InternalDate, Rfc822Size]);
    check_items("all", &[Flags, InternalDate, Rfc822Size, Envelope]);
    check_items("FULL", &[Flags, InternalDate, Rfc822Size, Envelope, Body]);
    check_items("FLAGS", &[Flags]);
    check_items("(uid Flags FLAGS)", &[Uid, Flags]);
    check_items("BODY", &[Body]);
    check_items("(BODY BODYSTRUCTURE ENVELOPE)", &[Body, BodyStructure, Envelope]);
    check_items(
        "(RFC822 RFC822.HEADER RFC822.SIZE RFC822.TEXT MODSEQ EMAILID THREADID SAVEDATE)",
        &[
            FetchItem::Rfc822,
            FetchItem::Rfc822Header,
            Rfc822Size,
            FetchItem::Rfc822Text,
            FetchItem::ModSeq,
            FetchItem::EmailId,
            FetchItem::ThreadId,
            FetchItem::SaveDate,
        ],
    );
    check_items("PREVIEW", &[FetchItem::Preview { lazy: false }]);
    check_items("(PREVIEW (LAZY) UID)", &[FetchItem::Preview { lazy: true }, Uid]);
    check_bad(&[
        "FETCH 1",
        "FETCH 1 ()",
        "FETCH 1 (ALL)",
        "FETCH 1 FLAGS UID",
        "FETCH 1 FOO",
        "FETCH 1 (FLAGS",
        "FETCH 1 ALLX",
    ]);
    check_bad(&["FETCH 1 (FLAGS  UID)", "FETCH FLAGS", "FETCH 1 RFC822.FOO", "FETCH 1 PREVIEW (EAGER)"]);
}

#[test]
fn sections() {
    let names = || strings(&["DATE", "From", "a b"]);
    for (wire, steps, text) in [
        ("", &[][..], SectionText::All),
        ("HEADER", &[], SectionText::Header),
        ("text", &[], SectionText::Text),
        ("1", &[1], SectionText::All),
        ("1.2.3", &[1, 2, 3], SectionText::All),
        ("4.1.MIME", &[4, 1], SectionText::Mime),
        ("4.HEADER", &[4], SectionText::Header),
        ("HEADER.FIELDS (DATE From \"a b\")", &[], SectionText::HeaderFields(names())),
        ("4.header.fields.not (DATE {4}\r\nFrom \"a b\")", &[4], SectionText::HeaderFieldsNot(names())),
    ] {
        let section = Section { part: part(steps), text };
        for (name, peek) in [("BODY", false), ("BODY.PEEK", true)] {
            let item = FetchItem::BodySection { peek, section: section.clone(), partial: None };
            check_items(&format!("{name}[{wire}]"), &[item]);
            let partial = Some(Partial { offset: 10, count: 4_294_967_296 });
            let item = FetchItem::BodySection { peek, section: section.clone(), partial };
            check_items(&format!("({name}[{wire}]<10.4294967296> UID)"), &[item, FetchItem::Uid]);
        }
    }
    check_bad(&["FETCH 1 BODY[", "FETCH 1 BODY[1", "FETCH 1 BODY[0]", "FETCH 1 BODY[1.]", "FETCH 1 BODY[MIME]"]);
    check_bad(&[
        "FETCH 1 BODY[HEADER.FIELDS]",
        "FETCH 1 BODY[HEADER.FIELDS ()]",
        "FETCH 1 BODY[FOO]",
        "FETCH 1 BODY.PEEK",
    ]);
    check_bad(&[
        "FETCH 1 BODY[]<0>",
        "FETCH 1 BODY[]<0.0>",
        "FETCH 1 BODY[]<a.b>",
        "FETCH 1 BODY[]<1.2",
        "FETCH 1 BODY[.1]",
    ]);
}

#[test]
fn binary() {
    let partial = Some(Partial { offset: 0, count: 9 });
    check_items("BINARY[1.2]", &[FetchItem::Binary { peek: false, part: part(&[1, 2]), partial: None }]);
    check_items("BINARY.PEEK[]<0.9>", &[FetchItem::Binary { peek: true, part: Vec::new(), partial }]);
    check_items("BINARY.SIZE[3]", &[FetchItem::BinarySize(part(&[3]))]);
    check_bad(&["FETCH 1 BINARY", "FETCH 1 BINARY[TEXT]", "FETCH 1 BINARY.SIZE[3]<0.1>", "FETCH 1 BINARY.SIZE"]);
}

#[test]
fn modifiers() {
    let flags = || fetch(&[FetchItem::Flags]);
    let changed = Fetch { changed_since: Some(9_223_372_036_854_775_807), ..flags() };
    check("FETCH 1:* FLAGS (CHANGEDSINCE 9223372036854775807)", Command::Fetch(changed));
    let vanished = Fetch { uid: true, changed_since: Some(12), vanished: true, ..flags() };
    check("UID FETCH 1:* (FLAGS) (CHANGEDSINCE 12 VANISHED)", Command::Fetch(vanished));
    let partial = Some(PartialRange { from_end: true, low: 1, high: 30 });
    check("UID FETCH 1:* FLAGS (PARTIAL -1:-30)", Command::Fetch(Fetch { uid: true, partial, ..flags() }));
    check("FETCH $ FLAGS", Command::Fetch(Fetch { messages: MessageSet::Saved, ..flags() }));
    check_bad(&["FETCH 1 FLAGS (CHANGEDSINCE 12 VANISHED)", "UID FETCH 1 FLAGS (VANISHED)", "FETCH 1 FLAGS (FOO)"]);
    check_bad(&["FETCH 1 FLAGS ()", "FETCH 1 FLAGS (CHANGEDSINCE 9223372036854775808)", "FETCH 1 FLAGS (PARTIAL 0:1)"]);
}

#[test]
fn too_many_items() {
    let items = |count: u32| (1..=count).map(|number| format!("BODY[{number}]")).collect::<Vec<_>>().join(" ");
    assert!(parsed(&format!("FETCH 1 ({})", items(500)), false).is_ok());
    check_bad(&[&format!("FETCH 1 ({})", items(501))]);
}
