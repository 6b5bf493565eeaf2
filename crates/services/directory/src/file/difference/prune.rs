//! What exists and the file does not name: listed, or with `prune` without access from then on. Mail stays always.

use super::{Compared, Comparison, Group, Sign, Step};
use crate::file::described::{GranteeName, MailboxFacts, kind_words};
use postroom_model::{MailboxKind, MailboxName, Privilege};

impl Compared {
    pub(super) fn unnamed(&mut self, of: &Comparison<'_>) {
        let there = &of.current.described;
        for (name, facts) in there.mailboxes.iter().filter(|(name, _)| !of.wanted.mailboxes.contains_key(*name)) {
            self.unnamed_mailbox(of, name, facts);
        }
        for (id, role) in there.roles.iter().filter(|(id, _)| !of.wanted.roles.contains_key(*id)) {
            match (of.options.prune, role.system, role.members.is_empty()) {
                (_, true, true) => {}
                (false, ..) => self.not_in_file.push(format!("role {id}")),
                (true, true, false) => {
                    let text = format!("role {id}: all its members");
                    self.step(Group::Roles, Sign::Remove, Step::EmptyRole(id.clone()), text);
                }
                (true, false, _) => {
                    let text = format!("role {id} and its grants");
                    self.step(Group::Roles, Sign::Remove, Step::DeleteRole(id.clone()), text);
                }
            }
        }
        for name in there.domains.difference(&of.wanted.domains) {
            if of.options.prune && !still_used(of, name) {
                self.step(Group::Domains, Sign::Remove, Step::RemoveDomain(name.clone()), name);
            } else {
                self.not_in_file.push(format!("domain {name}"));
            }
        }
    }

    fn unnamed_mailbox(&mut self, of: &Comparison<'_>, name: &MailboxName, facts: &MailboxFacts) {
        let (group, what) = (Group::of(facts.kind), kind_words(facts.kind));
        let messages = of.current.unnamed_mail.get(name).copied().unwrap_or(0);
        if !of.options.prune {
            self.not_in_file.push(format!("{what} {name}"));
        } else if messages == 0 {
            let text = format!("{what} {name}: deleted, it holds no mail");
            self.step(group, Sign::Remove, Step::Delete(name.clone()), text);
        } else if has_access(of, name, facts) {
            let text =
                format!("{what} {name}: its sign-in, roles and grants; its {messages} messages and addresses stay");
            self.step(group, Sign::Remove, Step::Suspend(name.clone()), text);
        } else {
            self.not_in_file.push(format!("{what} {name}: no access any more; its {messages} messages stay"));
        }
    }
}

/// Whether a user still has something that `prune` takes. Grants on the mailbox are lines of their own.
fn has_access(of: &Comparison<'_>, name: &MailboxName, facts: &MailboxFacts) -> bool {
    let there = &of.current.described;
    facts.kind == MailboxKind::User
        && (of.current.signs_in.contains(name)
            || facts.privilege != Privilege::User
            || there.roles.values().any(|role| role.members.contains(name))
            || there.grants.keys().any(|key| key.grantee == GranteeName::User(name.clone())))
}

/// Whether an address that stays ends in the domain.
fn still_used(of: &Comparison<'_>, domain: &str) -> bool {
    let stays = |name: &MailboxName| of.current.unnamed_mail.get(name).is_some_and(|messages| *messages > 0);
    let there = of.current.described.mailboxes.iter().filter(|(name, _)| stays(name));
    there.flat_map(|(_, facts)| &facts.addresses).any(|address| address.domain() == domain)
}
