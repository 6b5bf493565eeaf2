//! Reads a file and checks all that can be checked without the database. Start at [`OrganisationFile::parse`].

mod grants;
mod inbound;
mod mailboxes;
mod roles;

use super::described::{GranteeName, InboundFacts, InboundKey, MailboxFacts, RoleFacts};
use super::raw::{RawDomain, RawFile, RawPlan, Text};
use super::routes::{ExceptionFacts, RouteFacts};
use super::{Problem, Problems};
use crate::domains::parse_domain;
use postroom_model::{Address, MailboxName, Plan, RightSet};
use std::collections::BTreeMap;
use toml::Spanned;

/// A file that is right in itself. Whether it fits what there is shows when it is applied.
#[derive(Clone, Debug, Default)]
pub struct OrganisationFile {
    pub(super) domains: BTreeMap<String, usize>,
    pub(super) mailboxes: BTreeMap<MailboxName, At<MailboxFacts>>,
    /// Each address with its line, in order of the file.
    pub(super) addresses: BTreeMap<Address, (usize, MailboxName)>,
    pub(super) roles: BTreeMap<String, At<RoleFacts>>,
    /// Each member that a role names, with its line.
    pub(super) members: Vec<(usize, String, MailboxName)>,
    pub(super) grants: Vec<WantedGrant>,
    pub(super) routes: BTreeMap<String, At<RouteFacts>>,
    /// None: the file does not speak of them.
    pub(super) exceptions: Option<Vec<At<ExceptionFacts>>>,
    pub(super) inbound: BTreeMap<InboundKey, At<InboundFacts>>,
    /// Outer none: the file does not speak of it. Inner none: no limit.
    pub(super) plan: Option<At<Option<Plan>>>,
    /// What is right but may surprise.
    pub(super) notes: Vec<String>,
}

/// Something and the line it stands on.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    pub(super) line: usize,
    pub(super) is: T,
}

#[derive(Clone, Debug)]
pub(super) struct WantedGrant {
    pub(super) line: usize,
    pub(super) mailbox: MailboxName,
    pub(super) grantee: GranteeName,
    pub(super) grantee_line: usize,
    /// Names of folders as written; none: the whole mailbox.
    pub(super) folders: Option<Vec<(usize, String)>>,
    pub(super) rights: RightSet,
    pub(super) automap: bool,
}

impl OrganisationFile {
    /// `env` gives the values of the environment variables that `*_env` keys name.
    pub fn parse(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, Problems> {
        let raw = raw(text)?;
        let mut reader = Reader { text, env, problems: Vec::new(), file: Self::default() };
        reader.not_yet(&raw);
        reader.domains(raw.domain);
        reader.users(raw.user);
        reader.shared_mailboxes(raw.shared_mailbox);
        reader.roles(raw.role);
        reader.user_grants(raw.grant);
        reader.exceptions(raw.route);
        reader.plan(raw.plan);
        let Reader { mut problems, file, .. } = reader;
        problems.sort();
        if problems.is_empty() { Ok(file) } else { Err(Problems(problems)) }
    }

    /// The environment variables that the file names, so that a command can hand their values to a running server.
    pub fn variables(text: &str) -> Result<Vec<String>, Problems> {
        let raw = raw(text)?;
        let passwords = raw.user.iter().filter_map(|user| user.password_env.as_ref());
        let of_users = raw.user.iter().flat_map(|user| &user.inbound);
        let services = of_users.chain(raw.shared_mailbox.iter().flat_map(|shared| &shared.inbound));
        let services = services.flat_map(|service| service.variables());
        let of_domains = raw.domain.iter().filter_map(|domain| domain.route.as_ref());
        let of_domains = of_domains.filter_map(|route| route.get_ref().password_env.as_ref());
        let exceptions = raw.route.iter().filter_map(|exception| exception.get_ref().password_env.as_ref());
        let named = passwords.chain(services).chain(of_domains).chain(exceptions);
        Ok(named.map(|name| name.get_ref().clone()).collect())
    }
}

fn raw(text: &str) -> Result<RawFile, Problems> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(text.len(), |span| span.start);
        Problems(vec![Problem { line: line_of(text, at), text: error.message().to_owned() }])
    })
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// Reads section by section and collects what is wrong.
pub(super) struct Reader<'t> {
    text: &'t str,
    pub(super) env: &'t dyn Fn(&str) -> Option<String>,
    problems: Vec<Problem>,
    pub(super) file: OrganisationFile,
}

impl Reader<'_> {
    pub(super) fn line<T>(&self, at: &Spanned<T>) -> usize {
        line_of(self.text, at.span().start)
    }

    pub(super) fn problem(&mut self, line: usize, text: impl Into<String>) {
        self.problems.push(Problem { line, text: text.into() });
    }

    /// Takes the value of a key, or says what is wrong with it.
    pub(super) fn read<T, E: std::fmt::Display>(
        &mut self,
        raw: &Text,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(raw.get_ref()) {
            Ok(value) => Some(value),
            Err(error) => {
                self.problem(self.line(raw), error.to_string());
                None
            }
        }
    }

    /// A word of a closed set; absent: the default.
    fn word<T: Default>(&mut self, raw: Option<&Text>, parse: fn(&str) -> Option<T>, words: &str) -> T {
        let Some(raw) = raw else { return T::default() };
        let wrong = || format!("`{}` is none of {words}", raw.get_ref());
        self.read(raw, |text| parse(text).ok_or_else(wrong)).unwrap_or_default()
    }

    fn not_yet(&mut self, raw: &RawFile) {
        if let Some(list) = &raw.list {
            self.problem(self.line(list), "distribution lists ([[list]]) are not supported by this version");
        }
        if let Some(room) = &raw.room {
            self.problem(self.line(room), "rooms ([[room]]) are not supported by this version");
        }
    }

    fn domains(&mut self, raw: Vec<RawDomain>) {
        for domain in raw {
            let line = self.line(&domain.name);
            let bad = |text: &str| format!("`{text}` is no domain name");
            let Some(name) = self.read(&domain.name, |text| parse_domain(text).ok_or_else(|| bad(text))) else {
                continue;
            };
            if let Some(first) = self.file.domains.insert(name.clone(), line) {
                self.problem(line, format!("the domain {name} is given twice, first on line {first}"));
            }
            if let Some(raw) = &domain.route {
                let line = self.line(raw);
                if let Some(is) = self.route(line, raw.get_ref()) {
                    self.file.routes.insert(name, At { line, is });
                }
            }
        }
    }

    fn plan(&mut self, raw: Option<RawPlan>) {
        let Some(raw) = raw else { return };
        let Some(numbers) = raw.shared_mailboxes else {
            self.file.plan = Some(At { line: 0, is: None });
            return;
        };
        let line = self.line(&numbers);
        let plan = Plan { included: numbers.get_ref().included, maximum: numbers.get_ref().maximum };
        if plan.included > plan.maximum {
            self.problem(line, "the plan includes more shared mailboxes than its maximum");
        }
        self.file.plan = Some(At { line, is: Some(plan) });
    }
}
