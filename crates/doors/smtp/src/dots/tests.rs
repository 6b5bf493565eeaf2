//! Where a message ends, however the octets arrive.

use super::*;
use crate::memory::Budget;
use proptest::prelude::*;

/// Feeds `pieces` as a connection would; gives the message and what was left unread once it ended.
fn receive(pieces: &[&[u8]]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut body = Body::new(Vec::new(), None, 1 << 20, &Budget::new(1 << 30));
    let (mut dots, mut input) = (Dots::new(), Vec::new());
    for (number, piece) in pieces.iter().enumerate() {
        input.extend_from_slice(piece);
        let decoded = dots.decode(&input, &mut body);
        input.drain(..decoded.used);
        if decoded.ended {
            pieces[number + 1..].iter().for_each(|piece| input.extend_from_slice(piece));
            return Some((body.finish().expect("within the limits").0, input));
        }
    }
    None
}

#[test]
fn ends() {
    // sent, stored, left
    let cases: &[(&[u8], &[u8], &[u8])] = &[
        (b".\r\n", b"", b""),
        (b"a\r\n.\r\nQUIT\r\n", b"a\r\n", b"QUIT\r\n"),
        (b"..a\r\n...\r\n.b\r\n.\r\n", b".a\r\n..\r\nb\r\n", b""),
        (b"\r\n.\r\n", b"\r\n", b""),
        // None of these ends a message: only CRLF.CRLF does.
        (b"a\n.\nb\r\n.\r\n", b"a\n.\nb\r\n", b""),
        (b"a\n.\r\nb\r\n.\r\n", b"a\n.\r\nb\r\n", b""),
        (b"a\r.\rb\r\n.\r\n", b"a\r.\rb\r\n", b""),
        (b"a\r.\r\nb\r\n.\r\n", b"a\r.\r\nb\r\n", b""),
        (b"a\r\n.\nb\r\n.\r\n", b"a\r\n\nb\r\n", b""),
        (b"a\r\n.\rb\r\n.\r\n", b"a\r\n\rb\r\n", b""),
        (b"a\r\n.\r\r\nb\r\n.\r\n", b"a\r\n\r\r\nb\r\n", b""),
        (b"a\r\n\0.\r\nb\r\n.\r\n", b"a\r\n\0.\r\nb\r\n", b""),
        (b"a\r\r\n.\r\n", b"a\r\r\n", b""),
        (b"a\0\xff\x80\r\n.\r\n", b"a\0\xff\x80\r\n", b""),
    ];
    for (sent, stored, left) in cases {
        let got = receive(&[sent]);
        assert_eq!(got, Some((stored.to_vec(), left.to_vec())), "{}", sent.escape_ascii());
    }
    for unended in [&b"a\r\n"[..], b"a\r\n.", b"a\r\n.\r", b"a\n.\n", b"a\n.\r\n", b"a.\r\n", b""] {
        assert_eq!(receive(&[unended]), None, "{}", unended.escape_ascii());
    }
}

/// As RFC 5321 section 4.5.2 tells a client to send it.
fn stuffed(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, byte) in message.iter().enumerate() {
        if *byte == b'.' && (at == 0 || message[..at].ends_with(b"\r\n")) {
            out.push(b'.');
        }
        out.push(*byte);
    }
    if !message.is_empty() && !message.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

fn pieces<'a>(all: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (all.len() + 1)).collect();
    cuts.sort_unstable();
    let mut from = 0;
    let mut found = Vec::new();
    for cut in cuts.into_iter().chain([all.len()]) {
        found.push(&all[from..cut]);
        from = cut;
    }
    found
}

proptest! {
    #[test]
    fn what_was_meant_is_stored_however_it_is_cut(
        message in "[.\r\na\u{0}é]{0,60}",
        cuts in proptest::collection::vec(any::<usize>(), 0..12),
    ) {
        let mut sent = stuffed(message.as_bytes());
        sent.extend_from_slice(b"RSET\r\n");
        let mut meant = message.into_bytes();
        if !meant.is_empty() && !meant.ends_with(b"\r\n") {
            meant.extend_from_slice(b"\r\n");
        }
        let (stored, left) = receive(&pieces(&sent, &cuts)).expect("it ends");
        prop_assert_eq!(stored.escape_ascii().to_string(), meant.escape_ascii().to_string());
        prop_assert_eq!(left, b"RSET\r\n");
    }

    #[test]
    fn any_octets_come_out_the_same_however_they_are_cut(
        sent in proptest::collection::vec(prop_oneof![Just(b'.'), Just(b'\r'), Just(b'\n'), any::<u8>()], 0..60),
        cuts in proptest::collection::vec(any::<usize>(), 0..12),
    ) {
        prop_assert_eq!(receive(&pieces(&sent, &cuts)), receive(&[&sent]));
        let one_by_one: Vec<&[u8]> = sent.chunks(1).collect();
        prop_assert_eq!(receive(&one_by_one), receive(&[&sent]));
    }
}
