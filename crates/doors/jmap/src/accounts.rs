//! Accounts: the person's own mailbox, and every mailbox on which they have some right.
//!
//! Entering somebody else's mailbox is written to its record. A client calls many times a minute, so an account stays
//! entered for a while; what may be done in it is asked anew at every call all the same.

use crate::Jmap;
use crate::caller::Caller;
use postroom_access::{AccessError, Opened};
use postroom_mail::whole::Account;
use postroom_model::object_id::canonical;
use postroom_model::{Effective, Mailbox, MailboxId, decide};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long somebody counts as having entered a mailbox.
const ENTERED_FOR: Duration = Duration::from_secs(15 * 60);
/// Beyond so many entered accounts, those that are over are looked for.
const SWEEP_AT: usize = 4096;

/// The accounts that people have entered.
#[derive(Default)]
pub(crate) struct Accounts {
    entered: Mutex<HashMap<(MailboxId, MailboxId), (Opened, Instant)>>,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Accounts")
    }
}

/// The id of an account.
pub(crate) fn id(mailbox: MailboxId) -> String {
    format!("A{mailbox}")
}

/// The mailbox that an id names; None for what [`id`] did not write.
pub(crate) fn read_id(id: &str) -> Option<MailboxId> {
    canonical(id.strip_prefix('A')?).map(MailboxId)
}

/// One account as the session shows it.
pub(crate) struct Listed {
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) own: bool,
    pub(crate) effective: Effective,
}

/// Every account of somebody, their own first.
pub(crate) fn list(jmap: &Jmap, caller: Caller) -> Vec<Listed> {
    let access = jmap.directory.access();
    let org = access.org();
    let mut found: Vec<Listed> = access
        .visible(caller.actor())
        .into_iter()
        .filter_map(|id| {
            let mailbox = org.mailbox(id)?.clone();
            Some(Listed { mailbox, own: id == caller.person, effective: decide(&org, caller.actor(), id) })
        })
        .collect();
    found.sort_by_key(|listed| !listed.own);
    found
}

/// Enters an account. One that the person may not know of is `NotFound`, like one that does not exist.
pub(crate) async fn open(jmap: &Jmap, caller: Caller, mailbox: MailboxId) -> Result<Account, AccessError> {
    let access = jmap.directory.access();
    // Looked at first, so that asking for what is hidden takes as long as asking for what is not there.
    if !decide(&access.org(), caller.actor(), mailbox).sees_mailbox() {
        return Err(AccessError::NotFound);
    }
    let (key, now) = ((caller.person, mailbox), Instant::now());
    let opened = match jmap.accounts.known(key, now) {
        Some(opened) => opened,
        None => {
            let opened = access.open(caller.actor(), mailbox).await?;
            jmap.accounts.keep(key, opened.clone(), now);
            opened
        }
    };
    jmap.mail.account(&opened).await
}

impl Accounts {
    fn known(&self, key: (MailboxId, MailboxId), now: Instant) -> Option<Opened> {
        let entered = self.entered.lock().unwrap_or_else(PoisonError::into_inner);
        let (opened, since) = entered.get(&key)?;
        (now.duration_since(*since) < ENTERED_FOR).then(|| opened.clone())
    }

    fn keep(&self, key: (MailboxId, MailboxId), opened: Opened, now: Instant) {
        let mut entered = self.entered.lock().unwrap_or_else(PoisonError::into_inner);
        if entered.len() >= SWEEP_AT {
            entered.retain(|_, (_, since)| now.duration_since(*since) < ENTERED_FOR);
        }
        entered.insert(key, (opened, now));
    }
}
