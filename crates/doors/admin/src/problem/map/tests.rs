//! Prints the whole map. A change of what an error is over HTTP shows as a diff of tests/golden/admin-errors.out.

use crate::Problem;
use postroom_directory::{
    AddressProblem, ApplicationError, AuditError, ConvertError, CreateError, DeleteError, DomainError, ExplainError,
    GrantError, HashingError, InboundError, NotAllowed, PasswordError, PlanError, RoleError, RouteError, UpdateError,
};
use postroom_fetch::FetchError;
use postroom_model::decide::MayNotGrant;
use postroom_model::{Address, BadMailboxName, MailboxName};
use postroom_outbound::{CancelError, QueueError};
use std::fmt::Write;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/golden/admin-errors.out");

fn print(out: &mut String, about: &str, errors: Vec<Problem>) {
    writeln!(out, "{about}").unwrap();
    for problem in errors {
        let field = problem.field.as_deref().unwrap_or("-");
        writeln!(out, "  {} {field:<26} {}", problem.status, problem.detail).unwrap();
    }
}

fn address() -> Address {
    Address::parse("x@example.org").unwrap()
}

fn hashing() -> Vec<Problem> {
    use HashingError as E;
    [E::Empty, E::TooLong, E::BadHash, E::Busy, E::Failed].map(Problem::from).into()
}

fn addresses() -> Vec<Problem> {
    use AddressProblem as E;
    let bad = Address::parse("x").unwrap_err();
    let taken = E::Taken { address: address(), owner: "support".to_owned() };
    [E::Bad(bad), E::UnknownDomain(address()), taken, E::Twice(address())].map(Problem::from).into()
}

fn mailboxes() -> Vec<(&'static str, Vec<Problem>)> {
    let name = || "support".to_owned();
    let taken = MailboxName::parse("support").unwrap();
    let create = [
        CreateError::BadName(BadMailboxName("X".to_owned())),
        CreateError::NameTaken(taken),
        CreateError::BadDisplayName,
        CreateError::PlanFull(2),
    ];
    let update = [
        UpdateError::NotFound,
        UpdateError::NameUnchangeable,
        UpdateError::BadDisplayName,
        UpdateError::NoUser(name()),
    ];
    let delete = [DeleteError::NotFound, DeleteError::HoldsMail { name: name(), messages: 3 }];
    vec![
        ("make a user or mailbox", create.map(Problem::from).into()),
        ("change a user or mailbox", update.map(Problem::from).into()),
        ("convert a mailbox", [ConvertError::NotFound, ConvertError::PlanFull(2)].map(Problem::from).into()),
        ("delete a user or mailbox", delete.map(Problem::from).into()),
    ]
}

fn organisation() -> Vec<(&'static str, Vec<Problem>)> {
    let text = || "X".to_owned();
    let domain = [
        DomainError::BadName(text()),
        DomainError::Taken(text()),
        DomainError::NotFound(text()),
        DomainError::InUse { domain: text(), addresses: 3 },
    ];
    let role = [
        RoleError::BadId,
        RoleError::Taken(text()),
        RoleError::NotFound,
        RoleError::System(text()),
        RoleError::NoUser(text()),
        RoleError::HasGrants(text()),
    ];
    let grant = [
        GrantError::NotFound,
        GrantError::NoFolder(text()),
        GrantError::NoUser,
        GrantError::NoRole,
        GrantError::SystemRole(text()),
        GrantError::AssignmentRole(text()),
        GrantError::NotNarrowable(text()),
        GrantError::NoRights,
    ];
    vec![
        ("domains", domain.map(Problem::from).into()),
        ("roles", role.map(Problem::from).into()),
        ("grants", grant.map(Problem::from).into()),
        ("the plan", vec![PlanError::IncludedOverMaximum.into()]),
    ]
}

fn inbound() -> Vec<Problem> {
    let text = || "X".to_owned();
    let setting_up = [InboundError::NotFound, InboundError::Bad("port: X".to_owned()), InboundError::Exists];
    let testing = [
        FetchError::NoSecret,
        FetchError::Unreachable(text()),
        FetchError::Tls(text()),
        FetchError::Lost(text()),
        FetchError::Silent(60),
        FetchError::SignIn(text()),
        FetchError::Token(text()),
        FetchError::Refused { command: "SELECT", said: text() },
        FetchError::TooLarge(7),
        FetchError::Protocol { protocol: "IMAP", why: text() },
        FetchError::Changed,
    ];
    setting_up.map(Problem::from).into_iter().chain(testing.map(Problem::from)).collect()
}

fn rest() -> Vec<(&'static str, Vec<Problem>)> {
    let text = || "X".to_owned();
    let not_allowed = [
        NotAllowed::NotAdmin,
        NotAllowed::Grant(MayNotGrant::NotManager),
        NotAllowed::Grant(MayNotGrant::OwnGrant),
        NotAllowed::Grant(MayNotGrant::OwnRole),
        NotAllowed::Grant(MayNotGrant::Owner),
    ];
    let application = [
        ApplicationError::NotFound,
        ApplicationError::NoUser(text()),
        ApplicationError::NoMailbox(text()),
        ApplicationError::BadLabel,
    ];
    vec![
        ("not allowed", not_allowed.map(Problem::from).into()),
        ("explain", [ExplainError::NoUser(text()), ExplainError::NoMailbox(text())].map(Problem::from).into()),
        ("the record", vec![AuditError::NotFound.into()]),
        ("application passwords", application.map(Problem::from).into()),
        ("the queue", [QueueError::NotFound(text()), QueueError::NotAdmin].map(Problem::from).into()),
        ("taking a message back", vec![CancelError::Left(text()).into()]),
        (
            "routes",
            [
                RouteError::NoDomain(text()),
                RouteError::NoSender(text()),
                RouteError::BadRecipient(text()),
                RouteError::BadHost(text()),
                RouteError::HalfASignIn,
                RouteError::Unprotected(text()),
            ]
            .map(Problem::from)
            .into(),
        ),
        (
            "the password of an account",
            [PasswordError::NotFound, PasswordError::NoUser(text())].map(Problem::from).into(),
        ),
        ("inbound services", inbound()),
    ]
}

#[test]
fn what_each_error_is_over_http() {
    let mut out = String::new();
    print(&mut out, "passwords", hashing());
    print(&mut out, "addresses", addresses());
    for (about, errors) in mailboxes().into_iter().chain(organisation()).chain(rest()) {
        print(&mut out, about, errors);
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &out).unwrap();
    }
    let golden = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    assert!(out == golden, "tests/golden/admin-errors.out is out of date: run this test with UPDATE_GOLDEN=1\n{out}");
}
