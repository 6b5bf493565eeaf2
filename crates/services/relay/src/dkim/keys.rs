//! Making keys, showing their records, switching from one pair to the next, and removing the old one.

use super::Dkim;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use postroom_directory::NotOpened;
use postroom_model::{Actor, AuditEntry, DomainId, Outcome, Privilege, Time, Who};
use postroom_store::dkim_keys::{self, DkimKey};
use postroom_store::{Retry, Scope, StoreError, Tx, audit};
use std::collections::BTreeMap;

#[derive(Debug, thiserror::Error)]
pub enum DkimError {
    #[error("the domain {0} is not configured")]
    NoDomain(String),
    #[error("{domain} has no pair of keys {pair}")]
    NoPair { domain: String, pair: u32 },
    #[error("mail of {domain} is signed with the pair {pair}; switch to another first")]
    InUse { domain: String, pair: u32 },
    #[error("{0} has two pairs of keys already; remove the one that does not sign first")]
    TwoPairs(String),
    #[error("this needs the privilege admin; ask an administrator")]
    NotAdmin,
    #[error("a key could not be made")]
    Made,
    #[error(transparent)]
    Sealing(#[from] NotOpened),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Retry for DkimError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Store(error) if error.may_pass())
    }
}

/// A key and the record to publish for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLine {
    pub domain: String,
    pub selector: String,
    /// The two keys of a pair have the same number.
    pub pair: u32,
    /// `rsa` or `ed25519`.
    pub algorithm: String,
    /// Whether mail is signed with it.
    pub active: bool,
    pub created_at: Time,
    /// The name of the TXT record, and its text.
    pub record_name: String,
    pub record: String,
}

/// What a private key is sealed for.
pub(super) fn secret_row(selector: &str) -> String {
    format!("dkim {selector}")
}

/// `p3r` and `p3e` are pair 3.
fn pair_of(selector: &str) -> u32 {
    selector.trim_start_matches('p').trim_end_matches(['r', 'e']).parse().unwrap_or(0)
}

impl KeyLine {
    fn of(domain: &str, key: &DkimKey) -> Self {
        Self {
            domain: domain.to_owned(),
            selector: key.selector.clone(),
            pair: pair_of(&key.selector),
            algorithm: key.algorithm.clone(),
            active: key.active,
            created_at: key.created_at,
            record_name: format!("{}._domainkey.{domain}", key.selector),
            record: format!("v=DKIM1; k={}; p={}", key.algorithm, key.public_key),
        }
    }
}

fn make(domain: DomainId, pair: u32, active: bool, at: Time) -> Option<[DkimKey; 2]> {
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).ok()?;
    let rsa_private = AsDer::<Pkcs8V1Der<'_>>::as_der(&rsa).ok()?.as_ref().to_vec();
    let rsa_public = AsDer::<PublicKeyX509Der<'_>>::as_der(rsa.public_key()).ok()?.as_ref().to_vec();
    let ed = Ed25519KeyPair::generate().ok()?;
    let ed_private = ed.to_pkcs8().ok()?.as_ref().to_vec();
    let ed_public = ed.public_key().as_ref().to_vec();
    let key = |algorithm: &str, letter: char, private_key: Vec<u8>, public: &[u8]| DkimKey {
        domain,
        selector: format!("p{pair}{letter}"),
        algorithm: algorithm.to_owned(),
        private_key,
        public_key: STANDARD.encode(public),
        active,
        created_at: at,
    };
    Some([key("rsa", 'r', rsa_private, &rsa_public), key("ed25519", 'e', ed_private, &ed_public)])
}

impl Dkim {
    fn domain(&self, actor: Actor, domain: &str) -> Result<(String, DomainId), DkimError> {
        let org = self.access.org();
        let is_admin = match actor.who {
            Who::Operator | Who::Server => true,
            Who::Person(person) => org.privilege(person) == Privilege::Admin,
        };
        if !is_admin {
            return Err(DkimError::NotAdmin);
        }
        let name = domain.to_lowercase();
        let found = org.domain(&name).map(|domain| domain.id).ok_or(DkimError::NoDomain(name.clone()))?;
        Ok((name, found))
    }

    /// The keys of a domain with their records, oldest first.
    pub async fn list(&self, actor: Actor, domain: &str) -> Result<Vec<KeyLine>, DkimError> {
        let (name, id) = self.domain(actor, domain)?;
        let keys = self.access.store().read(move |tx| dkim_keys::of_domain(tx, id)).await?;
        Ok(keys.iter().map(|key| KeyLine::of(&name, key)).collect())
    }

    /// Makes a pair of keys. The first of a domain signs at once; a later one waits until [`Dkim::use_pair`].
    pub async fn make_pair(&self, actor: Actor, domain: &str) -> Result<Vec<KeyLine>, DkimError> {
        let (name, id) = self.domain(actor, domain)?;
        let there = self.list(actor, domain).await?;
        let pairs: BTreeMap<u32, bool> = there.iter().map(|line| (line.pair, line.active)).collect();
        if pairs.len() > 1 {
            return Err(DkimError::TwoPairs(name));
        }
        let (pair, active) = (pairs.keys().max().unwrap_or(&0) + 1, pairs.is_empty());
        let at = self.access.clock().now();
        let made = tokio::task::spawn_blocking(move || make(id, pair, active, at)).await;
        let mut keys = made.ok().flatten().ok_or(DkimError::Made)?;
        for key in &mut keys {
            key.private_key = self.sealing.seal(&secret_row(&key.selector), &key.private_key)?;
        }
        let lines = keys.iter().map(|key| KeyLine::of(&name, key)).collect();
        let work = move |tx: &mut Tx<'_>| {
            keys.iter().try_for_each(|key| dkim_keys::add(tx, key))?;
            record(tx, actor, at, format!("{name}: pair {pair} made"))
        };
        self.change(work).await?;
        Ok(lines)
    }

    /// Signs with this pair from now on, and with no other.
    pub async fn use_pair(&self, actor: Actor, domain: &str, pair: u32) -> Result<Vec<KeyLine>, DkimError> {
        let (name, id) = self.domain(actor, domain)?;
        let selectors = self.selectors(actor, domain, pair).await?;
        let at = self.access.clock().now();
        let work = move |tx: &mut Tx<'_>| {
            dkim_keys::use_only(tx, id, &selectors)?;
            record(tx, actor, at, format!("{name}: signed with pair {pair}"))
        };
        self.change(work).await?;
        self.list(actor, domain).await
    }

    /// Removes a pair that does not sign.
    pub async fn remove_pair(&self, actor: Actor, domain: &str, pair: u32) -> Result<(), DkimError> {
        let (name, id) = self.domain(actor, domain)?;
        let lines = self.list(actor, domain).await?;
        if lines.iter().any(|line| line.pair == pair && line.active) {
            return Err(DkimError::InUse { domain: name, pair });
        }
        let selectors = self.selectors(actor, domain, pair).await?;
        let at = self.access.clock().now();
        let work = move |tx: &mut Tx<'_>| {
            for selector in &selectors {
                dkim_keys::remove(tx, id, selector)?;
            }
            record(tx, actor, at, format!("{name}: pair {pair} removed"))
        };
        self.change(work).await
    }

    async fn selectors(&self, actor: Actor, domain: &str, pair: u32) -> Result<Vec<String>, DkimError> {
        let lines = self.list(actor, domain).await?.into_iter().filter(|line| line.pair == pair);
        let selectors: Vec<String> = lines.map(|line| line.selector).collect();
        if selectors.is_empty() {
            return Err(DkimError::NoPair { domain: domain.to_lowercase(), pair });
        }
        Ok(selectors)
    }

    async fn change(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<(), DkimError> + Send + 'static,
    ) -> Result<(), DkimError> {
        self.access.store().write(Scope::Organisation, work).await?;
        Ok(self.access.reload().await?)
    }
}

fn record(tx: &mut Tx<'_>, actor: Actor, at: Time, detail: String) -> Result<(), DkimError> {
    let entry = AuditEntry { at, actor, mailbox: None, action: "dkim.change", outcome: Outcome::Done, detail };
    Ok(audit::record(tx, &entry)?)
}
