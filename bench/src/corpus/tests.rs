//! What a prepared message looks like on the wire.

use super::*;

fn message(raw: &str, i: usize) -> String {
    let corpus = Corpus { mails: vec![Mail::parse(raw.as_bytes()).expect("a mail")], run: "run".into() };
    let mut out = Vec::new();
    corpus.write_message(i, &mut out);
    String::from_utf8(out).expect("text")
}

#[test]
fn each_message_has_its_own_subject_and_message_id() {
    let raw = "From someone Mon\nReceived: by a\n\twith b\nMessage-Id: <old@x>\nsubject: Hello\nTo: a@b\n\nText\n";
    assert_eq!(
        message(raw, 7),
        "Received: by a\r\n\twith b\r\nsubject: [7] Hello\r\nTo: a@b\r\nMessage-ID: <7.run@bench.example>\r\n\r\nText\r\n.\r\n"
    );
}

#[test]
fn the_body_is_dot_stuffed_and_ends_with_one_dot() {
    let message = message("To: a@b\n\n.one\r\n..two\rthree\0", 1);
    assert_eq!(
        message,
        "To: a@b\r\nSubject: [1]\r\nMessage-ID: <1.run@bench.example>\r\n\r\n..one\r\n...two\r\nthree \r\n.\r\n"
    );
}

#[test]
fn lines_that_are_no_header_fields_go_with_their_continuations() {
    let message = message("not a field\n continued\nTo: a@b\n\nText\n", 1);
    assert!(message.starts_with("To: a@b\r\n"), "{message}");
}

#[test]
fn a_file_without_an_empty_line_is_no_mail() {
    assert!(Mail::parse(b"To: a@b\nText\n").is_none());
}

#[test]
fn the_dots_of_the_protocol_come_off() {
    assert_eq!(without_dots(b"a: b\r\n\r\n..\r\nx.\r\n.\r\n"), b"a: b\r\n\r\n.\r\nx.\r\n");
}
