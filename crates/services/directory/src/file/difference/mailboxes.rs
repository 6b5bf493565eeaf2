//! Users and shared mailboxes that the file names.

use super::{Compared, Comparison, Group, Sign, Step};
use crate::file::described::{MailboxFacts, PasswordFacts, kind_words};
use postroom_model::{Address, MailboxKind, MailboxName, Privilege};

impl Compared {
    pub(super) fn mailboxes(&mut self, of: &Comparison<'_>) {
        for (name, wanted) in &of.wanted.mailboxes {
            match of.current.described.mailboxes.get(name) {
                Some(there) => self.mailbox(of, name, there, wanted),
                None => self.new_mailbox(of, name, wanted),
            }
        }
    }

    fn new_mailbox(&mut self, of: &Comparison<'_>, name: &MailboxName, wanted: &MailboxFacts) {
        let mut text = format!("{} {name} ({})", kind_words(wanted.kind), wanted.display_name);
        if !wanted.addresses.is_empty() {
            text.push_str(&format!(": {}", list(&wanted.addresses)));
        }
        if wanted.privilege == Privilege::Admin {
            text.push_str(", admin");
        }
        if wanted.kind == MailboxKind::User && !of.passwords.contains(name) {
            text.push_str(", without a password");
        }
        self.step(Group::of(wanted.kind), Sign::Add, Step::Create(name.clone()), text);
        if of.passwords.contains(name) {
            self.steps.push((None, Step::SetPassword(name.clone())));
        }
        if !wanted.addresses.is_empty() {
            self.steps.push((None, Step::SetAddresses(name.clone())));
        }
    }

    fn mailbox(&mut self, of: &Comparison<'_>, name: &MailboxName, there: &MailboxFacts, wanted: &MailboxFacts) {
        let (group, what) = (Group::of(wanted.kind), kind_words(wanted.kind));
        let mut change =
            |step: Step, text: String| self.step(group, Sign::Change, step, format!("{what} {name}: {text}"));
        if there.kind != wanted.kind {
            let dropped = "; its credentials, sessions, roles and the grants it held go";
            let dropped = if there.kind == MailboxKind::User { dropped } else { "" };
            change(Step::Convert(name.clone()), format!("was a {}{dropped}", kind_words(there.kind)));
        }
        if there.display_name != wanted.display_name {
            let text = format!("display_name {} -> {}", there.display_name, wanted.display_name);
            change(Step::Rename(name.clone()), text);
        }
        if there.addresses != wanted.addresses {
            let text = format!("addresses {} -> {}", list(&there.addresses), list(&wanted.addresses));
            change(Step::SetAddresses(name.clone()), text);
        }
        if let Some(text) = policies(there, wanted) {
            change(Step::SetPolicies(name.clone()), text);
        }
        if there.privilege != wanted.privilege && wanted.kind == MailboxKind::User {
            let text = format!("privilege {} -> {}", there.privilege.as_str(), wanted.privilege.as_str());
            change(Step::SetPrivilege(name.clone()), text);
        }
        if of.passwords.contains(name) {
            let again = there.password != PasswordFacts::None;
            let text = if again { "password set again; its sessions end" } else { "password set" };
            change(Step::SetPassword(name.clone()), text.to_owned());
        }
    }
}

fn list(addresses: &[Address]) -> String {
    if addresses.is_empty() {
        return "none".to_owned();
    }
    addresses.iter().map(Address::as_str).collect::<Vec<_>>().join(", ")
}

fn policies(there: &MailboxFacts, wanted: &MailboxFacts) -> Option<String> {
    let mut parts = Vec::new();
    if there.sent_copy != wanted.sent_copy {
        parts.push(format!("sent_copy {} -> {}", there.sent_copy.as_str(), wanted.sent_copy.as_str()));
    }
    if there.seen != wanted.seen {
        parts.push(format!("seen {} -> {}", there.seen.as_str(), wanted.seen.as_str()));
    }
    if there.quota != wanted.quota {
        let words = |quota: Option<u64>| quota.map_or("no limit".to_owned(), |octets| octets.to_string());
        parts.push(format!("quota {} -> {}", words(there.quota), words(wanted.quota)));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}
