use super::*;

fn names(block: &[u8]) -> Vec<String> {
    Fields::of(block).map(|field| String::from_utf8_lossy(field.name).into_owned()).collect()
}

#[test]
fn fields_of_a_block() {
    let block = b"A: 1\r\nb : two\r\n\tfolded\r\nno colon\r\nC:\r\n\r\nD: body";
    assert_eq!(names(block), ["A", "b", "C"]);
    let values: Vec<&[u8]> = Fields::of(block).map(|field| field.value).collect();
    assert_eq!(values, [&b" 1\r\n"[..], b" two\r\n\tfolded\r\n", b"\r\n"]);
    for field in Fields::of(block) {
        let whole = &block[field.start..field.end];
        assert!(whole.starts_with(field.name) && whole.ends_with(field.value));
    }
}

#[test]
fn ends_of_headers() {
    let table: &[(&[u8], usize)] = &[
        (b"", 0),
        (b"\r\n", 2),
        (b"\n", 1),
        (b"\r\nbody", 2),
        (b"A: 1\r\n\r\nbody", 8),
        (b"A: 1\n\nbody", 6),
        (b"A: 1\r\n", 6),
        (b"A: 1", 4),
        (b"A: 1\r\n \r\n\r\nbody", 11),
        (b"only text", 0),
        (b"only text\r\nmore", 0),
        (b"only text\r\n\r\nmore", 13),
        (b"junk\r\nA: 1\r\n\r\nbody", 14),
    ];
    for (raw, end) in table {
        assert_eq!(header_end(raw), *end, "{:?}", String::from_utf8_lossy(raw));
    }
}

#[test]
fn header_fields_answers() {
    let raw = b"From: a\r\nTO: b,\r\n c\r\nX: d\r\nFrom: e\r\n\r\nTo: body";
    let table: &[(&[&str], bool, &[u8])] = &[
        (&["from"], false, b"From: a\r\nFrom: e\r\n\r\n"),
        (&["To", "X"], false, b"TO: b,\r\n c\r\nX: d\r\n\r\n"),
        (&["absent"], false, b"\r\n"),
        (&[], false, b"\r\n"),
        (&["FROM"], true, b"TO: b,\r\n c\r\nX: d\r\n\r\n"),
        (&[], true, b"From: a\r\nTO: b,\r\n c\r\nX: d\r\nFrom: e\r\n\r\n"),
    ];
    for (names, negate, expected) in table {
        assert_eq!(header_fields(raw, *names, *negate), *expected, "{names:?} {negate}");
    }
    assert_eq!(header_fields(b"A: cut", ["a"], false), b"A: cut\r\n\r\n");
    assert_eq!(header_fields(b"A: lf\n\nbody", ["a"], false), b"A: lf\n\r\n");
    assert_eq!(header_fields(b"", ["a"], false), b"\r\n");
    let long = "x".repeat(300);
    assert_eq!(header_fields(format!("{long}: 1\r\n\r\n").as_bytes(), [&long], false).len(), 300 + 5 + 2);
}

#[test]
fn unfolded_values() {
    let table: &[(&[u8], &[u8])] = &[
        (b" plain\r\n", b"plain"),
        (b" a\r\n b\n\tc\r\n", b"a b\tc"),
        (b" a\0b \r\n", b"ab"),
        (b"\r\n", b""),
        (b" \xff\xfe\r\n", b"\xff\xfe"),
    ];
    for (value, expected) in table {
        assert_eq!(unfold(value), *expected);
    }
    assert_eq!(unfold(&vec![b'x'; 2 * MAX_VALUE]).len(), MAX_VALUE);
}
