use super::{DRAINED_AT_MOST, Line, Lines};
use bytes::BytesMut;
use proptest::prelude::*;

/// All that a stream gives when it comes in pieces of a size.
fn cut(stream: &[u8], piece: usize, limit: usize) -> Vec<Line> {
    let (mut lines, mut buffer, mut found) = (Lines::default(), BytesMut::new(), Vec::new());
    for piece in stream.chunks(piece) {
        buffer.extend_from_slice(piece);
        loop {
            match lines.next(&mut buffer, limit) {
                Line::NeedMoreBytes => break,
                Line::Close => return found,
                line => found.push(line),
            }
        }
    }
    found
}

fn line(text: &'static str) -> Line {
    Line::Line(text.into())
}

#[test]
fn lines_end_with_crlf_or_lf() {
    assert_eq!(cut(b"NOOP\r\nSTAT\n\r\n\nrest", 100, 10), [line("NOOP"), line("STAT"), line(""), line("")]);
    assert_eq!(cut(b"a\rb\r\r\n", 1, 10), [line("a\rb\r")]);
}

#[test]
fn a_long_line_is_dropped_and_the_next_one_read() {
    for piece in [1, 3, 100] {
        assert_eq!(cut(b"0123456789\r\nNOOP\r\n", piece, 10), [Line::TooLong, line("NOOP")], "{piece}");
        assert_eq!(cut(b"01234567\r\n", piece, 10), [line("01234567")], "{piece}");
    }
}

#[test]
fn endless_bytes_are_given_up() {
    let (mut lines, mut buffer) = (Lines::default(), BytesMut::new());
    for _ in 0..=DRAINED_AT_MOST / 1000 {
        buffer.extend_from_slice(&[b'x'; 1000]);
        if lines.next(&mut buffer, 10) == Line::Close {
            return;
        }
        assert!(buffer.is_empty(), "nothing is kept of it");
    }
    panic!("it was never given up");
}

proptest! {
    #[test]
    fn the_split_into_reads_changes_nothing(stream in "[a\r\n]{0,60}", piece in 1usize..9) {
        prop_assert_eq!(cut(stream.as_bytes(), piece, 12), cut(stream.as_bytes(), 1000, 12));
    }
}
