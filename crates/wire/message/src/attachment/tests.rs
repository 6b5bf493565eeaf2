use crate::Parsed;

fn mixed(parts: &[&str]) -> Parsed {
    let parts: String = parts.iter().map(|part| format!("--b\r\n{part}\r\n")).collect();
    Parsed::of(format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n").as_bytes())
}

const TEXT: &str = "Content-Type: text/plain\r\n\r\nHello";
const HTML: &str = "Content-Type: text/html\r\n\r\n<img src=\"CID:logo%40x\"><a style='background:url(cid:bg)'>";

type Counts = (usize, usize, bool);

/// How many attachments are listed, how many count for sending, and whether one is offered.
fn counts(parsed: &Parsed) -> Counts {
    (parsed.attachments().count(), parsed.sendable_attachments().count(), parsed.has_attachment)
}

#[test]
fn what_counts_as_attached() {
    let table: &[(&[&str], Counts)] = &[
        (&[TEXT], (0, 0, false)),
        (&[TEXT, "Content-Type: application/pdf\r\n\r\nx"], (1, 1, true)),
        (&[TEXT, "Content-Type: application/pdf\r\nContent-Disposition: inline\r\n\r\nx"], (1, 1, false)),
        (&[TEXT, "Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nx"], (1, 1, true)),
        (&[TEXT, "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny"], (1, 1, true)),
        (&[TEXT, "Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR"], (1, 0, false)),
        (&[TEXT, "Content-Type: application/pgp-signature; name=s.asc\r\n\r\nx"], (1, 0, false)),
        (&[TEXT, "Content-Type: application/pkcs7-signature\r\n\r\nx"], (1, 0, false)),
        (
            &[HTML, "Content-Type: image/png\r\nContent-ID: <logo@x>\r\nContent-Disposition: attachment\r\n\r\nx"],
            (1, 0, false),
        ),
        (
            &[HTML, "Content-Type: image/png\r\nContent-ID: bg\r\nContent-Disposition: attachment\r\n\r\nx"],
            (1, 0, false),
        ),
        (
            &[HTML, "Content-Type: image/png\r\nContent-ID: <other>\r\nContent-Disposition: attachment\r\n\r\nx"],
            (1, 1, true),
        ),
        (&[HTML, "Content-Type: image/png\r\nContent-Disposition: attachment\r\n\r\nx"], (1, 1, true)),
        (&[HTML, "Content-Type: application/zip\r\nContent-ID: <bg>\r\n\r\nx"], (1, 1, true)),
    ];
    for (parts, expected) in table {
        assert_eq!(counts(&mixed(parts)), *expected, "{parts:?}");
    }
}

#[test]
fn encoded_html_is_decoded_before_looking() {
    let html =
        "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<img src=3D\"ci=\r\nd:bg\">";
    let image = "Content-Type: image/png\r\nContent-ID: <bg>\r\nContent-Disposition: attachment\r\n\r\nx";
    assert_eq!(counts(&mixed(&[html, image])), (1, 0, false));
}

#[test]
fn attachments_of_enclosed_messages_are_not_listed() {
    let enclosed = concat!(
        "Content-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n",
        "--i\r\nContent-Type: application/pdf\r\n\r\nx\r\n--i\r\nContent-Type: application/pdf\r\n\r\nx\r\n--i--\r\n",
    );
    assert_eq!(counts(&mixed(&[TEXT, enclosed])), (1, 1, true));
}
