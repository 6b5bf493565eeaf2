use super::*;
use crate::{MadeBy, RoleType, SeenMode, SentCopy};

fn user(id: i64, name: &str, addresses: &[&str], privilege: Privilege) -> Mailbox {
    Mailbox {
        id: MailboxId(id),
        kind: MailboxKind::User,
        name: MailboxName::parse(name).expect("valid"),
        display_name: name.to_owned(),
        label: name.to_owned(),
        addresses: addresses.iter().map(|text| Address::parse(text).expect("valid")).collect(),
        sent_copy: SentCopy::Mailbox,
        seen: SeenMode::Shared,
        quota: None,
        privilege,
        state_epoch: 0,
    }
}

fn org(mailboxes: Vec<Mailbox>, administrators: &[i64]) -> Org {
    let role = Role {
        key: RoleKey(1),
        id: "Administrators".into(),
        description: String::new(),
        privilege: Privilege::Admin,
        role_type: RoleType::Security,
        made_by: MadeBy::System,
        members: administrators.iter().map(|id| MailboxId(*id)).collect(),
    };
    let domain = Domain { id: DomainId(1), name: "example.org".into() };
    Org::new(1, vec![domain], mailboxes, vec![role], Vec::new(), None)
}

fn recipient(org: &Org, text: &str) -> Option<i64> {
    org.recipient(&Address::parse(text).expect("valid")).map(|mailbox| mailbox.id.0)
}

#[test]
fn an_exact_address_wins_over_one_without_detail() {
    let boxes = vec![
        user(1, "bob", &["bob@example.org"], Privilege::User),
        user(2, "shop", &["bob+shop@example.org"], Privilege::User),
    ];
    let org = org(boxes, &[]);
    assert_eq!(recipient(&org, "bob+shop@example.org"), Some(2));
    assert_eq!(recipient(&org, "BOB+other@example.org"), Some(1));
    assert_eq!(recipient(&org, "nobody@example.org"), None);
}

#[test]
fn mail_for_the_postmaster_arrives() {
    let boxes = || {
        vec![
            user(1, "bob", &["bob@example.org"], Privilege::User),
            user(2, "alice", &["alice@example.org"], Privilege::User),
        ]
    };
    assert_eq!(recipient(&org(boxes(), &[]), "postmaster@example.org"), None, "there is no administrator");
    assert_eq!(recipient(&org(boxes(), &[2]), "Postmaster@example.org"), Some(2));
    assert_eq!(recipient(&org(boxes(), &[2]), "postmaster@elsewhere.example"), None);
    let mut given = boxes();
    given[0].addresses.push(Address::parse("postmaster@example.org").expect("valid"));
    assert_eq!(recipient(&org(given, &[2]), "postmaster@example.org"), Some(1), "who was given it has it");
}

#[test]
fn only_users_are_persons() {
    let mut shared = user(3, "support", &["support@example.org"], Privilege::User);
    shared.kind = MailboxKind::Shared;
    let org = org(vec![shared, user(1, "bob", &["bob@example.org"], Privilege::User)], &[]);
    assert!(org.person("support").is_none() && org.person("support@example.org").is_none());
    assert_eq!(org.person("Bob").map(|person| person.id.0), Some(1));
    assert_eq!(org.person("bob@EXAMPLE.org").map(|person| person.id.0), Some(1));
}
