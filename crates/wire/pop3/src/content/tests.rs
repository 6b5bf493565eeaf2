use super::{begin_line, end_line, lines, top};
use bytes::BytesMut;
use proptest::prelude::*;

fn sent<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut out = BytesMut::new();
    for line in lines {
        begin_line(&mut out, line);
        out.extend_from_slice(line);
        end_line(&mut out);
    }
    out.to_vec()
}

#[test]
fn messages_are_sent_in_lines_that_end_nothing_early() {
    for (message, want) in [
        ("", ""),
        ("a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n"),
        ("a\r\n\r\nno end", "a\r\n\r\nno end\r\n"),
        (".\r\n..\r\n.x\r\n", "..\r\n...\r\n..x\r\n"),
        ("a\n.\nb\n", "a\r\n..\r\nb\r\n"),
        ("a\n.\r\nb", "a\r\n..\r\nb\r\n"),
        ("a\rb\r\n", "a\rb\r\n"),
        ("end\r", "end\r\r\n"),
    ] {
        assert_eq!(String::from_utf8_lossy(&sent(lines(message.as_bytes()))), want, "{message:?}");
    }
}

#[test]
fn top_shows_the_header_and_so_many_lines() {
    let message = b"A: 1\r\nB: 2\r\n\r\none\r\n\r\nthree\r\n";
    for (count, want) in [
        (0, "A: 1\r\nB: 2\r\n\r\n"),
        (1, "A: 1\r\nB: 2\r\n\r\none\r\n"),
        (2, "A: 1\r\nB: 2\r\n\r\none\r\n\r\n"),
        (u32::MAX, "A: 1\r\nB: 2\r\n\r\none\r\n\r\nthree\r\n"),
    ] {
        assert_eq!(String::from_utf8_lossy(&sent(top(message, count))), want, "{count}");
    }
    assert_eq!(sent(top(b"A: 1\r\nno body", 5)), b"A: 1\r\nno body\r\n");
}

/// What a client makes of an answer: lines up to the dot, one dot taken from the front of each.
fn received(answer: &[u8], is_end: fn(&[u8]) -> bool) -> Option<usize> {
    answer.split_inclusive(|octet| *octet == b'\n').position(is_end)
}

proptest! {
    #[test]
    fn nothing_in_a_message_ends_an_answer(message in "[.\r\na]{0,40}") {
        let answer = sent(lines(message.as_bytes()));
        // For strict clients, and for those to which a bare LF ends a line.
        prop_assert_eq!(received(&answer, |line| line == b".\r\n" || line == b".\n"), None);
        prop_assert!(answer.is_empty() || answer.ends_with(b"\r\n"));
    }

    #[test]
    fn lines_with_crlf_come_through_unchanged(message in "([.a\r]{0,5}\r\n){0,10}") {
        let answer = sent(lines(message.as_bytes()));
        let unstuffed: Vec<u8> = answer
            .split_inclusive(|octet| *octet == b'\n')
            .flat_map(|line| line.strip_prefix(b".").unwrap_or(line).to_vec())
            .collect();
        prop_assert_eq!(unstuffed, message.as_bytes());
    }
}
