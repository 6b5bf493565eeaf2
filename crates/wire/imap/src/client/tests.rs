use super::*;
use proptest::prelude::*;

fn said(status: Status, code: Option<Code>, text: &str) -> Said {
    Said { status, code, text: text.to_owned() }
}

#[test]
fn answers() {
    let check = |text: &str, expected: Reply| assert_eq!(parse(text.as_bytes()), Ok(expected), "{text}");
    check("* OK Dovecot ready.", Reply::Said(said(Status::Ok, None, "Dovecot ready.")));
    check(
        "* PREAUTH [CAPABILITY IMAP4rev1 idle] hello",
        Reply::Said(said(Status::Preauth, Some(Code::Capability(vec!["IMAP4REV1".into(), "IDLE".into()])), "hello")),
    );
    check("* OK [UIDVALIDITY 7] ok", Reply::Said(said(Status::Ok, Some(Code::UidValidity(7)), "ok")));
    check("* ok [uidnotsticky] x", Reply::Said(said(Status::Ok, Some(Code::UidNotSticky), "x")));
    check("* BYE too {12}", Reply::Said(said(Status::Bye, None, "too {12}")));
    let failed = said(Status::No, Some(Code::AuthenticationFailed), "Wrong.");
    check("a1 NO [AUTHENTICATIONFAILED] Wrong.", Reply::Done { tag: "a1".into(), said: failed });
    check("+ go on", Reply::Continue(b"go on".to_vec()));
    check("+", Reply::Continue(Vec::new()));
    check("* 23 EXISTS", Reply::Exists(23));
    check("* 4 expunge", Reply::Expunge(4));
    check("* SEARCH 2 84 882", Reply::Search(vec![2, 84, 882]));
    check("* SEARCH", Reply::Search(Vec::new()));
    check("* CAPABILITY IMAP4rev1 UIDPLUS", Reply::Capability(vec!["IMAP4REV1".into(), "UIDPLUS".into()]));
    check("* LIST (\\HasNoChildren) \"/\" INBOX", Reply::Other);
    check("* 3 RECENT", Reply::Other);
}

#[test]
fn fetched_messages() {
    let check =
        |text: &str, expected: Fetched| assert_eq!(parse(text.as_bytes()), Ok(Reply::Fetch(expected)), "{text}");
    let flags = |flags: &[&str]| Some(flags.iter().map(|flag| (*flag).to_owned()).collect());
    check(
        "* 2 FETCH (UID 9 FLAGS (\\Seen $Forwarded) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286)",
        Fetched {
            number: 2,
            uid: Some(9),
            size: Some(4286),
            flags: flags(&["\\Seen", "$Forwarded"]),
            internal_date: Some(837_596_665),
            body: None,
        },
    );
    let body = |body| Fetched { number: 1, uid: Some(3), body: Some(body), ..Fetched::default() };
    check("* 1 FETCH (UID 3 BODY[] {12})", body(Body::Literal(0)));
    check("* 1 FETCH (BODY[] ~{12} UID 3)", body(Body::Literal(0)));
    check("* 1 FETCH (X {3} BODY[] {0} UID 3)", body(Body::Literal(1)));
    check("* 1 FETCH (UID 3 BODY[] NIL)", body(Body::Nil));
    check("* 1 FETCH (UID 3 BODY[] \"a\\\"b\")", body(Body::Quoted(b"a\"b".to_vec())));
    check(
        "* 1 FETCH (ENVELOPE (NIL \"x)\" ((NIL NIL \"a\" \"b\")) NIL) BODY[HEADER.FIELDS (DATE)] {5} UID 3 BODY[] {9})",
        body(Body::Literal(1)),
    );
    for broken in
        ["* 1 FETCH (UID", "* 1 FETCH UID 3", "* 1 FETCH (UID 3 BODY[] \"x", "* 1 FETCH (UID 3", "a1", "a1 WHAT"]
    {
        assert!(parse(broken.as_bytes()).is_err(), "{broken}");
    }
}

#[test]
fn literals_are_announced_at_the_end_of_data_only() {
    let check = |line: &str, first, expected| assert_eq!(literal_at_end(line.as_bytes(), first), expected, "{line}");
    check("* 1 FETCH (UID 3 BODY[] {12}", true, Some(12));
    check("* 1 FETCH (UID 3 BODY[] {12+}", true, Some(12));
    check(" BODY[] ~{7}", false, Some(7));
    check("* 1 FETCH (BODY[] {99999999999999999999999}", true, Some(u64::MAX));
    check("* OK see {12}", true, None);
    check("a1 OK see {12}", true, None);
    check("+ {12}", true, None);
    check("* 1 FETCH (BODY[] {}", true, None);
    check("* 1 FETCH (BODY[] {-1}", true, None);
    check("*", true, None);
    check("", true, None);
}

#[test]
fn what_is_written() {
    assert_eq!(astring("a \"b\" \\").as_deref(), Some("\"a \\\"b\\\" \\\\\""));
    assert_eq!(astring("käse"), None);
    assert_eq!(astring("a\r\nb"), None);
    assert_eq!(Name::new("Entwürfe & mehr").as_str(), "\"Entw&APw-rfe &- mehr\"");
    assert_eq!(xoauth2("a@b", "t"), "dXNlcj1hQGIBYXV0aD1CZWFyZXIgdAEB");
}

proptest! {
    #[test]
    fn nothing_panics(text in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&text);
        let _ = literal_at_end(&text, true);
        let _ = literal_at_end(&text, false);
    }

    #[test]
    fn no_fetch_panics(text in "[ ()\\[\\]{}0-9\"\\\\A-Z~]{0,60}") {
        let _ = parse(format!("* 1 FETCH ({text}").as_bytes());
    }
}
