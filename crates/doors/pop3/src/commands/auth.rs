//! AUTH (RFC 5034) with PLAIN (RFC 4616), SCRAM-SHA-256 (RFC 7677) and, on TLS, SCRAM-SHA-256-PLUS.

use super::Result;
use crate::reply::Failure;
use crate::session::Session;
use crate::sign_in;
use postroom_directory::{BEARER_REFUSED, BearerForm, ScramOffer, ScramRefused, SignInError};
use postroom_model::Door;
use postroom_wire_pop3::sasl::{self, SaslReply};
use postroom_wire_pop3::{Secret, lines, reply};

pub(super) async fn run(session: &mut Session, mechanism: &str, initial: Option<Secret>) -> Result {
    sign_in::allowed(session)?;
    match mechanism {
        "PLAIN" => plain(session, initial).await,
        "SCRAM-SHA-256" => scram(session, initial, false).await,
        "OAUTHBEARER" => bearer(session, initial, BearerForm::OAuthBearer).await,
        "XOAUTH2" => bearer(session, initial, BearerForm::XOAuth2).await,
        "SCRAM-SHA-256-PLUS" if !session.peer.bindings.is_empty() => scram(session, initial, true).await,
        _ => Err(Failure::mistake("this mechanism is not offered; PLAIN and SCRAM-SHA-256 are")),
    }
}

async fn plain(session: &mut Session, initial: Option<Secret>) -> Result {
    let message = given(session, initial).await?;
    let fields: Vec<&[u8]> = message.as_bytes().split(|octet| *octet == 0).collect();
    let [authzid, name, password] = fields[..] else {
        return Err(Failure::mistake("PLAIN takes three fields: who to act as, the name, the password"));
    };
    let Ok(acting_as) = std::str::from_utf8(authzid) else { return Err(SignInError::Refused.into()) };
    let name = std::str::from_utf8(name).unwrap_or_default();
    sign_in::with_password(session, name, Some(acting_as), &Secret::new(password)).await
}

async fn scram(session: &mut Session, initial: Option<Secret>, plus: bool) -> Result {
    let first = given(session, initial).await?;
    let address = Some(session.peer.address.ip());
    let directory = session.pop3.directory.clone();
    let offer = ScramOffer { bindings: session.peer.bindings, plus };
    let pending = directory.scram_begin(text(&first)?, offer, Door::Pop3, address).await.map_err(failed)?;
    let last = asked(session, pending.server_first().as_bytes()).await?;
    let done = directory.scram_finish(pending, text(&last)?).await.map_err(failed)?;
    // The proof of the server goes out as a last challenge, which the client answers with an empty line.
    asked(session, done.server_final.as_bytes()).await?;
    sign_in::welcome(session, done.entered).await
}

/// An access token. Why it is refused goes out as a last challenge, which the client answers with anything (RFC 7628
/// section 3.2.3).
async fn bearer(session: &mut Session, initial: Option<Secret>, form: BearerForm) -> Result {
    let message = given(session, initial).await?;
    let (address, directory) = (Some(session.peer.address.ip()), session.pop3.directory.clone());
    match directory.sign_in_with_bearer(form, text(&message)?, Door::Pop3, address).await {
        Ok(entered) => sign_in::welcome(session, entered).await,
        Err(error) => {
            asked(session, BEARER_REFUSED.as_bytes()).await?;
            Err(error.into())
        }
    }
}

fn text(secret: &Secret) -> Result<&str> {
    secret.as_str().ok_or_else(|| Failure::mistake("the response is not UTF-8"))
}

fn failed(error: ScramRefused) -> Failure {
    match error {
        ScramRefused::Exchange(error) => Failure::mistake(error.to_string()),
        ScramRefused::SignIn(error) => error.into(),
    }
}

/// The initial response if the client sent one, else its answer to an empty challenge.
async fn given(session: &mut Session, initial: Option<Secret>) -> Result<Secret> {
    match initial {
        Some(initial) => Ok(initial),
        None => asked(session, b"").await,
    }
}

async fn asked(session: &mut Session, challenge: &[u8]) -> Result<Secret> {
    reply::challenge(&mut session.out, challenge);
    let line = session.line(lines::RESPONSE).await?;
    let line = line.ok_or_else(|| Failure::Io(std::io::ErrorKind::ConnectionAborted.into()))?;
    match sasl::reply(&line) {
        Ok(SaslReply::Response(secret)) => Ok(secret),
        Ok(SaslReply::Cancelled) => Err(Failure::mistake("cancelled")),
        Err(not_base64) => Err(Failure::mistake(not_base64.to_string())),
    }
}
