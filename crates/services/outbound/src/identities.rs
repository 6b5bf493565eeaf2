//! The addresses that somebody may send from, for clients that offer a choice.

use crate::send_from::{How, may_send_from};
use postroom_model::{Actor, Address, MailboxId, Org, Right, decide};

/// One address to send from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub mailbox: MailboxId,
    pub address: Address,
    /// The display name of the mailbox.
    pub name: String,
    pub how: How,
    /// Whether files may be sent from it.
    pub attachments: bool,
}

/// Own addresses first, then those of other mailboxes in order of id; each mailbox's default address first.
pub fn of(org: &Org, actor: Actor) -> Vec<Identity> {
    let Some(person) = actor.person_id() else { return Vec::new() };
    let mailboxes = std::iter::once(person).chain(org.reachable(person)).filter_map(|id| org.mailbox(id));
    let mut found = Vec::new();
    for mailbox in mailboxes {
        let attachments = decide(org, actor, mailbox.id).whole.has(Right::AttachmentAdd);
        for address in &mailbox.addresses {
            if let Ok((_, how)) = may_send_from(org, actor, address.as_str()).allowed() {
                let (address, name) = (address.clone(), mailbox.display_name.clone());
                found.push(Identity { mailbox: mailbox.id, address, name, how, attachments });
            }
        }
    }
    found
}
