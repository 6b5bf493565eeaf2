//! Tests of the store, each on a fresh SQLite and a fresh PostgreSQL database.

use crate::changes::Log;
use crate::emails::{FileError, NewEmail, Source};
use crate::testing::on_both;
use crate::{NewContent, NewSummary, Scope, Store, StoreError, changes, emails, folders, params, placements};
use postroom_model::{ChangeKind, EmailId, Flags, FolderId, MailboxId, ModSeq, SpecialUse, Time};

mod filing;
mod group_commit;
mod log;
mod model;

const AT: Time = Time(1_700_000_000_000);

/// A user mailbox, made without the directory.
pub(crate) async fn mailbox(store: &Store, name: &'static str) -> MailboxId {
    let made = store.write(Scope::Organisation, move |tx| {
        let sql = "INSERT INTO mailbox (kind, name, display_name, label, sent_copy, seen, state_epoch, created_at)
                   VALUES ('user', ?1, ?1, ?1, 'mailbox', 'shared', 1, 0) RETURNING id";
        let id = tx.row(sql, params![name], |row| Ok(MailboxId(row.int(0)?)))?.expect("an id");
        folders::create_mailbox(tx, id, AT)?;
        Ok::<_, StoreError>(id)
    });
    made.await.expect("a mailbox")
}

pub(crate) async fn folder(store: &Store, mailbox: MailboxId, special: SpecialUse) -> FolderId {
    let found = store.read(move |tx| folders::by_special_use(tx, mailbox, special)).await;
    found.expect("read").expect("every mailbox has it").id
}

fn content(store: &Store, text: &str) -> NewContent {
    referring(store, text, &[])
}

fn referring(store: &Store, text: &str, references: &[i64]) -> NewContent {
    let summary = NewSummary { references: references.to_vec(), ..NewSummary::default() };
    store.prepare(text.as_bytes(), summary).expect("prepared")
}

fn new_email(folder: FolderId, content: &NewContent) -> NewEmail<'_> {
    NewEmail { folder, content: Source::New(content), received_at: AT, flags: Flags::NONE, keywords: "" }
}

pub(crate) async fn file(store: &Store, mailbox: MailboxId, folder: FolderId, text: &str) -> emails::Filed {
    let content = content(store, text);
    let done = store.write(Scope::mailbox(mailbox), move |tx| {
        let mut log = Log::begin(tx, mailbox, AT)?;
        let filed = emails::file(tx, &mut log, &new_email(folder, &content), None)?;
        log.end(tx)?;
        Ok::<_, FileError>(filed)
    });
    done.await.expect("filed")
}
