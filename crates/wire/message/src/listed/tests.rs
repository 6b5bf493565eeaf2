//! The copy answers like the message.

use super::*;
use crate::header_fields;
use proptest::prelude::*;

fn same(raw: &[u8], names: &[&str]) {
    assert!(are_listed(names), "{names:?}");
    let Some(copy) = listed_fields(raw) else { return };
    assert_eq!(
        header_fields(&copy, names, false),
        header_fields(raw, names, false),
        "{:?}",
        String::from_utf8_lossy(raw)
    );
}

#[test]
fn names_in_any_case() {
    assert!(are_listed(["From", "SUBJECT", "x-priority"]));
    assert!(!are_listed(["From", "Received"]));
}

#[test]
fn what_is_too_large_is_not_copied() {
    assert_eq!(listed_fields(format!("Subject: {}\r\n\r\n", "x".repeat(LARGEST)).as_bytes()), None);
    assert_eq!(listed_fields(b"Received: x\r\nSubject: y\r\n\r\nSubject: z\r\n"), Some(b"Subject: y\r\n\r\n".to_vec()));
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    let field =
        "(From|to|SUBJECT|Received|X-Spam-Flag|Date|:|: to| cc)[ \t]{0,2}:[ -~]{0,20}(\r\n[ \t][ -~]{0,9}){0,2}\r?\n?";
    prop_oneof![
        4 => field.prop_map(String::into_bytes),
        1 => "[ -~]{0,12}\r?\n".prop_map(String::into_bytes),
        1 => "[ \t\r\x0c]{0,4}\n?".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..12),
    ]
}

proptest! {
    #[test]
    fn the_copy_answers_like_the_message(lines in prop::collection::vec(line(), 0..12)) {
        let raw = lines.concat();
        for names in [&["from", "to", "subject", "date"][..], &["x-spam-flag"], &["cc", "to"], &[]] {
            same(&raw, names);
        }
    }
}
