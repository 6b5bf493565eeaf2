//! APPEND, STORE, COPY, MOVE, EXPUNGE.

use super::*;
use crate::command::append::{Append, AppendData, AppendMessage, CatenatePart, Replace};
use crate::command::messages::{FlagChange, Store, Transfer};

fn message(body: &'static str) -> AppendMessage {
    data(AppendData::Message { body: Bytes::from_static(body.as_bytes()), binary: false, utf8: false })
}

fn binary(body: &'static str, utf8: bool) -> AppendMessage {
    data(AppendData::Message { body: Bytes::from_static(body.as_bytes()), binary: true, utf8 })
}

fn data(data: AppendData) -> AppendMessage {
    AppendMessage { flags: Vec::new(), internal_date: None, data }
}

#[track_caller]
fn check_append(arguments: &str, messages: Vec<AppendMessage>) {
    check(&format!("APPEND x {arguments}"), Command::Append(Append { folder: folder("x"), messages }));
}

#[test]
fn append() {
    check_append("{3}\r\na\r\n", vec![message("a\r\n")]);
    check_append("{0+}\r\n", vec![message("")]);
    check_append("() {1}\r\n\0", vec![message("\0")]);
    check_append("~{2}\r\n\0\n", vec![binary("\0\n", false)]);
    check_append("UTF8 (~{1+}\r\na)", vec![binary("a", true)]);
    let flags = vec![Flag::Seen, Flag::Keyword("$MDNSent".into()), Flag::Extension("\\Odd".into())];
    let first = AppendMessage { flags, internal_date: Some(837_596_665), ..message("a") };
    check_append("(\\SEEN $MDNSent \\Odd) \"17-Jul-1996 02:44:25 -0700\" {1}\r\na", vec![first.clone()]);
    let many = "(\\seen $MDNSent \\Odd) \"17-Jul-1996 02:44:25 -0700\" {1}\r\na {1}\r\nb";
    check_append(many, vec![first, message("b")]);
    check_bad(&[
        "APPEND x",
        "APPEND x \"a\"",
        "APPEND x {3}\r\na",
        "APPEND x (\\*) {1}\r\na",
        "APPEND x UTF8 ({1}\r\na",
    ]);
    check_bad(&["APPEND x \\Seen {1}\r\na", "APPEND x {1}\r\na b", "APPEND x {1}\r\nab", "APPEND x {1}\r\na{1}\r\nb"]);
}

#[test]
fn a_message_shares_the_frame() {
    let frame = Bytes::from_static(b"a APPEND x {3}\r\nabc\r\n");
    let tagged = parse(&frame, &ParseOptions::default()).unwrap();
    let Command::Append(append) = tagged.command else { panic!("not APPEND") };
    let AppendData::Message { body, .. } = &append.messages[0].data else { panic!("not one literal") };
    assert_eq!(body.as_ptr(), frame[16..].as_ptr());
}

#[test]
fn catenate() {
    let text = |text: &'static str| CatenatePart::Text(Bytes::from_static(text.as_bytes()));
    let url = |url: &str| CatenatePart::Url(url.to_owned());
    check_append("CATENATE (TEXT {1}\r\na)", vec![data(AppendData::Catenate(vec![text("a")]))]);
    let parts = vec![url("/INBOX/;UID=1"), text("a\0"), url("/x/;UID=2/;SECTION=1")];
    let line = "catenate (url \"/INBOX/;UID=1\" Text ~{2+}\r\na\0 URL {20}\r\n/x/;UID=2/;SECTION=1)";
    check_append(line, vec![data(AppendData::Catenate(parts.clone()))]);
    // Together with MULTIAPPEND.
    let flagged = AppendMessage { flags: vec![Flag::Seen], ..data(AppendData::Catenate(parts)) };
    check_append(&format!("{{1}}\r\nb (\\Seen) {line}"), vec![message("b"), flagged]);
    check_bad(&[
        "APPEND x CATENATE",
        "APPEND x CATENATE ()",
        "APPEND x CATENATE (TEXT \"a\")",
        "APPEND x CATENATE (URL)",
        "APPEND x CATENATE (FOO {1}\r\na)",
        "APPEND x CATENATE (TEXT {1}\r\na URL",
        "APPEND x CATENATE TEXT {1}\r\na",
    ]);
}

#[test]
fn replace() {
    let number = |number| SequenceNumber::Number(std::num::NonZeroU32::new(number).unwrap());
    let wanted = |uid, message_number, with| {
        Command::Replace(Box::new(Replace { uid, message: message_number, folder: folder("Drafts"), with }))
    };
    check("REPLACE 4 Drafts {1}\r\na", wanted(false, number(4), message("a")));
    check("UID replace 4 {6}\r\nDrafts () {1+}\r\na", wanted(true, number(4), message("a")));
    let parts = AppendData::Catenate(vec![CatenatePart::Url(";UID=4".to_owned())]);
    check("REPLACE * Drafts CATENATE (URL ;UID=4)", wanted(false, SequenceNumber::Last, data(parts)));
    check_bad(&[
        "REPLACE Drafts {1}\r\na",
        "REPLACE 1:2 Drafts {1}\r\na",
        "REPLACE 0 Drafts {1}\r\na",
        "REPLACE 1 Drafts",
        "REPLACE 1 Drafts {1}\r\na {1}\r\nb",
    ]);
}

#[test]
fn dates_of_messages() {
    for (date, unix) in [
        ("\" 1-Jan-1970 00:00:00 +0000\"", Some(0)),
        ("\"1-jan-1970 00:00:00 +0000\"", Some(0)),
        ("\"01-Jan-1970 01:30:00 +0130\"", Some(0)),
        ("\"31-Dec-1969 23:00:00 -0100\"", Some(0)),
        ("\"29-Feb-2000 12:34:56 +0000\"", Some(951_827_696)),
        ("\"31-Dec-2016 23:59:60 +0000\"", Some(1_483_228_800)),
        ("\"29-Feb-2001 00:00:00 +0000\"", None),
        ("\"01-Jan-1970 24:00:00 +0000\"", None),
        ("\"01-Jan-1970 00:60:00 +0000\"", None),
        ("\"01-Jan-1970 00:00:00 +2400\"", None),
        ("\"01-Jan-1970 00:00:00 0000\"", None),
        ("\"01-Jan-1970 00:00:00\"", None),
        ("\"01-Foo-1970 00:00:00 +0000\"", None),
        ("\"01-Jan-70 00:00:00 +0000\"", None),
        ("\"\"", None),
    ] {
        let command = parsed(&format!("APPEND x {date} {{1}}\r\na"), false);
        let read = match command {
            Ok(Command::Append(append)) => append.messages[0].internal_date,
            _ => None,
        };
        assert_eq!(read, unix, "{date}");
    }
}

#[test]
fn store() {
    let store = |change, flags: &[Flag]| Store {
        uid: false,
        messages: set(&[(2, 4)]),
        unchanged_since: None,
        change,
        silent: false,
        flags: flags.to_vec(),
    };
    check("STORE 2:4 FLAGS ()", Command::Store(store(FlagChange::Replace, &[])));
    check("STORE 2:4 +flags (\\Deleted)", Command::Store(store(FlagChange::Add, &[Flag::Deleted])));
    let two = [Flag::Draft, Flag::Keyword("Work".into())];
    check("STORE 2:4 -FLAGS \\Draft Work", Command::Store(store(FlagChange::Remove, &two)));
    let silent = Store { silent: true, uid: true, ..store(FlagChange::Add, &[Flag::Answered]) };
    check("UID STORE 2:4 +FLAGS.SILENT \\Answered", Command::Store(silent));
    let conditional = Store { unchanged_since: Some(12), ..store(FlagChange::Add, &[Flag::Flagged]) };
    check("STORE 2:4 (UNCHANGEDSINCE 12) +FLAGS (\\Flagged)", Command::Store(conditional));
    let saved = Store { messages: MessageSet::Saved, ..store(FlagChange::Add, &[Flag::Seen]) };
    check("STORE $ +FLAGS (\\Seen)", Command::Store(saved));
    check_bad(&[
        "STORE 1",
        "STORE 1 FLAGS",
        "STORE 1 +FLAGS \\",
        "STORE 1 FLAG ()",
        "STORE 1 ++FLAGS ()",
        "STORE 0 FLAGS ()",
    ]);
    check_bad(&[
        "STORE 1 (FOO 1) FLAGS ()",
        "STORE 1 (UNCHANGEDSINCE) FLAGS ()",
        "STORE 1 +FLAGS (\\Seen",
        "STORE 1 FLAGS a,b(",
    ]);
}

#[test]
fn copy_move_expunge() {
    let transfer = |uid| Transfer { uid, messages: set(&[(2, 0)]), folder: folder("INBOX") };
    check("COPY 2:* inbox", Command::Copy(transfer(false)));
    check("UID COPY 2:* Inbox", Command::Copy(transfer(true)));
    check("MOVE 2:* inbox", Command::Move(transfer(false)));
    check("UID MOVE 2:* inbox", Command::Move(transfer(true)));
    check("UID EXPUNGE 3,9", Command::UidExpunge(set(&[(3, 3), (9, 9)])));
    check("UID EXPUNGE $", Command::UidExpunge(MessageSet::Saved));
    check_bad(&["COPY 1", "COPY inbox 1", "MOVE 1:2:3 x", "UID EXPUNGE", "EXPUNGE 1", "UID", "UID NOOP", "UID COPY 1"]);
}
