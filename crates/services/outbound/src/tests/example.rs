//! An organisation to send in. alice has support's files; bob is an agent of support and may only send as billing;
//! carol sends on behalf of support; dave reads support; frank is a stranger. `tiny` holds 2,000 octets.

use crate::submit::{Submission, SubmissionRecipient};
use crate::{Accepted, Notify, Outbound, SubmitError};
use postroom_access::Access;
use postroom_model::{
    Actor, Address, Clock, Door, Grant, Grantee, MailboxId, MailboxKind, MailboxName, Origin, Privilege, RightSet,
    SeenMode, SentCopy, SpecialUse, Time,
};
use postroom_store::audit::AuditRow;
use postroom_store::mailboxes::NewMailbox;
use postroom_store::placements::Placement;
use postroom_store::{Scope, Store, StoreError, Tx, addresses, audit, domains, folders, grants, mailboxes, placements};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// 2026-11-21T08:00:00Z, until somebody moves it.
pub(super) struct Stopped(AtomicI64);

impl Clock for Stopped {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::Relaxed))
    }
}

pub(super) struct Example {
    pub(super) store: Store,
    pub(super) access: Access,
    pub(super) outbound: Outbound,
    clock: Arc<Stopped>,
}

fn make(
    tx: &mut Tx<'_>,
    kind: MailboxKind,
    name: &str,
    sent_copy: SentCopy,
    quota: Option<u64>,
) -> Result<MailboxId, StoreError> {
    let new = NewMailbox {
        kind,
        name: MailboxName::parse(name).expect("a name"),
        display_name: format!("The {name}"),
        sent_copy,
        seen: SeenMode::Shared,
        quota,
        privilege: Privilege::User,
    };
    let id = mailboxes::create(tx, &new, Time(0))?;
    addresses::set(tx, id, &[Address::parse(&format!("{name}@example.org")).expect("an address")])?;
    Ok(id)
}

fn grant(tx: &mut Tx<'_>, mailbox: MailboxId, person: MailboxId, rights: &[&str]) -> Result<(), StoreError> {
    let rights = RightSet::parse_all(rights).expect("rights");
    let grantee = Grantee::Person(person);
    grants::set(tx, &Grant { mailbox, grantee, folder: None, rights, automap: true, origin: Origin::Admin }, Time(0))
}

fn fill(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    domains::create(tx, "example.org", Time(0))?;
    let user = |tx: &mut Tx<'_>, name| make(tx, MailboxKind::User, name, SentCopy::Mailbox, None);
    let (_alice, bob) = (user(tx, "alice")?, user(tx, "bob")?);
    let (carol, dave) = (user(tx, "carol")?, user(tx, "dave")?);
    user(tx, "frank")?;
    let support = make(tx, MailboxKind::Shared, "support", SentCopy::Mailbox, None)?;
    let billing = make(tx, MailboxKind::Shared, "billing", SentCopy::Both, None)?;
    let sales = make(tx, MailboxKind::Shared, "sales", SentCopy::Sender, None)?;
    make(tx, MailboxKind::Shared, "tiny", SentCopy::Mailbox, Some(2000))?;
    grant(tx, support, bob, &["preset:agent"])?;
    grant(tx, billing, bob, &["send.as"])?;
    grant(tx, sales, bob, &["preset:send_only"])?;
    grant(tx, support, carol, &["preset:send_on_behalf"])?;
    grant(tx, billing, carol, &["send.as", "send.on_behalf"])?;
    grant(tx, support, dave, &["preset:viewer"])
}

impl Example {
    pub(super) async fn new(store: Store) -> Self {
        store.write(Scope::Organisation, fill).await.expect("the organisation is made");
        let clock = Arc::new(Stopped(AtomicI64::new(1_795_248_000_000)));
        let access = Access::start(store.clone(), clock.clone()).await.expect("the facts are loaded");
        let outbound = Outbound::new(access.clone(), "mail.example.org");
        Self { store, access, outbound, clock }
    }

    pub(super) fn advance(&self, millis: i64) {
        self.clock.0.fetch_add(millis, Ordering::Relaxed);
    }

    pub(super) fn id(&self, name: &str) -> MailboxId {
        self.access.org().by_name(name).expect("known").id
    }

    pub(super) fn actor(&self, name: &str) -> Actor {
        Actor::person(self.id(name), Door::Submission)
    }

    fn submission(who: &str, to: &[&str], raw: &str) -> Submission {
        let recipient = |to: &&str| SubmissionRecipient {
            address: Address::parse(to).expect("an address"),
            notify: None,
            original: None,
        };
        Submission {
            envelope_from: format!("{who}@example.org"),
            recipients: to.iter().map(recipient).collect(),
            raw: raw.replace('\n', "\r\n").into_bytes(),
            with: "ESMTPSA",
            tls: Some("TLS1.3".to_owned()),
            ret: None,
            envelope_id: None,
            utf8: false,
            hold_until: None,
            note: None,
        }
    }

    /// `who` sends `raw` (LF for CRLF) to `to`, with an envelope sender of their own.
    pub(super) async fn send(&self, who: &str, to: &[&str], raw: &str) -> Result<Accepted, SubmitError> {
        self.outbound.submit(self.actor(who), Self::submission(who, to, raw)).await
    }

    /// The same, to leave so many milliseconds later.
    pub(super) async fn send_held(
        &self,
        who: &str,
        to: &[&str],
        raw: &str,
        millis: i64,
    ) -> Result<Accepted, SubmitError> {
        let hold_until = Some(self.clock.now().plus_millis(millis));
        self.outbound.submit(self.actor(who), Submission { hold_until, ..Self::submission(who, to, raw) }).await
    }

    /// The same, with a wish to be told of success.
    pub(super) async fn send_asking(&self, who: &str, to: &str, raw: &str) {
        let mut submission = Self::submission(who, &[to], raw);
        submission.recipients[0].notify = Some(Notify { success: true, failure: false, delay: false });
        submission.recipients[0].original = Some("rfc822;a+2Bb@x.example".to_owned());
        self.outbound.submit(self.actor(who), submission).await.expect("taken");
    }

    /// What stands in a folder, with its text.
    pub(super) async fn folder(&self, name: &str, folder: SpecialUse) -> Vec<(Placement, String)> {
        let mailbox = self.id(name);
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

    pub(super) async fn inbox(&self, name: &str) -> Vec<String> {
        self.folder(name, SpecialUse::Inbox).await.into_iter().map(|(_, text)| text).collect()
    }

    pub(super) async fn sent(&self, name: &str) -> Vec<String> {
        self.folder(name, SpecialUse::Sent).await.into_iter().map(|(_, text)| text).collect()
    }

    /// The record of a mailbox, newest first, without openings.
    pub(super) async fn record(&self, name: &str) -> Vec<AuditRow> {
        let mailbox = self.id(name);
        self.store.read(move |tx| audit::page(tx, Some(mailbox), None, 100)).await.expect("the record")
    }
}
