//! That a code is taken once, and that a second factor belongs to a user alone, on both databases.

use crate::testing::on_both;
use crate::{Scope, Store, StoreError, mailboxes, second_factors};
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

#[tokio::test]
async fn codes_are_taken_once() {
    on_both(|store| async move {
        let ana = make(&store, MailboxKind::User, "ana").await;
        let done = store.write(Scope::Organisation, move |tx| {
            assert!(second_factors::enrol(tx, ana, b"one", AT)?);
            assert!(second_factors::enrol(tx, ana, b"two", AT)?, "not confirmed: replaced");
            assert!(!second_factors::in_force(tx, ana)? && second_factors::holders(tx)?.is_empty());
            assert!(second_factors::confirm(tx, ana, AT)? && !second_factors::confirm(tx, ana, AT)?);
            assert!(!second_factors::enrol(tx, ana, b"three", AT)?, "in force: it stays");
            assert_eq!(second_factors::find(tx, ana)?.map(|found| found.sealed), Some(b"two".to_vec()));
            assert!(second_factors::take_step(tx, ana, 5)?);
            assert!(!second_factors::take_step(tx, ana, 5)? && !second_factors::take_step(tx, ana, 4)?);
            assert!(second_factors::take_step(tx, ana, 6)?);
            second_factors::set_recovery_codes(tx, ana, &["a".to_owned(), "b".to_owned()])?;
            assert!(second_factors::take_recovery_code(tx, ana, "a")?);
            assert!(!second_factors::take_recovery_code(tx, ana, "a")?);
            assert_eq!(second_factors::recovery_codes(tx, ana)?, 1);
            mailboxes::convert(tx, ana, MailboxKind::Shared)?;
            second_factors::find(tx, ana)
        });
        assert_eq!(done.await.expect("done"), None, "what is no user has none");
        let refused: Result<bool, StoreError> =
            store.write(Scope::Organisation, move |tx| second_factors::enrol(tx, ana, b"x", AT)).await;
        assert!(refused.expect_err("refused").detail().contains("constraint"));
    })
    .await;
}
