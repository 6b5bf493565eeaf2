use super::*;
use crate::Parsed;

fn of(raw: &str) -> SearchText {
    let stored = Parsed::of(raw.as_bytes()).structure.encode();
    search_text(raw.as_bytes(), &PartRef::decode(&stored).unwrap())
}

#[test]
fn normalised_texts() {
    let table = [
        ("  Hello\r\n\tWORLD ", "hello world"),
        ("\u{c9}COLE", "\u{e9}cole"),
        ("e\u{301}cole", "\u{e9}cole"),
        ("\u{ff21}\u{ff22}", "ab"),
        ("\u{fb01}n", "fin"),
        ("Stra\u{df}e", "strasse"),
        ("\u{39f}\u{394}\u{39f}\u{3a3}", "\u{3bf}\u{3b4}\u{3bf}\u{3c3}"),
        ("soft\u{ad}hy\u{200b}phen", "softhyphen"),
        ("a\u{a0}b\u{3000}c", "a b c"),
        ("a\0b", "ab"),
        ("", ""),
    ];
    for (text, expected) in table {
        assert_eq!(normalise(text), expected, "{text:?}");
    }
}

#[test]
fn texts_of_a_mail() {
    let found = of(concat!(
        "From: =?utf-8?Q?J=C3=B6?= <jo@Example.ORG>\r\nTo: a@b, g: c@d;\r\nCc: X <x@y>\r\nBcc: z@z\r\n",
        "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nX-Odd: Value\r\n",
        "Content-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n",
        "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<style>p{}</style><p>Caf&eacute; <b>NOIR</b></p>\r\n",
        "--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSGlkZGVu\r\n",
        "--b\r\nContent-Type: application/pdf; name=\"Report.PDF\"\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVs\r\n",
        "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: in@ner\r\nSubject: Enclosed\r\n\r\nInner words\r\n",
        "--b--\r\n",
    ));
    assert_eq!(found.from, "j\u{f6} jo@example.org");
    assert_eq!(found.to, "a@b g c@d");
    assert_eq!((found.cc.as_str(), found.bcc.as_str()), ("x x@y", "z@z"));
    assert_eq!(found.subject, "gr\u{fc}sse");
    assert!(found.headers.contains("x-odd: value") && found.headers.contains("subject: gr\u{fc}sse"));
    for word in ["caf\u{e9} noir", "hidden", "report.pdf", "enclosed", "in@ner", "inner words"] {
        assert!(found.body.contains(word), "{word} in {:?}", found.body);
    }
    assert!(!found.body.contains("sgvs") && !found.body.contains("preamble") && !found.body.contains("p{}"));
}

#[test]
fn long_texts_are_bounded() {
    let found = of(&format!("Subject: {}\r\n\r\n{}", "s ".repeat(200_000), "word ".repeat(500_000)));
    assert!(found.body.len() <= MAX_BODY && found.body.len() > MAX_BODY - 10);
    assert!(found.headers.len() <= MAX_HEADERS);
    let expanding = of(&format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{}", "\u{fdfa}".repeat(300_000)));
    assert!(expanding.body.len() <= MAX_BODY);
}
