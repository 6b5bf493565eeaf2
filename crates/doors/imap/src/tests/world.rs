//! The organisation that every test of the door talks to, and connections to it.

use crate::{Imap, ImapConfig, Peer};
use postroom_access::Access;
use postroom_directory::oauth::{NewClient, Scopes};
use postroom_directory::{
    Bindings, Directory, Limits, Names, NewApplication, NewRole, NewShared, NewUser, Secret, SetGrant, UpdateMailbox,
};
use postroom_mail::Mail;
use postroom_model::{
    Actor, Door, FolderId, Grantee, MailboxId, Origin, Privilege, RightSet, RoleKey, RoleType, SeenMode, SystemClock,
};
use postroom_store::Store;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::io::DuplexStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(super) struct World {
    imap: Imap,
    pub(super) directory: Directory,
    people: HashMap<String, MailboxId>,
    support: MailboxId,
    role: RoleKey,
    stop: watch::Sender<bool>,
}

impl World {
    pub(super) async fn new(store: Store) -> Self {
        Self::with(store, ImapConfig { message_size: 100_000, ..ImapConfig::default() }).await
    }

    pub(super) async fn with(store: Store, config: ImapConfig) -> Self {
        let access = Access::start(store, Arc::new(SystemClock)).await.expect("started");
        // Quick hashes: what is tested here is not the strength of passwords.
        let limits = Limits { hash_memory_kib: 64, hash_passes: 1, scram_iterations: 4096, ..Limits::default() };
        let directory =
            Directory::start(access.clone(), limits, postroom_directory::SealingKey::fresh().expect("a key"))
                .await
                .expect("started");
        let operator = Actor::operator();
        directory.create_domain(operator, "example.org").await.expect("a domain");
        let mut people = HashMap::new();
        for name in ["alice", "bob", "carol", "dave"] {
            let password = Some(Secret::new(format!("{name}-secret")));
            let new = NewUser { names: names(name, name), password, ..NewUser::default() };
            people.insert(name.to_owned(), directory.create_user(operator, new).await.expect("a user").id);
        }
        let new = NewShared { names: names("support", "Customer Support"), ..NewShared::default() };
        let support = directory.create_shared(operator, new).await.expect("a shared mailbox").id;
        let role = NewRole {
            id: "Mailbox - Support".into(),
            description: String::new(),
            privilege: Privilege::User,
            role_type: RoleType::Security,
            members: [people["alice"], people["bob"]].into(),
        };
        let role = directory.create_role(operator, role).await.expect("a role");
        let imap = Imap::new(Mail::new(access), directory.clone(), config);
        let world = Self { imap, directory, people, support, role, stop: watch::Sender::new(false) };
        world.set(Grantee::Role(role), None, true, "preset:agent").await;
        world.set(Grantee::Person(world.people["dave"]), None, true, "preset:manager").await;
        world
    }

    /// Makes exact what somebody holds on support directly; `-`: nothing.
    pub(super) async fn set(&self, grantee: Grantee, folder: Option<FolderId>, automap: bool, rights: &str) {
        let operator = Actor::operator();
        if rights == "-" {
            self.directory.remove_grant(operator, self.support, grantee, folder).await.expect("taken away");
            return;
        }
        let rights = RightSet::parse_all(rights.split_whitespace()).expect("known rights");
        let grant = SetGrant { mailbox: self.support, grantee, folder, rights, automap, origin: Origin::Admin };
        self.directory.set_grant(operator, grant).await.expect("granted");
    }

    pub(super) fn role(&self) -> Grantee {
        Grantee::Role(self.role)
    }

    pub(super) fn person(&self, name: &str) -> Grantee {
        Grantee::Person(self.people[name])
    }

    /// The id of a folder of support.
    pub(super) async fn folder(&self, path: &str) -> FolderId {
        let actor = Actor::person(self.people["alice"], Door::Imap);
        let folders = self.imap.mail.folders(actor, self.support).await.expect("alice sees them");
        folders.into_iter().find(|folder| folder.path == path).expect("there is such a folder").id
    }

    /// From now on each person has their own read marks in support.
    pub(super) async fn make_seen_personal(&self) {
        let update = UpdateMailbox { seen: Some(SeenMode::Personal), ..UpdateMailbox::default() };
        self.directory.update_mailbox(Actor::operator(), self.support, update).await.expect("set");
    }

    pub(super) async fn make_administrator(&self, name: &str) {
        let update = UpdateMailbox { privilege: Some(Privilege::Admin), ..UpdateMailbox::default() };
        self.directory.update_mailbox(Actor::operator(), self.people[name], update).await.expect("set");
    }

    /// An application password of somebody, for one mailbox or for all that they may open.
    pub(super) async fn application_password(&self, name: &str, mailbox: Option<&str>) -> String {
        let new = NewApplication { label: "x".into(), expires_at: None, mailbox: mailbox.map(str::to_owned) };
        let made = self.directory.create_application_password(Actor::operator(), self.people[name], new).await;
        made.expect("made").1.expose().to_owned()
    }

    /// An access token that somebody has let a program have.
    pub(super) async fn token(&self, name: &str, scopes: &str) -> String {
        let peer = None;
        let new = NewClient { name: "A mail program".into(), redirect_uris: vec!["https://client.example/".into()] };
        let client = self.directory.register_client(new).await.expect("registered");
        let scopes = Scopes::parse(scopes).expect("scopes");
        let start = self.directory.start_device(&client, scopes).await.expect("started");
        let signed_in = self.directory.sign_in(name, &format!("{name}-secret"), Door::Admin, peer).await.expect("in");
        self.directory.answer_device(signed_in, &start.user_code, true, peer).await.expect("allowed");
        let tokens = self.directory.poll_device(&client.id, start.device_code.expose()).await.expect("tokens");
        tokens.access.expose().to_owned()
    }

    /// The server stops.
    pub(super) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// A new connection whose pipe holds so many octets in each direction, and the task that serves it.
    pub(super) fn connect(&self, local: bool, pipe: usize) -> (DuplexStream, JoinHandle<()>) {
        let (ours, theirs) = tokio::io::duplex(pipe);
        let (imap, stop) = (self.imap.clone(), self.stop.subscribe());
        let address = "127.0.0.1:4000".parse().expect("an address");
        let peer = Peer { address, loopback: local, bindings: Bindings::default() };
        let task = tokio::spawn(async move { imap.serve_connection(Box::new(theirs), peer, false, stop).await });
        (ours, task)
    }
}

fn names(name: &str, display_name: &str) -> Names {
    Names { name: name.into(), display_name: display_name.into(), addresses: vec![format!("{name}@example.org")] }
}
