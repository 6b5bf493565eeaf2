//! What every use case about mailboxes checks.

use postroom_model::{Address, BadAddress, MailboxId, MailboxKind, Org};

/// Why an address cannot be given to a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressProblem {
    #[error(transparent)]
    Bad(#[from] BadAddress),
    #[error("the domain of {0} is not configured; add the domain first")]
    UnknownDomain(Address),
    #[error("the address {address} already belongs to the mailbox {owner}; take it from there first")]
    Taken { address: Address, owner: String },
    #[error("the address {0} is given twice")]
    Twice(Address),
}

/// Reads addresses and checks that `mailbox` (none: a new one) may have them.
pub(crate) fn check_addresses(
    org: &Org,
    mailbox: Option<MailboxId>,
    raw: &[String],
) -> Result<Vec<Address>, AddressProblem> {
    let mut addresses: Vec<Address> = Vec::with_capacity(raw.len());
    for text in raw {
        let address = Address::parse(text)?;
        if addresses.contains(&address) {
            return Err(AddressProblem::Twice(address));
        }
        if !org.has_domain(address.domain()) {
            return Err(AddressProblem::UnknownDomain(address));
        }
        match org.by_address(&address).filter(|owner| Some(owner.id) != mailbox) {
            Some(owner) => return Err(AddressProblem::Taken { owner: owner.name.to_string(), address }),
            None => addresses.push(address),
        }
    }
    Ok(addresses)
}

/// A display name is one line of 1 to 128 characters. Gives it without blanks around it.
pub(crate) fn check_display_name(raw: &str) -> Option<&str> {
    let name = raw.trim();
    let fits = !name.is_empty() && name.chars().count() <= 128 && !name.chars().any(char::is_control);
    fits.then_some(name)
}

/// The number that one more shared mailbox would be, where the plan does not allow it.
pub(crate) fn over_plan(org: &Org) -> Option<u32> {
    let plan = org.plan?;
    (org.shared_mailboxes() >= plan.maximum as usize).then_some(plan.maximum)
}

/// What to tell when one more mailbox of this kind goes beyond what the plan includes.
pub(crate) fn note_on_plan(org: &Org, kind: MailboxKind) -> Option<String> {
    let plan = org.plan.filter(|_| kind == MailboxKind::Shared)?;
    let number = org.shared_mailboxes() + 1;
    (number > plan.included as usize).then(|| {
        format!(
            "this is shared mailbox number {number}: the plan includes {} and allows {} at most",
            plan.included, plan.maximum
        )
    })
}
