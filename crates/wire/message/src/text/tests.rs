use super::*;

fn text(bytes: &[u8], encoding: &str, charset: Option<&str>) -> String {
    TextBody { bytes, encoding: encoding.as_bytes(), charset: charset.map(str::as_bytes) }.text(1_000).into_owned()
}

#[test]
fn bodies_in_charsets_and_encodings() {
    let table: &[(&[u8], &str, Option<&str>, &str)] = &[
        (b"plain", "7bit", None, "plain"),
        ("h\u{e9}".as_bytes(), "8bit", None, "h\u{e9}"),
        ("h\u{e9}".as_bytes(), "8bit", Some("us-ascii"), "h\u{e9}"),
        (b"h\xe9!", "8bit", Some("us-ascii"), "h\u{e9}!"),
        (b"h\xe9!", "8bit", None, "h\u{e9}!"),
        (b"h\xe9", "8bit", Some("ISO-8859-1"), "h\u{e9}"),
        (b"h=E9=\r\nllo", "quoted-printable", Some("iso-8859-1"), "h\u{e9}llo"),
        (b"aMOp", "BASE64", Some("utf-8"), "h\u{e9}"),
        (b"\x83e\x83X\x83g", "8bit", Some("shift_jis"), "\u{30c6}\u{30b9}\u{30c8}"),
        (b"plain", "x-unknown", Some("no-such-charset"), "plain"),
        (b"h\xc3", "8bit", None, "h"),
    ];
    for (bytes, encoding, charset, expected) in table {
        assert_eq!(text(bytes, encoding, *charset), *expected, "{encoding} {charset:?}");
    }
}

#[test]
fn header_values_for_people() {
    let table: &[(&[u8], &str)] = &[
        (b" plain \r\n", "plain"),
        (b" =?utf-8?Q?h=C3=A9?=\r\n =?utf-8?B?w6k=?= x\r\n", "h\u{e9}\u{e9} x"),
        (b"=?iso-8859-1?q?a_b?= =?broken", "a b =?broken"),
        ("h\u{e9}".as_bytes(), "h\u{e9}"),
        (b"h\xe9", "h\u{e9}"),
        (b"", ""),
        (b"=?", "=?"),
    ];
    for (value, expected) in table {
        assert_eq!(decode_header(value), *expected, "{:?}", String::from_utf8_lossy(value));
    }
}

#[test]
fn known_transfer_encodings() {
    for known in ["", "7bit", "8BIT", "binary", "Base64", "quoted-printable", "base64 (x)"] {
        assert!(transfer_encoding(known.as_bytes()).is_some(), "{known}");
    }
    for unknown in ["x-uuencode", "base 64", "none"] {
        assert!(transfer_encoding(unknown.as_bytes()).is_none(), "{unknown}");
    }
}
