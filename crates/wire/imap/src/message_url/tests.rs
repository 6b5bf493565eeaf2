//! URLs against what they name.

use super::*;
use crate::command::section::SectionText;

fn whole(folder: Option<&str>, uid: u32) -> MessageUrl {
    MessageUrl {
        server: None,
        folder: folder.map(str::to_owned),
        uid_validity: None,
        uid,
        section: Section::default(),
        partial: None,
    }
}

fn part(numbers: &[u32], text: SectionText) -> Section {
    Section { part: numbers.iter().map(|n| std::num::NonZeroU32::new(*n).unwrap()).collect(), text }
}

#[test]
fn messages_and_sections() {
    let drafts = || MessageUrl { uid_validity: Some(385_759_045), ..whole(Some("Drafts"), 20) };
    for (url, expected) in [
        ("/INBOX/;UID=7", whole(Some("INBOX"), 7)),
        ("/Sent%20Items/;uid=7", whole(Some("Sent Items"), 7)),
        ("/Entw%C3%BCrfe/a/;UID=1", whole(Some("Entwürfe/a"), 1)),
        (";UID=4294967295", whole(None, u32::MAX)),
        ("/;UID=3", whole(None, 3)),
        ("/Drafts;UIDVALIDITY=385759045/;UID=20", drafts()),
        (
            "/Drafts;UIDVALIDITY=385759045/;UID=20/;section=HEADER",
            MessageUrl { section: part(&[], SectionText::Header), ..drafts() },
        ),
        (
            "/Drafts;uidvalidity=385759045/;UID=20/;section=1.2.MIME/;PARTIAL=3.5",
            MessageUrl { section: part(&[1, 2], SectionText::Mime), partial: Some((3, Some(5))), ..drafts() },
        ),
        (
            ";UID=1/;SECTION=HEADER.FIELDS%20(From%20To)",
            MessageUrl {
                section: part(&[], SectionText::HeaderFields(vec!["From".to_owned(), "To".to_owned()])),
                ..whole(None, 1)
            },
        ),
        ("/x/;UID=1/;PARTIAL=9", MessageUrl { partial: Some((9, None)), ..whole(Some("x"), 1) }),
        (
            "imap://joe;AUTH=*@Mail.Example.org:143/x/;UID=1",
            MessageUrl { server: Some("mail.example.org:143".to_owned()), ..whole(Some("x"), 1) },
        ),
    ] {
        assert_eq!(parse(url), Ok(expected), "{url}");
    }
}

#[test]
fn anything_else_is_refused() {
    for url in [
        "",
        "/",
        "INBOX/;UID=1",
        "/INBOX",
        "/INBOX/;UID=0",
        "/INBOX/;UID=",
        "/INBOX/;UID=x",
        "/INBOX/;UID=1x",
        "/INBOX/;UID=4294967296",
        "/INBOX;UIDVALIDITY=/;UID=1",
        "/INBOX/;UID=1/;SECTION=",
        "/INBOX/;UID=1/;SECTION=FOO",
        "/INBOX/;UID=1/;SECTION=1]x[",
        "/INBOX/;UID=1/;PARTIAL=1.x",
        "/INBOX/;UID=1/;PARTIAL=0.5/;SECTION=1",
        "/INBOX/;UID=1;EXPIRE=2040-01-01T00:00:00Z;URLAUTH=anonymous:internal:0",
        "/%zz/;UID=1",
        "/%ff/;UID=1",
        "/%f",
        "http://example.org/INBOX/;UID=1",
        "imap://example.org",
        "imap://example.org/;UID=1",
    ] {
        assert_eq!(parse(url), Err(NoMessageUrl), "{url}");
    }
}
