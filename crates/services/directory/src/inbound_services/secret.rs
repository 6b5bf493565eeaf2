//! What a service signs in with, as it is sealed.

use crate::{NotOpened, SealingKey, Secret};
use postroom_model::InboundServiceId;
use serde::{Deserialize, Serialize};

/// All that is secret about an account elsewhere; which of it is there depends on how it signs in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountSecret {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// RSA, PKCS#8 in PEM form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key: Option<Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<Secret>,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_until: Option<i64>,
}

impl AccountSecret {
    pub fn of_password(password: Secret) -> Self {
        Self { password: Some(password), ..Self::default() }
    }

    pub fn seal(&self, key: &SealingKey, row: &str) -> Result<Vec<u8>, NotOpened> {
        let text = serde_json::to_vec(self).map_err(|_| NotOpened)?;
        key.seal(row, &text)
    }

    pub fn open(key: &SealingKey, row: &str, sealed: &[u8]) -> Result<Self, NotOpened> {
        serde_json::from_slice(&key.open(row, sealed)?).map_err(|_| NotOpened)
    }

    /// The same account: a token that was got meanwhile does not count.
    pub fn is_same_account(&self, other: &Self) -> bool {
        self.password == other.password
            && self.client_secret == other.client_secret
            && self.private_key == other.private_key
            && (self.refresh_token == other.refresh_token || self.refresh_token.is_none())
    }
}

/// What its secret is bound to.
pub fn secret_row(id: InboundServiceId) -> String {
    format!("inbound_service {}", id.0)
}
