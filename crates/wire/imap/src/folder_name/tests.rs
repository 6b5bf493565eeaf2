//! Known names both ways, what must stay undecoded, and there and back for any name.

use proptest::prelude::*;

use super::*;

#[test]
fn known_spellings() {
    for (name, wire) in [
        ("", ""),
        ("Sent Items", "Sent Items"),
        ("A&B", "A&-B"),
        ("&&", "&-&-"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ("Entwürfe", "Entw&APw-rfe"),
        ("Входящие", "&BBIERQQ+BDQETwRJBDgENQ-"),
        ("😀", "&2D3eAA-"),
        ("a\tb", "a&AAk-b"),
    ] {
        assert_eq!(mutf7::encode(name), wire);
        assert_eq!(mutf7::decode(wire).as_deref(), Some(name));
    }
}

#[test]
fn refused_spellings() {
    // No end, printable ASCII in base64, needless shift out and in, half a character, lone surrogate, bad digit, 8-bit.
    for wire in ["&", "a&b", "&AGE-", "&AOk-&AOk-", "&AO-", "&2D0-", "&A/E-", "é", "&AOl-"] {
        assert_eq!(mutf7::decode(wire), None, "{wire}");
    }
}

#[test]
fn names_of_folders() {
    for (wire, utf8, text, well_formed) in [
        (&b"inBox"[..], false, "INBOX", true),
        (b"inbox/x", false, "inbox/x", true),
        (b"Entw&APw-rfe", false, "Entwürfe", true),
        (b"Entw&APw-rfe", true, "Entw&APw-rfe", true),
        ("Entwürfe".as_bytes(), false, "Entwürfe", true),
        ("Entwürfe & mehr".as_bytes(), false, "Entwürfe & mehr", true),
        (b"R&D", true, "R&D", true),
        (b"R&D", false, "R&D", false),
        (b"a\xffb", false, "a\u{fffd}b", false),
        (b"a\nb", true, "a\nb", false),
        (b"&AAA-", false, "\0", false),
        (b"", false, "", false),
    ] {
        let name = FolderName::decode(wire, utf8);
        assert_eq!((name.as_str(), name.is_well_formed()), (text, well_formed));
        assert_eq!(name.is_inbox(), text == "INBOX");
    }
}

proptest! {
    #[test]
    fn any_name_comes_back(name in any::<String>()) {
        let wire = mutf7::encode(&name);
        prop_assert!(wire.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        prop_assert_eq!(mutf7::decode(&wire), Some(name));
    }

    #[test]
    fn what_decodes_has_one_spelling(wire in "[a&+,A-D-]{0,12}") {
        if let Some(name) = mutf7::decode(&wire) {
            prop_assert_eq!(mutf7::encode(&name), wire);
        }
    }
}
