//! What people say about the addresses that they send from: name, signatures, reply addresses. Which addresses those
//! are follows from the rights of the moment, so the list is brought in step whenever somebody looks at it.
//!
//! Start reading at [`Outbound::kept_identities`].

use crate::send_from::How;
use crate::{Identity, Outbound};
use postroom_access::AccessError;
use postroom_mail::emails::WholeSetError;
use postroom_mail::whole::{Account, State};
use postroom_model::MailboxId;
use postroom_store::changes::{self, Log};
use postroom_store::identities::{self, Identity as Row};
use postroom_store::{Scope, StoreError, Tx};

/// An address to send from, with what the person said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptIdentity {
    pub id: i64,
    /// The mailbox that the address belongs to.
    pub mailbox: MailboxId,
    pub address: String,
    pub how: How,
    pub name: String,
    /// JSON, or empty.
    pub reply_to: String,
    pub bcc: String,
    pub text_signature: String,
    pub html_signature: String,
}

/// What is not said stays.
#[derive(Clone, Debug, Default)]
pub struct IdentityChange {
    pub name: Option<String>,
    pub reply_to: Option<String>,
    pub bcc: Option<String>,
    pub text_signature: Option<String>,
    pub html_signature: Option<String>,
}

/// What a set of changes did: whether each found its identity.
#[derive(Clone, Debug)]
pub struct IdentitiesSet {
    pub old: State,
    pub new: State,
    pub updated: Vec<bool>,
}

impl Outbound {
    /// The identities that a person has in an account: in their own all addresses that they may send from, in another
    /// those of that mailbox.
    pub async fn kept_identities(&self, account: &Account) -> Result<Vec<KeptIdentity>, AccessError> {
        let actor = account.opened().actor();
        let Some(person) = actor.person_id() else { return Ok(Vec::new()) };
        let mailbox = account.mailbox();
        let mut wanted = self.identities(actor);
        wanted.retain(|identity| account.opened().is_own() || identity.mailbox == mailbox);
        let rows = self.access.store().read(move |tx| identities::of(tx, mailbox, person)).await?;
        let rows = if in_step(&rows, &wanted) {
            rows
        } else {
            let (wanted, at) = (wanted.clone(), self.access.clock().now());
            let work = move |tx: &mut Tx<'_>| {
                let mut log = Log::begin(tx, mailbox, at)?;
                bring_in_step(tx, &mut log, person, &wanted)?;
                log.end(tx)?;
                identities::of(tx, mailbox, person)
            };
            self.access.store().write::<_, StoreError, _>(Scope::mailbox(mailbox), work).await?
        };
        // In the order of the addresses: own ones first.
        Ok(wanted
            .iter()
            .filter_map(|identity| Some(kept(rows.iter().find(|row| is_of(row, identity))?, identity)))
            .collect())
    }

    /// Changes what is said about identities, in one transaction.
    pub async fn set_identities(
        &self,
        account: &Account,
        if_in: Option<State>,
        update: Vec<(i64, IdentityChange)>,
    ) -> Result<IdentitiesSet, WholeSetError> {
        self.kept_identities(account).await?;
        let Some(person) = account.opened().actor().person_id() else { return Err(AccessError::NotFound.into()) };
        let (mailbox, base) = (account.mailbox(), account.look().await?.state());
        let at = self.access.clock().now();
        let work = move |tx: &mut Tx<'_>| {
            let old = base.with_modseq(changes::current(tx, mailbox)?);
            if if_in.is_some_and(|wanted| wanted != old) {
                return Err(WholeSetError::StateMismatch);
            }
            let mut log = Log::begin(tx, mailbox, at)?;
            let rows = identities::of(tx, mailbox, person)?;
            let mut updated = Vec::with_capacity(update.len());
            for (id, change) in &update {
                let row = rows.iter().find(|row| row.id == *id);
                if let Some(row) = row {
                    identities::update(tx, &mut log, person, &changed(row.clone(), change))?;
                }
                updated.push(row.is_some());
            }
            Ok(IdentitiesSet { old, new: old.with_modseq(log.end(tx)?), updated })
        };
        self.access.store().write(Scope::mailbox(mailbox), work).await
    }
}

fn is_of(row: &Row, identity: &Identity) -> bool {
    row.address == identity.address.as_str()
}

fn in_step(rows: &[Row], wanted: &[Identity]) -> bool {
    let fits = |identity: &Identity| {
        rows.iter().any(|row| is_of(row, identity) && (row.own_name || row.name == identity.name))
    };
    rows.len() == wanted.len() && wanted.iter().all(fits)
}

/// Makes those that are missing, follows names, and removes what may not be sent from any more.
fn bring_in_step(tx: &mut Tx<'_>, log: &mut Log, person: MailboxId, wanted: &[Identity]) -> Result<(), StoreError> {
    let rows = identities::of(tx, log.mailbox(), person)?;
    for row in rows.iter().filter(|row| !wanted.iter().any(|identity| is_of(row, identity))) {
        identities::remove(tx, log, person, row.id)?;
    }
    for identity in wanted {
        match rows.iter().find(|row| is_of(row, identity)) {
            None => {
                identities::create(tx, log, person, identity.address.as_str(), &identity.name)?;
            }
            Some(row) if !row.own_name && row.name != identity.name => {
                identities::update(tx, log, person, &Row { name: identity.name.clone(), ..row.clone() })?;
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn kept(row: &Row, identity: &Identity) -> KeptIdentity {
    KeptIdentity {
        id: row.id,
        mailbox: identity.mailbox,
        address: row.address.clone(),
        how: identity.how,
        name: row.name.clone(),
        reply_to: row.reply_to.clone(),
        bcc: row.bcc.clone(),
        text_signature: row.text_signature.clone(),
        html_signature: row.html_signature.clone(),
    }
}

fn changed(mut row: Row, change: &IdentityChange) -> Row {
    let put = |field: &mut String, value: &Option<String>| {
        if let Some(value) = value {
            field.clone_from(value);
        }
    };
    row.own_name |= change.name.is_some();
    put(&mut row.name, &change.name);
    put(&mut row.reply_to, &change.reply_to);
    put(&mut row.bcc, &change.bcc);
    put(&mut row.text_signature, &change.text_signature);
    put(&mut row.html_signature, &change.html_signature);
    row
}
