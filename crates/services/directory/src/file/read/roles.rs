//! `[[role]]`.

use super::{At, Reader};
use crate::file::described::{GranteeName, RoleFacts};
use crate::file::raw::RawRole;
use postroom_model::role::{ADMINISTRATORS, role_id_is_valid};
use postroom_model::{MailboxName, Privilege, RoleType};
use std::collections::BTreeSet;

impl Reader<'_> {
    pub(super) fn roles(&mut self, raw: Vec<RawRole>) {
        for role in raw {
            let line = self.line(&role.id);
            let bad =
                "a role id is one line of 1 to 100 characters, without blanks at its ends and without $ at its start";
            let valid = |text: &str| role_id_is_valid(text).then(|| text.to_owned()).ok_or(bad);
            let Some(id) = self.read(&role.id, valid) else { continue };
            let facts = self.role_facts(&role, &id);
            self.role_grants(line, role, &id, facts.role_type);
            match self.file.roles.get(&id).map(|first| first.line) {
                Some(first) => self.problem(line, format!("the role {id} is given twice, first on line {first}")),
                None => drop(self.file.roles.insert(id, At { line, is: facts })),
            }
        }
    }

    fn role_facts(&mut self, role: &RawRole, id: &str) -> RoleFacts {
        let system = id == ADMINISTRATORS;
        let mut privilege = self.word(role.privilege.as_ref(), Privilege::parse, "user, admin");
        let role_type = self.word(role.role_type.as_ref(), RoleType::parse, "security, assignment");
        if system {
            let line = self.line(&role.id);
            let privilege_fits = role.privilege.is_none() || privilege == Privilege::Admin;
            if !privilege_fits || role_type != RoleType::Security || role.description.is_some() {
                self.problem(line, format!("{id} is a role of the system: only its members can be given"));
            }
            privilege = Privilege::Admin;
        }
        let description = role.description.as_ref().map(|text| text.get_ref().clone()).unwrap_or_default();
        let mut members = BTreeSet::new();
        for text in &role.members {
            let Some(name) = self.read(text, MailboxName::parse) else { continue };
            let line = self.line(text);
            self.file.members.push((line, id.to_owned(), name.clone()));
            if !members.insert(name.clone()) {
                self.problem(line, format!("the member {name} is given twice"));
            }
        }
        RoleFacts { description, privilege, role_type, members, system }
    }

    fn role_grants(&mut self, role_line: usize, role: RawRole, id: &str, role_type: RoleType) {
        if let Some(first) = role.grant.first() {
            let line = self.line(&first.mailbox);
            if id == ADMINISTRATORS {
                self.problem(line, format!("{id} is a role of the system: it cannot be tied to a mailbox"));
            } else if role_type != RoleType::Security {
                self.problem(line, "only a security role can be tied to a mailbox; this one is of another type");
            }
        }
        for grant in role.grant {
            self.grant(role_line, GranteeName::Role(id.to_owned()), grant);
        }
    }
}
