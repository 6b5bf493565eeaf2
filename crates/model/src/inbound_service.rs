//! Inbound services: an IMAP or POP3 account elsewhere whose Inbox is moved into a mailbox.

use crate::{Encryption, MailboxId, Origin};
use serde::{Deserialize, Serialize};

/// The row of an inbound service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InboundServiceId(pub i64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FetchProtocol {
    Imap,
    Pop3,
}

/// What becomes of a message there, once it is here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AfterFetch {
    #[default]
    Delete,
    Keep,
    /// Into another folder there.
    Move(String),
}

/// Where tokens for the account come from (RFC 6749, RFC 7523).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSource {
    pub grant: TokenGrant,
    /// Where tokens are asked for.
    pub token_url: String,
    /// Where people consent; only for an authorization code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorize_url: Option<String>,
    /// For a service account: its address.
    pub client_id: String,
    #[serde(default)]
    pub scope: String,
    /// How the token is shown to the mail server.
    #[serde(default)]
    pub mechanism: TokenMechanism,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenGrant {
    /// A person consented once; the refresh token renews.
    AuthorizationCode,
    /// The organisation consented (Microsoft 365).
    ClientCredentials,
    /// A signed statement (Google service accounts).
    ServiceAccount,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenMechanism {
    #[default]
    Xoauth2,
    Oauthbearer,
}

/// What an administrator says about a service. Its secret is kept apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundSettings {
    pub protocol: FetchProtocol,
    pub server: String,
    pub port: u16,
    pub encryption: Encryption,
    pub username: String,
    /// None: a password.
    pub tokens: Option<TokenSource>,
    pub after_fetch: AfterFetch,
    pub enabled: bool,
}

/// A service of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundService {
    pub id: InboundServiceId,
    pub mailbox: MailboxId,
    pub settings: InboundSettings,
    /// Whether it may reach public addresses only.
    pub public_only: bool,
    pub origin: Origin,
    /// Counts changes.
    pub revision: i64,
}

impl FetchProtocol {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imap => "imap",
            Self::Pop3 => "pop3",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Imap, Self::Pop3].into_iter().find(|one| one.as_str() == text)
    }

    /// The port that such servers usually listen on.
    pub fn usual_port(self, encryption: Encryption) -> u16 {
        match (self, encryption) {
            (Self::Imap, Encryption::Tls) => 993,
            (Self::Imap, _) => 143,
            (Self::Pop3, Encryption::Tls) => 995,
            (Self::Pop3, _) => 110,
        }
    }
}

impl AfterFetch {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Keep => "keep",
            Self::Move(_) => "move",
        }
    }
}

impl InboundSettings {
    /// `imap support@mail.example.net:993`: what people and records call it.
    pub fn name(&self) -> String {
        format!("{} {} at {}:{}", self.protocol.as_str(), self.username, self.server, self.port)
    }

    /// What is wrong with it, naming the field.
    pub fn check(&self) -> Result<(), String> {
        let one_line = |text: &str| !text.is_empty() && text.len() <= 255 && !text.chars().any(char::is_control);
        if !one_line(&self.server) || self.server.contains(|c: char| c.is_whitespace() || "/@?#".contains(c)) {
            return Err(format!("server: `{}` is no host name or address", self.server));
        }
        if self.port == 0 {
            return Err("port: must be 1 to 65535".to_owned());
        }
        if !one_line(&self.username) {
            return Err("username: must be one line of 1 to 255 characters".to_owned());
        }
        if let AfterFetch::Move(folder) = &self.after_fetch {
            if self.protocol == FetchProtocol::Pop3 {
                return Err("after_fetch: POP3 knows no folders; write \"delete\" or \"keep\"".to_owned());
            }
            if !one_line(folder) || folder.eq_ignore_ascii_case("inbox") {
                return Err("after_fetch: move needs the name of another folder there".to_owned());
            }
        }
        self.tokens.as_ref().map_or(Ok(()), check_tokens)
    }

    /// What is right but may surprise.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.encryption == Encryption::None {
            warnings.push(format!("{}: the password and all mail cross the network in clear", self.name()));
        }
        warnings
    }
}

fn check_tokens(tokens: &TokenSource) -> Result<(), String> {
    let url = |name: &str, url: &str| {
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://127.0.0.1:"));
        match host {
            Some(host) if !host.is_empty() && !host.contains(char::is_whitespace) => Ok(()),
            _ => Err(format!("oauth2.{name}: `{url}` must be an https address")),
        }
    };
    url("token_url", &tokens.token_url)?;
    if tokens.client_id.is_empty() {
        return Err("oauth2.client_id: is missing".to_owned());
    }
    match (&tokens.authorize_url, tokens.grant) {
        (Some(authorize), _) => url("authorize_url", authorize),
        (None, _) => Ok(()),
    }
}

impl TokenSource {
    /// To be filled in.
    pub fn of_nobody(grant: TokenGrant) -> Self {
        Self {
            grant,
            token_url: String::new(),
            authorize_url: None,
            client_id: String::new(),
            scope: String::new(),
            mechanism: TokenMechanism::default(),
        }
    }

    /// Microsoft 365. `tenant`: a directory's id or domain.
    pub fn microsoft(grant: TokenGrant, tenant: &str) -> Self {
        let base = format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0");
        let scope = match grant {
            TokenGrant::ClientCredentials | TokenGrant::ServiceAccount => "https://outlook.office365.com/.default",
            TokenGrant::AuthorizationCode => {
                "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/POP.AccessAsUser.All \
                 offline_access"
            }
        };
        Self {
            token_url: format!("{base}/token"),
            authorize_url: Some(format!("{base}/authorize")).filter(|_| grant == TokenGrant::AuthorizationCode),
            scope: scope.to_owned(),
            ..Self::of_nobody(grant)
        }
    }

    pub fn google(grant: TokenGrant) -> Self {
        let authorize = "https://accounts.google.com/o/oauth2/v2/auth".to_owned();
        Self {
            token_url: "https://oauth2.googleapis.com/token".to_owned(),
            authorize_url: Some(authorize).filter(|_| grant == TokenGrant::AuthorizationCode),
            scope: "https://mail.google.com/".to_owned(),
            ..Self::of_nobody(grant)
        }
    }
}
