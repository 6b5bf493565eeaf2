//! `/api/v1/routes`: the ways that mail leaves by. For administrators.

pub(crate) mod exceptions;
pub(crate) mod list;
pub(crate) mod set;

use crate::Problem;
use postroom_directory::{NewRoute, NewSmartHost, Secret};
use postroom_model::route::{Encryption, Mechanism, Via};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A way out as it is set: direct, or over a smart host.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedRoute {
    /// `direct` or `smart_host`.
    #[schema(example = "smart_host")]
    mode: String,
    #[schema(example = "relay.example.net")]
    host: Option<String>,
    /// Absent: 465 with `tls`, 587 with `starttls`, 25 with `none`.
    port: Option<u16>,
    /// `tls`, `starttls` (default) or `none`.
    encryption: Option<String>,
    username: Option<String>,
    /// Absent: the one that is there for the same host and user name.
    password: Option<String>,
    /// `plain`, `login`, `scram-sha-256` or `xoauth2`; absent: the best that the host offers.
    mechanism: Option<String>,
}

/// A way out as it is shown; passwords never are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShownRoute {
    /// `direct` or `smart_host`.
    mode: &'static str,
    host: Option<String>,
    port: Option<u16>,
    encryption: Option<&'static str>,
    username: Option<String>,
    mechanism: Option<&'static str>,
}

impl WantedRoute {
    fn read(self) -> Result<NewRoute, Problem> {
        match self.mode.as_str() {
            "direct" => return Ok(NewRoute { smart_host: None }),
            "smart_host" => {}
            _ => return Err(Problem::unfit("mode", "write direct or smart_host")),
        }
        let host = self.host.ok_or_else(|| Problem::unfit("host", "a smart host needs a host name"))?;
        let encryption = match self.encryption.as_deref() {
            None => Encryption::StartTls,
            Some(text) => {
                Encryption::parse(text).ok_or_else(|| Problem::unfit("encryption", "write tls, starttls or none"))?
            }
        };
        let mechanism = match self.mechanism.as_deref() {
            None => None,
            Some(text) => Some(
                Mechanism::parse(text)
                    .ok_or_else(|| Problem::unfit("mechanism", "write plain, login, scram-sha-256 or xoauth2"))?,
            ),
        };
        Ok(NewRoute {
            smart_host: Some(NewSmartHost {
                host,
                port: self.port,
                encryption,
                username: self.username,
                secret: self.password.map(Secret::new),
                secret_env: None,
                mechanism,
            }),
        })
    }
}

impl From<&Via> for ShownRoute {
    fn from(via: &Via) -> Self {
        let host = match via {
            Via::Direct => None,
            Via::SmartHost(host) => Some(host),
        };
        Self {
            mode: if host.is_some() { "smart_host" } else { "direct" },
            host: host.map(|host| host.host.clone()),
            port: host.map(|host| host.port),
            encryption: host.map(|host| host.encryption.as_str()),
            username: host.and_then(|host| host.username.clone()),
            mechanism: host.and_then(|host| host.mechanism).map(Mechanism::as_str),
        }
    }
}
