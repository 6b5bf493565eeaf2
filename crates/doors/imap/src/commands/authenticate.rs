//! AUTHENTICATE (RFC 9051 section 6.2.2) with PLAIN (RFC 4616), SCRAM-SHA-256 (RFC 7677) and, on
//! TLS, SCRAM-SHA-256-PLUS, with SASL-IR.

use super::Result;
use super::login::{allowed, refused, sign_in, welcome};
use crate::reply::{Code, Failure};
use crate::session::Session;
use postroom_directory::{BEARER_REFUSED, BearerForm, ScramOffer, ScramRefused, SignInError};
use postroom_model::Door;
use postroom_wire_imap::Secret;
use postroom_wire_imap::sasl::{self, SaslReply};

pub(super) async fn run(session: &mut Session, mechanism: &str, initial: Option<Secret>) -> Result {
    allowed(session)?;
    match mechanism.to_ascii_uppercase().as_str() {
        "PLAIN" => plain(session, initial).await,
        "SCRAM-SHA-256" => scram(session, initial, false).await,
        "OAUTHBEARER" => bearer(session, initial, BearerForm::OAuthBearer).await,
        "XOAUTH2" => bearer(session, initial, BearerForm::XOAuth2).await,
        "SCRAM-SHA-256-PLUS" if !session.peer.bindings.is_empty() => scram(session, initial, true).await,
        _ => Err(Failure::no(Code::Cannot, "this mechanism is not offered; PLAIN and SCRAM-SHA-256 are")),
    }
}

async fn plain(session: &mut Session, initial: Option<Secret>) -> Result {
    let message = given(session, initial, b"").await?;
    let fields: Vec<&[u8]> = message.as_bytes().split(|octet| *octet == 0).collect();
    let [authzid, name, password] = fields[..] else {
        return Err(Failure::bad("PLAIN takes three fields: who to act as, the name, the password"));
    };
    let name = std::str::from_utf8(name).unwrap_or_default();
    let Ok(acting_as) = std::str::from_utf8(authzid) else { return Err(refused(session, SignInError::Refused)) };
    sign_in(session, name, Some(acting_as), &Secret::new(password)).await
}

async fn scram(session: &mut Session, initial: Option<Secret>, plus: bool) -> Result {
    let first = given(session, initial, b"").await?;
    let address = Some(session.peer.address.ip());
    let directory = session.imap.directory.clone();
    let offer = ScramOffer { bindings: session.peer.bindings, plus };
    let begun = directory.scram_begin(text(&first)?, offer, Door::Imap, address).await;
    let pending = begun.map_err(|error| failed(session, error))?;
    let last = asked(session, pending.server_first().as_bytes()).await?;
    let finished = directory.scram_finish(pending, text(&last)?).await;
    let done = finished.map_err(|error| failed(session, error))?;
    // The proof of the server goes out as a last challenge, which the client answers with an empty line.
    asked(session, done.server_final.as_bytes()).await?;
    Ok(welcome(session, done.entered))
}

/// An access token. Why it is refused goes out as a last challenge, which the client answers with anything (RFC 7628
/// section 3.2.3).
async fn bearer(session: &mut Session, initial: Option<Secret>, form: BearerForm) -> Result {
    let message = given(session, initial, b"").await?;
    let (address, directory) = (Some(session.peer.address.ip()), session.imap.directory.clone());
    match directory.sign_in_with_bearer(form, text(&message)?, Door::Imap, address).await {
        Ok(entered) => Ok(welcome(session, entered)),
        Err(error) => {
            asked(session, BEARER_REFUSED.as_bytes()).await?;
            Err(refused(session, error))
        }
    }
}

fn text(secret: &Secret) -> Result<&str> {
    secret.as_str().ok_or_else(|| Failure::bad("the response is not UTF-8"))
}

fn failed(session: &mut Session, error: ScramRefused) -> Failure {
    if let ScramRefused::SignIn(error) = error {
        return refused(session, error);
    }
    error.into()
}

/// The initial response if the client sent one, else its answer to `challenge`.
async fn given(session: &mut Session, initial: Option<Secret>, challenge: &[u8]) -> Result<Secret> {
    match initial {
        Some(initial) => Ok(initial),
        None => asked(session, challenge).await,
    }
}

async fn asked(session: &mut Session, challenge: &[u8]) -> Result<Secret> {
    // RFC 9051 section 9: `continue-req = "+" SP (resp-text / base64)`; an empty challenge is empty base64.
    session.out.extend_from_slice(format!("+ {}\r\n", sasl::challenge(challenge)).as_bytes());
    let line = session.line().await?.ok_or_else(|| Failure::bad("the connection is closing"))?;
    match sasl::reply(&line) {
        Ok(SaslReply::Response(secret)) => Ok(secret),
        Ok(SaslReply::Cancelled) => Err(Failure::bad("cancelled")),
        Err(_) => Err(Failure::bad("the response is not base64")),
    }
}
