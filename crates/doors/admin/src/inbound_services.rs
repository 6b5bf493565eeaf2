//! `/api/v1/mailboxes/{mailbox}/inbound-services`: accounts elsewhere whose Inbox is moved into the mailbox. For those
//! who manage it.

pub(crate) mod consent;
pub(crate) mod consented;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod test;
pub(crate) mod test_settings;
pub(crate) mod try_now;
pub(crate) mod update;

use crate::Problem;
use postroom_directory::{AccountSecret, InboundLine, NewInbound, Secret};
use postroom_model::{
    AfterFetch, Encryption, FetchProtocol, InboundServiceId, InboundSettings, Time, TokenGrant, TokenMechanism,
    TokenSource,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An inbound service, and how it fares. Its secret is never given.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InboundService {
    #[schema(value_type = i64)]
    id: InboundServiceId,
    #[schema(value_type = String, example = "imap")]
    protocol: FetchProtocol,
    #[schema(example = "mail.example.net")]
    server: String,
    #[schema(example = 993)]
    port: u16,
    #[schema(value_type = String, example = "tls")]
    encryption: Encryption,
    username: String,
    /// `"delete"`, `"keep"` or `{"move": "Archive"}`.
    #[schema(value_type = Object)]
    after_fetch: AfterFetch,
    enabled: bool,
    /// How tokens are got; null: it signs in with a password.
    #[schema(value_type = Option<Object>)]
    oauth2: Option<TokenSource>,
    has_secret: bool,
    /// Milliseconds since 1970.
    #[schema(value_type = Option<i64>)]
    last_success_at: Option<Time>,
    #[schema(value_type = Option<i64>)]
    last_try_at: Option<Time>,
    #[schema(value_type = Option<i64>)]
    next_try_at: Option<Time>,
    /// Since when every try failed.
    #[schema(value_type = Option<i64>)]
    failing_since: Option<Time>,
    /// Why the last try failed, in the server's own words.
    error: Option<String>,
    /// What stays there and why, where that is no failure.
    note: Option<String>,
    /// Messages that came by it.
    moved: u64,
    refused: Vec<Refused>,
}

/// A message that cannot be taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Refused {
    /// What it is known by there.
    key: String,
    size: u64,
    why: String,
    #[schema(value_type = i64)]
    at: Time,
}

impl From<InboundLine> for InboundService {
    fn from(line: InboundLine) -> Self {
        let refused =
            |one: postroom_directory::RefusedLine| Refused { key: one.key, size: one.size, why: one.why, at: one.at };
        Self {
            id: line.id,
            protocol: line.protocol,
            server: line.server,
            port: line.port,
            encryption: line.encryption,
            username: line.username,
            after_fetch: line.after_fetch,
            enabled: line.enabled,
            oauth2: line.oauth2,
            has_secret: line.has_secret,
            last_success_at: line.last_success_at,
            last_try_at: line.last_try_at,
            next_try_at: line.next_try_at,
            failing_since: line.failing_since,
            error: line.error,
            note: line.note,
            moved: line.moved,
            refused: line.refused.into_iter().map(refused).collect(),
        }
    }
}

/// What is set up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedService {
    /// `imap` or `pop3`.
    #[schema(value_type = String, example = "imap")]
    protocol: FetchProtocol,
    #[schema(example = "mail.example.net")]
    server: String,
    /// Absent: the usual one of protocol and encryption.
    port: Option<u16>,
    /// `tls` (default), `starttls` or `none`.
    #[serde(default)]
    #[schema(value_type = String, example = "tls")]
    encryption: Encryption,
    username: String,
    /// Absent: as it is.
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
    oauth2: Option<WantedTokens>,
    /// `"delete"` (default), `"keep"` or `{"move": "Archive"}`.
    #[serde(default)]
    #[schema(value_type = Object)]
    after_fetch: AfterFetch,
    #[serde(default = "on")]
    #[schema(default = true)]
    enabled: bool,
}

/// Tokens instead of a password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedTokens {
    /// `authorization_code`, `client_credentials` or `service_account`.
    #[schema(value_type = String, example = "client_credentials")]
    grant: TokenGrant,
    /// `microsoft` or `google`: fills in addresses and scope.
    provider: Option<String>,
    /// Microsoft 365: the directory's id or domain.
    tenant: Option<String>,
    token_url: Option<String>,
    authorize_url: Option<String>,
    client_id: String,
    scope: Option<String>,
    /// `xoauth2` (default) or `oauthbearer`.
    #[serde(default)]
    #[schema(value_type = String)]
    mechanism: TokenMechanism,
    #[schema(value_type = Option<String>)]
    client_secret: Option<Secret>,
    #[schema(value_type = Option<String>)]
    refresh_token: Option<Secret>,
    /// RSA, PKCS#8 in PEM form.
    #[schema(value_type = Option<String>)]
    private_key: Option<Secret>,
}

fn on() -> bool {
    true
}

impl WantedService {
    /// Checked by the use case.
    pub(crate) fn into_new(self) -> Result<NewInbound, Problem> {
        let mut secret = AccountSecret { password: self.password, ..AccountSecret::default() };
        let tokens = self.oauth2.map(|wanted| wanted.into_source(&mut secret)).transpose()?;
        let settings = InboundSettings {
            port: self.port.unwrap_or_else(|| self.protocol.usual_port(self.encryption)),
            protocol: self.protocol,
            server: self.server,
            encryption: self.encryption,
            username: self.username,
            tokens,
            after_fetch: self.after_fetch,
            enabled: self.enabled,
        };
        let secret = Some(secret).filter(|secret| *secret != AccountSecret::default());
        Ok(NewInbound { settings, secret })
    }
}

impl WantedTokens {
    fn into_source(self, secret: &mut AccountSecret) -> Result<TokenSource, Problem> {
        let known = match self.provider.as_deref() {
            None => TokenSource::of_nobody(self.grant),
            Some("microsoft") => TokenSource::microsoft(self.grant, self.tenant.as_deref().unwrap_or("organizations")),
            Some("google") => TokenSource::google(self.grant),
            Some(other) => {
                return Err(Problem::unfit("oauth2.provider", format!("`{other}` is none of microsoft, google")));
            }
        };
        secret.client_secret = self.client_secret;
        secret.refresh_token = self.refresh_token;
        secret.private_key = self.private_key;
        Ok(TokenSource {
            token_url: self.token_url.unwrap_or(known.token_url),
            authorize_url: self.authorize_url.or(known.authorize_url),
            client_id: self.client_id,
            scope: self.scope.unwrap_or(known.scope),
            mechanism: self.mechanism,
            grant: self.grant,
        })
    }
}

/// What a test found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TestResult {
    capabilities: Vec<String>,
    /// In the Inbox there.
    messages: u32,
    octets: u64,
    too_large: u32,
    marked_deleted: u32,
    would_fetch: u32,
    would_remove: u32,
    /// The server tells of new mail by itself.
    told_at_once: bool,
    /// In words: what would happen, and what should be thought of.
    notes: Vec<String>,
}

impl From<postroom_fetch::Tested> for TestResult {
    fn from(tested: postroom_fetch::Tested) -> Self {
        Self {
            capabilities: tested.capabilities,
            messages: tested.messages,
            octets: tested.octets,
            too_large: tested.too_large,
            marked_deleted: tested.marked_deleted,
            would_fetch: tested.would_fetch,
            would_remove: tested.would_remove,
            told_at_once: tested.told_at_once,
            notes: tested.notes,
        }
    }
}
