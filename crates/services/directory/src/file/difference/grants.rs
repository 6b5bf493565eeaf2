//! Grants: exact where they came from a file and the file speaks of their ends; else listed.

use super::{Compared, Comparison, Group, Sign, Step};
use crate::file::described::{GrantFacts, GrantKey, GranteeName};
use postroom_model::{Origin, RightSet};

impl Compared {
    pub(super) fn grants(&mut self, of: &Comparison<'_>) {
        for (key, wanted) in &of.wanted.grants {
            match of.current.described.grants.get(key) {
                Some(there) => self.grant(key, *there, *wanted),
                None => {
                    let text = format!("{key}: {}", facts(*wanted));
                    self.step(Group::Grants, Sign::Add, Step::SetGrant(key.clone()), text);
                }
            }
        }
        let unwanted = of.current.described.grants.iter().filter(|(key, _)| !of.wanted.grants.contains_key(*key));
        for (key, there) in unwanted {
            let text = format!("{key}: {}", facts(*there));
            if of.options.prune || (there.origin == Origin::File && speaks_of(of, key)) {
                self.step(Group::Grants, Sign::Remove, Step::RemoveGrant(key.clone()), text);
            } else {
                self.not_in_file.push(format!("grant to {text} ({})", origin(there.origin)));
            }
        }
    }

    fn grant(&mut self, key: &GrantKey, there: GrantFacts, wanted: GrantFacts) {
        if (there.rights, there.automap) != (wanted.rights, wanted.automap) {
            let text = format!("{key}: {}", changes(there, wanted));
            self.step(Group::Grants, Sign::Change, Step::SetGrant(key.clone()), text);
        } else if there.origin != wanted.origin {
            self.steps.push((None, Step::Adopt(key.clone())));
        }
    }
}

/// A role's grants belong to the role; a person's to the person and the mailbox.
fn speaks_of(of: &Comparison<'_>, key: &GrantKey) -> bool {
    match &key.grantee {
        GranteeName::Role(id) => of.wanted.roles.contains_key(id),
        GranteeName::User(name) => {
            of.wanted.mailboxes.contains_key(name) || of.wanted.mailboxes.contains_key(&key.mailbox)
        }
    }
}

fn facts(facts: GrantFacts) -> String {
    let automap = if facts.automap { "" } else { ", automap off" };
    format!("{}{automap}", facts.rights.names().join(", "))
}

fn changes(there: GrantFacts, wanted: GrantFacts) -> String {
    let signed = |sign: char, rights: RightSet| rights.names().into_iter().map(move |name| format!("{sign}{name}"));
    let mut parts: Vec<String> = signed('+', wanted.rights.without(there.rights)).collect();
    parts.extend(signed('-', there.rights.without(wanted.rights)));
    if there.automap != wanted.automap {
        parts.push(format!("automap {}", if wanted.automap { "on" } else { "off" }));
    }
    parts.join(" ")
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::File => "from another file",
        Origin::Admin => "made by an administrator",
        Origin::Acl => "made in a mail client",
    }
}
