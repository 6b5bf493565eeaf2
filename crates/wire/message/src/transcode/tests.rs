//! Messages with NUL against what becomes of them; what is decoded is what was there.

use super::*;
use crate::binary;
use crate::codec::PartRef;
use crate::section;

#[track_caller]
fn check(raw: &[u8], expected: Option<&[u8]>) {
    let got = without_nul(raw);
    let shown = got.as_ref().map(|bytes| bytes.escape_ascii().to_string());
    assert_eq!(shown, expected.map(|bytes| bytes.escape_ascii().to_string()));
}

#[test]
fn parts_with_nul_become_base64() {
    check(
        b"Subject: x\r\n\r\na\0b\r\n",
        Some(b"MIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\nSubject: x\r\n\r\nYQBiDQo=\r\n"),
    );
    check(
        b"MIME-Version: 1.0\r\nContent-Type: application/x\r\nContent-Transfer-Encoding: binary\r\n\r\n\0",
        Some(b"MIME-Version: 1.0\r\nContent-Type: application/x\r\nContent-Transfer-Encoding: base64\r\n\r\nAA==\r\n"),
    );
    check(
        b"no header \0 at all",
        Some(b"MIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\nbm8gaGVhZGVyIAAgYXQgYWxs\r\n"),
    );
}

#[test]
fn only_the_part_that_needs_it_changes() {
    let raw = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nplain\r\n--b\r\n\
        Content-Type: image/x\r\nContent-Transfer-Encoding: binary\r\n\r\n\0\x01\x02\r\n--b--\r\n";
    let made = without_nul(raw).expect("it can be done");
    assert!(made.windows(9).any(|window| window == b"\r\nplain\r\n"));
    let structure = Parsed::of(&made).structure.encode();
    let root = PartRef::decode(&structure).expect("readable");
    let part = section::find_part(&root, &[2]).flatten().expect("the second part");
    assert_eq!(binary::decode(&made, &part).expect("known").as_ref(), b"\0\x01\x02");
}

#[test]
fn nul_in_a_header_cannot_be_hidden() {
    check(b"Subject: a\0b\r\n\r\nx\r\n", None);
    let between =
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\0\r\n--b\r\n\r\nx\r\n--b--\r\n";
    check(between, None);
}
