//! Fetching from a server in this process that can be told to misbehave. Real servers are met in tests/system.

mod faults;
mod health;
mod odd_servers;
mod ordinary;
mod remote;
mod tokens;

use crate::worker::Worker;
use crate::{Fetch, FetchLimits, Network, Parts};
use postroom_access::Access;
use postroom_directory::file::{Options, OrganisationFile};
use postroom_directory::{AccountSecret, Directory, Limits, NewInbound, SealingKey, Secret};
use postroom_inbound::Inbound;
use postroom_model::{
    Actor, AfterFetch, Encryption, FetchProtocol, InboundService, InboundServiceId, InboundSettings, MailboxId,
    SpecialUse, SystemClock,
};
use postroom_store::inbound_services::{self, InboundState};
use postroom_store::placements::Placement;
use postroom_store::{Store, folders, inbound_keys, placements};
use remote::Remote;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

const ORGANISATION: &str = r#"
[[domain]]
name = "example.org"
[[user]]
name = "carol"
addresses = ["carol@example.org"]
[[shared_mailbox]]
name = "support"
addresses = ["support@example.org"]
[[grant]]
user = "carol"
mailbox = "support"
rights = ["preset:manager"]
"#;

/// A mailbox with one inbound service at a remote server.
struct Example {
    store: Store,
    fetch: Fetch,
    directory: Directory,
    mailbox: MailboxId,
    service: InboundServiceId,
    _spool: tempfile::TempDir,
}

fn settings(to: SocketAddr, protocol: FetchProtocol, after_fetch: AfterFetch) -> InboundSettings {
    InboundSettings {
        protocol,
        server: to.ip().to_string(),
        port: to.port(),
        encryption: Encryption::None,
        username: "remote".to_owned(),
        tokens: None,
        after_fetch,
        enabled: true,
    }
}

impl Example {
    async fn new(store: Store, settings: InboundSettings) -> Self {
        Self::with(store, settings, |_| {}).await
    }

    async fn with(store: Store, settings: InboundSettings, change: impl FnOnce(&mut FetchLimits)) -> Self {
        let access = Access::start(store.clone(), Arc::new(SystemClock)).await.expect("access");
        let sealing = SealingKey::fresh().expect("a key");
        let limits = Limits { hash_memory_kib: 64, hash_passes: 1, scram_iterations: 1, ..Limits::default() };
        let directory = Directory::start(access.clone(), limits, sealing.clone()).await.expect("a directory");
        let file = OrganisationFile::parse(ORGANISATION, &|_| None).expect("a file");
        directory.apply(Actor::operator(), file, Options::default()).await.expect("applied");
        let mailbox = directory.org().by_name("support").expect("it is there").id;
        let secret = Some(AccountSecret::of_password(Secret::new(remote::PASSWORD)));
        let service = directory.create_inbound_service(Actor::operator(), mailbox, NewInbound { settings, secret });
        let service = service.await.expect("made");
        let spool = tempfile::tempdir().expect("a folder");
        let mut limits = FetchLimits {
            message_size: 1024 * 1024,
            patience: Duration::from_secs(5),
            poll: Duration::from_millis(20),
            idle: Duration::from_secs(60),
            first_pause: Duration::from_millis(1),
            longest_pause: Duration::from_millis(5),
            alert_after: Duration::from_secs(3600),
            alert_webhook: None,
        };
        change(&mut limits);
        let fetch = Fetch::new(Parts {
            inbound: Inbound::new(access.clone(), "mail.example.org"),
            access,
            sealing,
            network: Network::new(Vec::new(), &[]).expect("a network"),
            clock: Arc::new(SystemClock),
            chance: || 0.5,
            limits,
            holder: "this".to_owned(),
            spool: spool.path().to_owned(),
        });
        Self { store, fetch, directory, mailbox, service, _spool: spool }
    }

    async fn facts(&self) -> InboundService {
        let id = self.service;
        let found = self.store.read(move |tx| inbound_services::get(tx, id)).await.expect("read");
        found.expect("it is there")
    }

    async fn state(&self) -> InboundState {
        let id = self.service;
        let found = self.store.read(move |tx| inbound_services::state(tx, id)).await.expect("read");
        found.expect("it is there")
    }

    /// A worker as it runs after the lease was taken.
    async fn worker(&self) -> Worker {
        assert!(self.fetch.lease(self.service).await.expect("written"), "nobody else holds it");
        Worker::new(self.fetch.inner.clone(), self.facts().await)
    }

    /// Lets a worker run until `done` says so of the remote server and of what is here.
    async fn run_until(&self, remote: &Remote, what: &str, done: impl Fn(&remote::Mailbox, usize) -> bool) {
        let running = tokio::spawn(self.worker().await.run());
        let reached = async {
            let mut changes = self.store.watch_mailbox(self.mailbox);
            loop {
                let here = self.count().await;
                if done(&remote.lock(), here) {
                    return;
                }
                _ = tokio::time::timeout(Duration::from_millis(10), changes.changed()).await;
            }
        };
        let reached = tokio::time::timeout(Duration::from_secs(60), reached).await;
        running.abort();
        // Aborted: it is over when it has been waited for.
        _ = running.await;
        if reached.is_err() {
            let state = self.state().await;
            panic!("{what} did not come: {} here, {:#?}, there {:#?}", self.count().await, state, remote.lock());
        }
    }

    /// How many messages the Inbox holds.
    async fn count(&self) -> usize {
        self.placed().await.len()
    }

    async fn placed(&self) -> Vec<Placement> {
        let mailbox = self.mailbox;
        let read = move |tx: &mut postroom_store::Tx<'_>| {
            let inbox = folders::by_special_use(tx, mailbox, SpecialUse::Inbox)?.expect("an Inbox");
            placements::page(tx, mailbox, inbox.id, None, 0, 100_000)
        };
        self.store.read(read).await.expect("read")
    }

    /// Everything in the Inbox, sorted.
    async fn inbox(&self) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        for placement in self.placed().await {
            let stored = self.store.contents(vec![placement.content], 1).await.expect("read");
            let mut raw = Vec::new();
            stored[0].open_into(&mut raw).expect("content");
            found.push(raw);
        }
        found.sort();
        found
    }

    /// How many rows remember messages of the remote server.
    async fn remembered(&self, scope: &'static str) -> usize {
        let of = inbound_keys::Of { mailbox: self.mailbox, service: self.service };
        self.store.read(move |tx| inbound_keys::page(tx, of, scope, "")).await.expect("read").len()
    }
}

fn sorted(messages: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut sorted = messages.to_vec();
    sorted.sort();
    sorted
}

/// `count` messages of different sizes.
fn messages(count: usize) -> Vec<Vec<u8>> {
    let one = |number: usize| {
        let body = format!("line {number} of {{12}} ) \"text\"\r\n.dot\r\n..two\r\n").repeat(1 + number * 7 % 40);
        format!("Message-ID: <{number}@x>\r\nSubject: {number}\r\n\r\n{body}").into_bytes()
    };
    (0..count).map(one).collect()
}
