use super::*;
use crate::Parsed;

/// `type/subtype size lines`, children in brackets, enclosed messages in braces.
fn shape(part: &Part) -> String {
    let own = format!("{}/{}", String::from_utf8_lossy(&part.kind), String::from_utf8_lossy(&part.subtype));
    match &part.content {
        Content::Leaf => format!("{own} {} {}", part.size(), part.lines),
        Content::Multipart(children) => format!("{own}[{}]", children.iter().map(shape).collect::<Vec<_>>().join(", ")),
        Content::Message(message) => format!("{own} {} {}{{{}}}", part.size(), part.lines, shape(&message.1)),
    }
}

#[test]
fn shapes() {
    let table = [
        ("", "text/plain 0 0"),
        ("Subject: x", "text/plain 0 0"),
        ("Subject: x\r\n\r\na\r\nb\r\n", "text/plain 6 2"),
        ("Subject: x\n\na\nb", "text/plain 3 1"),
        ("no header at all", "text/plain 16 0"),
        ("\0\0\0", "text/plain 3 0"),
        ("Content-Type: TEXT/HTML\r\n\r\nx", "text/html 1 0"),
        ("Content-Type: text\r\n\r\nx\r\n", "text/plain 3 1"),
        ("Content-Type: garbage\r\n\r\nx\r\n", "application/octet-stream 3 0"),
        ("Content-Type: ;;;\r\n\r\nx\r\n", "text/plain 3 1"),
        ("Content-Type: image/png\r\n\r\nx\r\n", "image/png 3 0"),
        ("Content-Type: multipart/mixed\r\n\r\nx\r\n", "text/plain 3 1"),
        ("Content-Type: multipart/mixed; boundary=b\r\n\r\nno boundary\r\n", "text/plain 13 1"),
        ("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n", "text/plain 7 1"),
        (
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n",
            "multipart/mixed[text/plain 1 0]",
        ),
        ("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n", "multipart/mixed[text/plain 3 1]"),
        (
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n\n--b\n\ny\n--b--\n",
            "multipart/mixed[text/plain 2 1, text/plain 1 0]",
        ),
        ("Content-Type: multipart; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n", "multipart/mixed[text/plain 1 0]"),
        (
            "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: d\r\n\r\nx\r\n--b--\r\n",
            "multipart/digest[message/rfc822 15 2{text/plain 1 0}]",
        ),
        ("Content-Type: message/rfc822\r\n\r\nSubject: i\r\n\r\nx\r\n", "message/rfc822 17 3{text/plain 3 1}"),
        ("Content-Type: message/rfc822\r\n\r\n", "message/rfc822 0 0{text/plain 0 0}"),
        (
            "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3Vi\r\n",
            "message/rfc822 6 1{text/plain 6 1}",
        ),
        ("Content-Type: message/delivery-status\r\n\r\nA: b\r\n", "message/delivery-status 6 0"),
    ];
    for (raw, expected) in table {
        assert_eq!(shape(&Parsed::of(raw.as_bytes()).structure), expected, "{raw:?}");
    }
}

#[test]
fn fields_of_a_part() {
    let part = Parsed::of(
        b"Content-Type: Image/PNG; Name=\"=?utf-8?Q?=C3=A9.png?=\"\r\nContent-ID: <a@b>\r\n\
          Content-Description: a\r\n fold\r\nContent-MD5: abc=\r\nContent-Language: en, fr-CH\r\n\
          Content-Location: http://x/\r\nContent-Transfer-Encoding: Base64\r\n\
          Content-Disposition: Attachment; FileName*=utf-8''%c3%a9.png\r\n\r\nx",
    )
    .structure;
    assert!(part.is("image", "png"));
    assert_eq!(part.param("name"), Some(&b"=?utf-8?Q?=C3=A9.png?="[..]));
    assert_eq!(part.id.as_deref(), Some(&b"<a@b>"[..]));
    assert_eq!(part.description.as_deref(), Some(&b"a fold"[..]));
    assert_eq!(part.md5.as_deref(), Some(&b"abc="[..]));
    assert_eq!(part.language, [b"en".to_vec(), b"fr-CH".to_vec()]);
    assert_eq!(part.location.as_deref(), Some(&b"http://x/"[..]));
    assert_eq!(part.encoding, b"base64");
    let disposition = part.disposition.unwrap();
    assert_eq!(disposition.kind, b"attachment");
    assert_eq!(disposition.params, [(b"filename*".to_vec(), b"utf-8''%c3%a9.png".to_vec())]);
    assert_eq!(part.file_name.as_deref(), Some("\u{e9}.png"));
    assert!(part.roles.is_attachment() && part.roles.is_sendable());
}

#[test]
fn defaults_of_a_part() {
    let part = Parsed::of(b"Subject: x\r\n\r\nbody").structure;
    assert_eq!(part.param("charset"), Some(&b"us-ascii"[..]));
    assert_eq!(part.encoding, b"7bit");
    assert!(part.roles.in_text_body() && part.roles.in_html_body() && !part.roles.is_attachment());
    assert!(Parsed::of(b"Content-Type: text/plain\r\n\r\nx").structure.params.is_empty());
}

#[test]
fn nesting_stops_at_a_depth() {
    let deep: String =
        (0..1_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n:04}\r\n\r\n--b{n:04}\r\n")).collect();
    let parsed = Parsed::of(deep.as_bytes());
    let walked = parsed.structure.walk();
    assert!(walked.len() > 50 && walked.len() <= 65, "{}", walked.len());
    let messages = "Content-Type: message/rfc822\r\n\r\n".repeat(1_000);
    let structure = Parsed::of(messages.as_bytes()).structure;
    let depth = std::iter::successors(Some(&structure), |part| part.message().map(|(_, inner)| inner)).count();
    assert!(depth > 50 && depth <= 66, "{depth}");
}

#[test]
fn parts_stop_at_a_number() {
    let many = format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n\r\nx\r\n".repeat(20_000));
    let structure = Parsed::of(many.as_bytes()).structure;
    assert_eq!(structure.walk().len(), 10_000);
    assert_eq!(structure.children().last().map(|part| part.body_end), Some(many.len()));
}

#[test]
fn endless_fields_are_not_kept() {
    let many = "a:\n".repeat(crate::MAX_FIELDS + 2) + "\nbody\n";
    let parsed = Parsed::of(many.as_bytes());
    assert_eq!(shape(&parsed.structure), "application/octet-stream 5 0");
    assert_eq!(parsed.sendable_attachments().count(), 1);
}
