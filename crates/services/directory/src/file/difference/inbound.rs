//! Inbound services: exact where they came from a file and the file names their mailbox; else listed.

use super::{Compared, Comparison, Group, Sign, Step};
use crate::file::described::{InboundFacts, InboundKey};
use postroom_model::{AfterFetch, InboundSettings, Origin};

impl Compared {
    pub(super) fn inbound(&mut self, of: &Comparison<'_>) {
        for (key, wanted) in &of.wanted.inbound {
            match of.current.described.inbound.get(key) {
                Some(there) => self.inbound_service(of, key, there, wanted),
                None => {
                    let secret = if of.secrets.contains(key) { "" } else { ", without a secret" };
                    let text = format!("{key}: {}{secret}", facts(&wanted.settings));
                    self.step(Group::Inbound, Sign::Add, Step::AddInbound(key.clone()), text);
                    self.secret(of, key, None);
                }
            }
        }
        let unwanted = of.current.described.inbound.iter().filter(|(key, _)| !of.wanted.inbound.contains_key(*key));
        for (key, there) in unwanted {
            let named = of.wanted.mailboxes.contains_key(&key.mailbox);
            if of.options.prune || (there.origin == Origin::File && named) {
                let text = format!("{key}: no more mail is fetched from it");
                self.step(Group::Inbound, Sign::Remove, Step::RemoveInbound(key.clone()), text);
            } else {
                self.not_in_file.push(format!("inbound service {key}"));
            }
        }
    }

    fn inbound_service(&mut self, of: &Comparison<'_>, key: &InboundKey, there: &InboundFacts, wanted: &InboundFacts) {
        if there.settings != wanted.settings {
            let text = format!("{key}: {} -> {}", facts(&there.settings), facts(&wanted.settings));
            self.step(Group::Inbound, Sign::Change, Step::ChangeInbound(key.clone()), text);
        } else if there.origin != wanted.origin {
            self.steps.push((None, Step::ChangeInbound(key.clone())));
        }
        let text = format!("{key}: secret set{}", if there.sealed.is_empty() { "" } else { " again" });
        self.secret(of, key, Some(text));
    }

    fn secret(&mut self, of: &Comparison<'_>, key: &InboundKey, text: Option<String>) {
        if !of.secrets.contains(key) {
            return;
        }
        let step = Step::SetInboundSecret(key.clone());
        match text {
            Some(text) => self.step(Group::Inbound, Sign::Change, step, text),
            None => self.steps.push((None, step)),
        }
    }
}

fn facts(settings: &InboundSettings) -> String {
    let after = match &settings.after_fetch {
        AfterFetch::Move(folder) => format!("move to {folder}"),
        other => other.as_str().to_owned(),
    };
    let tokens = match &settings.tokens {
        Some(tokens) => format!(", tokens from {} for {} ({:?})", tokens.token_url, tokens.client_id, tokens.grant),
        None => String::new(),
    };
    let off = if settings.enabled { "" } else { ", off" };
    format!("port {}, {}, {after}{tokens}{off}", settings.port, settings.encryption.as_str())
}
