//! bob, who sends; and a relay that serves the queue until the world is dropped.

use crate::network::IpRange;
use crate::{Dns, Network, Relay, Settings};
use postroom_access::Access;
use postroom_directory::SealingKey;
use postroom_model::route::Via;
use postroom_model::{
    Actor, Address, DeliveryState, Door, MailboxId, MailboxKind, MailboxName, Privilege, SeenMode, SentCopy,
    SpecialUse, SystemClock, Time,
};
use postroom_outbound::queue::Status;
use postroom_outbound::{Notify, Outbound, Schedule, Submission, SubmissionRecipient};
use postroom_store::mailboxes::{self, NewMailbox};
use postroom_store::placements::Placement;
use postroom_store::{Scope, Store, StoreError, Tx, addresses, domains, folders, placements, routes};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

pub(super) struct World {
    pub(super) store: Store,
    pub(super) outbound: Outbound,
    pub(super) sealing: SealingKey,
    pub(super) bob: MailboxId,
    stop: watch::Sender<bool>,
}

/// What a world is made of.
pub(super) struct Plan<'a> {
    pub(super) records: &'a [&'a str],
    /// The port of other servers.
    pub(super) port: u16,
    pub(super) allow: &'a [&'a str],
    pub(super) extra_ca: &'a [String],
    pub(super) retries: &'a [Duration],
}

impl Default for Plan<'_> {
    fn default() -> Self {
        Self { records: &[], port: 25, allow: &["127.0.0.0/8"], extra_ca: &[], retries: &[Duration::ZERO] }
    }
}

fn fill(tx: &mut Tx<'_>) -> Result<MailboxId, StoreError> {
    domains::create(tx, "example.org", Time(0))?;
    let new = NewMailbox {
        kind: MailboxKind::User,
        name: MailboxName::parse("bob").expect("a name"),
        display_name: "Bob".to_owned(),
        sent_copy: SentCopy::Mailbox,
        seen: SeenMode::Shared,
        quota: None,
        privilege: Privilege::User,
    };
    let id = mailboxes::create(tx, &new, Time(0))?;
    addresses::set(tx, id, &[Address::parse("bob@example.org").expect("an address")])?;
    Ok(id)
}

impl World {
    pub(super) async fn new(store: Store, plan: Plan<'_>) -> Self {
        let bob = store.write(Scope::Organisation, fill).await.expect("the organisation is made");
        let access = Access::start(store.clone(), Arc::new(SystemClock)).await.expect("the facts are loaded");
        let schedule = Schedule {
            retries: plan.retries.to_vec(),
            give_up_after: Duration::from_secs(3600),
            ..Schedule::default()
        };
        let outbound = Outbound::new(access, "mail.example.org").with_schedule(schedule);
        let sealing = SealingKey::fresh().expect("a key");
        let dns = Dns::with_servers(&[crate::testing::start(plan.records).await]).expect("a resolver");
        let allow: Vec<IpRange> = plan.allow.iter().map(|range| IpRange::parse(range).expect("a range")).collect();
        let network = Network::new(&allow, plan.extra_ca, plan.port).expect("a network");
        let settings = Settings { idle: Duration::from_millis(200), ..Settings::default() };
        let relay = Relay::new(outbound.clone(), sealing.clone(), dns, network, settings);
        let (stop, stopping) = watch::channel(false);
        tokio::spawn(relay.run(stopping));
        Self { store, outbound, sealing, bob, stop }
    }

    pub(super) async fn route(&self, via: Via) {
        let set = move |tx: &mut Tx<'_>| {
            let domain = domains::find(tx, "example.org")?.expect("there");
            routes::set_for_domain(tx, domain, Some(&via))
        };
        self.store.write(Scope::Organisation, set).await.expect("set");
        self.outbound.access().reload().await.expect("loaded");
    }

    /// bob sends; gives the name of the message.
    pub(super) async fn send(&self, to: &[&str]) -> String {
        self.send_with(to, None, "From: bob@example.org\r\nSubject: Hello\r\n\r\n.dot\r\nHi\r\n").await
    }

    pub(super) async fn send_with(&self, to: &[&str], notify: Option<Notify>, raw: &str) -> String {
        let recipient = |to: &&str| SubmissionRecipient {
            address: Address::parse(to).expect("an address"),
            notify,
            original: notify.map(|_| format!("rfc822;{to}")),
        };
        let submission = Submission {
            envelope_from: "bob@example.org".to_owned(),
            recipients: to.iter().map(recipient).collect(),
            raw: raw.as_bytes().to_vec(),
            with: "ESMTPSA",
            tls: None,
            ret: None,
            envelope_id: None,
            utf8: false,
            hold_until: None,
            note: None,
        };
        let actor = Actor::person(self.bob, Door::Submission);
        self.outbound.submit(actor, submission).await.expect("taken").id
    }

    /// What became of a message once nothing is left to do, or once it satisfies `wanted`.
    pub(super) async fn until(&self, name: &str, wanted: impl Fn(&Status) -> bool) -> Status {
        let waiting = async {
            loop {
                let status = self.outbound.status(Actor::operator(), name).await.expect("it is in the queue");
                if wanted(&status) {
                    return status;
                }
            }
        };
        match tokio::time::timeout(Duration::from_secs(20), waiting).await {
            Ok(status) => status,
            Err(_) => panic!("{:#?}", self.outbound.status(Actor::operator(), name).await),
        }
    }

    pub(super) async fn finished(&self, name: &str) -> Status {
        self.until(name, |status| status.message.finished_at.is_some()).await
    }

    pub(super) async fn folder(&self, folder: SpecialUse) -> Vec<(Placement, String)> {
        let mailbox = self.bob;
        let list = move |tx: &mut Tx<'_>| {
            let folder = folders::by_special_use(tx, mailbox, folder)?.expect("every mailbox has it");
            placements::page(tx, mailbox, folder.id, None, 0, 100)
        };
        let mut found = Vec::new();
        for placement in self.store.read(list).await.expect("read") {
            let stored = self.store.contents(vec![placement.content], 1).await.expect("content");
            let mut bytes = Vec::new();
            stored[0].open_into(&mut bytes).expect("opened");
            found.push((placement, String::from_utf8_lossy(&bytes).into_owned()));
        }
        found
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

pub(super) fn states(status: &Status) -> Vec<(&str, DeliveryState)> {
    status.recipients.iter().map(|recipient| (recipient.address.as_str(), recipient.state)).collect()
}
