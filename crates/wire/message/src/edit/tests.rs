use super::*;

/// The message, the new fields, the result.
type Case = (&'static str, &'static [(&'static str, &'static str)], &'static str);

fn text(bytes: impl AsRef<[u8]>) -> String {
    String::from_utf8_lossy(bytes.as_ref()).into_owned()
}

#[test]
fn reads_values() {
    let raw = b"Subject: a\r\n b\r\nsubject: c\r\n\r\nSubject: d";
    assert_eq!(header_value(raw, "SUBJECT").as_deref(), Some(&b"a b"[..]));
    assert_eq!(header_values(raw, "subject").count(), 2);
    assert_eq!(header_value(raw, "From"), None);
}

#[test]
fn prepends() {
    let table: &[Case] = &[
        ("A: 1\r\n\r\nbody", &[("X", "1"), ("Y", "2")], "X: 1\r\nY: 2\r\nA: 1\r\n\r\nbody"),
        ("A: 1\n\nbody", &[("X", "1")], "X: 1\nA: 1\n\nbody"),
        ("\r\nbody", &[("X", "1")], "X: 1\r\n\r\nbody"),
        ("no header", &[("X", "1")], "X: 1\r\n\r\nno header"),
        ("", &[("X", "1")], "X: 1\r\n\r\n"),
        ("A: 1\r\n\r\n", &[("X", "a\r\n\tb")], "X: a\r\n\tb\r\nA: 1\r\n\r\n"),
        ("A: 1\r\n\r\n", &[("X", "a\r\nBcc: evil\r\n\r\nbody")], "X: a\r\n Bcc: evil\r\n body\r\nA: 1\r\n\r\n"),
        ("A: 1\r\n\r\n", &[("X\r\nBcc: b", "a\0b\n")], "XBccb: ab\r\nA: 1\r\n\r\n"),
    ];
    for (raw, fields, expected) in table {
        assert_eq!(text(prepend(raw.as_bytes(), fields)), *expected, "{raw:?}");
    }
}

#[test]
fn sets_one_field() {
    let table = [
        ("A: 1\r\nX: 2\r\n 3\r\nB: 4\r\nx: 5\r\nC: 6\r\n\r\nX: body", "A: 1\r\nX: new\r\nB: 4\r\nC: 6\r\n\r\nX: body"),
        ("A: 1\r\n\r\nbody", "X: new\r\nA: 1\r\n\r\nbody"),
        ("X: 1", "X: new\r\n"),
        ("X: 1\n\nbody", "X: new\n\nbody"),
        ("body only", "X: new\r\n\r\nbody only"),
    ];
    for (raw, expected) in table {
        assert_eq!(text(set_or_add_header(raw.as_bytes(), "X", "new")), expected, "{raw:?}");
    }
}

#[test]
fn removes_fields() {
    let raw = b"Bcc: a,\r\n b\r\nTo: c\r\nX-Y: d\r\nbcc: e\r\n\r\nBcc: body";
    assert_eq!(text(remove_headers(raw, &["Bcc", "x-y"])), "To: c\r\n\r\nBcc: body");
    assert!(matches!(remove_headers(raw, &["From"]), Cow::Borrowed(_)));
}
