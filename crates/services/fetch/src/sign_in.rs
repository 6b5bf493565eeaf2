//! What a service shows to sign in: its password, or a token that is renewed before it ends (RFC 6749, RFC 7523).
//!
//! Start reading at [`Proofs::of`].

use crate::error::FetchError;
use crate::http;
use crate::network::Network;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use postroom_directory::{AccountSecret, Consented, SealingKey, Secret, secret_row};
use postroom_model::{Clock, InboundService, InboundSettings, TokenGrant, TokenMechanism, TokenSource};
use postroom_store::{Scope, Store, StoreError, Tx, inbound_services};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// A token is renewed when it has less than this left.
const EARLY_SECONDS: i64 = 300;
/// What is taken for the life of a token whose server does not say.
const USUAL_SECONDS: i64 = 3600;
const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Clone, Debug)]
pub(crate) enum Proof {
    Password(Secret),
    Token { token: Secret, mechanism: TokenMechanism },
}

/// Gives proofs of services; renews tokens.
#[derive(Clone)]
pub(crate) struct Proofs {
    pub(crate) store: Store,
    pub(crate) sealing: SealingKey,
    pub(crate) network: Network,
    pub(crate) clock: Arc<dyn Clock>,
}

/// What an endpoint of tokens answers.
#[derive(Debug, Deserialize)]
struct Granted {
    access_token: Option<Secret>,
    expires_in: Option<i64>,
    refresh_token: Option<Secret>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Proofs {
    pub(crate) async fn of(&self, service: &InboundService) -> Result<Proof, FetchError> {
        let id = service.id;
        let sealed = self.store.read(move |tx| inbound_services::secret(tx, id)).await?.ok_or(FetchError::Changed)?;
        let secret = if sealed.is_empty() {
            AccountSecret::default()
        } else {
            AccountSecret::open(&self.sealing, &secret_row(id), &sealed)?
        };
        let (proof, renewed) = self.with(&service.settings, secret, service.public_only).await?;
        if let Some(renewed) = renewed {
            let sealed = renewed.seal(&self.sealing, &secret_row(id))?;
            let work = move |tx: &mut Tx<'_>| inbound_services::set_secret(tx, id, &sealed);
            self.store.write::<_, StoreError, _>(Scope::mailbox(service.mailbox), work).await?;
        }
        Ok(proof)
    }

    /// The proof, and the secret as it is to be kept if it changed.
    pub(crate) async fn with(
        &self,
        settings: &InboundSettings,
        mut secret: AccountSecret,
        public_only: bool,
    ) -> Result<(Proof, Option<AccountSecret>), FetchError> {
        let Some(tokens) = &settings.tokens else {
            return Ok((Proof::Password(secret.password.ok_or(FetchError::NoSecret)?), None));
        };
        let mechanism = tokens.mechanism;
        let now = self.clock.now().seconds();
        if let (Some(token), Some(until)) = (&secret.access_token, secret.access_token_until)
            && until - now > EARLY_SECONDS
        {
            return Ok((Proof::Token { token: token.clone(), mechanism }, None));
        }
        let granted = self.ask(tokens, &settings.username, &secret, now, public_only).await?;
        let token =
            granted.access_token.ok_or_else(|| FetchError::Token("the answer has no access_token".to_owned()))?;
        secret.access_token = Some(token.clone());
        secret.access_token_until = Some(now.saturating_add(granted.expires_in.unwrap_or(USUAL_SECONDS)));
        // A server may give another one each time; the old one then ends.
        secret.refresh_token = granted.refresh_token.or(secret.refresh_token);
        Ok((Proof::Token { token, mechanism }, Some(secret)))
    }

    async fn ask(
        &self,
        tokens: &TokenSource,
        username: &str,
        secret: &AccountSecret,
        now: i64,
        public_only: bool,
    ) -> Result<Granted, FetchError> {
        let missing = |what: &str| FetchError::Token(format!("the {what} is missing"));
        let mut fields: Vec<(&str, String)> = Vec::new();
        match tokens.grant {
            TokenGrant::AuthorizationCode => {
                let refresh = secret.refresh_token.as_ref().ok_or_else(|| missing("refresh token"))?;
                fields.push(("grant_type", "refresh_token".to_owned()));
                fields.push(("refresh_token", refresh.expose().to_owned()));
            }
            TokenGrant::ClientCredentials => fields.push(("grant_type", "client_credentials".to_owned())),
            TokenGrant::ServiceAccount => {
                let key = secret.private_key.as_ref().ok_or_else(|| missing("private key"))?;
                fields.push(("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer".to_owned()));
                fields.push(("assertion", assertion(tokens, username, key, now)?));
            }
        }
        if tokens.grant != TokenGrant::ServiceAccount {
            fields.push(("client_id", tokens.client_id.clone()));
            if let Some(client_secret) = &secret.client_secret {
                fields.push(("client_secret", client_secret.expose().to_owned()));
            }
            if !tokens.scope.is_empty() {
                fields.push(("scope", tokens.scope.clone()));
            }
        }
        request(&self.network, &tokens.token_url, &fields, public_only).await
    }
}

/// Changes the code that a person came back with for tokens (RFC 6749 section 4.1.3).
pub(crate) async fn redeem(
    network: &Network,
    consented: &Consented,
    code: &str,
    now: i64,
) -> Result<AccountSecret, FetchError> {
    let unfit = || FetchError::Token("the service does not sign in with tokens".to_owned());
    let tokens = consented.service.settings.tokens.as_ref().ok_or_else(unfit)?;
    let mut fields = vec![
        ("grant_type", "authorization_code".to_owned()),
        ("code", code.to_owned()),
        ("redirect_uri", consented.redirect.clone()),
        ("client_id", tokens.client_id.clone()),
        ("code_verifier", consented.verifier.expose().to_owned()),
    ];
    fields.extend(consented.client_secret.as_ref().map(|secret| ("client_secret", secret.expose().to_owned())));
    let granted = request(network, &tokens.token_url, &fields, consented.service.public_only).await?;
    if granted.refresh_token.is_none() {
        return Err(FetchError::Token("the provider gave no refresh token".to_owned()));
    }
    Ok(AccountSecret {
        client_secret: consented.client_secret.clone(),
        refresh_token: granted.refresh_token,
        access_token: granted.access_token,
        access_token_until: Some(now.saturating_add(granted.expires_in.unwrap_or(USUAL_SECONDS))),
        ..AccountSecret::default()
    })
}

async fn request(
    network: &Network,
    url: &str,
    fields: &[(&str, String)],
    public_only: bool,
) -> Result<Granted, FetchError> {
    let form = fields.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect::<Vec<_>>().join("&");
    let answer = http::post(network, url, FORM, form, public_only).await?;
    let granted: Granted = serde_json::from_slice(&answer.body)
        .map_err(|_| FetchError::Token(format!("{url} answered {} and no JSON", answer.status)))?;
    match granted.error {
        Some(error) => {
            let why = granted.error_description.map_or_else(String::new, |text| format!(": {text}"));
            Err(FetchError::Token(format!("{error}{why}")))
        }
        None if answer.status >= 300 => Err(FetchError::Token(format!("{url} answered {}", answer.status))),
        None => Ok(granted),
    }
}

/// A signed statement that the service account acts for the user (RFC 7523).
fn assertion(tokens: &TokenSource, username: &str, key: &Secret, now: i64) -> Result<String, FetchError> {
    let unusable = || FetchError::Token("the private key is no RSA key in PEM form (PKCS#8)".to_owned());
    let body: String = key.expose().lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    let der = STANDARD.decode(body).map_err(|_| unusable())?;
    let pair = RsaKeyPair::from_pkcs8(&der).map_err(|_| unusable())?;
    let header = json!({ "alg": "RS256", "typ": "JWT" });
    let claims = json!({
        "iss": tokens.client_id,
        "sub": username,
        "scope": tokens.scope,
        "aud": tokens.token_url,
        "iat": now,
        "exp": now + USUAL_SECONDS,
    });
    let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).map_err(|_| unusable())?;
    Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Percent-encodes for a form.
pub(crate) fn percent(text: &str) -> String {
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
