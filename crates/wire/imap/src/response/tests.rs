//! Known answers, and that no text of a message or a person can break out of its string.

use bytes::BufMut;
use std::num::NonZeroU32;

use proptest::prelude::*;

use super::*;
use crate::command::section::{Partial, Section, SectionText};
use crate::command::status::StatusItem;
use crate::framer::Refusal;
use crate::sequence::PartialRange;
use crate::tag::Tag;

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

fn tag() -> Tag {
    Tag::new("a1").unwrap()
}

#[test]
fn status_lines() {
    for (code, text, line) in [
        (None, "done", "a1 OK done\r\n"),
        (None, "", "a1 OK .\r\n"),
        (None, "[x] y", "a1 OK : [x] y\r\n"),
        (None, "two\r\n* BYE lines ü", "a1 OK two  * BYE lines ?\r\n"),
        (Some(Code::ReadOnly), "look", "a1 OK [READ-ONLY] look\r\n"),
        (Some(Code::UidValidity(4_294_967_295)), "[x]", "a1 OK [UIDVALIDITY 4294967295] [x]\r\n"),
        (Some(Code::UidNext(1)), "x", "a1 OK [UIDNEXT 1] x\r\n"),
        (Some(Code::Unseen(0)), "x", "a1 OK [UNSEEN 0] x\r\n"),
        (Some(Code::HighestModSeq(1 << 62)), "x", "a1 OK [HIGHESTMODSEQ 4611686018427387904] x\r\n"),
        (Some(Code::PermanentFlags(&["\\Seen", "\\*"])), "x", "a1 OK [PERMANENTFLAGS (\\Seen \\*)] x\r\n"),
        (Some(Code::PermanentFlags(&[])), "x", "a1 OK [PERMANENTFLAGS ()] x\r\n"),
        (Some(Code::BadCharset(&["UTF-8"])), "x", "a1 OK [BADCHARSET (UTF-8)] x\r\n"),
        (Some(Code::Capability("IMAP4rev1 IDLE")), "x", "a1 OK [CAPABILITY IMAP4rev1 IDLE] x\r\n"),
        (Some(Code::AppendUid { uid_validity: 7, uids: &[3, 4, 9] }), "x", "a1 OK [APPENDUID 7 3:4,9] x\r\n"),
        (
            Some(Code::CopyUid { uid_validity: 7, from: &[304, 319, 320], to: &[3956, 3957, 3958] }),
            "x",
            "a1 OK [COPYUID 7 304,319:320 3956:3958] x\r\n",
        ),
        (Some(Code::Modified(&[7, 9])), "x", "a1 OK [MODIFIED 7,9] x\r\n"),
        (Some(Code::BadUrl("/a b]\r\n/;UID=1")), "x", "a1 OK [BADURL /a?b???/;UID=1] x\r\n"),
        (Some(Code::MetadataLongEntries(2199)), "x", "a1 OK [METADATA LONGENTRIES 2199] x\r\n"),
        (Some(Code::MetadataMaxSize(1)), "x", "a1 OK [METADATA MAXSIZE 1] x\r\n"),
        (Some(Code::MetadataTooMany), "x", "a1 OK [METADATA TOOMANY] x\r\n"),
        (Some(Code::MailboxId("F1")), "x", "a1 OK [MAILBOXID (F1)] x\r\n"),
    ] {
        assert_eq!(written(|out| tagged(out, &tag(), Status::Ok, code, text)), line);
    }
    assert_eq!(written(|out| untagged(out, Status::Bye, None, "bye")), "* BYE bye\r\n");
    assert_eq!(written(|out| continuation(out, "")), "+ .\r\n");
    assert_eq!(written(|out| continuation(out, "idling")), "+ idling\r\n");
}

#[test]
fn refusals() {
    let big = Refusal::LiteralTooBig { size: 11, limit: 10 };
    let line = "a1 NO [TOOBIG] literal of 11 octets where at most 10 are accepted\r\n";
    assert_eq!(written(|out| refused(out, Some(&tag()), big)), line);
    let long = Refusal::LineTooLong { limit: 60 };
    assert_eq!(written(|out| refused(out, None, long)), "* BAD command line longer than 60 octets\r\n");
}

#[test]
fn strings() {
    let long = "x".repeat(5_000);
    let long_literal = format!("{{5000}}\r\n{long}");
    for (text, utf8, astring_form, string_form) in [
        ("", false, "\"\"", "\"\""),
        ("abc]", false, "abc]", "\"abc]\""),
        ("NiL", false, "\"NiL\"", "\"NiL\""),
        ("a b", false, "\"a b\"", "\"a b\""),
        ("a\"b\\", false, "\"a\\\"b\\\\\"", "\"a\\\"b\\\\\""),
        ("a\r\nb", true, "{4}\r\na\r\nb", "{4}\r\na\r\nb"),
        ("a\0b", true, "{3}\r\na\0b", "{3}\r\na\0b"),
        ("ü", false, "{2}\r\nü", "{2}\r\nü"),
        ("ü", true, "\"ü\"", "\"ü\""),
        ("a\tb%*{", false, "\"a\tb%*{\"", "\"a\tb%*{\""),
        (&long, false, &long, &long_literal),
    ] {
        assert_eq!(written(|out| astring(out, text, utf8)), astring_form);
        assert_eq!(written(|out| string(out, text.as_bytes(), utf8)), string_form);
        assert_eq!(written(|out| nstring(out, Some(text.as_bytes()), utf8)), string_form);
    }
    assert_eq!(written(|out| nstring(out, None, false)), "NIL");
    for (word, form) in [
        ("text", "\"TEXT\""),
        ("a\"b", "\"A\\\"B\""),
        ("\u{fc}x", "{3}\r\n\u{fc}X"),
        (&"y".repeat(80), &format!("\"{}\"", "Y".repeat(80))),
    ] {
        assert_eq!(written(|out| capitals(out, word.as_bytes())), form);
    }
    assert_eq!(written(|out| quoted(out, "a\r\"ü", false)), "\"a?\\\"?\"");
    let mut invalid = Vec::new();
    string(&mut invalid, b"\xff", true);
    assert_eq!(invalid, b"{1}\r\n\xff");
}

#[test]
fn folder_names() {
    for (name, utf8, wire) in [
        ("INBOX", false, "\"INBOX\""),
        ("Entwürfe", false, "\"Entw&APw-rfe\""),
        ("Entwürfe", true, "\"Entwürfe\""),
        ("R&D", false, "\"R&-D\""),
        ("R&D", true, "\"R&D\""),
        ("a\"\\b", false, "\"a\\\"\\\\b\""),
        ("a\nb", false, "\"a&AAo-b\""),
    ] {
        assert_eq!(written(|out| folder_name(out, name, utf8)), wire);
    }
}

#[test]
fn internal_dates() {
    for (unix, text) in [
        (0, "\" 1-Jan-1970 00:00:00 +0000\""),
        (-1, "\"31-Dec-1969 23:59:59 +0000\""),
        (951_827_696, "\"29-Feb-2000 12:34:56 +0000\""),
        (i64::MAX, "\"31-Dec-9999 15:30:07 +0000\""),
    ] {
        assert_eq!(written(|out| internal_date(out, unix)), text);
    }
}

#[test]
fn number_sets() {
    for (numbers, set) in [
        (&[][..], ""),
        (&[1], "1"),
        (&[1, 2], "1:2"),
        (&[1, 2, 3, 5, 7, 8], "1:3,5,7:8"),
        (&[3, 2, 1], "3,2,1"),
        (&[u32::MAX - 1, u32::MAX, 1], "4294967294:4294967295,1"),
    ] {
        assert_eq!(written(|out| uid_set(out, numbers)), set);
    }
}

#[test]
fn lists() {
    let attributes = [FolderAttribute::HasChildren, FolderAttribute::Sent];
    let line = ListLine { attributes: &attributes, separator: Some('/'), name: "R&D", ..ListLine::default() };
    assert_eq!(written(|out| list(out, &line, false)), "* LIST (\\HasChildren \\Sent) \"/\" \"R&-D\"\r\n");
    assert_eq!(written(|out| lsub(out, &line, true)), "* LSUB (\\HasChildren \\Sent) \"/\" \"R&D\"\r\n");
    let flat = ListLine { name: "x", child_subscribed: true, ..ListLine::default() };
    assert_eq!(written(|out| list(out, &flat, false)), "* LIST () NIL \"x\" (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n");
    let renamed = ListLine { old_name: Some("y"), ..flat };
    let expected = "* LIST () NIL \"x\" (\"CHILDINFO\" (\"SUBSCRIBED\") \"OLDNAME\" (\"y\"))\r\n";
    assert_eq!(written(|out| list(out, &renamed, false)), expected);
    let renamed = ListLine { child_subscribed: false, ..renamed };
    assert_eq!(written(|out| list(out, &renamed, false)), "* LIST () NIL \"x\" (\"OLDNAME\" (\"y\"))\r\n");
}

#[test]
fn folder_states() {
    let items = [
        (StatusItem::Messages, StatusValue::Number(231)),
        (StatusItem::MailboxId, StatusValue::Id("F2")),
        (StatusItem::AppendLimit, StatusValue::Nil),
    ];
    let line = "* STATUS \"a b\" (MESSAGES 231 MAILBOXID (F2) APPENDLIMIT NIL)\r\n";
    assert_eq!(written(|out| folder_status(out, "a b", &items, false)), line);
}

#[test]
fn search_results() {
    assert_eq!(written(|out| search(out, &[2, 84], None)), "* SEARCH 2 84\r\n");
    assert_eq!(written(|out| search(out, &[2, 84], Some(9))), "* SEARCH 2 84 (MODSEQ 9)\r\n");
    assert_eq!(written(|out| search(out, &[], Some(9))), "* SEARCH\r\n");
    assert_eq!(written(|out| sort(out, &[84, 2], None)), "* SORT 84 2\r\n");
    let empty = Esearch { count: Some(0), all: Some(&[]), ..Esearch::default() };
    assert_eq!(written(|out| esearch(out, &tag(), &empty)), "* ESEARCH (TAG \"a1\") COUNT 0\r\n");
    let range = PartialRange { from_end: true, low: 1, high: 3 };
    let full = Esearch {
        uid: true,
        min: Some(2),
        max: Some(9),
        count: Some(3),
        all: Some(&[2, 3, 9]),
        partial: Some((range, &[3, 9])),
        mod_seq: Some(7),
    };
    let line = "* ESEARCH (TAG \"a1\") UID MIN 2 MAX 9 COUNT 3 ALL 2:3,9 PARTIAL (-1:-3 3,9) MODSEQ 7\r\n";
    assert_eq!(written(|out| esearch(out, &tag(), &full)), line);
    let nothing = Esearch { partial: Some((range, &[])), ..Esearch::default() };
    assert_eq!(written(|out| esearch(out, &tag(), &nothing)), "* ESEARCH (TAG \"a1\") PARTIAL (-1:-3 NIL)\r\n");
}

#[test]
fn session_lines() {
    assert_eq!(written(|out| capability(out, "IMAP4rev1 IDLE")), "* CAPABILITY IMAP4rev1 IDLE\r\n");
    assert_eq!(written(|out| enabled(out, "")), "* ENABLED\r\n");
    assert_eq!(written(|out| id(out, &[])), "* ID NIL\r\n");
    let fields = [("name", "Postroom"), ("version", "1")];
    assert_eq!(written(|out| id(out, &fields)), "* ID (\"name\" \"Postroom\" \"version\" \"1\")\r\n");
    let line = "* NAMESPACE ((\"\" \"/\")) NIL ((\"Shared/\" \"/\"))\r\n";
    assert_eq!(written(|out| namespace(out, &[""], &[], &["Shared/"], '/', false)), line);
    assert_eq!(written(|out| flags(out, ["\\Seen", "x"])), "* FLAGS (\\Seen x)\r\n");
    assert_eq!(written(|out| exists(out, 23)), "* 23 EXISTS\r\n");
    assert_eq!(written(|out| recent(out, 0)), "* 0 RECENT\r\n");
    assert_eq!(written(|out| expunge(out, 44)), "* 44 EXPUNGE\r\n");
    assert_eq!(written(|out| vanished(out, true, &[41, 43, 44])), "* VANISHED (EARLIER) 41,43:44\r\n");
    assert_eq!(written(|out| vanished(out, false, &[41])), "* VANISHED 41\r\n");
    assert_eq!(written(|out| vanished(out, false, &[])), "");
}

#[test]
fn rights() {
    let entries = [("joe", "lrs"), ("$Mailbox - Support", "")];
    let line = "* ACL \"x\" joe lrs \"$Mailbox - Support\" \"\"\r\n";
    assert_eq!(written(|out| acl(out, "x", entries, false)), line);
    let line = "* LISTRIGHTS \"x\" joe \"\" l r te\r\n";
    assert_eq!(written(|out| list_rights(out, "x", "joe", "", &["l", "r", "te"], false)), line);
    assert_eq!(written(|out| my_rights(out, "x", "lrs", false)), "* MYRIGHTS \"x\" lrs\r\n");
}

#[test]
fn fetch_lines() {
    let part = |steps: &[u32]| steps.iter().filter_map(|&step| NonZeroU32::new(step)).collect::<Vec<_>>();
    let fields = SectionText::HeaderFields(vec!["Date".to_owned(), "a b".to_owned()]);
    let partial = Some(Partial { offset: 5, count: 2 });
    let text = written(|out| {
        let mut line = FetchLine::start(out, 12, false);
        line.uid(7);
        line.flags(["\\Seen", "x"]);
        line.mod_seq(65);
        line.internal_date(0);
        line.save_date(0);
        line.rfc822_size(44_827);
        line.email_id("M1");
        line.thread_id(None);
        line.thread_id(Some("T1"));
        line.preview(Some("Hi \"you\""));
        line.preview(None);
        line.value("ENVELOPE").put_slice(b"(NIL)");
        line.named_literal("RFC822.HEADER", b"a\r\n");
        line.body_section(&Section::default(), partial, Some(b"ab"));
        line.body_section(&Section { part: part(&[1, 2]), text: SectionText::Mime }, None, None);
        line.body_section_header(&Section { part: part(&[1]), text: fields }, None, 2).extend_from_slice(b"\r\n");
        line.binary(&part(&[1]), None, Some(b"a\0"));
        line.binary(&part(&[1]), partial, Some(b"a"));
        line.binary_size(&part(&[1, 2]), 9);
        line.finish();
    });
    let expected = "* 12 FETCH (UID 7 FLAGS (\\Seen x) MODSEQ (65) INTERNALDATE \" 1-Jan-1970 00:00:00 +0000\" \
        SAVEDATE \" 1-Jan-1970 00:00:00 +0000\" RFC822.SIZE 44827 EMAILID (M1) THREADID NIL THREADID (T1) \
        PREVIEW \"Hi \\\"you\\\"\" PREVIEW NIL ENVELOPE (NIL) RFC822.HEADER {3}\r\na\r\n BODY[]<5> {2}\r\nab \
        BODY[1.2.MIME] NIL BODY[1.HEADER.FIELDS (Date \"a b\")] {2}\r\n\r\n BINARY[1] ~{2}\r\na\0 \
        BINARY[1]<5> \"a\" BINARY.SIZE[1.2] 9)\r\n";
    assert_eq!(text, expected);
}

proptest! {
    /// What is written as a string is read back as the same bytes, by the parser of commands.
    #[test]
    fn strings_come_back(bytes in prop::collection::vec(any::<u8>(), 0..60), utf8: bool) {
        let mut out = b"a LOGIN x ".to_vec();
        string(&mut out, &bytes, utf8);
        out.extend_from_slice(b"\r\n");
        let parsed = crate::parse(&out.into(), &crate::ParseOptions::default());
        match parsed.map(|tagged| tagged.command) {
            Ok(crate::Command::Login { password, .. }) => prop_assert_eq!(password.as_bytes(), &bytes[..]),
            _ => prop_assert!(bytes.contains(&0)),
        }
    }

    #[test]
    fn folder_names_come_back(name in any::<String>(), utf8: bool) {
        let mut out = b"a DELETE ".to_vec();
        folder_name(&mut out, &name, utf8);
        out.extend_from_slice(b"\r\n");
        let options = crate::ParseOptions { utf8, ..Default::default() };
        match crate::parse(&out.into(), &options).map(|tagged| tagged.command) {
            Ok(crate::Command::Delete(read)) if read.is_inbox() => prop_assert!(name.eq_ignore_ascii_case("inbox")),
            Ok(crate::Command::Delete(read)) => prop_assert_eq!(read.as_str(), name),
            _ => prop_assert!(utf8 && name.contains('\0')),
        }
    }

    #[test]
    fn status_lines_are_one_line(text in any::<String>()) {
        let mut out = Vec::new();
        tagged(&mut out, &tag(), Status::No, None, &text);
        let line = out.strip_suffix(b"\r\n").unwrap();
        prop_assert!(line.iter().all(|byte| (b' '..=b'~').contains(byte)));
        prop_assert!(line.len() > b"a1 NO ".len() && line[6] != b'[');
    }
}

#[test]
fn quotas() {
    use crate::command::quota::QuotaResource::{Message, Storage};
    let lines = [
        QuotaLine { resource: Storage, usage: 10, limit: 512 },
        QuotaLine { resource: Message, usage: 0, limit: u64::MAX },
    ];
    let wanted = "* QUOTA \"a b\" (STORAGE 10 512 MESSAGE 0 18446744073709551615)\r\n";
    assert_eq!(written(|out| quota(out, "a b", &lines, false)), wanted);
    assert_eq!(written(|out| quota(out, "alice", &[], false)), "* QUOTA alice ()\r\n");
    assert_eq!(written(|out| quota_root(out, "INBOX", "alice", false)), "* QUOTAROOT \"INBOX\" alice\r\n");
}

#[test]
fn metadata_values() {
    let entries: [(&str, Option<&[u8]>); 3] =
        [("/shared/comment", Some(b"a \"b\"")), ("/private/a b", None), ("/private/c", Some(b"\0"))];
    let wanted =
        "* METADATA \"INBOX\" (/shared/comment \"a \\\"b\\\"\" \"/private/a b\" NIL /private/c ~{1}\r\n\0)\r\n";
    assert_eq!(written(|out| metadata(out, "INBOX", &entries, false)), wanted);
    let server = written(|out| metadata(out, "", &entries[1..2], false));
    assert_eq!(server, "* METADATA \"\" (\"/private/a b\" NIL)\r\n");
}
