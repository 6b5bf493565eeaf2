//! The messages of one exchange. Grammar: RFC 5802 section 7.

use super::binding::Bindings;
use super::verifier::{Verifier, hash, sign};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScramError {
    /// The client does not speak SCRAM.
    #[error("malformed SCRAM message: {0}")]
    Malformed(&'static str),
    #[error("channel binding is not offered")]
    ChannelBinding,
    #[error("this kind of channel binding is not offered here")]
    ChannelBindingType,
    /// The client believes that the server offers none: somebody between them has taken the offer away.
    #[error("channel binding is offered, and has to be used by a client that can")]
    Downgraded,
    /// Also for unknown names, whose verifier nobody can satisfy.
    #[error("the proof is wrong")]
    WrongProof,
}

impl ScramError {
    /// The `server-error` that ends the exchange.
    pub fn server_final(self) -> &'static str {
        match self {
            Self::Malformed(_) => "e=other-error",
            Self::ChannelBinding => "e=channel-binding-not-supported",
            Self::ChannelBindingType => "e=unsupported-channel-binding-type",
            Self::Downgraded => "e=server-does-support-channel-binding",
            Self::WrongProof => "e=invalid-proof",
        }
    }
}

/// `client-first-message = gs2-header client-first-message-bare`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientFirst {
    /// Who wants to sign in.
    pub username: String,
    /// Which identity to act as, if it is another.
    pub acting_as: Option<String>,
    /// What `c=` has to hold behind the header.
    bound_to: Vec<u8>,
    header: String,
    bare: String,
    nonce: String,
}

impl ClientFirst {
    /// Where there is no TLS.
    pub fn parse(message: &str) -> Result<Self, ScramError> {
        Self::parse_bound(message, &Bindings::default(), false)
    }

    /// `plus`: the mechanism is SCRAM-SHA-256-PLUS, which has to be bound to the connection.
    pub fn parse_bound(message: &str, bindings: &Bindings, plus: bool) -> Result<Self, ScramError> {
        let malformed = ScramError::Malformed;
        let mut parts = message.splitn(3, ',');
        let (binding, identity) = (parts.next().unwrap_or_default(), parts.next().ok_or(malformed("gs2-header"))?);
        let bare = parts.next().ok_or(malformed("gs2-header"))?;
        let bound_to = match (binding, binding.strip_prefix("p=")) {
            ("n" | "y", _) if plus => return Err(malformed("gs2-cbind-flag")),
            ("y", _) if !bindings.is_empty() => return Err(ScramError::Downgraded),
            ("n" | "y", _) => Vec::new(),
            (_, Some(_)) if !plus => return Err(ScramError::ChannelBinding),
            (_, Some(name)) => bindings.find(name).ok_or(ScramError::ChannelBindingType)?.to_vec(),
            _ => return Err(malformed("gs2-cbind-flag")),
        };
        let mut attributes = bare.split(',');
        // A leading m= would be a mandatory extension, of which there is none.
        let name = attributes.next().and_then(|text| text.strip_prefix("n=")).ok_or(malformed("username"))?;
        let username = saslname(name).ok_or(malformed("username"))?;
        let nonce = attributes.next().and_then(|text| text.strip_prefix("r=")).ok_or(malformed("nonce"))?;
        if nonce.is_empty() || nonce.len() > 256 || !nonce.bytes().all(|c| c.is_ascii_graphic()) {
            return Err(malformed("nonce"));
        }
        let acting_as = match identity.strip_prefix("a=") {
            Some(name) => Some(saslname(name).ok_or(malformed("authzid"))?).filter(|name| *name != username),
            None if identity.is_empty() => None,
            None => return Err(malformed("authzid")),
        };
        let header = message[..message.len() - bare.len()].to_owned();
        Ok(Self { username, acting_as, bound_to, header, bare: bare.to_owned(), nonce: nonce.to_owned() })
    }

    /// `server_nonce` is random, printable and without commas.
    pub fn answer(self, verifier: Verifier, server_nonce: &str) -> Challenge {
        let nonce = format!("{}{server_nonce}", self.nonce);
        let salt = STANDARD.encode(&verifier.salt);
        let server_first = format!("r={nonce},s={salt},i={}", verifier.iterations);
        Challenge { first: self, verifier, nonce, server_first }
    }
}

/// `saslname`: `=2C` is a comma, `=3D` an equals sign; no other `=` is allowed.
fn saslname(raw: &str) -> Option<String> {
    let mut pieces = raw.split('=');
    let mut name = pieces.next()?.to_owned();
    for piece in pieces {
        let (sign, rest) =
            if let Some(rest) = piece.strip_prefix("2C") { (',', rest) } else { ('=', piece.strip_prefix("3D")?) };
        name.push(sign);
        name.push_str(rest);
    }
    (!name.is_empty() && !name.contains('\0')).then_some(name)
}

/// What the server has sent and waits for the answer to.
#[derive(Clone, Debug)]
pub struct Challenge {
    first: ClientFirst,
    verifier: Verifier,
    nonce: String,
    server_first: String,
}

impl Challenge {
    /// `server-first-message`
    pub fn server_first(&self) -> &str {
        &self.server_first
    }

    pub fn username(&self) -> &str {
        &self.first.username
    }

    /// Which identity to act as, if it is another than the one that signs in.
    pub fn acting_as(&self) -> Option<&str> {
        self.first.acting_as.as_deref()
    }

    /// Checks `client-final-message` and gives `server-final-message`, by which the client knows the server.
    pub fn finish(&self, client_final: &str) -> Result<String, ScramError> {
        let malformed = ScramError::Malformed;
        let (without_proof, proof) = client_final.rsplit_once(",p=").ok_or(malformed("proof"))?;
        let proof: [u8; 32] =
            STANDARD.decode(proof).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(malformed("proof"))?;
        let mut attributes = without_proof.split(',');
        let binding = attributes.next().and_then(|text| text.strip_prefix("c=")).ok_or(malformed("channel-binding"))?;
        let expected = [self.first.header.as_bytes(), &self.first.bound_to].concat();
        if STANDARD.decode(binding).ok().as_deref() != Some(&expected) {
            return Err(malformed("channel-binding"));
        }
        if attributes.next().and_then(|text| text.strip_prefix("r=")) != Some(&self.nonce) {
            return Err(malformed("nonce"));
        }
        let message = format!("{},{},{without_proof}", self.first.bare, self.server_first);
        let mut client_key = sign(&self.verifier.stored_key, message.as_bytes());
        client_key.iter_mut().zip(proof).for_each(|(key, proof)| *key ^= proof);
        verify_slices_are_equal(&hash(&client_key), &self.verifier.stored_key).map_err(|_| ScramError::WrongProof)?;
        Ok(format!("v={}", STANDARD.encode(sign(&self.verifier.server_key, message.as_bytes()))))
    }
}
