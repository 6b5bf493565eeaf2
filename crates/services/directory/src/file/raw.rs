//! The file as TOML has it. Keys that this version does not know are errors; those that it will know are read, to
//! be refused in clear words.

use serde::Deserialize;
use toml::{Spanned, Value};

pub(super) type Text = Spanned<String>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    #[serde(default)]
    pub(super) domain: Vec<RawDomain>,
    #[serde(default)]
    pub(super) user: Vec<RawUser>,
    #[serde(default)]
    pub(super) shared_mailbox: Vec<RawShared>,
    #[serde(default)]
    pub(super) role: Vec<RawRole>,
    #[serde(default)]
    pub(super) grant: Vec<RawUserGrant>,
    #[serde(default)]
    pub(super) route: Vec<Spanned<RawException>>,
    pub(super) plan: Option<RawPlan>,
    pub(super) list: Option<Spanned<Value>>,
    pub(super) room: Option<Spanned<Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDomain {
    pub(super) name: Text,
    pub(super) route: Option<Spanned<RawRoute>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRoute {
    pub(super) mode: Option<Text>,
    pub(super) host: Option<Text>,
    pub(super) port: Option<u16>,
    pub(super) encryption: Option<Text>,
    pub(super) username: Option<Text>,
    pub(super) password_env: Option<Text>,
    pub(super) password: Option<Spanned<Value>>,
    pub(super) mechanism: Option<Text>,
}

/// The keys of a route, with what it is for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawException {
    pub(super) sender: Option<Text>,
    pub(super) recipient: Option<Text>,
    mode: Option<Text>,
    host: Option<Text>,
    port: Option<u16>,
    encryption: Option<Text>,
    username: Option<Text>,
    pub(super) password_env: Option<Text>,
    password: Option<Spanned<Value>>,
    mechanism: Option<Text>,
}

impl RawException {
    pub(super) fn route(self) -> RawRoute {
        let Self { mode, host, port, encryption, username, password_env, password, mechanism, .. } = self;
        RawRoute { mode, host, port, encryption, username, password_env, password, mechanism }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawUser {
    pub(super) name: Text,
    pub(super) display_name: Option<Text>,
    #[serde(default)]
    pub(super) addresses: Vec<Text>,
    pub(super) password: Option<Spanned<Value>>,
    pub(super) password_env: Option<Text>,
    pub(super) password_hash: Option<Text>,
    pub(super) privilege: Option<Text>,
    pub(super) sent_copy: Option<Text>,
    pub(super) seen: Option<Text>,
    pub(super) quota: Option<u64>,
    #[serde(default)]
    pub(super) inbound: Vec<RawInbound>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawShared {
    pub(super) name: Text,
    pub(super) display_name: Option<Text>,
    #[serde(default)]
    pub(super) addresses: Vec<Text>,
    pub(super) sent_copy: Option<Text>,
    pub(super) seen: Option<Text>,
    pub(super) quota: Option<u64>,
    #[serde(default)]
    pub(super) inbound: Vec<RawInbound>,
    pub(super) password: Option<Spanned<Value>>,
    pub(super) password_env: Option<Spanned<Value>>,
    pub(super) password_hash: Option<Spanned<Value>>,
    pub(super) privilege: Option<Spanned<Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRole {
    pub(super) id: Text,
    #[serde(rename = "type")]
    pub(super) role_type: Option<Text>,
    pub(super) privilege: Option<Text>,
    pub(super) description: Option<Text>,
    #[serde(default)]
    pub(super) members: Vec<Text>,
    #[serde(default)]
    pub(super) grant: Vec<RawGrant>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawGrant {
    pub(super) mailbox: Text,
    pub(super) rights: Spanned<Vec<Text>>,
    pub(super) automap: Option<bool>,
    pub(super) folders: Option<Spanned<Vec<Text>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawUserGrant {
    pub(super) user: Text,
    pub(super) mailbox: Text,
    pub(super) rights: Spanned<Vec<Text>>,
    pub(super) automap: Option<bool>,
    pub(super) folders: Option<Spanned<Vec<Text>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPlan {
    pub(super) shared_mailboxes: Option<Spanned<RawNumbers>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNumbers {
    pub(super) included: u32,
    pub(super) maximum: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawInbound {
    pub(super) protocol: Text,
    pub(super) server: Text,
    pub(super) port: Option<u16>,
    pub(super) encryption: Option<Text>,
    pub(super) username: Text,
    pub(super) password: Option<Spanned<Value>>,
    pub(super) password_env: Option<Text>,
    pub(super) oauth2: Option<RawTokens>,
    pub(super) after_fetch: Option<Spanned<Value>>,
    pub(super) enabled: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTokens {
    pub(super) grant: Text,
    pub(super) provider: Option<Text>,
    pub(super) tenant: Option<Text>,
    pub(super) token_url: Option<Text>,
    pub(super) authorize_url: Option<Text>,
    pub(super) client_id: Text,
    pub(super) scope: Option<Text>,
    pub(super) mechanism: Option<Text>,
    pub(super) client_secret_env: Option<Text>,
    pub(super) refresh_token_env: Option<Text>,
    pub(super) private_key_env: Option<Text>,
}

impl RawInbound {
    /// The environment variables that it names.
    pub(super) fn variables(&self) -> impl Iterator<Item = &Text> {
        let tokens = self.oauth2.iter();
        let tokens = tokens.flat_map(|raw| [&raw.client_secret_env, &raw.refresh_token_env, &raw.private_key_env]);
        [&self.password_env].into_iter().chain(tokens).flatten()
    }
}
