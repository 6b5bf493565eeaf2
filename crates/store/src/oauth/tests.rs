//! That grants end with all their tokens and with the account, on both databases.

use super::grants::Grant;
use super::tokens::{Purpose, Token};
use super::{clients, devices, grants, prune, tokens};
use crate::testing::on_both;
use crate::{Scope, Store, StoreError, credentials, mailboxes};
use postroom_model::{MailboxId, MailboxKind, MailboxName, Privilege, SeenMode, SentCopy, Time};

const AT: Time = Time(1_700_000_000_000);

async fn ana(store: &Store) -> MailboxId {
    let new = mailboxes::NewMailbox {
        kind: MailboxKind::User,
        name: MailboxName::parse("ana").expect("a name"),
        display_name: "ana".to_owned(),
        sent_copy: SentCopy::Mailbox,
        seen: SeenMode::Shared,
        quota: None,
        privilege: Privilege::User,
    };
    store.write(Scope::Organisation, move |tx| mailboxes::create(tx, &new, AT)).await.expect("made")
}

fn grant(mailbox: MailboxId) -> Grant {
    Grant {
        id: 0,
        mailbox,
        client: "c".to_owned(),
        client_name: "Client".to_owned(),
        scopes: "mail".to_owned(),
        epoch: 0,
        created_at: AT,
        last_used_at: None,
        expires_at: Time(AT.0 + 1000),
    }
}

fn token(grant: i64, purpose: Purpose, hash: &str) -> Token {
    let (redirect_uri, challenge) = (None, None);
    let expires_at = Time(AT.0 + 500);
    Token { hash: hash.to_owned(), grant, purpose, created_at: AT, expires_at, redirect_uri, challenge }
}

#[tokio::test]
async fn tokens_are_taken_once_and_end_with_their_grant() {
    on_both(|store| async move {
        let ana = ana(&store).await;
        let done = store.write(Scope::Organisation, move |tx| {
            let id = grants::add(tx, &grant(ana))?;
            tokens::add(tx, &token(id, Purpose::Refresh, "r"))?;
            tokens::add(tx, &token(id, Purpose::Access, "a"))?;
            assert!(tokens::find(tx, Purpose::Access, "r", AT)?.is_none(), "each for its purpose");
            assert!(tokens::find(tx, Purpose::Access, "a", Time(AT.0 + 500))?.is_none(), "expired");
            assert_eq!(tokens::find(tx, Purpose::Access, "a", AT)?.map(|found| found.grant.id), Some(id));
            assert!(tokens::take(tx, "r", AT)? && !tokens::take(tx, "r", AT)?);
            assert!(tokens::find(tx, Purpose::Refresh, "r", AT)?.is_some_and(|found| found.used_at == Some(AT)));
            assert_eq!(grants::of(tx, ana, AT)?, [], "nothing was taken yet");
            grants::used(tx, id, AT, Time(AT.0 + 2000))?;
            assert_eq!(grants::of(tx, ana, AT)?.len(), 1);
            assert!(grants::end(tx, id)?);
            assert!(tokens::grant_of(tx, "a")?.is_none());
            let id = grants::add(tx, &grant(ana))?;
            tokens::add(tx, &token(id, Purpose::Access, "a"))?;
            credentials::remove_password(tx, ana)?;
            assert!(grants::find(tx, id)?.is_none(), "a change of the password ends them");
            grants::add(tx, &grant(ana))?;
            mailboxes::convert(tx, ana, MailboxKind::Shared)
        });
        done.await.expect("converted, with its grants gone");
        let refused: Result<i64, StoreError> =
            store.write(Scope::Organisation, move |tx| grants::add(tx, &grant(ana))).await;
        assert!(refused.expect_err("no user").detail().contains("constraint"));
    })
    .await;
}

#[tokio::test]
async fn what_expired_is_pruned_and_what_is_used_stays() {
    on_both(|store| async move {
        let ana = ana(&store).await;
        let done = store.write(Scope::Organisation, move |tx| {
            for id in ["used", "unused"] {
                let redirect_uris = vec!["https://app.example/a".to_owned(), "https://app.example/b".to_owned()];
                let client = clients::Client { id: id.to_owned(), name: "Client".to_owned(), redirect_uris };
                clients::add(tx, &client, AT)?;
                assert_eq!(clients::find(tx, id)?, Some(client));
            }
            let id = grants::add(tx, &Grant { client: "used".to_owned(), ..grant(ana) })?;
            tokens::add(tx, &token(id, Purpose::Access, "a"))?;
            let device = devices::Device {
                hash: "d".to_owned(),
                user_code: "BCDF-GHJK".to_owned(),
                client: "used".to_owned(),
                client_name: "Client".to_owned(),
                scopes: "mail".to_owned(),
                created_at: AT,
                expires_at: Time(AT.0 + 500),
                polled_at: None,
                answer: None,
            };
            assert!(
                devices::add(tx, &device)?
                    && !devices::add(tx, &devices::Device { hash: "e".to_owned(), ..device.clone() })?
            );
            assert_eq!(devices::waiting(tx, "BCDF-GHJK", AT)?, Some(device));
            assert_eq!(prune(tx, AT, Time(0), 10)?, 0);
            assert_eq!(prune(tx, Time(AT.0 + 500), AT, 10)?, 3, "the device, the token, the client nobody allowed");
            assert!(clients::find(tx, "used")?.is_some() && grants::find(tx, id)?.is_some());
            assert_eq!(prune(tx, Time(AT.0 + 1000), AT, 10)?, 2, "the grant, then its client");
            clients::count(tx)
        });
        assert_eq!(done.await.expect("done"), 0);
    })
    .await;
}
