use super::*;
use crate::Parsed;

/// RFC 9051 6.4.5.1 shows these numbers for a message of this shape.
const NESTED: &str = concat!(
    "Subject: outer\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n",
    "--a\r\nContent-Type: text/plain\r\n\r\none\r\n",
    "--a\r\nContent-Type: application/octet-stream\r\n\r\ntwo\r\n",
    "--a\r\nContent-Type: message/rfc822\r\n\r\n",
    "Subject: three\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
    "--b\r\n\r\nthree.one\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\nthree.two\r\n--b--\r\n",
    "--a\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n",
    "--c\r\nContent-Type: image/gif\r\n\r\nfour.one\r\n",
    "--c\r\nContent-Type: message/rfc822\r\n\r\n",
    "Subject: four.two\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n",
    "--d\r\n\r\nfour.two.one\r\n",
    "--d\r\nContent-Type: multipart/alternative; boundary=e\r\n\r\n",
    "--e\r\n\r\nfour.two.two.one\r\n--e\r\nContent-Type: text/richtext\r\n\r\nfour.two.two.two\r\n--e--\r\n",
    "--d--\r\n--c--\r\n--a--\r\n",
);

fn answer(raw: &str, part: &[u32], text: Text<'_>) -> Option<String> {
    let stored = Parsed::of(raw.as_bytes()).structure.encode();
    let structure = PartRef::decode(&stored).unwrap();
    let bytes = find(raw.as_bytes(), &structure, &Section { part, text })?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[test]
fn part_numbers() {
    let table: &[(&[u32], Option<&str>)] = &[
        (&[1], Some("one")),
        (&[2], Some("two")),
        (&[3, 1], Some("three.one")),
        (&[3, 2], Some("three.two")),
        (&[4, 1], Some("four.one")),
        (&[4, 2, 1], Some("four.two.one")),
        (&[4, 2, 2, 1], Some("four.two.two.one")),
        (&[4, 2, 2, 2], Some("four.two.two.two")),
        (&[0], None),
        (&[5], None),
        (&[1, 1], None),
        (&[3, 3], None),
        (&[4, 2, 2, 3], None),
        (&[u32::MAX], None),
    ];
    for (part, expected) in table {
        assert_eq!(answer(NESTED, part, Text::Whole).as_deref(), *expected, "{part:?}");
    }
}

#[test]
fn texts_of_parts() {
    let subject = FieldFilter::new(["SUBJECT"], false);
    let not_subject = FieldFilter::new(["subject"], true);
    let table: &[(&[u32], Text<'_>, Option<&str>)] = &[
        (&[], Text::Header, Some("Subject: outer\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n")),
        (&[], Text::Fields(&subject), Some("Subject: outer\r\n\r\n")),
        (&[], Text::Mime, None),
        (&[1], Text::Mime, Some("Content-Type: text/plain\r\n\r\n")),
        (&[1], Text::Header, None),
        (&[1], Text::Text, None),
        (&[1], Text::Fields(&subject), None),
        (&[3], Text::Mime, Some("Content-Type: message/rfc822\r\n\r\n")),
        (&[3], Text::Header, Some("Subject: three\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n")),
        (&[3, 1], Text::Mime, Some("\r\n")),
        (&[4], Text::Header, None),
        (&[4, 2], Text::Fields(&subject), Some("Subject: four.two\r\n\r\n")),
        (&[4, 2], Text::Fields(&not_subject), Some("Content-Type: multipart/mixed; boundary=d\r\n\r\n")),
    ];
    for (part, text, expected) in table {
        assert_eq!(answer(NESTED, part, *text).as_deref(), *expected, "{part:?} {text:?}");
    }
    let enclosed = answer(NESTED, &[3], Text::Whole).unwrap();
    let parts = [answer(NESTED, &[3], Text::Header).unwrap(), answer(NESTED, &[3], Text::Text).unwrap()];
    assert_eq!(enclosed, parts.concat());
    assert!(parts[1].starts_with("--b\r\n\r\nthree.one") && parts[1].ends_with("--b--"));
    assert!(answer(NESTED, &[4], Text::Whole).unwrap().starts_with("--c\r\n"));
}

#[test]
fn a_message_without_parts_has_part_one() {
    let plain = "Subject: x\r\n\r\nbody\r\n";
    assert_eq!(answer(plain, &[1], Text::Whole).as_deref(), Some("body\r\n"));
    assert_eq!(answer(plain, &[1], Text::Mime).as_deref(), Some("Subject: x\r\n\r\n"));
    assert_eq!(answer(plain, &[], Text::Text).as_deref(), Some("body\r\n"));
    assert_eq!(answer(plain, &[2], Text::Whole), None);
    assert_eq!(answer(plain, &[1, 1], Text::Whole), None);
}

#[test]
fn a_message_that_is_a_message() {
    let raw = "Subject: out\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nbody";
    assert_eq!(answer(raw, &[1], Text::Whole).as_deref(), Some("Subject: in\r\n\r\nbody"));
    assert_eq!(answer(raw, &[1], Text::Header).as_deref(), Some("Subject: in\r\n\r\n"));
    assert_eq!(answer(raw, &[1, 1], Text::Whole).as_deref(), Some("body"));
    assert_eq!(answer(raw, &[], Text::Header).as_deref(), Some("Subject: out\r\nContent-Type: message/rfc822\r\n\r\n"));
}

#[test]
fn places_need_no_bytes() {
    let stored = Parsed::of(b"A: 1\r\n\r\nbody").structure.encode();
    let structure = PartRef::decode(&stored).unwrap();
    let filter = FieldFilter::new(["A"], false);
    assert_eq!(locate(&structure, &Section { part: &[], text: Text::Text }), Some(Place::Bytes(8..12)));
    assert_eq!(locate(&structure, &Section { part: &[], text: Text::Fields(&filter) }), Some(Place::Fields(0..8)));
}

#[test]
fn partial_ranges() {
    let table = [(0, 2, "ab"), (2, 100, "cdef"), (6, 1, ""), (7, 1, ""), (u64::MAX, u64::MAX, ""), (1, 0, "")];
    for (start, length, expected) in table {
        assert_eq!(partial(b"abcdef", start, length), expected.as_bytes(), "{start}.{length}");
    }
}
