use super::*;

fn ids(value: &str) -> Vec<String> {
    message_ids(value.as_bytes()).map(|id| String::from_utf8_lossy(&id).into_owned()).collect()
}

#[test]
fn identifiers_in_a_value() {
    let table: &[(&str, &[&str])] = &[
        ("<a@b>", &["a@b"]),
        (" <a@b>\r\n <c@d>, junk <e@f>", &["a@b", "c@d", "e@f"]),
        ("<a\r\n @b>", &["a@b"]),
        ("<a@b <c@d>", &["c@d"]),
        ("<>< ><a>", &["a"]),
        ("a@b", &[]),
        ("<never closed", &[]),
    ];
    for (value, expected) in table {
        assert_eq!(ids(value), *expected, "{value}");
    }
    assert!(ids(&format!("<{}>", "x".repeat(999))).is_empty());
}

#[test]
fn own_identifiers() {
    assert_eq!(own_id(b" <a@b>\r\n"), Some(b"a@b".to_vec()));
    assert_eq!(own_id(b" a@b\r\n"), Some(b"a@b".to_vec()));
    assert_eq!(own_id(b" two words"), None);
    assert_eq!(own_id(b""), None);
}

#[test]
fn references_are_joined_once_and_bounded() {
    let header = b"In-Reply-To: <c@x> <b@x>\r\nReferences: <a@x> <b@x>\r\n\r\n";
    assert_eq!(references(header), (vec![b"a@x".to_vec(), b"b@x".to_vec(), b"c@x".to_vec()], 2));
    let many: String = (0..500).map(|number| format!(" <{number}@x>\r\n")).collect();
    let (found, ancestors) = references(format!("References:{many}In-Reply-To: <last@x>\r\n").as_bytes());
    assert_eq!((found.len(), ancestors), (MAX_REFERENCES, MAX_REFERENCES - 1));
    assert_eq!((found[0].as_slice(), found[1].as_slice()), (&b"0@x"[..], &b"438@x"[..]));
    assert_eq!(found[MAX_REFERENCES - 1], b"last@x");
}

#[test]
fn ancestors_are_those_of_references_or_the_first_of_in_reply_to() {
    for (header, want) in [
        ("References: <a> <b>\r\nIn-Reply-To: <b>\r\n", 2),
        ("References: <a> <b>\r\nIn-Reply-To: <c>\r\n", 2),
        ("In-Reply-To: <c> <d>\r\n", 1),
        ("References: none\r\nIn-Reply-To: <c> <d>\r\n", 1),
        ("Subject: x\r\n", 0),
    ] {
        assert_eq!(references(header.as_bytes()).1, want, "{header}");
    }
}
