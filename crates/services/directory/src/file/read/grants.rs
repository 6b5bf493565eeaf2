//! `[[role.grant]]` and `[[grant]]`.

use super::{Reader, WantedGrant};
use crate::file::described::GranteeName;
use crate::file::raw::{RawGrant, RawUserGrant, Text};
use postroom_model::{MailboxName, RightSet};
use toml::Spanned;

impl Reader<'_> {
    pub(super) fn user_grants(&mut self, raw: Vec<RawUserGrant>) {
        for grant in raw {
            let RawUserGrant { user, mailbox, rights, automap, folders } = grant;
            let Some(name) = self.read(&user, MailboxName::parse) else { continue };
            let line = self.line(&user);
            self.grant(line, GranteeName::User(name), RawGrant { mailbox, rights, automap, folders });
        }
    }

    pub(super) fn grant(&mut self, grantee_line: usize, grantee: GranteeName, raw: RawGrant) {
        let line = self.line(&raw.mailbox);
        let folders = raw.folders.as_ref().map(|folders| self.folders(folders));
        let rights = self.rights(&raw.rights, folders.is_some());
        let Some(mailbox) = self.read(&raw.mailbox, MailboxName::parse) else { return };
        if grantee == GranteeName::User(mailbox.clone()) {
            self.problem(line, format!("{mailbox} owns this mailbox and holds every right on it"));
        }
        let automap = raw.automap.unwrap_or(true);
        self.file.grants.push(WantedGrant { line, mailbox, grantee, grantee_line, folders, rights, automap });
    }

    fn folders(&mut self, raw: &Spanned<Vec<Text>>) -> Vec<(usize, String)> {
        if raw.get_ref().is_empty() {
            self.problem(self.line(raw), "folders names no folder; leave the key out for the whole mailbox");
        }
        raw.get_ref().iter().map(|text| (self.line(text), text.get_ref().clone())).collect()
    }

    /// Narrowed to folders, a preset gives what of it can be narrowed; a single right that cannot is a mistake.
    fn rights(&mut self, raw: &Spanned<Vec<Text>>, narrowed: bool) -> RightSet {
        let mut all = RightSet::NONE;
        for text in raw.get_ref() {
            let Some(rights) = self.read(text, |text| RightSet::parse_all([text])) else { continue };
            let unfit = if narrowed { rights.without(RightSet::folder_scoped()) } else { RightSet::NONE };
            if !unfit.is_empty() {
                self.cannot_be_narrowed(text, unfit);
            }
            all = all.union(rights.without(unfit));
        }
        if all.is_empty() && self.problems.is_empty() {
            self.problem(self.line(raw), "a grant needs at least one right that it can give");
        }
        all
    }

    fn cannot_be_narrowed(&mut self, text: &Text, unfit: RightSet) {
        let (line, names) = (self.line(text), unfit.names().join(", "));
        if text.get_ref().starts_with("preset:") {
            self.file.notes.push(format!(
                "line {line}: {} narrowed to folders leaves out {names}; give them in a grant without folders",
                text.get_ref()
            ));
        } else {
            self.problem(line, format!("{names} cannot be narrowed to folders; give it in a grant without folders"));
        }
    }
}
