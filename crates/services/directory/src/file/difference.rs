//! What is different between what there is and what a file wants: readable lines, and the steps behind them.
//!
//! Pure. Start reading at [`compare`]. What the file names becomes exact; what it does not name is listed, or with
//! `prune` loses its access.

mod grants;
mod inbound;
mod mailboxes;
mod prune;
mod roles;

use super::Options;
use super::current::Current;
use super::described::{Described, GrantKey, InboundKey};
use crate::plan::words;
use postroom_model::{MailboxKind, MailboxName};
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    Plan,
    Domains,
    Routes,
    Users,
    Mailboxes,
    Inbound,
    Roles,
    Grants,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Sign {
    #[serde(rename = "+")]
    Add,
    #[serde(rename = "-")]
    Remove,
    #[serde(rename = "~")]
    Change,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub group: Group,
    pub sign: Sign,
    pub text: String,
}

/// For people; the same value is printed by the command and given by the API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// In order of group.
    pub lines: Vec<Line>,
    /// What exists and is not in the file; left as it is.
    pub not_in_file: Vec<String>,
}

impl Difference {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.lines.is_empty() {
            writeln!(f, "no difference")?;
        }
        let mut last = None;
        for line in &self.lines {
            if last.replace(line.group) != Some(line.group) {
                writeln!(f, "{}:", line.group.title())?;
            }
            writeln!(f, "  {} {}", line.sign.as_char(), line.text)?;
        }
        if !self.not_in_file.is_empty() {
            writeln!(f, "not in the file, left as it is:")?;
        }
        self.not_in_file.iter().try_for_each(|text| writeln!(f, "    {text}"))
    }
}

impl Group {
    fn title(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Domains => "domains",
            Self::Routes => "routes",
            Self::Users => "users",
            Self::Mailboxes => "mailboxes",
            Self::Inbound => "inbound services",
            Self::Roles => "roles",
            Self::Grants => "grants",
        }
    }

    fn of(kind: MailboxKind) -> Self {
        if kind == MailboxKind::User { Self::Users } else { Self::Mailboxes }
    }
}

impl Sign {
    pub fn as_char(self) -> char {
        match self {
            Self::Add => '+',
            Self::Remove => '-',
            Self::Change => '~',
        }
    }
}

/// One thing to do. Values are looked up in what is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    SetPlan,
    AddDomain(String),
    RemoveDomain(String),
    SetRoute(String),
    SetExceptions,
    Create(MailboxName),
    Convert(MailboxName),
    Rename(MailboxName),
    SetAddresses(MailboxName),
    SetPolicies(MailboxName),
    SetPrivilege(MailboxName),
    SetPassword(MailboxName),
    /// Takes sign-in, roles and grants held from a user.
    Suspend(MailboxName),
    Delete(MailboxName),
    CreateRole(String),
    UpdateRole(String),
    SetMembers(String),
    /// Takes all members from a role of the system.
    EmptyRole(String),
    DeleteRole(String),
    SetGrant(GrantKey),
    RemoveGrant(GrantKey),
    /// A grant made elsewhere that the file now names as it is.
    Adopt(GrantKey),
    AddInbound(InboundKey),
    ChangeInbound(InboundKey),
    SetInboundSecret(InboundKey),
    RemoveInbound(InboundKey),
}

/// The steps, each with its line; some have none, because nothing that people see changes.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) steps: Vec<(Option<Line>, Step)>,
    pub(super) not_in_file: Vec<String>,
}

/// What is compared, and how.
pub(super) struct Comparison<'a> {
    pub(super) current: &'a Current,
    pub(super) wanted: &'a Described,
    /// Whose password is to be set.
    pub(super) passwords: &'a BTreeSet<MailboxName>,
    /// Inbound services whose secret is to be set.
    pub(super) secrets: &'a BTreeSet<InboundKey>,
    /// The file speaks of the plan.
    pub(super) names_plan: bool,
    /// The file speaks of exceptions from routes.
    pub(super) names_exceptions: bool,
    pub(super) options: Options,
}

pub(super) fn compare(of: &Comparison<'_>) -> Compared {
    let mut compared = Compared::default();
    compared.plan(of);
    compared.domains(of);
    compared.routes(of);
    compared.mailboxes(of);
    compared.inbound(of);
    compared.roles(of);
    compared.grants(of);
    compared.unnamed(of);
    compared
}

impl Compared {
    pub(super) fn step(&mut self, group: Group, sign: Sign, step: Step, text: impl Into<String>) {
        self.steps.push((Some(Line { group, sign, text: text.into() }), step));
    }

    pub(super) fn difference(&self) -> Difference {
        let mut lines: Vec<Line> = self.steps.iter().filter_map(|(line, _)| line.clone()).collect();
        lines.sort_by_key(|line| line.group);
        Difference { lines, not_in_file: self.not_in_file.clone() }
    }

    fn plan(&mut self, of: &Comparison<'_>) {
        let (old, new) = (of.current.described.plan, of.wanted.plan);
        if old != new {
            self.step(Group::Plan, Sign::Change, Step::SetPlan, format!("{} -> {}", words(old), words(new)));
        } else if old.is_some() && !of.names_plan {
            self.not_in_file.push(format!("the plan: {}", words(old)));
        }
    }

    fn domains(&mut self, of: &Comparison<'_>) {
        for name in of.wanted.domains.difference(&of.current.described.domains) {
            self.step(Group::Domains, Sign::Add, Step::AddDomain(name.clone()), name);
        }
    }
}
