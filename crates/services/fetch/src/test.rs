//! "Test connection": signs in, looks, changes nothing, and says what would happen.

use crate::error::FetchError;
use crate::imap;
use crate::pop3;
use crate::sign_in::redeem;
use crate::{Fetch, FetchLimits};
use postroom_directory::{AccountSecret, Consented};
use postroom_model::{AfterFetch, Encryption, FetchProtocol, InboundService, InboundSettings};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a test found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tested {
    pub capabilities: Vec<String>,
    /// Messages in the Inbox, and the octets they have as the server says.
    pub messages: u32,
    pub octets: u64,
    /// Larger than what is taken here: these stay.
    pub too_large: u32,
    /// Marked as deleted there by somebody: these stay.
    pub marked_deleted: u32,
    /// How many messages would be fetched.
    pub would_fetch: u32,
    /// How many would go from the Inbox there.
    pub would_remove: u32,
    /// New mail is told of at once; otherwise it is asked for.
    pub told_at_once: bool,
    /// In words: what would happen, and what should be thought of.
    pub notes: Vec<String>,
}

impl Fetch {
    /// Tests a service as it is kept.
    pub async fn test(&self, service: &InboundService) -> Result<Tested, FetchError> {
        let proof = self.inner.proofs.of(service).await?;
        self.look(&service.settings, &proof, service.public_only).await
    }

    /// The secret of a service whose person has come back with a code.
    pub async fn redeem(&self, consented: &Consented, code: &str) -> Result<AccountSecret, FetchError> {
        redeem(&self.inner.network, consented, code, self.inner.now().seconds()).await
    }

    /// Tests settings before they are kept.
    pub async fn test_settings(
        &self,
        settings: &InboundSettings,
        secret: AccountSecret,
        public_only: bool,
    ) -> Result<Tested, FetchError> {
        let (proof, _) = self.inner.proofs.with(settings, secret, public_only).await?;
        self.look(settings, &proof, public_only).await
    }

    async fn look(
        &self,
        settings: &InboundSettings,
        proof: &crate::sign_in::Proof,
        public_only: bool,
    ) -> Result<Tested, FetchError> {
        let (line, limits) = (self.inner.line(public_only), &self.inner.limits);
        let mut tested = match settings.protocol {
            FetchProtocol::Imap => {
                let session = imap::session::Session::open(&line, settings, proof).await?;
                look_imap(session, settings, limits).await?
            }
            FetchProtocol::Pop3 => {
                let session = pop3::session::Session::open(&line, settings, proof).await?;
                look_pop3(session, limits).await?
            }
        };
        tested.would_fetch = tested.messages - tested.too_large - tested.marked_deleted;
        tested.would_remove = if settings.after_fetch == AfterFetch::Keep { 0 } else { tested.would_fetch };
        tested.notes.insert(0, summary(&tested, &settings.after_fetch));
        if settings.encryption == Encryption::None {
            tested
                .notes
                .push("the connection is not encrypted: the password and all mail cross it in clear".to_owned());
        }
        if tested.too_large > 0 {
            tested
                .notes
                .push(format!("{} messages are larger than {} octets and stay", tested.too_large, limits.message_size));
        }
        if tested.marked_deleted > 0 {
            tested.notes.push(format!("{} messages stay: somebody marked them as deleted", tested.marked_deleted));
        }
        Ok(tested)
    }
}

fn summary(tested: &Tested, after: &AfterFetch) -> String {
    let count = tested.would_fetch;
    match after {
        AfterFetch::Delete => format!("{count} messages would be fetched, and deleted there"),
        AfterFetch::Keep => format!("{count} messages would be fetched, and stay there"),
        AfterFetch::Move(folder) => format!("{count} messages would be fetched, and moved to {folder} there"),
    }
}

async fn look_imap(
    mut session: imap::session::Session,
    settings: &InboundSettings,
    limits: &FetchLimits,
) -> Result<Tested, FetchError> {
    let opened = session.select().await?;
    let listing = imap::inbox::list(&mut session, &crate::known::Known::default(), 1).await?;
    let mut tested = Tested { capabilities: session.capabilities().to_vec(), ..Tested::default() };
    for one in &listing.waiting {
        tested.messages += 1;
        tested.octets += one.size;
        if one.deleted {
            tested.marked_deleted += 1;
        } else if one.size > limits.message_size {
            tested.too_large += 1;
        }
    }
    tested.told_at_once = session.can("IDLE");
    let takes_away = settings.after_fetch != AfterFetch::Keep;
    if opened.read_only && takes_away {
        tested.notes.push("the Inbox is read-only: nothing could be removed there, so nothing is fetched".to_owned());
    }
    if takes_away && !session.can("UIDPLUS") && !session.can("IMAP4REV2") {
        let note =
            "the server has no UIDPLUS: messages that others mark as deleted hold up the removal of fetched ones";
        tested.notes.push(note.to_owned());
    }
    if opened.uidvalidity.is_none() {
        tested.notes.push("the server's numbers do not last: messages are compared by content".to_owned());
    }
    if !tested.told_at_once {
        tested.notes.push("the server does not tell of new mail (no IDLE): it is asked".to_owned());
    }
    session.leave().await;
    Ok(tested)
}

async fn look_pop3(mut session: pop3::session::Session, limits: &FetchLimits) -> Result<Tested, FetchError> {
    let listing = session.list().await?;
    let mut tested = Tested { capabilities: session.capabilities().to_vec(), ..Tested::default() };
    for size in listing.sizes.values() {
        tested.messages += 1;
        tested.octets += size;
        tested.too_large += u32::from(*size > limits.message_size);
    }
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    listing.ids.iter().flatten().for_each(|(_, id)| *counts.entry(id).or_default() += 1);
    if listing.ids.is_none() {
        tested.notes.push("the server has no unique ids (UIDL): messages are compared by content".to_owned());
    } else if counts.values().any(|count| *count > 1) {
        tested.notes.push("some messages share a unique id; they are told apart by counting".to_owned());
    }
    // Nothing was marked: leaving removes nothing.
    _ = session.run("QUIT", "QUIT").await;
    Ok(tested)
}
