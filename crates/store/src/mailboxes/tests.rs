//! Labels, conversion and removal, on both databases.

use crate::testing::on_both;
use crate::{Scope, Store, StoreError, folders, grants, mailboxes, organisation, roles};
use postroom_model::{
    Grant, Grantee, MailboxId, MailboxKind, MailboxName, Origin, Privilege, RightSet, RoleType, SeenMode, SentCopy,
    Time,
};
use std::collections::BTreeSet;

const AT: Time = Time(1_700_000_000_000);

async fn make(store: &Store, kind: MailboxKind, name: &str, display_name: &str) -> MailboxId {
    let new = mailboxes::NewMailbox {
        kind,
        name: MailboxName::parse(name).expect("a name"),
        display_name: display_name.to_owned(),
        sent_copy: SentCopy::Mailbox,
        seen: SeenMode::Shared,
        quota: None,
        privilege: Privilege::User,
    };
    let made: Result<MailboxId, StoreError> =
        store.write(Scope::Organisation, move |tx| mailboxes::create(tx, &new, AT)).await;
    made.expect("made")
}

async fn label(store: &Store, id: MailboxId) -> String {
    let org = store.read(organisation::load).await.expect("read");
    org.mailbox(id).expect("there").label.clone()
}

#[tokio::test]
async fn a_later_label_gets_the_name() {
    on_both(|store| async move {
        let first = make(&store, MailboxKind::Shared, "a", "Sales/North").await;
        let second = make(&store, MailboxKind::Shared, "b", "sales-north").await;
        assert_eq!(label(&store, first).await, "Sales-North");
        assert_eq!(label(&store, second).await, "sales-north (b)");
        let third = make(&store, MailboxKind::Shared, "c", "sales-north (b)").await;
        assert_eq!(label(&store, third).await, "sales-north (b) (c)");
        let renamed: Result<(), StoreError> = store
            .write(Scope::Organisation, move |tx| {
                let org = organisation::load(tx)?;
                let mailbox = org.mailbox(first).ok_or(StoreError::Gone("it"))?;
                mailboxes::rename(tx, mailbox, "North")
            })
            .await;
        renamed.expect("renamed");
        assert_eq!(label(&store, first).await, "North");
        assert_eq!(label(&store, second).await, "sales-north (b)");
    })
    .await;
}

#[tokio::test]
async fn what_stops_being_a_user_loses_what_only_a_person_has() {
    on_both(|store| async move {
        let (ana, team) =
            (make(&store, MailboxKind::User, "ana", "").await, make(&store, MailboxKind::Shared, "team", "").await);
        let done = store.write(Scope::Organisation, move |tx| {
            let role = roles::create(tx, "Team", "", Privilege::User, RoleType::Security, AT)?;
            roles::set_members(tx, role, &BTreeSet::from([ana]))?;
            for (mailbox, grantee) in [(team, Grantee::Person(ana)), (ana, Grantee::Role(role))] {
                let rights = RightSet::all();
                let grant = Grant { mailbox, grantee, folder: None, rights, automap: true, origin: Origin::Admin };
                grants::set(tx, &grant, AT)?;
            }
            mailboxes::set_privilege(tx, ana, Privilege::Admin)?;
            let before = folders::all(tx, ana)?;
            mailboxes::convert(tx, ana, MailboxKind::Room)?;
            Ok::<_, StoreError>((before, folders::all(tx, ana)?))
        });
        let (before, after) = done.await.expect("converted");
        assert_eq!(before, after);
        let org = store.read(organisation::load).await.expect("read");
        assert_eq!(org.mailbox(ana).map(|it| (it.kind, it.privilege)), Some((MailboxKind::Room, Privilege::User)));
        assert!(org.roles().all(|role| role.members.is_empty()));
        assert!(org.grants_on(team).is_empty());
        assert_eq!(org.grants_on(ana).len(), 1, "what others hold on it stays");
    })
    .await;
}

#[tokio::test]
async fn an_empty_mailbox_is_removed_without_a_trace() {
    on_both(|store| async move {
        let ana = make(&store, MailboxKind::User, "ana", "").await;
        let gone: Result<(), StoreError> = store.write(Scope::Organisation, move |tx| mailboxes::remove(tx, ana)).await;
        gone.expect("removed");
        let left = store.read(move |tx| {
            let mut left = Vec::new();
            for table in ["mailbox WHERE id", "folder WHERE mailbox", "clock WHERE mailbox", "change WHERE mailbox"] {
                let sql = format!("SELECT COUNT(*) FROM {table} = ?1");
                left.push(tx.row(&sql, crate::params![ana], |row| row.int(0))?.unwrap_or(0));
            }
            Ok(left)
        });
        assert_eq!(left.await.expect("read"), [0; 4]);
    })
    .await;
}
