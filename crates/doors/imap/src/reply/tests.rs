//! Every failure that a service can report, and how it is answered: the table in `tests/golden/imap-errors.out`.

use super::*;
use postroom_directory::{NotAllowed, scram::ScramError};
use postroom_model::decide::MayNotGrant;
use postroom_model::{BadFolderName, Denied, Right};
use postroom_wire_imap::Tag;
use postroom_wire_imap::response::{Status, tagged};
use std::fmt::{Debug, Write};
use std::time::Duration;

fn denied() -> Denied {
    Denied {
        right: Right::MessageAdd,
        mailbox: "Customer Support".into(),
        managers: vec!["Jörg".into(), "dave".into()],
    }
}

fn store_errors() -> Vec<StoreError> {
    vec![
        StoreError::Corrupt("something private"),
        StoreError::Object(std::io::Error::other("something private")),
        StoreError::Closed,
        StoreError::Panicked,
        StoreError::NotCommitted("something private".into()),
        StoreError::Conflict,
        StoreError::Gone("the folder"),
    ]
}

fn access_errors() -> Vec<AccessError> {
    let store = StoreError::Corrupt("something private");
    vec![AccessError::NotFound, AccessError::Denied(denied()), AccessError::Store(store)]
}

fn append_errors() -> Vec<AppendError> {
    let others = [
        AppendError::Full { used: 900, quota: 1000 },
        AppendError::TooMany { quota: 1000 },
        AppendError::ServersFolder,
    ];
    access_errors().into_iter().map(AppendError::Access).chain(others).collect()
}

fn folder_errors() -> Vec<FolderError> {
    let names = [BadFolderName::Empty, BadFolderName::TooLong, BadFolderName::Character('%'), BadFolderName::TooDeep];
    let others = [
        FolderError::Exists,
        FolderError::SpecialUse("Drafts".into()),
        FolderError::HasChildren,
        FolderError::BelowItself,
        FolderError::UseTaken("Old/Archive".into()),
    ];
    let access = access_errors().into_iter().map(FolderError::Access);
    access.chain(names.map(FolderError::BadName)).chain(others).collect()
}

fn subscribe_errors() -> Vec<SubscribeError> {
    access_errors().into_iter().map(SubscribeError::Access).chain([SubscribeError::TooMany]).collect()
}

fn annotate_errors() -> Vec<AnnotateError> {
    let others = [
        AnnotateError::TooLong { limit: 65_536 },
        AnnotateError::NameTooLong { limit: 255 },
        AnnotateError::TooMany { limit: 100 },
        AnnotateError::NotAdmin,
    ];
    access_errors().into_iter().map(AnnotateError::Access).chain(others).collect()
}

fn update_errors() -> Vec<UpdateError> {
    vec![
        UpdateError::NotFound,
        UpdateError::NameUnchangeable,
        UpdateError::BadDisplayName,
        UpdateError::NoUser("Customer Support".into()),
        UpdateError::NotAllowed(NotAllowed::NotAdmin),
        UpdateError::Store(StoreError::Corrupt("something private")),
    ]
}

fn grant_errors() -> Vec<GrantError> {
    let refusals = [MayNotGrant::NotManager, MayNotGrant::OwnGrant, MayNotGrant::OwnRole, MayNotGrant::Owner];
    let mut all = vec![
        GrantError::NotFound,
        GrantError::NoFolder("Customer Support".into()),
        GrantError::NoUser,
        GrantError::NoRole,
        GrantError::SystemRole("Everyone".into()),
        GrantError::AssignmentRole("Shift".into()),
        GrantError::NotNarrowable("send.as".into()),
        GrantError::NoRights,
        GrantError::NotAllowed(NotAllowed::NotAdmin),
    ];
    all.extend(refusals.map(|why| GrantError::NotAllowed(NotAllowed::Grant(why))));
    all.push(GrantError::Store(StoreError::Corrupt("something private")));
    all
}

fn sign_in_errors() -> Vec<SignInError> {
    let store = StoreError::Corrupt("something private");
    vec![
        SignInError::Refused,
        SignInError::Throttled { retry_after: Duration::from_secs(30) },
        SignInError::Store(store),
    ]
}

fn scram_errors() -> Vec<ScramRefused> {
    let exchange = [
        ScramError::Malformed("nonce"),
        ScramError::ChannelBinding,
        ScramError::ChannelBindingType,
        ScramError::Downgraded,
        ScramError::WrongProof,
    ];
    exchange.into_iter().map(ScramRefused::Exchange).chain(sign_in_errors().into_iter().map(Into::into)).collect()
}

fn lines<E: Debug + Into<Failure>>(out: &mut String, what: &str, errors: Vec<E>) {
    for error in errors {
        let shown = format!("{error:?}");
        let (status, code, text) = match error.into() {
            Failure::No(code, text) => (Status::No, code, text),
            Failure::Bad(text) => (Status::Bad, None, text),
            Failure::Io(error) => panic!("no service reports {error}"),
        };
        let mut written = Vec::new();
        tagged(&mut written, &Tag::new("a").expect("a tag"), status, code, &text);
        let written = String::from_utf8(written).expect("answers are ASCII");
        assert!(!written.contains("private"), "{written}");
        writeln!(out, "{what} {shown}\n    {}", written.trim_end()).expect("a string takes it all");
    }
}

#[test]
fn the_answers_are_the_golden_ones() {
    let mut out = String::new();
    lines(&mut out, "store", store_errors());
    lines(&mut out, "access", access_errors());
    lines(&mut out, "append", append_errors());
    lines(&mut out, "folder", folder_errors());
    lines(&mut out, "subscribe", subscribe_errors());
    lines(&mut out, "annotate", annotate_errors());
    lines(&mut out, "update", update_errors());
    lines(&mut out, "grant", grant_errors());
    lines(&mut out, "sign in", sign_in_errors());
    lines(&mut out, "SCRAM", scram_errors());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/golden/imap-errors.out");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &out).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(out, golden, "after a deliberate change run this test with UPDATE_GOLDEN=1 and read the difference");
}
