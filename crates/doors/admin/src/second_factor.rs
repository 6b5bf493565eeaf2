//! `/api/v1/second-factor`: codes of an authenticator app beside the password. Everybody's own; administrators may
//! take one away from somebody who lost it.

pub(crate) mod confirm;
pub(crate) mod enrol;
pub(crate) mod get;
pub(crate) mod recovery_codes;
pub(crate) mod remove;

use postroom_directory::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The account's password once more, from whoever is signed in by a session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Proof {
    #[schema(value_type = Option<String>, format = Password)]
    current_password: Option<Secret>,
}

/// Each opens once in place of a code. They are never shown again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    #[schema(example = json!(["abcd-efgh-ijkm-npqr"]))]
    recovery_codes: Vec<String>,
}

impl From<Vec<Secret>> for RecoveryCodes {
    fn from(codes: Vec<Secret>) -> Self {
        Self { recovery_codes: codes.iter().map(|code| code.expose().to_owned()).collect() }
    }
}
