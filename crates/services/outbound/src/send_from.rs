//! Who may send as whom: the one home of that decision, for SMTP, JMAP and the web alike.
//!
//! A person sends from their own addresses; from those of another mailbox by `send.as`, which leaves no trace of
//! them, or by `send.on_behalf`, which names them in Sender. `send.as` wins. Everything else is refused, in words
//! that tell a stranger nothing: whether the address exists shows to those alone who hold some right on it.

use postroom_model::{Actor, Address, Denied, MailboxId, Org, Right, decide};

/// Whether somebody may send from an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    As { mailbox: MailboxId, own: bool },
    OnBehalf { mailbox: MailboxId },
    Refused(Refusal),
}

/// How a person stands to the mailbox that they send from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Own,
    As,
    OnBehalf,
}

impl How {
    /// As the record of acts writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::As => "as",
            Self::OnBehalf => "behalf",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The mailbox does not exist, or the person may not know that it does.
    #[error("sending as {0} needs the right send.as on it; ask an administrator")]
    Unseen(String),
    /// For those who hold some right on the mailbox.
    #[error("sending as {address}: {denied}")]
    Denied { address: String, mailbox: MailboxId, denied: Denied },
}

impl Decision {
    /// The mailbox and how the person sends from it.
    pub fn allowed(self) -> Result<(MailboxId, How), Refusal> {
        match self {
            Self::As { mailbox, own: true } => Ok((mailbox, How::Own)),
            Self::As { mailbox, own: false } => Ok((mailbox, How::As)),
            Self::OnBehalf { mailbox } => Ok((mailbox, How::OnBehalf)),
            Self::Refused(refusal) => Err(refusal),
        }
    }
}

/// Decides by the facts given. Sub-addresses (`bob+x@`) belong to the mailbox of the address without the detail.
pub fn may_send_from(org: &Org, actor: Actor, address: &str) -> Decision {
    let Ok(address) = Address::parse(address) else {
        let printable = address.chars().filter(|c| !c.is_control()).take(254).collect();
        return Decision::Refused(Refusal::Unseen(printable));
    };
    let unseen = |address: &Address| Decision::Refused(Refusal::Unseen(address.to_string()));
    let Some(mailbox) = org.recipient(&address).map(|mailbox| mailbox.id) else { return unseen(&address) };
    let effective = decide(org, actor, mailbox);
    if effective.whole.has(Right::SendAs) {
        Decision::As { mailbox, own: actor.person_id() == Some(mailbox) }
    } else if effective.whole.has(Right::SendOnBehalf) {
        Decision::OnBehalf { mailbox }
    } else if effective.sees_mailbox() {
        let denied = Denied::new(org, Right::SendAs, mailbox);
        Decision::Refused(Refusal::Denied { address: address.to_string(), mailbox, denied })
    } else {
        unseen(&address)
    }
}
