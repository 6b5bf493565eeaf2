use super::{Code, challenge, err, ok};
use bytes::BytesMut;

fn written(write: impl FnOnce(&mut BytesMut)) -> String {
    let mut out = BytesMut::new();
    write(&mut out);
    String::from_utf8(out.to_vec()).expect("ASCII")
}

#[test]
fn answers_are_lines() {
    assert_eq!(written(|out| ok(out, "2 320")), "+OK 2 320\r\n");
    assert_eq!(written(|out| err(out, None, "no")), "-ERR no\r\n");
    assert_eq!(written(|out| err(out, Some(Code::Auth), "no")), "-ERR [AUTH] no\r\n");
    assert_eq!(written(|out| err(out, Some(Code::SysTemp), "no")), "-ERR [SYS/TEMP] no\r\n");
    assert_eq!(written(|out| challenge(out, b"")), "+ \r\n");
    assert_eq!(written(|out| challenge(out, b"abc")), "+ YWJj\r\n");
}

#[test]
fn no_text_makes_a_second_line_or_one_too_long() {
    assert_eq!(written(|out| err(out, None, "ask Zoë\r\n+OK")), "-ERR ask Zo???+OK\r\n");
    let long = written(|out| err(out, Some(Code::Auth), &"ä".repeat(2000)));
    assert_eq!(long.len(), 512);
    assert!(long.ends_with("?\r\n"));
}
