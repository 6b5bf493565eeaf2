//! The organisation that the dialogues talk to.
//!
//! alice administers and reads postmaster's mail; bob is an agent of support, may send only as sales and, without
//! files, as billing; carol sends on behalf of support; dave reads support; frank is a stranger. `tiny` holds 2,000
//! octets. Everybody's password is their name and `-secret`.

use postroom_access::Access;
use postroom_directory::{Directory, Limits, NewShared, NewUser, Secret, SetGrant};
use postroom_inbound::Inbound;
use postroom_model::{Actor, Grantee, MailboxId, Origin, RightSet, SentCopy, SpecialUse, SystemClock};
use postroom_outbound::Outbound;
use postroom_outbound::queue::Wanted;
use postroom_store::changes::Log;
use postroom_store::{Scope, Store, StoreError, Tx, folders, placements};
use std::sync::Arc;

pub(crate) struct Example {
    pub(crate) store: Store,
    pub(crate) directory: Directory,
    pub(crate) inbound: Inbound,
    pub(crate) outbound: Outbound,
}

pub(crate) const HOSTNAME: &str = "mail.example.org";

const GRANTS: &[(&str, &str, &[&str])] = &[
    ("support", "bob", &["preset:agent"]),
    ("billing", "bob", &["send.as"]),
    ("sales", "bob", &["preset:send_only"]),
    ("support", "carol", &["preset:send_on_behalf"]),
    ("support", "dave", &["preset:viewer"]),
];

fn names(name: &str, addresses: &[&str]) -> postroom_directory::Names {
    postroom_directory::Names {
        name: name.to_owned(),
        display_name: format!("The {name}"),
        addresses: addresses.iter().map(|address| (*address).to_owned()).collect(),
    }
}

impl Example {
    pub(crate) async fn new(store: Store) -> Self {
        let access = Access::start(store.clone(), Arc::new(SystemClock)).await.expect("the facts are loaded");
        let cheap = Limits { hash_memory_kib: 8, hash_passes: 1, scram_iterations: 4096, ..Limits::default() };
        let directory =
            Directory::start(access.clone(), cheap, postroom_directory::SealingKey::fresh().expect("a key"))
                .await
                .expect("the directory starts");
        let (inbound, outbound) = (Inbound::new(access.clone(), HOSTNAME), Outbound::new(access, HOSTNAME));
        let example = Self { store, directory, inbound, outbound };
        example.fill().await;
        example
    }

    async fn fill(&self) {
        let operator = Actor::operator();
        self.directory.create_domain(operator, "example.org").await.expect("a domain");
        let users: [(&str, &[&str]); 6] = [
            ("alice", &["alice@example.org", "postmaster@example.org"]),
            ("bob", &["bob@example.org"]),
            ("carol", &["carol@example.org"]),
            ("dave", &["dave@example.org"]),
            ("frank", &["frank@example.org"]),
            ("joerg", &["jörg@example.org"]),
        ];
        for (name, addresses) in users {
            let password = Some(Secret::new(format!("{name}-secret")));
            let new = NewUser { names: names(name, addresses), password, ..NewUser::default() };
            self.directory.create_user(operator, new).await.expect(name);
        }
        let shared = [
            ("support", SentCopy::Mailbox, None),
            ("billing", SentCopy::Both, None),
            ("sales", SentCopy::Sender, None),
            ("tiny", SentCopy::Mailbox, Some(2000)),
        ];
        for (name, sent_copy, quota) in shared {
            let names = names(name, &[&format!("{name}@example.org")]);
            let new = NewShared { names, sent_copy, quota, ..NewShared::default() };
            self.directory.create_shared(operator, new).await.expect(name);
        }
        self.restore_grants().await;
    }

    async fn restore_grants(&self) {
        for (mailbox, person, rights) in GRANTS {
            let grant = SetGrant {
                mailbox: self.id(mailbox),
                grantee: Grantee::Person(self.id(person)),
                folder: None,
                rights: RightSet::parse_all(*rights).expect("rights"),
                automap: true,
                origin: Origin::Admin,
            };
            self.directory.set_grant(Actor::operator(), grant).await.expect("granted");
        }
    }

    pub(crate) fn id(&self, name: &str) -> MailboxId {
        self.directory.org().by_name(name).unwrap_or_else(|| panic!("no mailbox {name}")).id
    }

    pub(crate) async fn revoke(&self, person: &str, mailbox: &str) {
        let grantee = Grantee::Person(self.id(person));
        let gone = self.directory.remove_grant(Actor::operator(), self.id(mailbox), grantee, None).await;
        assert!(gone.expect("revoked"), "there was a grant");
    }

    pub(crate) async fn set_password(&self, person: &str, word: &str) {
        let set = self.directory.set_password(Actor::operator(), self.id(person), Secret::new(word)).await;
        set.expect("the password is set");
    }

    /// Takes out all mail and puts all grants back, for the next dialogue.
    pub(crate) async fn empty(&self) {
        self.restore_grants().await;
        let mailboxes: Vec<MailboxId> = self.directory.org().mailboxes().map(|mailbox| mailbox.id).collect();
        for mailbox in mailboxes {
            let sweep = move |tx: &mut Tx<'_>| -> Result<(), StoreError> {
                let mut log = Log::begin(tx, mailbox, postroom_model::Time(0))?;
                for folder in folders::all(tx, mailbox)? {
                    for placement in placements::page(tx, mailbox, folder.id, None, 0, 10_000)? {
                        placements::remove(tx, &mut log, folder.id, placement.uid)?;
                    }
                }
                log.end(tx).map(|_| ())
            };
            self.store.write(Scope::mailbox(mailbox), sweep).await.expect("swept");
        }
    }

    /// The state of the newest message to an address in the queue.
    pub(crate) async fn newest_in_queue(&self, address: &str) -> Option<String> {
        let filter = Wanted { recipient: Some(address.to_owned()), finished: true, ..Wanted::default() };
        let found = self.outbound.queue(Actor::operator(), filter, 1).await.expect("read");
        let recipients = found.into_iter().next()?.recipients;
        let recipient = recipients.into_iter().find(|recipient| recipient.address == address)?;
        Some(recipient.state.as_str().to_owned())
    }

    /// The messages in a folder, in order of UID.
    pub(crate) async fn messages(&self, name: &str, folder: SpecialUse) -> Vec<Vec<u8>> {
        let mailbox = self.id(name);
        let list = move |tx: &mut Tx<'_>| {
            let folder = folders::by_special_use(tx, mailbox, folder)?.expect("every mailbox has it");
            placements::page(tx, mailbox, folder.id, None, 0, 10_000)
        };
        let mut found = Vec::new();
        for placement in self.store.read(list).await.expect("read") {
            let stored = self.store.contents(vec![placement.content], 1).await.expect("content");
            let mut bytes = Vec::new();
            stored[0].open_into(&mut bytes).expect("opened");
            found.push(bytes);
        }
        found
    }
}
