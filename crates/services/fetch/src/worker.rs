//! One service at work: connect, fetch what is there, wait for more; after a failure again, later and later.
//!
//! Start reading at [`Worker::run`]. It may be stopped between any two steps: what is filed is filed with what it is
//! known by there, and everything else is asked for again.

use crate::Inner;
use crate::desk::Desk;
use crate::error::FetchError;
use crate::imap::idle::idle;
use crate::imap::pass::Pass;
use crate::imap::session::{Line, Session};
use crate::known::Known;
use crate::pop3;
use postroom_inbound::{FetchedError, Filing};
use postroom_model::{AfterFetch, FetchProtocol, InboundService, Time};
use postroom_store::{Scope, StoreError, Tx, inbound_services};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// After a refused sign-in so many times as long is waited: others may lock the account.
const PATIENT: u32 = 30;
/// Where messages are kept there, all of them are listed this often, otherwise only what is new.
const FULL_LIST: Duration = Duration::from_secs(30 * 60);

pub(crate) struct Worker {
    inner: Arc<Inner>,
    service: InboundService,
    failures: u32,
    careful: bool,
}

impl Worker {
    pub(crate) fn new(inner: Arc<Inner>, service: InboundService) -> Self {
        Self { inner, service, failures: 0, careful: false }
    }

    /// Runs until the service is another node's.
    pub(crate) async fn run(mut self) {
        loop {
            let pause = match self.session().await {
                Ok(()) => self.inner.limits.poll,
                Err(FetchError::Changed | FetchError::Filing(FetchedError::NotHeld | FetchedError::Gone)) => return,
                Err(FetchError::Store(StoreError::Closed)) => return,
                Err(error) => self.failed(&error).await,
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Notes a failure; gives how long to wait.
    async fn failed(&mut self, error: &FetchError) -> Duration {
        if let FetchError::Store(cause) | FetchError::Filing(FetchedError::Store(cause)) = error {
            tracing::error!(service = self.service.id.0, error = cause.detail(), "fetching failed in the database");
        }
        let words = error.words();
        let pause = self.inner.pause(self.failures, error.wants_patience());
        self.failures = self.failures.saturating_add(1);
        tracing::warn!(
            counter = "fetch_failures",
            service = self.service.id.0,
            name = self.service.settings.name(),
            error = words,
            "fetching failed; it is tried again"
        );
        let (id, now) = (self.service.id, self.inner.now());
        let next = now.plus_millis(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX));
        self.note(move |tx| inbound_services::failed(tx, id, &words, now, next)).await;
        pause
    }

    /// The state of the service is for people: that it cannot be written does not stop the fetching.
    async fn note(&self, work: impl FnMut(&mut Tx<'_>) -> Result<(), StoreError> + Send + 'static) {
        if let Err(error) = self.inner.store().write::<_, StoreError, _>(Scope::Free, work).await {
            tracing::error!(error = error.detail(), "the state of an inbound service could not be written");
        }
    }

    async fn session(&mut self) -> Result<(), FetchError> {
        let (id, now) = (self.service.id, self.inner.now());
        self.note(move |tx| inbound_services::tried(tx, id, now)).await;
        match self.service.settings.protocol {
            FetchProtocol::Imap => self.imap().await,
            FetchProtocol::Pop3 => self.pop3().await,
        }
    }

    fn line(&self) -> Line {
        self.inner.line(self.service.public_only)
    }

    fn desk(&self) -> Desk {
        let filing = Filing {
            mailbox: self.service.mailbox,
            service: self.service.id,
            holder: self.inner.holder.clone(),
            name: self.service.settings.name(),
        };
        let inner = &self.inner;
        let limit = inner.limits.message_size;
        Desk::new(inner.inbound.clone(), inner.store().clone(), filing, limit, inner.large.clone())
    }

    async fn succeeded(&mut self, note: String) {
        self.failures = 0;
        let (id, now) = (self.service.id, self.inner.now());
        self.note(move |tx| inbound_services::succeeded(tx, id, &note, now)).await;
    }

    async fn pop3(&mut self) -> Result<(), FetchError> {
        loop {
            let proof = self.inner.proofs.of(&self.service).await?;
            let session = pop3::session::Session::open(&self.line(), &self.service.settings, &proof).await?;
            let mut desk = self.desk();
            let ended = pop3::pass::pass(session, &mut desk, &self.service.settings.after_fetch).await?;
            self.succeeded(ended.note).await;
            if !ended.more {
                return Ok(());
            }
        }
    }

    async fn imap(&mut self) -> Result<(), FetchError> {
        let proof = self.inner.proofs.of(&self.service).await?;
        let settings = self.service.settings.clone();
        let mut session = Session::open(&self.line(), &settings, &proof).await?;
        let opened = session.select().await?;
        if opened.read_only && settings.after_fetch != AfterFetch::Keep {
            let said = "the Inbox is read-only: nothing could be removed there".to_owned();
            return Err(FetchError::Refused { command: "SELECT", said });
        }
        let mut desk = self.desk();
        let now = self.inner.now();
        let scope = match opened.uidvalidity {
            Some(value) => value.to_string(),
            None => format!("session {}", now.0),
        };
        let mut known = Known::load(self.inner.store(), desk.of(), scope.clone(), desk.limit, now).await?;
        (desk.scope, desk.renumbered) = (scope, known.renumbered);
        let (mut first, mut listed) = (1, Instant::now());
        loop {
            let pass = Pass {
                session: &mut session,
                desk: &mut desk,
                known: &mut known,
                after: &settings.after_fetch,
                careful: &mut self.careful,
                first,
            };
            let note = pass.run().await?;
            self.succeeded(note).await;
            if session.can("IDLE") {
                idle(&mut session, self.inner.limits.idle).await?;
            } else {
                tokio::time::sleep(self.inner.limits.poll).await;
                session.run("NOOP", "NOOP").await?;
            }
            let all = settings.after_fetch != AfterFetch::Keep || listed.elapsed() >= FULL_LIST;
            first = if all { 1 } else { known.highest().saturating_add(1) };
            if all {
                listed = Instant::now();
            }
        }
    }
}

impl Inner {
    pub(crate) fn now(&self) -> Time {
        self.access.clock().now()
    }

    /// Twice as long after each failure, and never for all services at the same moment.
    fn pause(&self, failures: u32, patient: bool) -> Duration {
        let first = self.limits.first_pause * if patient { PATIENT } else { 1 };
        let pause = first.saturating_mul(1 << failures.min(16)).min(self.limits.longest_pause);
        pause.mul_f64(0.75 + 0.5 * (self.chance)())
    }
}
