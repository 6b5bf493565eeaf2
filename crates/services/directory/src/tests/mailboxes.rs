//! Making, changing, converting and deleting mailboxes; domains and the plan.

use super::{Desk, OPERATOR, names, on_desks, person};
use crate::{
    AddressProblem, ConvertError, CreateError, DeleteError, DomainError, Names, NewShared, NewUser, NotAllowed, Secret,
    UpdateError, UpdateMailbox,
};
use postroom_model::{MailboxKind, Plan, Privilege, Right, RightSet, SeenMode};

#[tokio::test]
async fn a_mailbox_is_refused_with_the_reason() {
    on_desks(|desk| async move {
        desk.user("ana").await;
        let check = async |names: Names, expected: &str| {
            let refused = desk.directory.create_shared(OPERATOR, NewShared { names, ..NewShared::default() }).await;
            let text = refused.expect_err(expected).to_string();
            assert!(text.contains(expected), "{text}");
        };
        check(names("ana"), "the name ana is taken").await;
        check(Names { name: "Ana".into(), ..Names::default() }, "`Ana` is no mailbox name").await;
        let with = |addresses: &[&str]| Names {
            name: "x".into(),
            display_name: String::new(),
            addresses: addresses.iter().map(ToString::to_string).collect(),
        };
        check(with(&["x@elsewhere.example"]), "the domain of x@elsewhere.example is not configured").await;
        check(with(&["ANA@example.org"]), "already belongs to the mailbox ana").await;
        check(with(&["x@example.org", "X@example.org"]), "given twice").await;
        check(with(&["nonsense"]), "no address").await;
        check(Names { name: "x".into(), display_name: "a\nb".into(), ..Names::default() }, "display name").await;
        assert!(desk.directory.org().by_name("x").is_none());
    })
    .await;
}

#[tokio::test]
async fn only_administrators_and_the_operator_make_mailboxes() {
    on_desks(|desk| async move {
        let (ana, bo) = (desk.user("ana").await, desk.user("bo").await);
        let update = UpdateMailbox { privilege: Some(Privilege::Admin), ..UpdateMailbox::default() };
        let refused = desk.directory.update_mailbox(person(bo), bo, update.clone()).await;
        assert!(matches!(refused, Err(UpdateError::NotAllowed(NotAllowed::NotAdmin))));
        desk.directory.update_mailbox(OPERATOR, ana, update).await.expect("an administrator");
        let new = |name| NewShared { names: names(name), ..NewShared::default() };
        assert!(desk.directory.create_shared(person(ana), new("team")).await.is_ok());
        let refused = desk.directory.create_shared(person(bo), new("gang")).await;
        assert!(matches!(refused, Err(CreateError::NotAllowed(_))));
        let record = desk.record().await;
        let tail: Vec<&str> = record.iter().rev().take(4).rev().map(String::as_str).collect();
        let expected = ["mailbox.update denied", "mailbox.update done", "mailbox.create done", "mailbox.create denied"];
        assert_eq!(tail, expected);
    })
    .await;
}

#[tokio::test]
async fn the_name_stays_and_the_rest_changes() {
    on_desks(|desk| async move {
        let team = desk.shared("team").await;
        let update = |update: UpdateMailbox| desk.directory.update_mailbox(OPERATOR, team, update);
        let refused = update(UpdateMailbox { name: Some("gang".into()), ..UpdateMailbox::default() }).await;
        assert!(matches!(refused, Err(UpdateError::NameUnchangeable)));
        let refused = update(UpdateMailbox { privilege: Some(Privilege::Admin), ..UpdateMailbox::default() }).await;
        assert!(matches!(refused, Err(UpdateError::NoUser(_))));
        let all = UpdateMailbox {
            name: Some("team".into()),
            display_name: Some(" The Team ".into()),
            addresses: Some(vec!["help@example.org".into(), "team@example.org".into()]),
            seen: Some(SeenMode::Personal),
            quota: Some(Some(1000)),
            ..UpdateMailbox::default()
        };
        update(all).await.expect("changed");
        let org = desk.directory.org();
        let mailbox = org.mailbox(team).expect("there");
        assert_eq!((mailbox.display_name.as_str(), mailbox.label.as_str()), ("The Team", "The Team"));
        assert_eq!(mailbox.default_address().map(|address| address.as_str()), Some("help@example.org"));
        assert_eq!((mailbox.seen, mailbox.quota), (SeenMode::Personal, Some(1000)));
        let taken = desk.user("ana").await;
        let steal = UpdateMailbox { addresses: Some(vec!["help@example.org".into()]), ..UpdateMailbox::default() };
        let refused = desk.directory.update_mailbox(OPERATOR, taken, steal).await;
        assert!(matches!(refused, Err(UpdateError::Address(AddressProblem::Taken { .. }))));
    })
    .await;
}

#[tokio::test]
async fn conversion_keeps_everything_and_ends_the_person() {
    on_desks(|desk| async move {
        let (ana, team) = (desk.user("ana").await, desk.shared("team").await);
        desk.grant(team, ana, RightSet::NONE.with(Right::MessageRead)).await;
        desk.grant(ana, desk.user("bo").await, RightSet::NONE.with(Right::MessageRead)).await;
        let session = desk.sign_in("ana", "ana").await.expect("signed in");
        assert!(desk.directory.still_valid(&session).await);
        let before = desk.directory.org().mailbox(ana).cloned().expect("there");
        let notes = desk.directory.convert(OPERATOR, ana, MailboxKind::Shared).await.expect("converted");
        assert!(notes[0].contains("no user any more"), "{notes:?}");
        assert!(!desk.directory.still_valid(&session).await);
        assert!(desk.sign_in("ana", "ana").await.is_err());
        let org = desk.directory.org();
        let after = org.mailbox(ana).expect("there");
        assert_eq!((after.id, &after.addresses, &after.label), (ana, &before.addresses, &before.label));
        assert!(org.grants_on(team).is_empty() && org.grants_on(ana).len() == 1);
        // Back again: the same mailbox, but nobody signs in until a password is set; the old session stays over.
        desk.directory.convert(OPERATOR, ana, MailboxKind::Room).await.expect("a room");
        desk.directory.convert(OPERATOR, ana, MailboxKind::User).await.expect("a user again");
        assert!(desk.sign_in("ana", "ana").await.is_err());
        assert!(!desk.directory.still_valid(&session).await);
        desk.directory.set_password(OPERATOR, ana, Secret::new("new")).await.expect("a password");
        assert!(desk.sign_in("ana", "new").await.is_ok());
        assert!(!desk.directory.still_valid(&session).await);
    })
    .await;
}

#[tokio::test]
async fn the_plan_is_enforced_with_a_clear_answer() {
    on_desks(|desk| async move {
        desk.directory.set_plan(OPERATOR, Some(Plan { included: 1, maximum: 2 })).await.expect("a plan");
        let ana = desk.user("ana").await;
        let new = |name| NewShared { names: names(name), ..NewShared::default() };
        let made = desk.directory.create_shared(OPERATOR, new("one")).await.expect("included");
        assert!(made.notes.is_empty());
        let made = desk.directory.create_shared(OPERATOR, new("two")).await.expect("allowed");
        assert_eq!(made.notes, ["this is shared mailbox number 2: the plan includes 1 and allows 2 at most"]);
        let refused = desk.directory.create_shared(OPERATOR, new("three")).await.expect_err("too many");
        assert_eq!(
            refused.to_string(),
            "the plan allows 2 shared mailboxes at most; delete or convert one, or change the plan"
        );
        let refused = desk.directory.convert(OPERATOR, ana, MailboxKind::Shared).await;
        assert!(matches!(refused, Err(ConvertError::PlanFull(2))));
        assert_eq!(desk.directory.org().mailbox(ana).map(|it| it.kind), Some(MailboxKind::User));
        desk.directory.set_plan(OPERATOR, None).await.expect("no plan");
        desk.directory.convert(OPERATOR, ana, MailboxKind::Shared).await.expect("no limit");
    })
    .await;
}

#[tokio::test]
async fn deleting_frees_name_and_addresses() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        let session = desk.sign_in("ana", "ana").await.expect("signed in");
        desk.directory.delete_mailbox(OPERATOR, ana).await.expect("deleted");
        assert!(!desk.directory.still_valid(&session).await);
        assert!(matches!(desk.directory.delete_mailbox(OPERATOR, ana).await, Err(DeleteError::NotFound)));
        assert_ne!(desk.user("ana").await, ana);
        assert!(!desk.directory.still_valid(&session).await, "a new account of the same name is another");
        let used = desk.directory.delete_domain(OPERATOR, "example.org").await;
        assert!(matches!(used, Err(DomainError::InUse { addresses: 1, .. })));
    })
    .await;
}

#[tokio::test]
async fn a_user_without_a_password_cannot_sign_in() {
    on_desks(|desk: Desk| async move {
        let new = NewUser { names: names("ana"), ..NewUser::default() };
        desk.directory.create_user(OPERATOR, new).await.expect("made");
        for password in ["", "ana", "nobody"] {
            assert!(desk.sign_in("ana", password).await.is_err());
        }
        let new = NewUser { names: names("bo"), password: Some(Secret::new("")), ..NewUser::default() };
        assert!(matches!(desk.directory.create_user(OPERATOR, new).await, Err(CreateError::Password(_))));
    })
    .await;
}
