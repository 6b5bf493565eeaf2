//! Roles that the file names, and their members.

use super::{Compared, Comparison, Group, Sign, Step};
use crate::file::described::RoleFacts;
use postroom_model::{MailboxName, Privilege};
use std::collections::BTreeSet;

impl Compared {
    pub(super) fn roles(&mut self, of: &Comparison<'_>) {
        for (id, wanted) in &of.wanted.roles {
            match of.current.described.roles.get(id) {
                Some(there) => self.role(id, there, wanted),
                None => self.new_role(id, wanted),
            }
        }
    }

    fn new_role(&mut self, id: &str, wanted: &RoleFacts) {
        let admin = if wanted.privilege == Privilege::Admin { ", admin" } else { "" };
        let members: Vec<&str> = wanted.members.iter().map(MailboxName::as_str).collect();
        let members = if members.is_empty() { "nobody".to_owned() } else { members.join(", ") };
        self.step(Group::Roles, Sign::Add, Step::CreateRole(id.to_owned()), format!("role {id}{admin}: {members}"));
        self.steps.push((None, Step::SetMembers(id.to_owned())));
    }

    fn role(&mut self, id: &str, there: &RoleFacts, wanted: &RoleFacts) {
        let mut parts = Vec::new();
        if there.description != wanted.description {
            parts.push(format!("description {} -> {}", quoted(&there.description), quoted(&wanted.description)));
        }
        if there.privilege != wanted.privilege {
            parts.push(format!("privilege {} -> {}", there.privilege.as_str(), wanted.privilege.as_str()));
        }
        if there.role_type != wanted.role_type {
            parts.push(format!("type {} -> {}", there.role_type.as_str(), wanted.role_type.as_str()));
        }
        if !parts.is_empty() {
            let text = format!("role {id}: {}", parts.join(", "));
            self.step(Group::Roles, Sign::Change, Step::UpdateRole(id.to_owned()), text);
        }
        if there.members != wanted.members {
            let text = format!("role {id}: members {}", members(&there.members, &wanted.members));
            self.step(Group::Roles, Sign::Change, Step::SetMembers(id.to_owned()), text);
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn members(there: &BTreeSet<MailboxName>, wanted: &BTreeSet<MailboxName>) -> String {
    let come = wanted.difference(there).map(|name| format!("+{name}"));
    let go = there.difference(wanted).map(|name| format!("-{name}"));
    come.chain(go).collect::<Vec<_>>().join(" ")
}
