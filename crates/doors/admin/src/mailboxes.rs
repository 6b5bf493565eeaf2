//! `/api/v1/mailboxes`: mailboxes that people share. Made and deleted by administrators.

pub(crate) mod convert;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod folders;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod people;
pub(crate) mod update;

use crate::words::{KindWord, SeenWord, SentCopyWord};
use crate::{Caller, Problem};
use postroom_model::{Address, MailboxId, MailboxKind, SeenMode, SentCopy};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A mailbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Mailbox {
    #[schema(value_type = i64)]
    id: MailboxId,
    #[schema(value_type = KindWord)]
    kind: MailboxKind,
    /// Never changes.
    #[schema(example = "support")]
    name: String,
    #[schema(example = "Customer Support")]
    display_name: String,
    /// How mail clients show it below `Shared` or `Other Users`.
    #[schema(example = "Customer Support")]
    label: String,
    /// The first is the default address.
    #[schema(value_type = Vec<String>, example = json!(["support@example.org", "help@example.org"]))]
    addresses: Vec<Address>,
    #[schema(value_type = SentCopyWord)]
    sent_copy: SentCopy,
    #[schema(value_type = SeenWord)]
    seen: SeenMode,
    /// Octets; null: no limit.
    quota: Option<u64>,
}

impl From<&postroom_model::Mailbox> for Mailbox {
    fn from(facts: &postroom_model::Mailbox) -> Self {
        Self {
            id: facts.id,
            kind: facts.kind,
            name: facts.name.to_string(),
            display_name: facts.display_name.clone(),
            label: facts.label.clone(),
            addresses: facts.addresses.clone(),
            sent_copy: facts.sent_copy,
            seen: facts.seen,
            quota: facts.quota,
        }
    }
}

/// A mailbox that the caller may know of: administrators know all, others those they have some right on. For
/// everybody else it does not exist.
pub(crate) fn known(caller: &Caller, name: &str) -> Result<Arc<postroom_model::Mailbox>, Problem> {
    let org = caller.directory.org();
    let found = org.by_name(name).filter(|mailbox| caller.is_admin || caller.sees(mailbox.id));
    found.cloned().ok_or_else(|| Problem::not_found("mailbox"))
}
