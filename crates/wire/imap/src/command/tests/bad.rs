//! What a client is told.

use super::*;

#[test]
fn messages_say_what_and_where() {
    for (line, message) in [
        ("FETCH x FLAGS", "FETCH: expected a sequence set at octet 10"),
        ("FETCH 1 FOO", "FETCH: expected an item such as FLAGS or BODY[] at octet 12"),
        ("FOO", "expected a command that this server knows at octet 4"),
        ("", "expected a command that this server knows at octet 4"),
        ("UID FOO", "UID: expected FETCH, SEARCH, STORE, COPY, MOVE, REPLACE, SORT, THREAD or EXPUNGE at octet 8"),
        ("NOOP now", "NOOP: expected the end of the line at octet 9"),
        ("SELECT", "SELECT: expected a space at octet 10"),
        ("LOGIN a (secret", "LOGIN: expected a password at octet 12"),
    ] {
        assert_eq!(parsed(line, false), Err(message.to_owned()), "{line}");
    }
}

#[test]
fn tags() {
    for (frame, tag) in [
        (&b"a NOOP FOO\r\n"[..], Some("a")),
        (b"a\r\n", Some("a")),
        (b"\r\n", None),
        (b"", None),
        (b"a", None),
        (b"+ NOOP\r\n", None),
        (b"* NOOP\r\n", None),
        (b"a\"b NOOP\r\n", None),
        (b"GET / HTTP/1.1\r\n", Some("GET")),
    ] {
        let bad = parse(&Bytes::from_static(frame), &ParseOptions::default()).unwrap_err();
        assert_eq!(bad.tag.as_ref().map(Tag::as_str), tag, "{}", frame.escape_ascii());
    }
    let long = format!("{} NOOP\r\n", "x".repeat(256));
    assert_eq!(parse(&Bytes::from(long), &ParseOptions::default()).unwrap_err().tag, None);
}

#[test]
fn a_bare_line_feed_ends_a_line() {
    let frame = Bytes::from_static(b"a LOGIN {1}\nx y\n");
    let login = Command::Login { user: "x".to_owned(), password: Secret::new(*b"y") };
    assert_eq!(parse(&frame, &ParseOptions::default()).map(|tagged| tagged.command), Ok(login));
}
