//! Verbs on messages under rights, on both databases. alice owns a mailbox; `support` is shared.

use crate::{Append, FlagChange, FlagMode, Mail, OpenFolder, prepare};
use postroom_access::{Access, AccessError, Opened};
use postroom_model::{
    Actor, Door, Flags, Grant, Grantee, Keyword, MailboxId, MailboxKind, MailboxName, Origin, Right, RightSet,
    SeenMode, SentCopy, SpecialUse, SystemClock, Time,
};
use postroom_store::mailboxes::NewMailbox;
use postroom_store::testing::on_both;
use postroom_store::{Scope, Store, StoreError, domains, grants, mailboxes};
use std::sync::Arc;

mod changes;
mod folders;
mod headers;
mod messages;
mod sync;

const AT: Time = Time(1_700_000_000_000);

/// alice and bob are users; support is shared.
struct World {
    mail: Mail,
    alice: MailboxId,
    bob: MailboxId,
    support: MailboxId,
}

impl World {
    async fn new(store: Store) -> Self {
        let ids = store
            .write(Scope::Organisation, |tx| {
                domains::create(tx, "example.org", AT)?;
                let mut ids = Vec::new();
                for (name, kind) in
                    [("alice", MailboxKind::User), ("bob", MailboxKind::User), ("support", MailboxKind::Shared)]
                {
                    ids.push(mailboxes::create(tx, &new_mailbox(name, kind), AT)?);
                }
                Ok::<_, StoreError>(ids)
            })
            .await
            .expect("made");
        let access = Access::start(store, Arc::new(SystemClock)).await.expect("started");
        Self { mail: Mail::new(access), alice: ids[0], bob: ids[1], support: ids[2] }
    }

    /// Makes exact what a person holds on support.
    async fn grant(&self, person: MailboxId, rights: &[&str]) {
        let rights = RightSet::parse_all(rights).expect("known rights");
        let grant = Grant {
            mailbox: self.support,
            grantee: Grantee::Person(person),
            folder: None,
            rights,
            automap: true,
            origin: Origin::Admin,
        };
        let done = self.mail.access().store().write(Scope::Organisation, move |tx| grants::set(tx, &grant, AT));
        done.await.expect("granted");
        self.mail.access().reload().await.expect("reloaded");
    }

    async fn open(&self, person: MailboxId, mailbox: MailboxId) -> Result<Opened, AccessError> {
        self.mail.access().open(Actor::person(person, Door::Imap), mailbox).await
    }

    async fn folder(&self, person: MailboxId, mailbox: MailboxId, special: SpecialUse) -> OpenFolder {
        let opened = self.open(person, mailbox).await.expect("opened");
        self.mail.open_special(&opened, special).await.expect("the folder")
    }

    async fn append(&self, folder: &OpenFolder, text: &str) -> u32 {
        folder.append(vec![self.message(text).await]).await.expect("appended")[0].uid
    }

    async fn message(&self, text: &str) -> Append {
        let message = prepare(self.mail.access().store(), text.as_bytes().to_vec()).await.expect("prepared");
        Append { message, flags: Flags::NONE, keywords: Vec::new(), received_at: None }
    }
}

fn new_mailbox(name: &str, kind: MailboxKind) -> NewMailbox {
    NewMailbox {
        kind,
        name: MailboxName::parse(name).expect("a name"),
        display_name: name.to_owned(),
        sent_copy: SentCopy::Mailbox,
        seen: SeenMode::Shared,
        quota: None,
        privilege: postroom_model::Privilege::User,
    }
}

async fn uids(folder: &OpenFolder) -> Vec<u32> {
    folder.refresh().await.expect("read").messages.iter().map(|entry| entry.uid).collect()
}

fn denied(error: &AccessError) -> Option<Right> {
    match error {
        AccessError::Denied(denied) => Some(denied.right),
        AccessError::NotFound | AccessError::Store(_) => None,
    }
}

fn set(mode: FlagMode, flags: Flags, keywords: &[&str]) -> FlagChange {
    let keywords = keywords.iter().map(|keyword| Keyword::parse(keyword).expect("a keyword")).collect();
    FlagChange { mode, flags, keywords }
}
