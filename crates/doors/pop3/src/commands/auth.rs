//! AUTH (RFC 5034) with PLAIN (RFC 4616) and SCRAM-SHA-256 (RFC 7677).
//!
//! `login*mailbox` works with PLAIN only: SCRAM proves the very name that is sent.

use super::Result;
use crate::reply::Failure;
use crate::session::Session;
use crate::sign_in;
use postroom_directory::{ScramRefused, SignInError};
use postroom_model::Door;
use postroom_wire_pop3::sasl::{self, SaslReply};
use postroom_wire_pop3::{Secret, lines, reply};

pub(super) async fn run(session: &mut Session, mechanism: &str, initial: Option<Secret>) -> Result {
    sign_in::allowed(session)?;
    match mechanism {
        "PLAIN" => plain(session, initial).await,
        "SCRAM-SHA-256" => scram(session, initial).await,
        _ => Err(Failure::mistake("this mechanism is not offered; PLAIN and SCRAM-SHA-256 are")),
    }
}

async fn plain(session: &mut Session, initial: Option<Secret>) -> Result {
    let message = given(session, initial).await?;
    let fields: Vec<&[u8]> = message.as_bytes().split(|octet| *octet == 0).collect();
    let [authzid, name, password] = fields[..] else {
        return Err(Failure::mistake("PLAIN takes three fields: who to act as, the name, the password"));
    };
    // Acting as somebody else is not offered.
    if !authzid.is_empty() && authzid != name {
        return Err(SignInError::Refused.into());
    }
    let name = std::str::from_utf8(name).unwrap_or_default();
    sign_in::with_password(session, name, &Secret::new(password)).await
}

async fn scram(session: &mut Session, initial: Option<Secret>) -> Result {
    let first = given(session, initial).await?;
    let address = Some(session.peer.address.ip());
    let directory = session.pop3.directory.clone();
    let pending = directory.scram_begin(text(&first)?, Door::Pop3, address).await.map_err(failed)?;
    let last = asked(session, pending.server_first().as_bytes()).await?;
    let (signed_in, proof) = directory.scram_finish(pending, text(&last)?).map_err(failed)?;
    // The proof of the server goes out as a last challenge, which the client answers with an empty line.
    asked(session, proof.as_bytes()).await?;
    sign_in::welcome(session, signed_in, None).await
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
