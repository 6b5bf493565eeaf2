//! Consent of a person in the browser to an inbound service (RFC 6749 section 4.1, with PKCE, RFC 7636). Nothing is kept
//! between leaving and coming back: what is needed then travels along, sealed and for ten minutes.

use super::{AccountSecret, InboundError, secret_row};
use crate::{Directory, Secret};
use aws_lc_rs::{digest, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use postroom_model::{Actor, InboundService, InboundServiceId, MailboxId, TokenGrant};
use postroom_store::inbound_services;
use serde::{Deserialize, Serialize};

const SEALED_FOR: &str = "consent to an inbound service";
const SECONDS: i64 = 600;

/// What travels along.
#[derive(Serialize, Deserialize)]
struct Traveller {
    actor: Actor,
    mailbox: MailboxId,
    service: InboundServiceId,
    redirect: String,
    verifier: Secret,
    until: i64,
}

/// A person has come back.
#[derive(Debug)]
pub struct Consented {
    pub actor: Actor,
    pub service: InboundService,
    pub redirect: String,
    pub verifier: Secret,
    pub client_secret: Option<Secret>,
}

impl Directory {
    /// The address at which a person consents. `redirect`: where the provider sends them back to.
    pub async fn begin_consent(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        id: InboundServiceId,
        redirect: &str,
    ) -> Result<String, InboundError> {
        let service = self.inbound_service(actor, mailbox, id).await?;
        let tokens = service.settings.tokens.filter(|tokens| tokens.grant == TokenGrant::AuthorizationCode);
        let bad = |text: &str| InboundError::Bad(text.to_owned());
        let tokens = tokens.ok_or_else(|| bad("oauth2.grant: must be authorization_code to consent"))?;
        let authorize = tokens.authorize_url.ok_or_else(|| bad("oauth2.authorize_url: is missing"))?;
        if !redirect.starts_with("https://") && !redirect.starts_with("http://127.0.0.1") {
            return Err(bad("redirect_uri: must be an https address"));
        }
        let mut octets = [0; 32];
        rand::fill(&mut octets).map_err(|_| crate::NotOpened)?;
        let verifier = URL_SAFE_NO_PAD.encode(octets);
        let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
        let until = self.clock().now().seconds() + SECONDS;
        let (redirect, verifier) = (redirect.to_owned(), Secret::new(verifier));
        let traveller = Traveller { actor, mailbox, service: id, redirect, verifier, until };
        let text = serde_json::to_vec(&traveller).map_err(|_| crate::NotOpened)?;
        let state = URL_SAFE_NO_PAD.encode(self.sealing().seal(SEALED_FOR, &text)?);
        let fields = [
            ("response_type", "code"),
            ("client_id", &tokens.client_id),
            ("redirect_uri", &traveller.redirect),
            ("scope", &tokens.scope),
            ("state", &state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("login_hint", &service.settings.username),
            // Google gives a refresh token only when asked for one in these words.
            ("access_type", "offline"),
            ("prompt", "consent"),
        ];
        let query: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
        Ok(format!("{authorize}{}{}", if authorize.contains('?') { '&' } else { '?' }, query.join("&")))
    }

    /// Who comes back with this state, if it is one that was given out a moment ago. Whoever began must still manage
    /// the mailbox.
    pub async fn consented(&self, state: &str) -> Result<Consented, InboundError> {
        let sealed = URL_SAFE_NO_PAD.decode(state).map_err(|_| InboundError::NotFound)?;
        let text = self.sealing().open(SEALED_FOR, &sealed).map_err(|_| InboundError::NotFound)?;
        let traveller: Traveller = serde_json::from_slice(&text).map_err(|_| InboundError::NotFound)?;
        if traveller.until < self.clock().now().seconds() {
            return Err(InboundError::Bad("state: it took too long; begin again".to_owned()));
        }
        let Traveller { actor, mailbox, service, redirect, verifier, .. } = traveller;
        let service = self.inbound_service(actor, mailbox, service).await?;
        let id = service.id;
        let sealed = self.store().read(move |tx| inbound_services::secret(tx, id)).await?.unwrap_or_default();
        let secret = AccountSecret::open(self.sealing(), &secret_row(id), &sealed).unwrap_or_default();
        Ok(Consented { actor, service, redirect, verifier, client_secret: secret.client_secret })
    }
}

/// Percent-encodes what stands in a query.
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
