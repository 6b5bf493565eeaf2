//! The facts as they are read back, and their version, on both databases.

use crate::testing::on_both;
use crate::{Scope, Store, StoreError, addresses, domains, grants, mailboxes, organisation, roles, settings};
use postroom_model::{
    Address, Grant, Grantee, MadeBy, MailboxId, MailboxKind, MailboxName, Org, Origin, Plan, Privilege, Right,
    RightSet, RoleType, SeenMode, SentCopy, SpecialUse, Time, role::ADMINISTRATORS,
};
use std::collections::BTreeSet;

const AT: Time = Time(1_700_000_000_000);

fn new(kind: MailboxKind, name: &str) -> mailboxes::NewMailbox {
    mailboxes::NewMailbox {
        kind,
        name: MailboxName::parse(name).expect("a name"),
        display_name: name.to_uppercase(),
        sent_copy: SentCopy::Both,
        seen: SeenMode::Personal,
        quota: Some(5_000_000_000),
        privilege: Privilege::User,
    }
}

async fn load(store: &Store) -> Org {
    store.read(organisation::load).await.expect("the facts")
}

#[tokio::test]
async fn an_empty_installation_has_the_role_of_administrators() {
    on_both(|store| async move {
        let org = load(&store).await;
        assert_eq!(org.version, 0);
        let roles: Vec<_> = org.roles().collect();
        assert_eq!(roles.len(), 1);
        assert_eq!((roles[0].id.as_str(), roles[0].made_by), (ADMINISTRATORS, MadeBy::System));
        assert_eq!(roles[0].privilege, Privilege::Admin);
        assert!(!roles[0].can_be_tied());
    })
    .await;
}

#[tokio::test]
async fn everything_written_is_read_back() {
    on_both(|store| async move {
        let written = store.write(Scope::Organisation, |tx| {
            domains::create(tx, "example.org", AT)?;
            let ana = mailboxes::create(tx, &new(MailboxKind::User, "ana"), AT)?;
            let team = mailboxes::create(tx, &new(MailboxKind::Shared, "team"), AT)?;
            let wanted = ["team@example.org", "a@example.org", "z@example.org"];
            let list: Vec<Address> = wanted.iter().map(|text| Address::parse(text).expect("an address")).collect();
            addresses::set(tx, team, &list)?;
            let role = roles::create(tx, "Team", "Works", Privilege::User, RoleType::Security, AT)?;
            roles::set_members(tx, role, &BTreeSet::from([ana]))?;
            let inbox = crate::folders::by_special_use(tx, team, SpecialUse::Inbox)?.map(|folder| folder.id);
            for (grantee, folder) in [(Grantee::Role(role), None), (Grantee::Person(ana), inbox)] {
                let rights = RightSet::NONE.with(Right::MessageRead);
                let grant = Grant { mailbox: team, grantee, folder, rights, automap: false, origin: Origin::File };
                grants::set(tx, &grant, AT)?;
                grants::set(tx, &Grant { automap: true, ..grant }, AT)?;
            }
            settings::set_plan(tx, Some(Plan { included: 1, maximum: 3 }))?;
            Ok::<_, StoreError>((ana, team, role))
        });
        let (ana, team, role) = written.await.expect("written");
        let org = load(&store).await;
        let mailbox = org.by_name("team").expect("the mailbox");
        assert_eq!((mailbox.id, mailbox.kind, mailbox.label.as_str()), (team, MailboxKind::Shared, "TEAM"));
        assert_eq!((mailbox.sent_copy, mailbox.seen), (SentCopy::Both, SeenMode::Personal));
        assert_eq!(mailbox.quota, Some(5_000_000_000));
        let list: Vec<&str> = mailbox.addresses.iter().map(Address::as_str).collect();
        assert_eq!(list, ["team@example.org", "a@example.org", "z@example.org"]);
        assert_eq!(org.role(role).expect("the role").members, BTreeSet::from([ana]));
        assert_eq!(org.grants_on(team).len(), 2);
        assert!(org.grants_on(team).iter().all(|grant| grant.automap));
        assert_eq!(org.plan, Some(Plan { included: 1, maximum: 3 }));
    })
    .await;
}

#[tokio::test]
async fn the_version_grows_and_ids_are_never_used_again() {
    on_both(|store| async move {
        let make = |store: Store| async move {
            let made = store.write(Scope::Organisation, |tx| mailboxes::create(tx, &new(MailboxKind::User, "ana"), AT));
            let made: Result<MailboxId, StoreError> = made.await;
            made.expect("made")
        };
        let first = make(store.clone()).await;
        let before = load(&store).await.version;
        let gone: Result<(), StoreError> =
            store.write(Scope::Organisation, move |tx| mailboxes::remove(tx, first)).await;
        gone.expect("removed");
        assert!(load(&store).await.version > before);
        assert!(make(store.clone()).await > first);
    })
    .await;
}
