//! Signing in at a smart host (RFC 4954): SCRAM-SHA-256, PLAIN, LOGIN, XOAUTH2. Start reading at [`Client::sign_in`].

use super::reply::Reply;
use super::{Client, Lost};
use aws_lc_rs::{digest, hmac, pbkdf2, rand};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use postroom_directory::Secret;
use postroom_model::Mechanism;
use std::num::NonZeroU32;

#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthError {
    #[error(transparent)]
    Lost(#[from] Lost),
    #[error("{0} refused the sign-in: {1}")]
    Refused(String, Reply),
    #[error("{0} offers no way to sign in that fits ({1})")]
    NoMechanism(String, String),
    #[error("{0} could not prove that it knows the password")]
    WrongProof(String),
}

/// The fewest and most iterations that are computed for a server (RFC 7677 section 4 asks for 4096 at least).
const ITERATIONS: std::ops::RangeInclusive<u32> = 4096..=10_000_000;

impl Client {
    /// Signs in by the mechanism given, or by the best that is offered.
    pub(crate) async fn sign_in(
        &mut self,
        username: &str,
        secret: &Secret,
        wanted: Option<Mechanism>,
    ) -> Result<(), AuthError> {
        let offered = |mechanism: Mechanism| {
            let name = mechanism.as_str().to_ascii_uppercase();
            self.offers.auth.contains(&name)
        };
        let best = [Mechanism::ScramSha256, Mechanism::Plain, Mechanism::Login];
        let found = match wanted {
            Some(mechanism) => Some(mechanism),
            None => best.into_iter().find(|mechanism| offered(*mechanism)),
        };
        match found {
            Some(Mechanism::ScramSha256) => self.scram(username, secret).await,
            Some(Mechanism::Plain) => {
                let text = format!("\0{username}\0{}", secret.expose());
                self.one_step("PLAIN", text.as_bytes()).await
            }
            Some(Mechanism::Login) => self.login(username, secret).await,
            Some(Mechanism::XOAuth2) => {
                let text = format!("user={username}\x01auth=Bearer {}\x01\x01", secret.expose());
                self.one_step("XOAUTH2", text.as_bytes()).await
            }
            None => Err(AuthError::NoMechanism(self.name.clone(), self.offers.auth.join(" "))),
        }
    }

    async fn one_step(&mut self, name: &str, text: &[u8]) -> Result<(), AuthError> {
        let mut reply = self.command(&format!("AUTH {name} {}", STANDARD.encode(text))).await?;
        if reply.code == 334 {
            // XOAUTH2 says why in a challenge, and answers for good after an empty line.
            reply = self.command("").await?;
        }
        self.signed_in(reply)
    }

    async fn login(&mut self, username: &str, secret: &Secret) -> Result<(), AuthError> {
        let mut reply = self.command("AUTH LOGIN").await?;
        for word in [username, secret.expose()] {
            if reply.code != 334 {
                return self.signed_in(reply);
            }
            reply = self.command(&STANDARD.encode(word)).await?;
        }
        self.signed_in(reply)
    }

    fn signed_in(&self, reply: Reply) -> Result<(), AuthError> {
        if reply.code == 235 { Ok(()) } else { Err(AuthError::Refused(self.name.clone(), reply)) }
    }

    /// RFC 5802 and RFC 7677, without channel binding.
    async fn scram(&mut self, username: &str, secret: &Secret) -> Result<(), AuthError> {
        let mut random = [0; 18];
        let _ = rand::fill(&mut random);
        let exchange = Scram::new(username, &STANDARD.encode(random));
        let reply = self.command(&format!("AUTH SCRAM-SHA-256 {}", STANDARD.encode(exchange.first()))).await?;
        let Some(challenge) = challenge(&reply) else { return self.signed_in(reply) };
        let wrong = || AuthError::WrongProof(self.name.clone());
        let (answer, expected) = exchange.answer(&challenge, secret.expose()).ok_or_else(wrong)?;
        let reply = self.command(&STANDARD.encode(answer)).await?;
        let proof = match reply.code {
            // The proof comes in a challenge, or with the success itself.
            334 => challenge_text(&reply),
            235 => challenge_text(&reply),
            _ => return self.signed_in(reply),
        };
        if proof.as_deref() != Some(expected.as_str()) {
            return Err(AuthError::WrongProof(self.name.clone()));
        }
        if reply.code == 235 {
            return Ok(());
        }
        let reply = self.command("").await?;
        self.signed_in(reply)
    }
}

fn challenge(reply: &Reply) -> Option<String> {
    if reply.code == 334 { challenge_text(reply) } else { None }
}

fn challenge_text(reply: &Reply) -> Option<String> {
    let text = reply.lines.iter().flat_map(|line| line.split(' ')).find_map(|word| STANDARD.decode(word).ok())?;
    String::from_utf8(text).ok()
}

/// The client's side of an exchange.
struct Scram {
    bare: String,
    nonce: String,
}

impl Scram {
    fn new(username: &str, nonce: &str) -> Self {
        let name = username.replace('=', "=3D").replace(',', "=2C");
        Self { bare: format!("n={name},r={nonce}"), nonce: nonce.to_owned() }
    }

    fn first(&self) -> String {
        format!("n,,{}", self.bare)
    }

    /// The answer to the server's challenge, and what the server has to say then. None: the challenge is none.
    fn answer(&self, challenge: &str, password: &str) -> Option<(String, String)> {
        let mut parts = challenge.split(',');
        let nonce = parts.next()?.strip_prefix("r=").filter(|nonce| nonce.starts_with(&self.nonce))?;
        let salt = STANDARD.decode(parts.next()?.strip_prefix("s=")?).ok()?;
        let iterations: u32 = parts.next()?.strip_prefix("i=")?.parse().ok()?;
        let iterations = NonZeroU32::new(iterations).filter(|count| ITERATIONS.contains(&count.get()))?;
        let mut salted = [0; digest::SHA256_OUTPUT_LEN];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, &salt, password.as_bytes(), &mut salted);
        let client_key = sign(&salted, b"Client Key");
        let stored_key = digest::digest(&digest::SHA256, client_key.as_ref());
        let without_proof = format!("c=biws,r={nonce}");
        let message = format!("{},{challenge},{without_proof}", self.bare);
        let signature = sign(stored_key.as_ref(), message.as_bytes());
        let proof: Vec<u8> = client_key.as_ref().iter().zip(signature.as_ref()).map(|(key, sign)| key ^ sign).collect();
        let server = sign(sign(&salted, b"Server Key").as_ref(), message.as_bytes());
        let answer = format!("{without_proof},p={}", STANDARD.encode(proof));
        Some((answer, format!("v={}", STANDARD.encode(server.as_ref()))))
    }
}

fn sign(key: &[u8], message: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exchange_of_rfc_7677() {
        let scram = Scram::new("user", "rOprNGfwEbeRWgbNEkqO");
        assert_eq!(scram.first(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        let challenge = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        let (answer, expected) = scram.answer(challenge, "pencil").expect("answered");
        assert_eq!(
            answer,
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        assert_eq!(expected, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        for bad in ["r=other,s=W22Z,i=4096", "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=1", "x"] {
            assert!(scram.answer(bad, "pencil").is_none(), "{bad}");
        }
    }
}
