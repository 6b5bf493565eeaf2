//! A conversation with an IMAP server: greeting, TLS, signing in, commands and their answers.
//!
//! Start reading at [`Session::open`].

use crate::error::FetchError;
use crate::network::{BoxedStream, Network};
use crate::received::Received;
use crate::sign_in::Proof;
use crate::wire::Wire;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use postroom_model::{Encryption, InboundSettings, TokenMechanism};
use postroom_wire_imap::client::{Code, Reply, Said, Status, astring, literal_at_end, oauthbearer, parse, xoauth2};
use std::path::PathBuf;
use std::time::Duration;

/// Literals that nobody asked for, together, in one answer.
const UNASKED: u64 = 256 * 1024;

/// How connections are made.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) network: Network,
    pub(crate) patience: Duration,
    pub(crate) spool: PathBuf,
    pub(crate) public_only: bool,
}

/// The Inbox as it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) exists: u32,
    /// None: its UIDs do not last.
    pub(crate) uidvalidity: Option<u32>,
    pub(crate) read_only: bool,
}

pub(crate) struct Session {
    wire: Wire,
    tags: u32,
    capabilities: Vec<String>,
    /// How many messages are there, as the server last said.
    pub(crate) exists: u32,
    /// More came since it was last asked.
    pub(crate) news: bool,
}

impl Session {
    /// Connects and signs in.
    pub(crate) async fn open(line: &Line, to: &InboundSettings, proof: &Proof) -> Result<Self, FetchError> {
        let stream = line.network.connect(&to.server, to.port, line.public_only).await?;
        let stream: BoxedStream = match to.encryption {
            Encryption::Tls => line.network.secure(&to.server, stream).await?,
            Encryption::StartTls | Encryption::None => Box::new(stream),
        };
        let wire = Wire::new(stream, line.patience, line.spool.clone());
        let mut session = Self { wire, tags: 0, capabilities: Vec::new(), exists: 0, news: false };
        let signed_in = session.greeting().await?;
        if to.encryption == Encryption::StartTls {
            if signed_in {
                return Err(FetchError::Tls("the server signs in before STARTTLS".to_owned()));
            }
            session = session.start_tls(line, &to.server).await?;
        }
        if session.capabilities.is_empty() {
            session.ask_capabilities().await?;
        }
        if !signed_in {
            session.sign_in(to, proof).await?;
        }
        Ok(session)
    }

    pub(crate) fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|known| known == capability)
    }

    pub(crate) fn capabilities(&self) -> &[String] {
        &self.capabilities
    }

    /// Whether the server takes us as signed in already.
    async fn greeting(&mut self) -> Result<bool, FetchError> {
        match self.reply(0).await?.0 {
            Reply::Said(Said { status: Status::Ok, code, .. }) => {
                self.note(code.as_ref());
                Ok(false)
            }
            Reply::Said(Said { status: Status::Preauth, code, .. }) => {
                self.note(code.as_ref());
                Ok(true)
            }
            Reply::Said(said) => Err(FetchError::Refused { command: "the connection", said: said.text }),
            _ => Err(malformed("it did not greet")),
        }
    }

    async fn start_tls(mut self, line: &Line, host: &str) -> Result<Self, FetchError> {
        self.run("STARTTLS", "STARTTLS").await?;
        let stream = line.network.secure(host, self.wire.into_clear()?).await?;
        let wire = Wire::new(stream, line.patience, line.spool.clone());
        // What was said in clear may come from anybody.
        Ok(Self { wire, capabilities: Vec::new(), ..self })
    }

    async fn ask_capabilities(&mut self) -> Result<(), FetchError> {
        self.run("CAPABILITY", "CAPABILITY").await.map(drop)
    }

    async fn sign_in(&mut self, to: &InboundSettings, proof: &Proof) -> Result<(), FetchError> {
        let before = std::mem::take(&mut self.capabilities);
        let has = |name: &str| before.iter().any(|known| known == name);
        let done = match proof {
            Proof::Token { token, mechanism } => {
                let (name, response) = match mechanism {
                    TokenMechanism::Xoauth2 => ("XOAUTH2", xoauth2(&to.username, token.expose())),
                    TokenMechanism::Oauthbearer => {
                        ("OAUTHBEARER", oauthbearer(&to.username, &to.server, to.port, token.expose()))
                    }
                };
                self.authenticate(name, &response, has("SASL-IR")).await
            }
            Proof::Password(password) => match (astring(&to.username), astring(password.expose())) {
                (Some(user), Some(password)) if !has("LOGINDISABLED") => {
                    self.run("LOGIN", &format!("LOGIN {user} {password}")).await.map(drop)
                }
                _ => {
                    let response = STANDARD.encode(format!("\0{}\0{}", to.username, password.expose()));
                    self.authenticate("PLAIN", &response, has("SASL-IR")).await
                }
            },
        };
        match done {
            Err(FetchError::Refused { said, .. }) => return Err(FetchError::SignIn(said)),
            other => other?,
        }
        if self.capabilities.is_empty() {
            self.ask_capabilities().await?;
        }
        Ok(())
    }

    async fn authenticate(&mut self, mechanism: &str, response: &str, at_once: bool) -> Result<(), FetchError> {
        let initial = if at_once { format!(" {response}") } else { String::new() };
        let tag = self.begin(&format!("AUTHENTICATE {mechanism}{initial}")).await?;
        let mut answered = at_once;
        loop {
            match self.reply(0).await?.0 {
                Reply::Continue(_) if !answered => {
                    answered = true;
                    self.wire.send(format!("{response}\r\n").as_bytes()).await?;
                }
                // An error in Base64: an empty response has it end with NO.
                Reply::Continue(_) => self.wire.send(b"\r\n").await?,
                reply => {
                    if let Some(said) = self.heard(reply, &tag)? {
                        return refusal("AUTHENTICATE", said).map(drop);
                    }
                }
            }
        }
    }

    /// Opens the Inbox, and no other folder.
    pub(crate) async fn select(&mut self) -> Result<Opened, FetchError> {
        let tag = self.begin("SELECT INBOX").await?;
        let (mut opened, mut sticky, mut counted) = (Opened::default(), true, false);
        loop {
            let reply = self.reply(0).await?.0;
            if let Reply::Said(Said { code: Some(code), .. }) = &reply {
                match code {
                    Code::UidValidity(value) => opened.uidvalidity = Some(*value),
                    Code::UidNotSticky => sticky = false,
                    _ => {}
                }
            }
            if let Reply::Exists(count) = reply {
                (self.exists, counted) = (count, true);
            }
            if let Some(said) = self.heard(reply, &tag)? {
                let said = refusal("SELECT", said)?;
                if !counted {
                    return Err(malformed("it does not say how many messages there are"));
                }
                opened.read_only = said.code == Some(Code::ReadOnly);
                opened.exists = self.exists;
                opened.uidvalidity = opened.uidvalidity.filter(|value| sticky && *value > 0);
                self.news = false;
                return Ok(opened);
            }
        }
    }

    /// Sends a command; gives its tag.
    pub(crate) async fn begin(&mut self, command: &str) -> Result<String, FetchError> {
        self.tags += 1;
        let tag = format!("p{}", self.tags);
        self.wire.send(format!("{tag} {command}\r\n").as_bytes()).await?;
        Ok(tag)
    }

    /// Runs a command whose untagged answers nobody waits for.
    pub(crate) async fn run(&mut self, name: &'static str, command: &str) -> Result<Said, FetchError> {
        let tag = self.begin(command).await?;
        self.finish(name, &tag).await
    }

    /// Reads to the end of a command.
    pub(crate) async fn finish(&mut self, name: &'static str, tag: &str) -> Result<Said, FetchError> {
        loop {
            let reply = self.reply(0).await?.0;
            if let Some(said) = self.heard(reply, tag)? {
                return refusal(name, said);
            }
        }
    }

    /// Takes note of a reply that nobody asked for; gives the end of the command if it is that.
    pub(crate) fn heard(&mut self, reply: Reply, tag: &str) -> Result<Option<Said>, FetchError> {
        match reply {
            Reply::Done { tag: theirs, said } if theirs == tag => {
                self.note(said.code.as_ref());
                return Ok(Some(said));
            }
            Reply::Done { tag: theirs, .. } => return Err(malformed(&format!("it ends the command {theirs}"))),
            Reply::Continue(_) => return Err(malformed("it asks for more")),
            Reply::Said(said) if said.status == Status::Bye => {
                return Err(FetchError::Lost(format!("the server said goodbye: {}", said.text)));
            }
            Reply::Said(said) => self.note(said.code.as_ref()),
            Reply::Capability(names) => self.capabilities = names,
            Reply::Exists(count) => {
                self.news |= count > self.exists;
                self.exists = count;
            }
            Reply::Expunge(_) => self.exists = self.exists.saturating_sub(1),
            Reply::Fetch(_) | Reply::Search(_) | Reply::Other => {}
        }
        Ok(None)
    }

    fn note(&mut self, code: Option<&Code>) {
        if let Some(Code::Capability(names)) = code {
            self.capabilities.clone_from(names);
        }
    }

    /// The next reply with its literals; one of more than `limit` octets ends the session.
    pub(crate) async fn reply(&mut self, limit: u64) -> Result<(Reply, Vec<Received>), FetchError> {
        let patience = self.wire.patience;
        self.reply_within(limit, patience).await
    }

    pub(crate) async fn reply_within(
        &mut self,
        limit: u64,
        patience: Duration,
    ) -> Result<(Reply, Vec<Received>), FetchError> {
        let mut text = self.wire.line_within(patience).await?;
        let (mut literals, mut line, mut octets) = (Vec::new(), 0, 0u64);
        while let Some(size) = literal_at_end(&text[line..], line == 0) {
            octets = octets.saturating_add(size);
            if octets > limit.saturating_add(UNASKED) {
                return Err(FetchError::TooLarge(size));
            }
            literals.push(self.wire.exactly(size).await?);
            line = text.len();
            text.extend_from_slice(&self.wire.line().await?);
            if text.len() > 1024 * 1024 {
                return Err(malformed("an answer does not end"));
            }
        }
        let reply = parse(&text).map_err(|error| malformed(&error.to_string()))?;
        Ok((reply, literals))
    }

    /// Where large messages wait.
    pub(crate) fn spool(&self) -> &std::path::Path {
        &self.wire.spool
    }

    pub(crate) async fn send(&mut self, text: &str) -> Result<(), FetchError> {
        self.wire.send(text.as_bytes()).await
    }

    /// Leaves politely; whether the server hears it does not matter.
    pub(crate) async fn leave(mut self) {
        self.wire.patience = Duration::from_secs(5);
        _ = self.run("LOGOUT", "LOGOUT").await;
    }
}

pub(crate) fn refusal(command: &'static str, said: Said) -> Result<Said, FetchError> {
    match said.status {
        Status::Ok => Ok(said),
        _ => Err(FetchError::Refused { command, said: said.text }),
    }
}

pub(crate) fn malformed(why: &str) -> FetchError {
    FetchError::Protocol { protocol: "IMAP", why: why.to_owned() }
}
