//! Dialogues with the framer, and that it does not matter how the stream is split.

use proptest::prelude::*;

use super::*;

fn limits() -> Limits {
    Limits {
        line: 60,
        literals: 3,
        literal: 10,
        literals_total: 15,
        message: 100,
        messages_total: 120,
        non_synchronising: u64::MAX,
        drain: 1_000,
    }
}

/// Everything the framer says about the stream, as text: `>` a command, `+` a go-ahead, `!` a refusal, `X` the end.
fn said(limits: Limits, chunks: &[&[u8]]) -> Vec<String> {
    let mut framer = Framer::new(limits);
    let (mut buffer, mut said) = (BytesMut::new(), Vec::new());
    let name = |tag: Option<Tag>| tag.map_or_else(|| "*".to_owned(), |tag| tag.to_string());
    for chunk in chunks {
        buffer.extend_from_slice(chunk);
        loop {
            match framer.next(&mut buffer) {
                Frame::NeedMoreBytes => break,
                Frame::SendContinuation => said.push("+".to_owned()),
                Frame::Command(bytes) => said.push(format!("> {}", bytes.escape_ascii())),
                Frame::Refused { tag, refusal } => said.push(format!("! {} {refusal}", name(tag))),
                Frame::Close { tag, refusal } => {
                    said.push(format!("X {} {refusal}", name(tag)));
                    return said;
                }
            }
        }
        let held = limits.line + (limits.literals_total + limits.messages_total) as usize + chunk.len();
        assert!(buffer.len() <= held, "{} octets held", buffer.len());
    }
    said
}

#[track_caller]
fn check(stream: &str, expected: &[&str]) {
    assert_eq!(said(limits(), &[stream.as_bytes()]), expected, "whole: {stream:?}");
    let bytes: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
    assert_eq!(said(limits(), &bytes), expected, "byte by byte: {stream:?}");
}

#[test]
fn commands() {
    check("", &[]);
    check("a NOOP", &[]);
    check("a NOOP\r\nb NOOP\nc", &["> a NOOP\\r\\n", "> b NOOP\\n"]);
    check("\r\n", &["> \\r\\n"]);
    check("a LOGIN {2}\r\nme {3}\r\n\r\nx\r\nb", &["+", "+", "> a LOGIN {2}\\r\\nme {3}\\r\\n\\r\\nx\\r\\n"]);
    check("a LOGIN {2+}\r\nme {0+}\r\n\r\n", &["> a LOGIN {2+}\\r\\nme {0+}\\r\\n\\r\\n"]);
    check("a X {}\r\n", &["> a X {}\\r\\n"]);
    check("a X {1-}\r\n", &["> a X {1-}\\r\\n"]);
    check("a X 1}\r\n", &["> a X 1}\\r\\n"]);
    check("a X \"{1}\"\r\n", &["> a X \\\"{1}\\\"\\r\\n"]);
    check("a X {1} \r\n", &["> a X {1} \\r\\n"]);
    check("a APPEND x ~{2}\r\n\0\0\r\n", &["+", "> a APPEND x ~{2}\\r\\n\\x00\\x00\\r\\n"]);
}

#[test]
fn literals_beyond_limits() {
    let too_big = |tag: &str, size: u64, limit: u64| {
        format!("! {tag} literal of {size} octets where at most {limit} are accepted")
    };
    // A synchronising literal never comes.
    check("a X {11}\r\nb NOOP\r\n", &[&too_big("a", 11, 10), "> b NOOP\\r\\n"]);
    check("a X {99999999999999999999999}\r\nb", &[&too_big("a", u64::MAX, 10)]);
    // One that comes anyway is drained with the rest of the command.
    check("a X {11+}\r\nb NOOP\r\n\n\n\n c\r\nd NOOP\r\n", &[&too_big("a", 11, 10), "> d NOOP\\r\\n"]);
    check("a X {11+}\r\n01234567890 {2+}\r\n\r\n {2}\r\nb NOOP\r\n", &[&too_big("a", 11, 10), "> b NOOP\\r\\n"]);
    check("a X {990+}\r\n", &["X a literal of 990 octets where at most 10 are accepted"]);
    check("+ X {11}\r\n", &[&too_big("*", 11, 10)]);
    // Together too big; too many.
    check("a X {10}\r\n0123456789 {6}\r\nb NOOP\r\n", &["+", &too_big("a", 6, 5), "> b NOOP\\r\\n"]);
    let many = "! a more than 3 literals in one command";
    check("a X {0}\r\n {0}\r\n {0}\r\n {0}\r\nb NOOP\r\n", &["+", "+", "+", many, "> b NOOP\\r\\n"]);
}

#[test]
fn messages_have_their_own_limits() {
    let message = "m".repeat(100);
    let framed = format!("> a append x {{100}}\\r\\n{message}\\r\\n");
    check(&format!("a append x {{100}}\r\n{message}\r\n"), &["+", &framed]);
    // The first argument is the folder's name, the second the message.
    check("a APPEND {11}\r\n", &["! a literal of 11 octets where at most 10 are accepted"]);
    let framed = format!("> a APPEND {{1+}}\\r\\nx {{100+}}\\r\\n{message}\\r\\n");
    check(&format!("a APPEND {{1+}}\r\nx {{100+}}\r\n{message}\r\n"), &[&framed]);
    let second = format!("a APPEND x {{100}}\r\n{message} {{21}}\r\nb NOOP\r\n");
    let refusal = "! a literal of 21 octets where at most 20 are accepted";
    check(&second, &["+", refusal, "> b NOOP\\r\\n"]);
    check("a APPENDX x {11}\r\n", &["! a literal of 11 octets where at most 10 are accepted"]);
}

#[test]
fn literal_minus_refuses_what_is_sent_unasked() {
    let limits = Limits { non_synchronising: 5, ..limits() };
    let stream = b"a X {6+}\r\n012345\r\nb X {6}\r\n012345\r\n";
    let refusal = "! a literal of 6 octets where at most 5 are accepted";
    assert_eq!(said(limits, &[stream]), [refusal, "+", "> b X {6}\\r\\n012345\\r\\n"]);
}

#[test]
fn lines_beyond_limits() {
    let refusal = "! a command line longer than 60 octets";
    let long = "x".repeat(80);
    check(&format!("a {long}\r\nb NOOP\r\n"), &[refusal, "> b NOOP\\r\\n"]);
    check(&format!("a {long} {{3+}}\r\n\n\n\n {{4}}\r\nb NOOP\r\n"), &[refusal, "> b NOOP\\r\\n"]);
    check(&format!("{long}\r\nb NOOP\r\n"), &["! * command line longer than 60 octets", "> b NOOP\\r\\n"]);
    // All lines of a command count, its literals do not.
    let lines = format!("a X {} {{10}}\r\n0123456789 {}\r\nb NOOP\r\n", "y".repeat(30), "z".repeat(30));
    check(&lines, &["+", refusal, "> b NOOP\\r\\n"]);
    check(&format!("a {}", "x".repeat(1_100)), &["X a command line longer than 60 octets"]);
    check(&format!("a {}\r\n", "x".repeat(1_100)), &["X a command line longer than 60 octets"]);
}

#[test]
fn raw_lines() {
    let mut framer = Framer::new(limits());
    let mut buffer = BytesMut::from(&b"a IDLE\r\nDO"[..]);
    assert_eq!(framer.next(&mut buffer), Frame::Command(Bytes::from_static(b"a IDLE\r\n")));
    assert_eq!(framer.next_line(&mut buffer), LineFrame::NeedMoreBytes);
    buffer.extend_from_slice(b"NE\r\n{3}\n\n");
    for line in [&b"DONE"[..], b"{3}", b""] {
        assert_eq!(framer.next_line(&mut buffer), LineFrame::Line(Bytes::from_static(line)));
    }
    assert!(framer.is_idle(&buffer));
    for _ in 0..2 {
        buffer.extend_from_slice(&[b'x'; 50]);
        assert_eq!(framer.next_line(&mut buffer), LineFrame::NeedMoreBytes);
    }
    assert!(buffer.is_empty() && !framer.is_idle(&buffer));
    buffer.extend_from_slice(b"x\r\nb NOOP\r\n");
    assert_eq!(framer.next_line(&mut buffer), LineFrame::TooLong);
    assert_eq!(framer.next(&mut buffer), Frame::Command(Bytes::from_static(b"b NOOP\r\n")));
    buffer.extend_from_slice(&[b'x'; 1_001]);
    assert_eq!(framer.next_line(&mut buffer), LineFrame::Close);
}

#[test]
fn missing_bytes_of_a_literal() {
    let mut framer = Framer::new(limits());
    let mut buffer = BytesMut::from(&b"a APPEND x {100+}\r\n"[..]);
    assert_eq!(framer.missing(&buffer), 0);
    assert_eq!(framer.next(&mut buffer), Frame::NeedMoreBytes);
    assert_eq!(framer.missing(&buffer), 100);
    buffer.extend_from_slice(b"1234");
    assert_eq!(framer.missing(&buffer), 96);
    assert!(!framer.is_idle(&buffer));
}

#[test]
fn tags_of_broken_lines() {
    for (line, tag) in [
        (&b"a1 X"[..], Some("a1")),
        (b"a]\r\n", Some("a]")),
        (b"a+ X", None),
        (b" X", None),
        (b"a\x80 X", None),
        (b"a", None),
        (b"\"a\" X", None),
    ] {
        assert_eq!(Tag::leading(line).as_ref().map(Tag::as_str), tag);
    }
}

/// Streams that often come near the interesting cases.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("a NOOP\r\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("b APPEND x ".to_owned()),
        Just("b LOGIN ".to_owned()),
        (0..13_u32).prop_map(|size| format!("{{{size}}}\r\n")),
        (0..13_u32).prop_map(|size| format!("{{{size}+}}\r\n")),
        Just("{2000+}\r\n".to_owned()),
        (0..80_usize).prop_map(|count| "x".repeat(count)),
        "[a-c {}+\r\n0-9]{0,6}",
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #[test]
    fn splitting_changes_nothing(stream in stream(), sizes in prop::collection::vec(1..40_usize, 1..20)) {
        let mut rest = &stream[..];
        let mut chunks = Vec::new();
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (chunk, after) = rest.split_at((*size).min(rest.len()));
            chunks.push(chunk);
            rest = after;
        }
        prop_assert_eq!(said(limits(), &chunks), said(limits(), &[&stream]));
    }
}
