//! `[[user]]` and `[[shared_mailbox]]`.

use super::{At, Reader};
use crate::file::described::{MailboxFacts, PasswordFacts};
use crate::file::raw::{RawShared, RawUser, Text};
use crate::mailboxes::check_display_name;
use crate::passwords::hashing::check_hash;
use crate::{HashingError, Secret};
use postroom_model::{Address, MailboxKind, MailboxName, Privilege, SeenMode, SentCopy};

const SENT_COPY: &str = "mailbox, sender, both";
const SEEN: &str = "shared, personal";

impl Reader<'_> {
    pub(super) fn users(&mut self, raw: Vec<RawUser>) {
        for user in raw {
            let password = self.password(&user);
            let privilege = self.word(user.privilege.as_ref(), Privilege::parse, "user, admin");
            let sent_copy = self.word(user.sent_copy.as_ref(), SentCopy::parse, SENT_COPY);
            let seen = self.word(user.seen.as_ref(), SeenMode::parse, SEEN);
            let Some(name) = self.read(&user.name, MailboxName::parse) else { continue };
            self.inbound(user.inbound, &name);
            let facts = MailboxFacts {
                kind: MailboxKind::User,
                display_name: self.display_name(user.display_name.as_ref(), &name),
                addresses: self.addresses(&user.addresses, &name),
                sent_copy,
                seen,
                quota: user.quota,
                privilege,
                password,
            };
            self.mailbox(&user.name, name, facts);
        }
    }

    pub(super) fn shared_mailboxes(&mut self, raw: Vec<RawShared>) {
        for shared in raw {
            self.refuse_credentials(&shared);
            let sent_copy = self.word(shared.sent_copy.as_ref(), SentCopy::parse, SENT_COPY);
            let seen = self.word(shared.seen.as_ref(), SeenMode::parse, SEEN);
            let Some(name) = self.read(&shared.name, MailboxName::parse) else { continue };
            self.inbound(shared.inbound, &name);
            let facts = MailboxFacts {
                kind: MailboxKind::Shared,
                display_name: self.display_name(shared.display_name.as_ref(), &name),
                addresses: self.addresses(&shared.addresses, &name),
                sent_copy,
                seen,
                quota: shared.quota,
                privilege: Privilege::User,
                password: PasswordFacts::None,
            };
            self.mailbox(&shared.name, name, facts);
        }
    }

    fn refuse_credentials(&mut self, shared: &RawShared) {
        for key in [&shared.password, &shared.password_env, &shared.password_hash].into_iter().flatten() {
            let text = "a shared mailbox has no credentials: people enter it with their own sign-in; \
                        remove the password and give them rights";
            self.problem(self.line(key), text);
        }
        if let Some(key) = &shared.privilege {
            self.problem(self.line(key), "a shared mailbox does not sign in and has no privilege");
        }
    }

    fn mailbox(&mut self, at: &Text, name: MailboxName, facts: MailboxFacts) {
        let line = self.line(at);
        match self.file.mailboxes.get(&name).map(|first| first.line) {
            Some(first) => self.problem(line, format!("the name {name} is given twice, first on line {first}")),
            None => drop(self.file.mailboxes.insert(name, At { line, is: facts })),
        }
    }

    fn display_name(&mut self, raw: Option<&Text>, name: &MailboxName) -> String {
        let Some(raw) = raw else { return name.to_string() };
        let bad = "display_name must be one line of 1 to 128 characters";
        let read = self.read(raw, |text| check_display_name(text).map(str::to_owned).ok_or(bad));
        read.unwrap_or_default()
    }

    fn addresses(&mut self, raw: &[Text], name: &MailboxName) -> Vec<Address> {
        let mut addresses = Vec::new();
        for text in raw {
            let Some(address) = self.read(text, Address::parse) else { continue };
            let line = self.line(text);
            match self.file.addresses.get(&address) {
                Some((first, owner)) => {
                    let text = format!("the address {address} is given twice: on line {first} to {owner}");
                    self.problem(line, text);
                }
                None => {
                    self.file.addresses.insert(address.clone(), (line, name.clone()));
                    addresses.push(address);
                }
            }
        }
        addresses
    }

    fn password(&mut self, user: &RawUser) -> PasswordFacts {
        if let Some(clear) = &user.password {
            let text = "a password does not stand in the file: use password_env or password_hash";
            self.problem(self.line(clear), text);
        }
        match (&user.password_env, &user.password_hash) {
            (Some(_), Some(hash)) => {
                self.problem(self.line(hash), "password_env and password_hash exclude each other");
                PasswordFacts::None
            }
            (Some(variable), None) => self.password_env(variable),
            (None, Some(hash)) => {
                let known = self.read(hash, |text| check_hash(text).map(|()| text.to_owned()));
                known.map_or(PasswordFacts::None, PasswordFacts::Hash)
            }
            (None, None) => PasswordFacts::None,
        }
    }

    fn password_env(&mut self, variable: &Text) -> PasswordFacts {
        let name = variable.get_ref();
        let text = match (self.env)(name) {
            Some(value) if value.len() > 1000 => format!("{name}: {}", HashingError::TooLong),
            Some(value) if !value.is_empty() => return PasswordFacts::Clear(Secret::new(value)),
            _ => format!("the environment variable {name}, named by password_env, is not set"),
        };
        self.problem(self.line(variable), text);
        PasswordFacts::None
    }
}
