//! That sessions end when they should, and belong to users alone, on both databases.

use crate::testing::on_both;
use crate::web_sessions::{self, WebSession};
use crate::{Scope, Store, StoreError, credentials, mailboxes};
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
    store.write(Scope::Organisation, move |tx| mailboxes::create(tx, &new, AT)).await.expect("made")
}

fn session(mailbox: MailboxId, ends_at: Time) -> WebSession {
    WebSession {
        id: 0,
        mailbox,
        epoch: 0,
        door: "admin".to_owned(),
        user_agent: "a browser".to_owned(),
        address: "192.0.2.1".to_owned(),
        created_at: AT,
        last_used_at: AT,
        ends_at,
        expires_at: Time(ends_at.0 + 1000),
    }
}

#[tokio::test]
async fn sessions_are_found_until_they_end() {
    on_both(|store| async move {
        let ana = make(&store, MailboxKind::User, "ana").await;
        let end = Time(AT.0 + 1000);
        let done = store.write(Scope::Organisation, move |tx| {
            let id = web_sessions::begin(tx, "h1", &session(ana, end))?;
            web_sessions::begin(tx, "h2", &session(ana, end))?;
            assert_eq!(web_sessions::find(tx, "h1", AT)?.map(|found| (found.id, found.mailbox)), Some((id, ana)));
            assert_eq!(web_sessions::find(tx, "h1", end)?, None);
            web_sessions::used(tx, id, Time(AT.0 + 5), Time(end.0 + 5))?;
            assert!(web_sessions::find(tx, "h1", end)?.is_some());
            assert_eq!(web_sessions::of(tx, ana, AT)?.iter().map(|one| one.id).collect::<Vec<_>>(), [id, id + 1]);
            assert_eq!(web_sessions::prune(tx, end, 10)?, 1);
            assert!(!web_sessions::end(tx, MailboxId(ana.0 + 1), id)?, "of another person");
            assert!(web_sessions::end(tx, ana, id)?);
            web_sessions::of(tx, ana, AT)
        });
        assert_eq!(done.await.expect("done"), []);
    })
    .await;
}

#[tokio::test]
async fn a_person_has_so_many_and_the_oldest_goes() {
    on_both(|store| async move {
        let ana = make(&store, MailboxKind::User, "ana").await;
        let done = store.write(Scope::Organisation, move |tx| {
            for number in 0..105 {
                let mut new = session(ana, Time(AT.0 + 10_000));
                new.last_used_at = Time(AT.0 + number);
                web_sessions::begin(tx, &number.to_string(), &new)?;
            }
            assert!(web_sessions::find(tx, "4", AT)?.is_none() && web_sessions::find(tx, "5", AT)?.is_some());
            Ok::<_, StoreError>(web_sessions::of(tx, ana, AT)?.len())
        });
        assert_eq!(done.await.expect("done"), 100);
    })
    .await;
}

#[tokio::test]
async fn the_database_refuses_a_session_of_what_is_no_user_and_ends_those_of_who_stops_being_one() {
    on_both(|store| async move {
        let team = make(&store, MailboxKind::Shared, "team").await;
        let ana = make(&store, MailboxKind::User, "ana").await;
        let later = Time(AT.0 + 1000);
        let refused: Result<i64, StoreError> =
            store.write(Scope::Free, move |tx| web_sessions::begin(tx, "h", &session(team, later))).await;
        assert!(refused.expect_err("refused").detail().contains("constraint"));
        let done = store.write(Scope::Organisation, move |tx| {
            web_sessions::begin(tx, "h", &session(ana, later))?;
            mailboxes::convert(tx, ana, MailboxKind::Shared)?;
            assert!(web_sessions::find(tx, "h", AT)?.is_none());
            mailboxes::convert(tx, ana, MailboxKind::User)?;
            web_sessions::begin(tx, "h", &session(ana, later))?;
            credentials::remove_password(tx, ana)?;
            assert!(web_sessions::find(tx, "h", AT)?.is_none());
            web_sessions::begin(tx, "h", &session(ana, later))?;
            mailboxes::remove(tx, ana)
        });
        done.await.expect("removed with its sessions");
    })
    .await;
}
