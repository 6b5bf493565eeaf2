//! AUTH (RFC 4954): PLAIN (RFC 4616), LOGIN, SCRAM-SHA-256 (RFC 7677) and, on TLS, SCRAM-SHA-256-PLUS.

use crate::reply::{self, Reply};
use crate::session::{Flow, Session};
use crate::wire::{Line, Lost};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use postroom_directory::{BEARER_REFUSED, BearerForm, Entered, ScramOffer, ScramRefused};
use postroom_model::Door;
use std::net::IpAddr;
use tokio::io::{AsyncRead, AsyncWrite};

/// RFC 4954 section 4: 12,288 octets of base64; a command may stand in front.
pub(crate) const LONGEST_LINE: usize = 12_288 + 64;

/// Some clients leave out the padding; nothing is gained by refusing them.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How an exchange ends without a sign-in: with a reply, or with the connection.
enum Stopped {
    Refused(Reply),
    Lost(Lost),
}

impl From<Lost> for Stopped {
    fn from(lost: Lost) -> Self {
        Self::Lost(lost)
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Session<'_, IO> {
    pub(crate) async fn auth(&mut self, mechanism: &str, initial: Option<&str>) -> Result<Flow, Lost> {
        if let Err(refused) = self.may_sign_in() {
            return Ok(self.refuse(refused));
        }
        let signed_in = match mechanism.to_ascii_uppercase().as_str() {
            "PLAIN" => self.plain(initial).await,
            "LOGIN" => self.login(initial).await,
            "SCRAM-SHA-256" => self.scram(initial, false).await,
            "OAUTHBEARER" => self.bearer(initial, BearerForm::OAuthBearer).await,
            "XOAUTH2" => self.bearer(initial, BearerForm::XOAuth2).await,
            "SCRAM-SHA-256-PLUS" if !self.bindings.is_empty() => self.scram(initial, true).await,
            _ => return Ok(self.refuse(Reply::new(504, "5.5.4", "this mechanism is not offered"))),
        };
        match signed_in {
            Ok(signed_in) => {
                self.signed_in = Some(signed_in);
                Ok(self.accept(Reply::new(235, "2.7.0", "welcome")))
            }
            Err(Stopped::Refused(refused)) => Ok(self.refuse(refused)),
            Err(Stopped::Lost(lost)) => Err(lost),
        }
    }

    fn may_sign_in(&self) -> Result<(), Reply> {
        if !self.mode.is_submission() {
            return Err(Reply::new(502, "5.5.1", "nobody signs in here"));
        }
        if !self.hello.as_ref().is_some_and(|hello| hello.extended) {
            return Err(Reply::out_of_order("say EHLO first"));
        }
        if self.signed_in.is_some() {
            return Err(Reply::out_of_order("you are signed in"));
        }
        if self.transaction.is_some() {
            return Err(Reply::out_of_order("a message is under way"));
        }
        if !self.is_protected() {
            return Err(Reply::new(538, "5.7.11", "say STARTTLS first"));
        }
        Ok(())
    }

    /// `message = [authzid] NUL authcid NUL passwd`
    async fn plain(&mut self, initial: Option<&str>) -> Result<Entered, Stopped> {
        let response = self.response(initial, "").await?;
        let mut parts = response.split('\0');
        let (Some(acting_as), Some(name), Some(password), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Stopped::Refused(malformed()));
        };
        self.check(name, Some(acting_as), password).await
    }

    async fn login(&mut self, initial: Option<&str>) -> Result<Entered, Stopped> {
        let name = self.response(initial, "Username:").await?;
        let password = self.response(None, "Password:").await?;
        self.check(&name, None, &password).await
    }

    async fn scram(&mut self, initial: Option<&str>, plus: bool) -> Result<Entered, Stopped> {
        let first = self.response(initial, "").await?;
        let (directory, peer) = (&self.smtp.settings.directory, self.peer());
        let offer = ScramOffer { bindings: self.bindings, plus };
        let pending = directory.scram_begin(&first, offer, Door::Submission, peer).await.map_err(scram_refused)?;
        let challenge = pending.server_first().to_owned();
        let last = self.response(None, &challenge).await?;
        let done = self.smtp.settings.directory.scram_finish(pending, &last).await.map_err(scram_refused)?;
        // The server's proof needs a line of its own, which the client answers with an empty one.
        self.response(None, &done.server_final).await?;
        Ok(done.entered)
    }

    /// An access token. Why it is refused goes out as a last challenge, which the client answers with anything (RFC 7628
    /// section 3.2.3).
    async fn bearer(&mut self, initial: Option<&str>, form: BearerForm) -> Result<Entered, Stopped> {
        let message = self.response(initial, "").await?;
        let (directory, peer) = (self.smtp.settings.directory.clone(), self.peer());
        match directory.sign_in_with_bearer(form, &message, Door::Submission, peer).await {
            Ok(entered) => Ok(entered),
            Err(error) => {
                self.response(None, BEARER_REFUSED).await?;
                Err(Stopped::Refused(reply::sign_in_error(&error)))
            }
        }
    }

    /// `name` may be `login*mailbox`; `acting_as` is a SASL authorization identity.
    async fn check(&mut self, name: &str, acting_as: Option<&str>, password: &str) -> Result<Entered, Stopped> {
        let directory = &self.smtp.settings.directory;
        let entered = directory.sign_in_into(name, acting_as, password, Door::Submission, self.peer()).await;
        entered.map_err(|error| Stopped::Refused(reply::sign_in_error(&error)))
    }

    fn peer(&self) -> Option<IpAddr> {
        Some(self.peer.address)
    }

    /// What the client sent along, or its answer to a challenge.
    async fn response(&mut self, initial: Option<&str>, challenge: &str) -> Result<String, Stopped> {
        let decoded = match initial {
            // RFC 4954 section 4: `=` is an empty response.
            Some("=") => Ok(Vec::new()),
            Some(initial) => BASE64.decode(initial),
            None => {
                self.reply(&Reply::new(334, "", BASE64.encode(challenge)));
                let line = match self.wire.line(LONGEST_LINE, &self.smtp.settings.limits, None).await? {
                    Line::Complete(line) => line,
                    Line::TooLong => return Err(Stopped::Refused(Reply::new(500, "5.5.6", "the line is too long"))),
                    Line::BareLf => return Err(Stopped::Refused(malformed())),
                };
                if line.as_ref() == b"*" {
                    return Err(Stopped::Refused(Reply::new(501, "5.7.0", "sign-in given up")));
                }
                BASE64.decode(&line)
            }
        };
        let text = decoded.ok().and_then(|bytes| String::from_utf8(bytes).ok());
        text.ok_or_else(|| Stopped::Refused(malformed()))
    }
}

fn malformed() -> Reply {
    Reply::new(501, "5.5.2", "the response is not well-formed")
}

fn scram_refused(refused: ScramRefused) -> Stopped {
    Stopped::Refused(reply::scram_refused(&refused))
}
