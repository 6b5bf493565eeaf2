//! An independent parser as oracle: what imap-codec takes for a command, we take too, and read the same.

use bytes::Bytes;
use imap_codec::CommandCodec;
use imap_codec::decode::Decoder;
use imap_codec::imap_types::command::CommandBody;
use imap_codec::imap_types::extensions::binary::LiteralOrLiteral8;
use imap_codec::imap_types::fetch::MacroOrMessageDataItemNames;
use imap_codec::imap_types::mailbox::Mailbox;
use imap_codec::imap_types::sequence::{SeqOrUid, Sequence, SequenceSet};
use postroom_wire_imap::command::append::AppendData;
use postroom_wire_imap::{Command, FolderName, MessageSet, ParseOptions, parse};
use proptest::prelude::*;
use proptest::sample::select;

/// Arguments as clients write them, right and wrong.
fn argument() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(vec![
            "INBOX", "inbox", "\"Sent Items\"", "{3}\r\na b", "x/y", "\"\"", "*", "%", "\"a\\\"b\"", "(\\Seen $Work)", "()",
            "\\Deleted", "FLAGS", "+FLAGS", "-FLAGS.SILENT", "(UNCHANGEDSINCE 5)", "ALL", "FAST", "FULL", "BODY[]",
            "BODY.PEEK[HEADER.FIELDS (From \"To\")]<0.10>", "(UID BODY[1.2.MIME] RFC822.SIZE)", "BODYSTRUCTURE",
            "(CHANGEDSINCE 5)", "(CHANGEDSINCE 5 VANISHED)", "(CONDSTORE)", "(QRESYNC (1 2 3:4 (5 6)))",
            "(MESSAGES UNSEEN UIDNEXT)", "\" 1-Feb-2024 09:00:00 +0100\"", "CHARSET UTF-8", "PLAIN", "AGEAYg==", "=",
            "{2}\r\nab", "{2+}\r\nab", "IMAP4rev2", "UTF8=ACCEPT", "NIL", "(\"name\" \"x\" \"os\" NIL)",
        ]).prop_map(str::to_owned),
        2 => search_key(),
        2 => sequence_set(),
        1 => "[a-zA-Z0-9.*%()\"{}\\\\ +-]{1,6}",
    ]
}

fn search_key() -> impl Strategy<Value = String> {
    let simple = select(vec![
        "ALL",
        "UNSEEN",
        "NEW",
        "OLD",
        "KEYWORD $Work",
        "UNKEYWORD x",
        "FROM \"a b\"",
        "SUBJECT x",
        "HEADER X-A \"\"",
        "SINCE 1-Feb-2024",
        "SENTON \"01-Feb-2024\"",
        "LARGER 10",
        "SMALLER 1",
        "UID 1:*",
        "7,9",
        "OLDER 60",
        "YOUNGER 1",
        "MODSEQ 5",
        "MODSEQ \"/flags/\\\\Seen\" all 5",
    ]);
    simple.prop_map(str::to_owned).prop_recursive(4, 12, 2, |key| {
        prop_oneof![
            key.clone().prop_map(|key| format!("NOT {key}")),
            (key.clone(), key.clone()).prop_map(|(one, other)| format!("OR {one} {other}")),
            (key.clone(), key).prop_map(|(one, other)| format!("({one} {other})")),
        ]
    })
}

fn sequence_set() -> impl Strategy<Value = String> {
    let number = prop_oneof![4 => (1..=u32::MAX).prop_map(|number| number.to_string()), 1 => Just("*".to_owned())];
    let range = (number.clone(), prop::option::of(number))
        .prop_map(|(from, to)| to.map_or_else(|| from.clone(), |to| format!("{from}:{to}")));
    prop::collection::vec(range, 1..4).prop_map(|ranges| ranges.join(","))
}

fn command() -> impl Strategy<Value = String> {
    let name = select(vec![
        "CAPABILITY",
        "NOOP",
        "LOGOUT",
        "STARTTLS",
        "LOGIN",
        "AUTHENTICATE",
        "ENABLE",
        "ID",
        "SELECT",
        "EXAMINE",
        "CREATE",
        "DELETE",
        "RENAME",
        "SUBSCRIBE",
        "UNSUBSCRIBE",
        "LIST",
        "LSUB",
        "NAMESPACE",
        "STATUS",
        "APPEND",
        "IDLE",
        "CHECK",
        "CLOSE",
        "UNSELECT",
        "EXPUNGE",
        "UID EXPUNGE",
        "SEARCH",
        "UID SEARCH",
        "FETCH",
        "UID FETCH",
        "STORE",
        "UID STORE",
        "COPY",
        "UID COPY",
        "MOVE",
        "UID MOVE",
        "SORT",
        "THREAD",
        "COMPRESS",
        "GETQUOTA",
        "GETQUOTAROOT",
    ]);
    (name, prop::collection::vec(argument(), 0..4)).prop_map(|(name, arguments)| {
        let arguments: String = arguments.iter().map(|argument| format!(" {argument}")).collect();
        format!("a1 {name}{arguments}\r\n")
    })
}

/// Where we are stricter, and mean to be.
fn is_stricter(body: &CommandBody<'_>) -> bool {
    match body {
        // RFC 7162 §3.2.6: VANISHED only in UID FETCH with CHANGEDSINCE.
        CommandBody::Fetch { modifiers, .. } if !modifiers.is_empty() => true,
        // RFC 9051 §9, `fetch` and `status`: at least one item.
        CommandBody::Fetch { macro_or_item_names, .. } => {
            matches!(macro_or_item_names, MacroOrMessageDataItemNames::MessageDataItemNames(names) if names.is_empty())
        }
        CommandBody::Status { item_names, .. } => item_names.is_empty(),
        // RFC 9051 §6.2.2: what follows the mechanism is base64.
        CommandBody::Authenticate { .. } => true,
        _ => false,
    }
}

fn same_folder(theirs: &Mailbox<'_>, ours: &FolderName) -> bool {
    match theirs {
        Mailbox::Inbox => ours.is_inbox(),
        Mailbox::Other(other) => FolderName::decode(other.as_ref(), false) == *ours,
    }
}

fn spelt(set: &SequenceSet) -> String {
    let number = |number: &SeqOrUid| match number {
        SeqOrUid::Value(value) => value.to_string(),
        SeqOrUid::Asterisk => "*".to_owned(),
    };
    let ranges = set.0.as_ref().iter().map(|range| match range {
        Sequence::Range(from, to) if from != to => format!("{}:{}", number(from), number(to)),
        Sequence::Range(only, _) | Sequence::Single(only) => number(only),
    });
    ranges.collect::<Vec<_>>().join(",")
}

fn content<'a>(message: &'a LiteralOrLiteral8<'_>) -> &'a [u8] {
    match message {
        LiteralOrLiteral8::Literal(literal) => literal.as_ref(),
        LiteralOrLiteral8::Literal8(literal) => &literal.data,
    }
}

fn check(line: &str) -> Result<bool, TestCaseError> {
    let Ok((rest, theirs)) = CommandCodec::default().decode(line.as_bytes()) else { return Ok(false) };
    if !rest.is_empty() {
        return Ok(false);
    }
    let ours = match parse(&Bytes::from(line.to_owned()), &ParseOptions::default()) {
        Ok(ours) => ours,
        Err(bad) => {
            prop_assert!(is_stricter(&theirs.body), "{line:?}: {bad}");
            return Ok(false);
        }
    };
    prop_assert_eq!(theirs.tag.as_ref(), ours.tag.as_str());
    let agree = match (&theirs.body, &ours.command) {
        (CommandBody::Select { mailbox, .. }, Command::Select(select)) => same_folder(mailbox, &select.folder),
        (CommandBody::Delete { mailbox }, Command::Delete(folder)) => same_folder(mailbox, folder),
        (CommandBody::Login { username, password }, Command::Login { user, password: secret }) => {
            username.as_ref() == user.as_bytes() && password.declassify().as_ref() == secret.as_bytes()
        }
        (CommandBody::Copy { sequence_set, mailbox, uid }, Command::Copy(copy)) => {
            let MessageSet::Set(set) = &copy.messages else { return Err(TestCaseError::fail("a set became $")) };
            let numbers = spelt(sequence_set) == set.to_string();
            numbers && *uid == copy.uid && same_folder(mailbox, &copy.folder)
        }
        (CommandBody::Append { message, date, flags, .. }, Command::Append(append)) => {
            let [only] = &append.messages[..] else { return Err(TestCaseError::fail("not one message")) };
            let dated = date.as_ref().map(|date| date.as_ref().timestamp()) == only.internal_date;
            let AppendData::Message { body, .. } = &only.data else {
                return Err(TestCaseError::fail("not one literal"));
            };
            dated && flags.len() == only.flags.len() && content(message) == &body[..]
        }
        (CommandBody::Store { flags, uid, .. }, Command::Store(store)) => {
            flags.iter().map(ToString::to_string).eq(store.flags.iter().map(ToString::to_string)) && *uid == store.uid
        }
        _ => true,
    };
    prop_assert!(agree, "{:?}: {:?} and {:?}", line, theirs, ours);
    Ok(true)
}

#[test]
fn commands_are_read_alike() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(4_000));
    let both = std::cell::Cell::new(0);
    let result = runner.run(&command(), |line| {
        both.set(both.get() + u32::from(check(&line)?));
        Ok(())
    });
    assert!(result.is_ok(), "{result:?}");
    assert!(both.get() > 100, "only {} commands were good", both.get());
}
