//! Brings the organisation to what a file says, in one transaction, or says why not.

use super::current::Current;
use super::described::{InboundFacts, InboundKey, PasswordFacts};
use super::difference::{Compared, Comparison, Difference, Step, compare};
use super::resolve::resolve;
use super::routes::open_secrets;
use super::steps::{Doing, act, free_addresses, phase};
use super::{OrganisationFile, Problems};
use crate::change::{Change, NotAllowed, need_admin, use_case_errors};
use crate::passwords::{HashingError, Prepared};
use crate::{AccountSecret, Directory, Secret, secret_row};
use postroom_model::{Actor, MailboxName};
use postroom_store::{StoreError, organisation};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Options {
    /// Only say what would be done.
    pub dry_run: bool,
    /// Remove access and objects that the file does not name; never mail.
    pub prune: bool,
    /// Set passwords also where there is one.
    pub set_passwords: bool,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub difference: Difference,
    pub notes: Vec<String>,
    pub warnings: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error(transparent)]
    Refused(#[from] Problems),
    #[error("passwords were changed meanwhile; nothing was done, apply again")]
    Changed,
    #[error(transparent)]
    Password(#[from] HashingError),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(ApplyError);

/// The hash that each named user has, to see whether it changed between reading and writing.
type Hashes = BTreeMap<MailboxName, PasswordFacts>;

impl Directory {
    /// Idempotent: a second time there is no difference.
    pub async fn apply(&self, actor: Actor, file: OrganisationFile, options: Options) -> Result<Report, ApplyError> {
        need_admin(&self.org(), actor)?;
        let file = Arc::new(file);
        let sealing = self.sealing().clone();
        let mut current = self.read_current(file.clone()).await?;
        open_secrets(&sealing, &mut current.described);
        let hashes = hashes(&current, &file);
        let whose = self.passwords_to_set(&file, &hashes, options).await?;
        let secrets = self.secrets_to_set(&file, &current, options);
        let (report, ..) = prepare(&file, &current, (&whose, &secrets), options)?;
        if options.dry_run {
            return Ok(report);
        }
        let passwords = self.hash_all(&file, &whose).await?;
        let directory = self.clone();
        self.change(actor, "organisation.apply", move |change| {
            change.need_admin()?;
            let mut current = Current::read(change.tx, &change.org, Some(&file))?;
            open_secrets(&sealing, &mut current.described);
            if self::hashes(&current, &file) != hashes {
                return Err(ApplyError::Changed);
            }
            let secrets = directory.secrets_to_set(&file, &current, options);
            let (report, wanted, compared) = prepare(&file, &current, (&whose, &secrets), options)?;
            run(change, &Doing { wanted: &wanted, passwords: &passwords, sealing: &sealing }, compared)?;
            Ok(report)
        })
        .await
    }

    async fn read_current(&self, file: Arc<OrganisationFile>) -> Result<Current, StoreError> {
        self.store()
            .read(move |tx| {
                let org = organisation::load(tx)?;
                Current::read(tx, &org, Some(&file))
            })
            .await
    }

    /// Users without a password for whom the file has one; with `set_passwords` also those whose is another.
    async fn passwords_to_set(
        &self,
        file: &OrganisationFile,
        hashes: &Hashes,
        options: Options,
    ) -> Result<BTreeSet<MailboxName>, HashingError> {
        let mut whose = BTreeSet::new();
        for (name, at) in &file.mailboxes {
            let there = hashes.get(name).cloned().unwrap_or_default();
            let set = match (&at.is.password, there) {
                (PasswordFacts::None, _) => false,
                (_, PasswordFacts::None) => true,
                _ if !options.set_passwords => false,
                (PasswordFacts::Clear(clear), PasswordFacts::Hash(hash)) => {
                    !self.inner.hashing.verify(clear.expose(), Some(hash)).await?
                }
                (wanted, there) => *wanted != there,
            };
            if set {
                whose.insert(name.clone());
            }
        }
        Ok(whose)
    }

    /// Inbound services without a secret for which the file has one; with `set_passwords` also those whose is another.
    fn secrets_to_set(&self, file: &OrganisationFile, current: &Current, options: Options) -> BTreeSet<InboundKey> {
        let mut which = BTreeSet::new();
        for (key, at) in &file.inbound {
            let Some(secret) = &at.is.secret else { continue };
            let set = match current.described.inbound.get(key) {
                Some(there) if !there.sealed.is_empty() => {
                    options.set_passwords && !self.is_sealed_secret(there, secret)
                }
                _ => true,
            };
            if set {
                which.insert(key.clone());
            }
        }
        which
    }

    fn is_sealed_secret(&self, there: &InboundFacts, secret: &AccountSecret) -> bool {
        let Some(id) = there.id else { return false };
        let opened = AccountSecret::open(self.sealing(), &secret_row(id), &there.sealed);
        opened.is_ok_and(|known| secret.is_same_account(&known))
    }

    /// Outside of the transaction, some at a time.
    async fn hash_all(
        &self,
        file: &OrganisationFile,
        whose: &BTreeSet<MailboxName>,
    ) -> Result<BTreeMap<MailboxName, Prepared>, HashingError> {
        let mut ready = BTreeMap::new();
        let mut clear: Vec<(MailboxName, Secret)> = Vec::new();
        for name in whose {
            match file.mailboxes.get(name).map(|at| at.is.password.clone()) {
                Some(PasswordFacts::Hash(hash)) => {
                    ready.insert(name.clone(), Prepared { hash, scram: None });
                }
                Some(PasswordFacts::Clear(secret)) => clear.push((name.clone(), secret)),
                Some(PasswordFacts::None) | None => {}
            }
        }
        for some in clear.chunks(self.inner.limits.hashing_at_once.max(1)) {
            let mut running = tokio::task::JoinSet::new();
            for (name, secret) in some.iter().cloned() {
                let directory = self.clone();
                running.spawn(async move {
                    let prepared = directory.prepare_password(name.as_str(), &secret).await;
                    prepared.map(|prepared| (name, prepared))
                });
            }
            while let Some(done) = running.join_next().await {
                let (name, prepared) = done.map_err(|_| HashingError::Failed)??;
                ready.insert(name, prepared);
            }
        }
        Ok(ready)
    }
}

fn hashes(current: &Current, file: &OrganisationFile) -> Hashes {
    let named = current.described.mailboxes.iter().filter(|(name, _)| file.mailboxes.contains_key(*name));
    named.map(|(name, facts)| (name.clone(), facts.password.clone())).collect()
}

fn prepare(
    file: &OrganisationFile,
    current: &Current,
    (passwords, secrets): (&BTreeSet<MailboxName>, &BTreeSet<InboundKey>),
    options: Options,
) -> Result<(Report, super::described::Described, Compared), Problems> {
    let wanted = resolve(file, current, options)?;
    let (names_plan, names_exceptions) = (file.plan.is_some(), file.exceptions.is_some());
    let compared =
        compare(&Comparison { current, wanted: &wanted, passwords, secrets, names_plan, names_exceptions, options });
    let report = Report {
        difference: compared.difference(),
        notes: notes(file, &compared),
        warnings: warnings(current, &wanted),
    };
    Ok((report, wanted, compared))
}

fn notes(file: &OrganisationFile, compared: &Compared) -> Vec<String> {
    let mut notes = file.notes.clone();
    let adopted = compared.steps.iter().filter(|(_, step)| matches!(step, Step::Adopt(_))).count();
    if adopted > 0 {
        notes.push(format!(
            "{adopted} grants made elsewhere are in the file as they are: from now on the file decides on them"
        ));
    }
    notes
}

fn warnings(current: &Current, wanted: &super::described::Described) -> Vec<String> {
    let Some(plan) = wanted.plan else { return Vec::new() };
    let unnamed = current.described.mailboxes.iter().filter(|(name, _)| !wanted.mailboxes.contains_key(*name));
    let all = wanted.mailboxes.iter().chain(unnamed);
    let count = all.filter(|(_, facts)| facts.kind == postroom_model::MailboxKind::Shared).count();
    if count <= plan.included as usize {
        return Vec::new();
    }
    vec![format!(
        "there are {count} shared mailboxes: the plan includes {} and allows {} at most",
        plan.included, plan.maximum
    )]
}

fn run(change: &mut Change<'_, '_>, doing: &Doing<'_>, compared: Compared) -> Result<(), StoreError> {
    let mut steps = compared.steps;
    steps.sort_by_key(|(_, step)| phase(step));
    let all: Vec<Step> = steps.iter().map(|(_, step)| step.clone()).collect();
    free_addresses(change, &all)?;
    let mut last = None;
    for (line, step) in &steps {
        if last.replace(phase(step)) != Some(phase(step)) {
            change.refresh()?;
        }
        let (action, about) = act(step);
        let before = about.and_then(|name| change.org.by_name(name.as_str())).map(|mailbox| mailbox.id);
        let made = doing.step(change, step)?;
        if let Some(line) = line {
            change.record(made.or(before), action, line.text.clone())?;
        }
    }
    Ok(())
}
