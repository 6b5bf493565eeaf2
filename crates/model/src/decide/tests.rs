//! Properties of the engine, and the golden matrix of an example organisation.

use super::*;
use crate::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn mailbox(id: i64, kind: MailboxKind, name: &str) -> Mailbox {
    let name = MailboxName::parse(name).expect("valid");
    Mailbox {
        id: MailboxId(id),
        kind,
        display_name: name.to_string(),
        label: name.to_string(),
        addresses: vec![Address::parse(&format!("{name}@example.org")).expect("valid")],
        name,
        sent_copy: SentCopy::Mailbox,
        seen: SeenMode::Shared,
        quota: None,
        privilege: Privilege::User,
        state_epoch: 0,
    }
}

fn role(key: i64, id: &str, members: &[i64]) -> Role {
    Role {
        key: RoleKey(key),
        id: id.to_owned(),
        description: String::new(),
        privilege: Privilege::User,
        role_type: RoleType::Security,
        made_by: MadeBy::Administrator,
        members: members.iter().map(|id| MailboxId(*id)).collect(),
    }
}

fn grant(mailbox: i64, grantee: Grantee, rights: &[&str], folder: Option<i64>) -> Grant {
    Grant {
        mailbox: MailboxId(mailbox),
        grantee,
        folder: folder.map(FolderId),
        rights: RightSet::parse_all(rights).expect("known"),
        automap: true,
        origin: Origin::File,
    }
}

/// alice administers; bob is in the support role; carol sends only; dave manages; erin sees one folder; frank is a stranger.
fn example() -> Org {
    let users = ["alice", "bob", "carol", "dave", "erin", "frank"];
    let mut mailboxes: Vec<Mailbox> =
        users.iter().zip(1..).map(|(name, id)| mailbox(id, MailboxKind::User, name)).collect();
    mailboxes[0].privilege = Privilege::Admin;
    mailboxes.push(mailbox(10, MailboxKind::Shared, "support"));
    mailboxes.push(mailbox(11, MailboxKind::Shared, "billing"));
    mailboxes.push(mailbox(12, MailboxKind::Room, "boardroom"));
    let mut assignment = role(22, "Assignees", &[6]);
    assignment.role_type = RoleType::Assignment;
    let person = |id| Grantee::Person(MailboxId(id));
    Org::new(
        1,
        vec![Domain { id: DomainId(1), name: "example.org".into() }],
        mailboxes,
        vec![role(20, "Mailbox - Support", &[1, 2]), role(21, "Mailbox - Billing", &[2]), assignment],
        vec![
            grant(10, Grantee::Role(RoleKey(20)), &["preset:agent"], None),
            grant(10, person(3), &["preset:send_only"], None),
            grant(10, person(4), &["preset:manager"], None),
            grant(10, person(5), &["preset:viewer", "send.as"], Some(100)),
            grant(11, Grantee::Role(RoleKey(21)), &["preset:viewer"], None),
            grant(11, person(2), &["preset:send_on_behalf"], None),
            grant(11, Grantee::Role(RoleKey(22)), &["preset:full_access"], None),
            grant(1, person(4), &["preset:full_access"], None),
            grant(12, person(4), &["calendar.free_busy"], None),
        ],
        None,
    )
}

/// `✔` whole mailbox, `f` in some folder only, `✘` denied, `–` the mailbox does not exist for the person.
#[test]
fn the_matrix_is_the_golden_one() {
    let org = example();
    let mut out = String::new();
    for mailbox in org.mailboxes() {
        let people: Vec<_> = org.mailboxes().filter(|m| m.kind == MailboxKind::User).collect();
        let names: Vec<_> = people.iter().map(|p| format!("{:>7}", p.name)).collect();
        out += &format!("{} mailbox \"{}\"\n  {:22}{}\n", mailbox.kind.as_str(), mailbox.name, "", names.join(""));
        for right in Right::ALL {
            let cells: Vec<_> = people.iter().map(|p| cell(&org, p.id, mailbox.id, right)).collect();
            out += &format!("  {:22}{}\n", right.as_str(), cells.iter().map(|c| format!("{c:>7}")).collect::<String>());
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/rights-matrix.out");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &out).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(path).expect("the golden file exists");
    assert!(golden == out, "the rights matrix changed; if that is meant, run with UPDATE_GOLDEN=1\n{out}");
}

fn cell(org: &Org, person: MailboxId, mailbox: MailboxId, right: Right) -> char {
    let effective = decide(org, Actor::person(person, Door::Imap), mailbox);
    if !effective.sees_mailbox() {
        '–'
    } else if effective.whole.has(right) {
        '✔'
    } else if effective.anywhere().has(right) {
        'f'
    } else {
        '✘'
    }
}

#[test]
fn who_may_change_grants() {
    let org = example();
    let may = |who: i64, mailbox: i64, grantee| {
        may_grant(&org, Actor::person(MailboxId(who), Door::Admin), MailboxId(mailbox), grantee)
    };
    let person = |id| Grantee::Person(MailboxId(id));
    let support = Grantee::Role(RoleKey(20));
    assert_eq!(may(1, 10, person(1)), Ok(()), "an administrator may grant to themselves; it shows in Activity");
    assert_eq!(may(4, 10, person(6)), Ok(()), "a manager may grant");
    assert_eq!(may(4, 10, person(4)), Err(MayNotGrant::OwnGrant));
    assert_eq!(may(4, 10, support), Ok(()));
    assert_eq!(may(2, 10, person(6)), Err(MayNotGrant::NotManager), "an agent is no manager");
    assert_eq!(may(6, 6, person(2)), Ok(()), "an owner may share");
    assert_eq!(may(1, 6, person(6)), Err(MayNotGrant::Owner), "what the owner holds is no grant");
    assert_eq!(may_grant(&org, Actor::operator(), MailboxId(10), support), Ok(()));
}

#[test]
fn a_manager_does_not_change_roles_they_are_in() {
    let mut team = role(20, "Mailbox - Support", &[4]);
    team.description = "with its manager in it".into();
    let grants = vec![grant(10, Grantee::Person(MailboxId(4)), &["preset:manager"], None)];
    let boxes = vec![mailbox(4, MailboxKind::User, "dave"), mailbox(10, MailboxKind::Shared, "support")];
    let org = Org::new(1, vec![], boxes, vec![team], grants, None);
    let dave = Actor::person(MailboxId(4), Door::Admin);
    assert_eq!(may_grant(&org, dave, MailboxId(10), Grantee::Role(RoleKey(20))), Err(MayNotGrant::OwnRole));
}

#[test]
fn denials_name_right_mailbox_and_managers() {
    let text = Denied::new(&example(), Right::MessagePurge, MailboxId(10)).to_string();
    assert_eq!(text, "this needs the right message.purge on support; ask dave");
    let text = Denied::new(&example(), Right::MessageRead, MailboxId(11)).to_string();
    assert_eq!(text, "this needs the right message.read on billing; ask an administrator");
}

prop_compose! {
    fn any_grant()(mailbox in 1..8i64, to_role in any::<bool>(), who in 1..5i64, bits in 0..(1i64 << 23), folder in prop::option::of(100..103i64), automap in any::<bool>()) -> Grant {
        let grantee = if to_role { Grantee::Role(RoleKey(who)) } else { Grantee::Person(MailboxId(who)) };
        Grant { mailbox: MailboxId(mailbox), grantee, folder: folder.map(FolderId), rights: RightSet::from_bits(bits), automap, origin: Origin::Admin }
    }
}

fn any_org() -> impl Strategy<Value = (Org, Vec<Grant>, Vec<BTreeSet<i64>>)> {
    let grants = prop::collection::vec(any_grant(), 0..12);
    let members = prop::collection::vec(prop::collection::btree_set(1..5i64, 0..4), 4);
    (grants, members).prop_map(|(grants, members)| {
        let boxes = (1..8)
            .map(|id| mailbox(id, if id < 5 { MailboxKind::User } else { MailboxKind::Shared }, &format!("m{id}")));
        let roles = members
            .iter()
            .zip(1..)
            .map(|(set, key)| role(key, &format!("r{key}"), &set.iter().copied().collect::<Vec<_>>()));
        (Org::new(1, vec![], boxes.collect(), roles.collect(), grants.clone(), None), grants, members)
    })
}

proptest! {
    /// A right is held if and only if some grant that reaches the person carries it, or they own the mailbox.
    #[test]
    fn rights_are_the_union_of_what_was_granted((org, grants, members) in any_org(), who in 1..8i64, on in 1..8i64, folder in prop::option::of(100..103i64)) {
        let path: Vec<FolderId> = folder.map(FolderId).into_iter().collect();
        let effective = decide(&org, Actor::person(MailboxId(who), Door::Jmap), MailboxId(on));
        for right in Right::ALL {
            let owns = who == on && who < 5;
            let granted = who < 5 && grants.iter().any(|g| {
                let to = match g.grantee { Grantee::Person(id) => id.0 == who, Grantee::Role(key) => members[key.0 as usize - 1].contains(&who) };
                let here = match g.folder { None => true, Some(id) => Some(id.0) == folder && right.can_be_narrowed() };
                g.mailbox.0 == on && to && here && g.rights.has(right)
            });
            prop_assert_eq!(effective.on(&path).has(right), owns || granted, "{} on {:?}", right, path);
        }
    }

    /// Taking a grant away never gives anything.
    #[test]
    fn fewer_grants_never_give_more((org, grants, members) in any_org(), drop in any::<prop::sample::Index>(), who in 1..5i64, on in 1..8i64) {
        prop_assume!(!grants.is_empty());
        let mut fewer = grants.clone();
        fewer.remove(drop.index(grants.len()));
        let roles = members.iter().zip(1..).map(|(set, key)| role(key, &format!("r{key}"), &set.iter().copied().collect::<Vec<_>>()));
        let less = Org::new(2, vec![], org.mailboxes().map(|m| (**m).clone()).collect(), roles.collect(), fewer, None);
        let actor = Actor::person(MailboxId(who), Door::Imap);
        let (before, after) = (decide(&org, actor, MailboxId(on)), decide(&less, actor, MailboxId(on)));
        prop_assert_eq!(after.anywhere().without(before.anywhere()), RightSet::NONE);
    }

    /// What is not a person holds nothing, whatever was granted to it.
    #[test]
    fn only_persons_hold_rights((org, _, _) in any_org(), who in 5..12i64, on in 1..8i64) {
        prop_assert!(!decide(&org, Actor::person(MailboxId(who), Door::Imap), MailboxId(on)).sees_mailbox());
        prop_assert!(!decide(&org, Actor::server(Door::Job), MailboxId(on)).sees_mailbox());
    }
}
