use crate::Parsed;

fn of(head: &str, body: &str) -> String {
    Parsed::of(format!("{head}\r\n\r\n{body}").as_bytes()).preview
}

#[test]
fn previews() {
    let html = "Content-Type: text/html; charset=utf-8";
    let table = [
        ("Subject: x", "Hello\r\n\r\n  world\t!\r\n", "Hello world !"),
        ("Subject: x", "", ""),
        (
            html,
            "<html><head><title>t</title><style>p{color:red}</style></head><p>Hello&nbsp;<b>you</b></p>",
            "Hello you",
        ),
        (html, "<script>alert(1)</script><!-- no -->Text", "Text"),
        ("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64", "SGVsbG8gd29ybGQ=", "Hello world"),
        ("Content-Type: text/plain; charset=utf-8", "a\u{200b}\u{feff}b\0c", "abc"),
        ("Content-Type: application/pdf", "%PDF", ""),
        (
            "Content-Type: multipart/alternative; boundary=b",
            "--b\r\n\r\nplain\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>html\r\n--b--",
            "plain",
        ),
        ("Content-Type: multipart/mixed; boundary=b", "--b\r\n\r\n \r\n--b\r\n\r\nsecond\r\n--b--", "second"),
    ];
    for (head, body, expected) in table {
        assert_eq!(of(head, body), expected, "{body}");
    }
}

#[test]
fn previews_are_cut_between_characters() {
    assert_eq!(of("Content-Type: text/plain; charset=utf-8", &"\u{20ac}".repeat(5_000)).chars().count(), 200);
    let late = format!("<style>{}</style><p>late words</p>", "p{}".repeat(20_000));
    assert_eq!(of("Content-Type: text/html", &late), "late words");
}
