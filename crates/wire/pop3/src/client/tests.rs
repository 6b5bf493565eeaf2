use super::*;
use proptest::prelude::*;

#[test]
fn first_lines() {
    let check = |line: &str, expected| assert_eq!(status(line.as_bytes()), expected, "{line}");
    check("+OK 2 messages", Some(Status::Ok("2 messages".into())));
    check("+ok", Some(Status::Ok(String::new())));
    check("-ERR [AUTH] no", Some(Status::Err("[AUTH] no".into())));
    check("+ dGVzdA==", Some(Status::Continue("dGVzdA==".into())));
    check("+", Some(Status::Continue(String::new())));
    check("OK", None);
    check("", None);
}

#[test]
fn listings() {
    assert_eq!(list_line(b"1 120"), Some((1, 120)));
    assert_eq!(list_line(b"1 120 extra"), Some((1, 120)));
    assert_eq!(list_line(b"1"), None);
    assert_eq!(list_line(b"x 1"), None);
    assert_eq!(uidl_line(b"7 abc.12"), Some((7, "abc.12")));
    assert_eq!(uidl_line(b"7"), None);
    assert_eq!(uidl_line(b"7 "), None);
    assert_eq!(uidl_line(b"7 a b"), None);
    assert_eq!(uidl_line("7 ä".as_bytes()), None);
}

fn unstuffed(stuffed: &[u8], cut: usize) -> (Vec<u8>, Option<usize>) {
    let (mut unstuffing, mut out, mut used) = (Unstuffing::default(), Vec::new(), 0);
    for part in stuffed.chunks(cut.max(1)) {
        let fed = unstuffing.feed(part, |octets| {
            out.extend_from_slice(octets);
            Ok::<_, ()>(())
        });
        let (took, ended) = fed.expect("nothing fails");
        used += took;
        if ended {
            return (out, Some(used));
        }
        assert_eq!(took, part.len());
    }
    (out, None)
}

#[test]
fn a_message_ends_at_its_dot_and_nowhere_else() {
    let check = |stuffed: &str, expected: &str, left: &str| {
        for cut in 1..=stuffed.len() {
            let (out, end) = unstuffed(stuffed.as_bytes(), cut);
            assert_eq!(String::from_utf8_lossy(&out), expected, "{stuffed:?} cut by {cut}");
            assert_eq!(&stuffed[end.expect("it ends")..], left);
        }
    };
    check(".\r\n+OK", "", "+OK");
    check("a\r\n.\r\n", "a\r\n", "");
    check("..a\r\n...\r\n.\r\nrest", ".a\r\n..\r\n", "rest");
    check("a\n.\nb\r\n.\r\n", "a\n.\nb\r\n", "");
    check("a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n", "");
    check("a\r.\r\r\n.\r\n", "a\r.\r\r\n", "");
    check("\r\n.\r\n", "\r\n", "");
    assert_eq!(unstuffed(b"a\r\n.", 1).1, None);
}

proptest! {
    #[test]
    fn what_is_stuffed_comes_out_the_same(lines in proptest::collection::vec("[.a\n]{0,6}", 0..6), cut in 1usize..9) {
        let message: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let stuffed: String = lines.iter().map(|line| if line.starts_with('.') { format!(".{line}\r\n") } else { format!("{line}\r\n") }).collect();
        let (out, end) = unstuffed(format!("{stuffed}.\r\nmore").as_bytes(), cut);
        prop_assert_eq!(String::from_utf8_lossy(&out), message);
        prop_assert_eq!(end, Some(stuffed.len() + 3));
    }
}
