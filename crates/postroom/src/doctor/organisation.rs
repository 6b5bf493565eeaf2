//! The database, and the organisation in it: whether anybody can work with it.

use super::Finding;
use crate::office::Office;
use postroom_model::{MailboxKind, Privilege};
use postroom_store::{changes, organisation};
use serde::{Deserialize, Serialize};

/// What the database holds, as far as a check needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facts {
    pub(crate) domains: Vec<String>,
    pub(crate) users: usize,
    pub(crate) administrators: usize,
    /// Mailboxes with a quota, the octets used and the octets there may be.
    pub(crate) quotas: Vec<(String, u64, u64)>,
}

impl Facts {
    /// Reads them; that alone shows that the database answers.
    pub(crate) async fn read(office: &Office) -> Result<Self, String> {
        let failed = |error: postroom_store::StoreError| format!("the database does not answer: {}", error.detail());
        office.store.read(organisation::version).await.map_err(failed)?;
        let org = office.access.org();
        let limited: Vec<_> = org
            .mailboxes()
            .filter_map(|mailbox| Some((mailbox.id, mailbox.name.to_string(), mailbox.quota?)))
            .collect();
        let mut quotas = Vec::with_capacity(limited.len());
        for (id, name, quota) in limited {
            let used = office.store.read(move |tx| changes::used(tx, id)).await.map_err(failed)?;
            quotas.push((name, used, quota));
        }
        let people = || org.mailboxes().filter(|mailbox| mailbox.kind == MailboxKind::User);
        Ok(Self {
            domains: org.domains().map(|domain| domain.name.clone()).collect(),
            users: people().count(),
            administrators: people().filter(|person| org.privilege(person.id) == Privilege::Admin).count(),
            quotas,
        })
    }
}

pub(super) fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = vec![Finding::ok("database", "it answers, and its schema is the newest")];
    if facts.domains.is_empty() {
        let advice = "add [[domain]] to the organisation file and run `postroom apply`";
        findings.push(Finding::problem("organisation", "there is no domain: no mail is accepted", advice));
    }
    if facts.administrators == 0 {
        let advice = "give a user privilege = \"admin\" in the organisation file";
        findings.push(Finding::warning("organisation", "there is no administrator", advice));
    }
    if !facts.domains.is_empty() && facts.administrators > 0 {
        let what =
            format!("{} domains, {} users, {} administrators", facts.domains.len(), facts.users, facts.administrators);
        findings.push(Finding::ok("organisation", what));
    }
    for (name, used, quota) in &facts.quotas {
        // More than nine tenths.
        if *used > quota - quota / 10 {
            let what = format!("the mailbox {name} is nearly full: {used} of {quota} octets are used");
            findings.push(Finding::warning("organisation", what, "raise its quota, or have mail deleted"));
        }
    }
    findings
}
