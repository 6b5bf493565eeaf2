//! That the database itself refuses credentials, memberships and privileges of what is no user, on both databases.

use crate::testing::on_both;
use crate::{Scope, Store, StoreError, credentials, mailboxes, params};
use postroom_model::{MailboxId, MailboxKind, MailboxName, Privilege, SeenMode, SentCopy, Time};

const AT: Time = Time(1_700_000_000_000);

async fn make(store: &Store, kind: MailboxKind, name: &str) -> MailboxId {
    let new = mailboxes::NewMailbox {
        kind,
        name: MailboxName::parse(name).expect("a name"),
        display_name: name.to_owned(),
        sent_copy: SentCopy::Mailbox,
        seen: SeenMode::Shared,
        quota: None,
        privilege: Privilege::User,
    };
    let made: Result<MailboxId, StoreError> =
        store.write(Scope::Organisation, move |tx| mailboxes::create(tx, &new, AT)).await;
    made.expect("made")
}

async fn run(store: &Store, sql: &'static str, id: MailboxId) -> Result<u64, StoreError> {
    store.write(Scope::Organisation, move |tx| tx.execute(sql, params![id])).await
}

/// Asserts that a constraint of the schema refuses the statement, and nothing else.
async fn refused(store: &Store, sql: &'static str, id: MailboxId) {
    let error = run(store, sql, id).await.expect_err(sql).detail();
    assert!(error.contains("constraint"), "{sql}: {error}");
}

const INSERT: &str = "INSERT INTO credential (mailbox, purpose, hash, created_at) VALUES (?1, 'password', 'x', 0)";

#[tokio::test]
async fn the_database_refuses_credentials_of_what_is_no_user() {
    on_both(|store| async move {
        let user = make(&store, MailboxKind::User, "ana").await;
        for (kind, name) in
            [(MailboxKind::Shared, "team"), (MailboxKind::Room, "hall"), (MailboxKind::Equipment, "van")]
        {
            let other = make(&store, kind, name).await;
            let attempts = [
                INSERT,
                "INSERT INTO credential (mailbox, kind, purpose, hash, created_at) VALUES (?1, 'shared', 'password', 'x', 0)",
                "INSERT INTO credential (mailbox, kind, purpose, hash, created_at) VALUES (?1, 'room', 'application', 'x', 0)",
                "INSERT INTO role_member (role, person) VALUES (1, ?1)",
                "INSERT INTO role_member (role, person, kind) VALUES (1, ?1, 'shared')",
                "UPDATE mailbox SET privilege = 'admin' WHERE id = ?1",
                "INSERT INTO access_grant (mailbox, grantee, grantee_id, rights, automap, origin, person, person_kind, changed_at)
                 VALUES (?1, 'person', ?1, 1, 1, 'admin', ?1, 'user', 0)",
            ];
            for sql in attempts {
                refused(&store, sql, other).await;
            }
        }
        assert_eq!(run(&store, INSERT, user).await.expect("a user may have one"), 1);
        refused(&store, INSERT, user).await;
        for kind in ["shared", "room", "equipment"] {
            let sql = match kind {
                "shared" => "UPDATE mailbox SET kind = 'shared' WHERE id = ?1",
                "room" => "UPDATE mailbox SET kind = 'room' WHERE id = ?1",
                _ => "UPDATE mailbox SET kind = 'equipment' WHERE id = ?1",
            };
            refused(&store, sql, user).await;
        }
        let sql = "UPDATE credential SET mailbox = mailbox + 1 WHERE mailbox = ?1";
        refused(&store, sql, user).await;
    })
    .await;
}

#[tokio::test]
async fn no_role_of_the_system_is_tied_to_a_mailbox() {
    on_both(|store| async move {
        let team = make(&store, MailboxKind::Shared, "team").await;
        let columns = "mailbox, grantee, grantee_id, rights, automap, origin, role, role_made_by, changed_at";
        for made_by in ["administrator", "system"] {
            let sql: &'static str = format!(
                "INSERT INTO access_grant ({columns}) VALUES (?1, 'role', 1, 1, 1, 'admin', 1, '{made_by}', 0)"
            )
            .leak();
            refused(&store, sql, team).await;
        }
    })
    .await;
}

#[tokio::test]
async fn changes_of_credentials_end_sessions_and_additions_do_not() {
    on_both(|store| async move {
        let ana = make(&store, MailboxKind::User, "ana").await;
        let epochs = store.write(Scope::Organisation, move |tx| {
            let mut epochs = vec![credentials::epoch(tx, ana)?];
            let password = credentials::Password { hash: "x".into(), scram: None };
            credentials::set_password(tx, ana, &password, AT)?;
            epochs.push(credentials::epoch(tx, ana)?);
            credentials::add_scram(tx, ana, "x", "verifier")?;
            let id = credentials::add_application(tx, ana, "hash", "desk", None, None, AT)?;
            credentials::used(tx, id, AT)?;
            epochs.push(credentials::epoch(tx, ana)?);
            credentials::remove_application(tx, ana, id)?;
            epochs.push(credentials::epoch(tx, ana)?);
            credentials::remove_all(tx, ana)?;
            epochs.push(credentials::epoch(tx, ana)?);
            Ok::<_, StoreError>(epochs)
        });
        let epochs = epochs.await.expect("done");
        assert!(epochs[0] < epochs[1] && epochs[1] == epochs[2], "an addition ends nothing");
        assert!(epochs[2] == epochs[3], "an application password ends only what used it");
        assert!(epochs[3] < epochs[4]);
    })
    .await;
}
