use super::*;
use crate::Parsed;

fn decoded(head: &str, body: &str) -> Result<(Vec<u8>, usize), UnknownEncoding> {
    let raw = format!("{head}\r\n\r\n{body}");
    let stored = Parsed::of(raw.as_bytes()).structure.encode();
    let part = PartRef::decode(&stored).unwrap();
    let size = decoded_size(raw.as_bytes(), &part);
    let bytes = decode(raw.as_bytes(), &part);
    assert_eq!(bytes.is_ok(), size.is_ok());
    Ok((bytes?.into_owned(), size?))
}

#[test]
fn decoded_bodies() {
    let table: &[(&str, &str, &[u8])] = &[
        ("Subject: x", "plain\r\n", b"plain\r\n"),
        ("Content-Transfer-Encoding: base64", "AAEC\r\nAwQ=\r\n", b"\0\x01\x02\x03\x04"),
        ("Content-Transfer-Encoding: BASE64", "AA*EC", b"\0\x01\x02"),
        ("Content-Transfer-Encoding: quoted-printable", "a=3Db=\r\nc", b"a=bc"),
        (
            "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64",
            "--b\r\n\r\nx",
            b"--b\r\n\r\nx",
        ),
    ];
    for (head, body, expected) in table {
        assert_eq!(decoded(head, body), Ok((expected.to_vec(), expected.len())), "{head}");
    }
    assert_eq!(decoded("Content-Transfer-Encoding: x-uuencode", "begin"), Err(UnknownEncoding));
}
