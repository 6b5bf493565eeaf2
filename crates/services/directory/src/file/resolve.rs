//! Checks a file against what there is, and gives what is wanted.

use super::current::Current;
use super::described::{Described, GrantFacts, GrantKey, GranteeName};
use super::read::WantedGrant;
use super::routes::{bad_sender, keep_secret};
use super::{Options, OrganisationFile, Problem, Problems};
use postroom_model::{FolderName, MailboxKind, MailboxName, Origin, SpecialUse};

/// What the file names, and only that. Refused whole if anything that it refers to is missing.
pub(super) fn resolve(file: &OrganisationFile, current: &Current, options: Options) -> Result<Described, Problems> {
    let mut resolver = Resolver { file, current, prune: options.prune, problems: Vec::new() };
    resolver.check_domains();
    resolver.check_owners();
    resolver.check_members();
    let mut wanted = Described {
        domains: file.domains.keys().cloned().collect(),
        mailboxes: file.mailboxes.iter().map(|(name, at)| (name.clone(), at.is.clone())).collect(),
        roles: file.roles.iter().map(|(id, at)| (id.clone(), at.is.clone())).collect(),
        inbound: file.inbound.iter().map(|(key, at)| (key.clone(), at.is.clone())).collect(),
        plan: file.plan.as_ref().map_or(current.described.plan, |at| at.is),
        routes: file.routes.iter().map(|(name, at)| (name.clone(), at.is.clone())).collect(),
        ..Described::default()
    };
    resolver.routes(&mut wanted);
    // What the system says of its own roles is not the file's to say.
    for (id, role) in wanted.roles.iter_mut().filter(|(_, role)| role.system) {
        if let Some(there) = current.described.roles.get(id) {
            role.description.clone_from(&there.description);
        }
    }
    resolver.grants(&mut wanted);
    resolver.check_plan(&wanted);
    resolver.problems.sort();
    if resolver.problems.is_empty() { Ok(wanted) } else { Err(Problems(resolver.problems)) }
}

struct Resolver<'a> {
    file: &'a OrganisationFile,
    current: &'a Current,
    /// What the file does not name goes: it cannot be referred to.
    prune: bool,
    problems: Vec<Problem>,
}

impl Resolver<'_> {
    fn problem(&mut self, line: usize, text: String) {
        self.problems.push(Problem { line, text });
    }

    /// The kind that a mailbox will have.
    fn kind(&self, name: &MailboxName) -> Option<MailboxKind> {
        let in_file = self.file.mailboxes.get(name).map(|at| at.is.kind);
        let there = self.current.described.mailboxes.get(name).filter(|_| !self.prune).map(|facts| facts.kind);
        in_file.or(there)
    }

    fn check_domains(&mut self) {
        for (address, (line, _)) in &self.file.addresses {
            let domain = address.domain();
            let configured = self.file.domains.contains_key(domain)
                || (!self.prune && self.current.described.domains.contains(domain));
            if !configured {
                self.problem(
                    *line,
                    format!("the domain of {address} is not configured; add [[domain]] name = \"{domain}\""),
                );
            }
        }
    }

    /// An address can move between mailboxes that the file names; from others it must be taken first.
    fn check_owners(&mut self) {
        for (owner, facts) in &self.current.described.mailboxes {
            let goes = self.prune && self.current.unnamed_mail.get(owner) == Some(&0);
            if self.file.mailboxes.contains_key(owner) || goes {
                continue;
            }
            for address in &facts.addresses {
                if let Some((line, _)) = self.file.addresses.get(address) {
                    let text = format!("the address {address} belongs to {owner}, which the file does not name");
                    self.problem(*line, text);
                }
            }
        }
    }

    fn check_members(&mut self) {
        for (line, role, member) in &self.file.members {
            match self.kind(member) {
                Some(MailboxKind::User) => {}
                Some(_) => self.problem(*line, format!("{member} is no user and cannot be in the role {role}")),
                None => self.problem(*line, format!("the role {role} has the member {member}, who does not exist")),
            }
        }
    }

    /// Routes keep passwords that the file does not repeat; exceptions that it does not speak of stay, unless pruned.
    fn routes(&mut self, wanted: &mut Described) {
        for (name, route) in &mut wanted.routes {
            let line = self.file.routes.get(name).map_or(1, |at| at.line);
            self.problems.extend(keep_secret(self.current, line, route));
        }
        let Some(exceptions) = &self.file.exceptions else {
            if !self.prune {
                wanted.exceptions.clone_from(&self.current.described.exceptions);
            }
            return;
        };
        for at in exceptions {
            let mut exception = at.is.clone();
            self.problems.extend(keep_secret(self.current, at.line, &mut exception.route));
            if let Some(name) = &exception.sender
                && let Some(text) = bad_sender(self.kind(name), name)
            {
                self.problem(at.line, text);
            }
            wanted.exceptions.push(exception);
        }
    }

    fn grants(&mut self, wanted: &mut Described) {
        for grant in &self.file.grants {
            self.check_ends(grant);
            let facts = GrantFacts { rights: grant.rights, automap: grant.automap, origin: Origin::File };
            for (line, folder) in self.places(grant) {
                let (mailbox, grantee) = (grant.mailbox.clone(), grant.grantee.clone());
                let key = GrantKey { mailbox, grantee, folder };
                let text = format!("the grant to {key} is given twice; put the rights into one");
                if wanted.grants.insert(key, facts).is_some() {
                    self.problem(line, text);
                }
            }
        }
    }

    fn check_ends(&mut self, grant: &WantedGrant) {
        if self.kind(&grant.mailbox).is_none() {
            self.problem(grant.line, format!("there is no mailbox {}", grant.mailbox));
        }
        if let GranteeName::User(name) = &grant.grantee {
            match self.kind(name) {
                Some(MailboxKind::User) => {}
                Some(_) => self.problem(grant.grantee_line, format!("{name} is no user and cannot be granted rights")),
                None => self.problem(grant.grantee_line, format!("there is no user {name}")),
            }
        }
    }

    /// The folders that the grant is narrowed to, by their paths; none in the list: the whole mailbox.
    fn places(&mut self, grant: &WantedGrant) -> Vec<(usize, Option<String>)> {
        let Some(folders) = &grant.folders else { return vec![(grant.line, None)] };
        let known: Vec<String> = match self.current.folders.get(&grant.mailbox) {
            Some(paths) => paths.values().cloned().collect(),
            // A mailbox that is about to be made has the folders that every mailbox has.
            None => SpecialUse::ALL.map(|special| special.folder_name().to_owned()).into(),
        };
        let mut places = Vec::new();
        for (line, text) in folders {
            match find(&known, text) {
                Some(path) => places.push((*line, Some(path))),
                None => self.problem(*line, format!("there is no folder {text} in {}", grant.mailbox)),
            }
        }
        places
    }

    fn check_plan(&mut self, wanted: &Described) {
        let Some(plan) = wanted.plan else { return };
        let there = &self.current.described.mailboxes;
        let shared = |kind: MailboxKind| kind == MailboxKind::Shared;
        let stays = |name: &MailboxName| !self.prune || self.current.unnamed_mail.get(name) != Some(&0);
        let unnamed = there.iter().filter(|(name, _)| !wanted.mailboxes.contains_key(*name) && stays(name));
        let after =
            wanted.mailboxes.values().chain(unnamed.map(|(_, facts)| facts)).filter(|facts| shared(facts.kind)).count();
        let before = there.values().filter(|facts| shared(facts.kind)).count();
        if after > plan.maximum as usize && after > before {
            let last = self.file.mailboxes.values().filter(|at| shared(at.is.kind)).map(|at| at.line).max();
            let maximum = plan.maximum;
            self.problem(
                last.unwrap_or(1),
                format!("the plan allows {maximum} shared mailboxes at most; this makes {after}"),
            );
        }
    }
}

/// Special-use folders are named in any case; others exactly, in NFC.
fn find(known: &[String], text: &str) -> Option<String> {
    let path = FolderName::parse_path(text).ok()?;
    let mut levels: Vec<&str> = path.iter().map(FolderName::as_str).collect();
    if let Some(first) = levels.first_mut() {
        let special = SpecialUse::ALL.into_iter().map(SpecialUse::folder_name);
        *first = special.into_iter().find(|name| name.eq_ignore_ascii_case(first)).unwrap_or(first);
    }
    let path = levels.join("/");
    known.contains(&path).then_some(path)
}
