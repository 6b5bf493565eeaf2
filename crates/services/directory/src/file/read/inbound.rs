//! `[[shared_mailbox.inbound]]` and `[[user.inbound]]`.

use super::{At, Reader};
use crate::file::described::{InboundFacts, InboundKey};
use crate::file::raw::{RawInbound, RawTokens, Text};
use crate::{AccountSecret, Secret};
use postroom_model::{
    AfterFetch, Encryption, FetchProtocol, InboundSettings, MailboxName, Origin, TokenGrant, TokenMechanism,
    TokenSource,
};
use toml::{Spanned, Value};

const PROTOCOLS: &str = "imap, pop3";
const ENCRYPTIONS: &str = "tls, starttls, none";
const AFTER: &str = "after_fetch is \"delete\", \"keep\" or { move = \"FOLDER\" }";

impl Reader<'_> {
    pub(super) fn inbound(&mut self, raw: Vec<RawInbound>, mailbox: &MailboxName) {
        for service in raw {
            self.inbound_service(service, mailbox);
        }
    }

    fn inbound_service(&mut self, raw: RawInbound, mailbox: &MailboxName) {
        let line = self.line(&raw.server);
        let no_protocol = || format!("`{}` is none of {PROTOCOLS}", raw.protocol.get_ref());
        let read = self.read(&raw.protocol, |text| FetchProtocol::parse(text).ok_or_else(no_protocol));
        let Some(protocol) = read else { return };
        let encryption = self.word(raw.encryption.as_ref(), Encryption::parse, ENCRYPTIONS);
        let after_fetch = self.after_fetch(raw.after_fetch.as_ref());
        let mut secret = AccountSecret { password: self.variable(raw.password_env.as_ref()), ..Default::default() };
        if let Some(clear) = &raw.password {
            let text = "a password does not stand in the file: use password_env";
            self.problem(self.line(clear), text);
        }
        let tokens = raw.oauth2.map(|tokens| self.tokens(tokens, &mut secret));
        if tokens.is_some() && raw.password_env.is_some() {
            self.problem(line, "password_env and oauth2 exclude each other");
        }
        let settings = InboundSettings {
            protocol,
            port: raw.port.unwrap_or_else(|| protocol.usual_port(encryption)),
            server: raw.server.into_inner(),
            encryption,
            username: raw.username.into_inner(),
            tokens,
            after_fetch,
            enabled: raw.enabled.unwrap_or(true),
        };
        if let Err(why) = settings.check() {
            self.problem(line, why);
            return;
        }
        self.file.notes.extend(settings.warnings());
        let key = InboundKey::of(mailbox.clone(), &settings);
        let secret = Some(secret).filter(|secret| *secret != AccountSecret::default());
        let facts = InboundFacts { settings, secret, sealed: Vec::new(), id: None, origin: Origin::File };
        let text = format!("the inbound service {key} is given twice");
        if self.file.inbound.insert(key, At { line, is: facts }).is_some() {
            self.problem(line, text);
        }
    }

    fn after_fetch(&mut self, raw: Option<&Spanned<Value>>) -> AfterFetch {
        let Some(raw) = raw else { return AfterFetch::default() };
        match raw.get_ref() {
            Value::String(text) if text == "delete" => return AfterFetch::Delete,
            Value::String(text) if text == "keep" => return AfterFetch::Keep,
            Value::Table(table) if table.len() == 1 => {
                if let Some(Value::String(folder)) = table.get("move") {
                    return AfterFetch::Move(folder.clone());
                }
            }
            _ => {}
        }
        self.problem(self.line(raw), AFTER);
        AfterFetch::default()
    }

    /// The value of the environment variable that a key names.
    fn variable(&mut self, name: Option<&Text>) -> Option<Secret> {
        let named = name?;
        match (self.env)(named.get_ref()).filter(|value| !value.is_empty()) {
            Some(value) => Some(Secret::new(value)),
            None => {
                let text = format!("the environment variable {} is not set", named.get_ref());
                self.problem(self.line(named), text);
                None
            }
        }
    }

    fn tokens(&mut self, raw: RawTokens, secret: &mut AccountSecret) -> TokenSource {
        secret.client_secret = self.variable(raw.client_secret_env.as_ref());
        secret.refresh_token = self.variable(raw.refresh_token_env.as_ref());
        secret.private_key = self.variable(raw.private_key_env.as_ref());
        let grant = self.token_grant(&raw);
        let known = self.provider(&raw, grant);
        let mechanism = match raw.mechanism.as_ref().map(|text| (text, text.get_ref().as_str())) {
            None | Some((_, "xoauth2")) => TokenMechanism::Xoauth2,
            Some((_, "oauthbearer")) => TokenMechanism::Oauthbearer,
            Some((text, word)) => {
                self.problem(self.line(text), format!("`{word}` is none of xoauth2, oauthbearer"));
                TokenMechanism::Xoauth2
            }
        };
        TokenSource {
            grant,
            token_url: raw.token_url.map_or(known.token_url, Spanned::into_inner),
            authorize_url: raw.authorize_url.map(Spanned::into_inner).or(known.authorize_url),
            client_id: raw.client_id.into_inner(),
            scope: raw.scope.map_or(known.scope, Spanned::into_inner),
            mechanism,
        }
    }

    fn token_grant(&mut self, raw: &RawTokens) -> TokenGrant {
        match raw.grant.get_ref().as_str() {
            "authorization_code" => TokenGrant::AuthorizationCode,
            "client_credentials" => TokenGrant::ClientCredentials,
            "service_account" => TokenGrant::ServiceAccount,
            other => {
                let text = format!("`{other}` is none of authorization_code, client_credentials, service_account");
                self.problem(self.line(&raw.grant), text);
                TokenGrant::ClientCredentials
            }
        }
    }

    fn provider(&mut self, raw: &RawTokens, grant: TokenGrant) -> TokenSource {
        let tenant = raw.tenant.as_ref().map(|tenant| tenant.get_ref().as_str());
        match raw.provider.as_ref().map(|text| (text, text.get_ref().as_str())) {
            None => TokenSource::of_nobody(grant),
            Some((_, "microsoft")) => TokenSource::microsoft(grant, tenant.unwrap_or("organizations")),
            Some((_, "google")) => TokenSource::google(grant),
            Some((text, word)) => {
                self.problem(self.line(text), format!("`{word}` is none of microsoft, google"));
                TokenSource::of_nobody(grant)
            }
        }
    }
}
