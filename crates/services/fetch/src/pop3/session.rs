//! A conversation with a POP3 server: greeting, TLS, signing in, commands and their answers.
//!
//! Start reading at [`Session::open`].

use crate::error::FetchError;
use crate::imap::session::Line;
use crate::network::BoxedStream;
use crate::received::Received;
use crate::sign_in::Proof;
use crate::wire::Wire;
use postroom_model::{Encryption, InboundSettings, TokenMechanism};
use postroom_wire_imap::client::{oauthbearer, xoauth2};
use postroom_wire_pop3::client::{Status, Unstuffing, list_line, status, uidl_line};
use std::collections::BTreeMap;

/// So many lines of a listing are taken.
const MOST_MESSAGES: usize = 5_000_000;

pub(crate) struct Session {
    wire: Wire,
    capabilities: Vec<String>,
}

/// What is there: number and size, and the unique ids where every message has one.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) sizes: BTreeMap<u32, u64>,
    pub(crate) ids: Option<BTreeMap<u32, String>>,
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
        let mut session = Self { wire, capabilities: Vec::new() };
        session.answer("the connection").await?;
        if to.encryption == Encryption::StartTls {
            session.run("STLS", "STLS").await?;
            let stream = line.network.secure(&to.server, session.wire.into_clear()?).await?;
            session.wire = Wire::new(stream, line.patience, line.spool.clone());
        }
        session.ask_capabilities().await?;
        session.sign_in(to, proof).await?;
        session.ask_capabilities().await?;
        Ok(session)
    }

    pub(crate) fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|known| known.split(' ').next() == Some(capability))
    }

    pub(crate) fn capabilities(&self) -> &[String] {
        &self.capabilities
    }

    /// Old servers have no CAPA.
    async fn ask_capabilities(&mut self) -> Result<(), FetchError> {
        self.wire.send(b"CAPA\r\n").await?;
        self.capabilities.clear();
        if let Status::Ok(_) = self.first_line().await? {
            let mut lines = Vec::new();
            self.lines(|line| lines.push(String::from_utf8_lossy(line).to_ascii_uppercase())).await?;
            self.capabilities = lines;
        }
        Ok(())
    }

    async fn sign_in(&mut self, to: &InboundSettings, proof: &Proof) -> Result<(), FetchError> {
        let done = match proof {
            Proof::Password(password) => {
                let fits = |text: &str| !text.contains(['\r', '\n']);
                if !fits(password.expose()) {
                    return Err(FetchError::SignIn("the password has line breaks".to_owned()));
                }
                match self.run("USER", &format!("USER {}", to.username)).await {
                    Ok(_) => self.run("PASS", &format!("PASS {}", password.expose())).await.map(drop),
                    Err(error) => Err(error),
                }
            }
            Proof::Token { token, mechanism } => {
                let (name, response) = match mechanism {
                    TokenMechanism::Xoauth2 => ("XOAUTH2", xoauth2(&to.username, token.expose())),
                    TokenMechanism::Oauthbearer => {
                        ("OAUTHBEARER", oauthbearer(&to.username, &to.server, to.port, token.expose()))
                    }
                };
                self.authenticate(name, &response).await
            }
        };
        match done {
            Err(FetchError::Refused { said, .. }) => Err(FetchError::SignIn(said)),
            other => other,
        }
    }

    /// The response on a line of its own: a command line may be too short for a token.
    async fn authenticate(&mut self, mechanism: &str, response: &str) -> Result<(), FetchError> {
        self.wire.send(format!("AUTH {mechanism}\r\n").as_bytes()).await?;
        let mut answer = Some(response);
        loop {
            match self.first_line().await? {
                Status::Continue(_) => {
                    let text = answer.take().unwrap_or_default();
                    self.wire.send(format!("{text}\r\n").as_bytes()).await?;
                }
                Status::Ok(_) => return Ok(()),
                Status::Err(said) => return Err(FetchError::Refused { command: "AUTH", said }),
            }
        }
    }

    async fn first_line(&mut self) -> Result<Status, FetchError> {
        let line = self.wire.line().await?;
        status(&line).ok_or_else(|| malformed("an answer begins with neither +OK nor -ERR"))
    }

    pub(crate) async fn answer(&mut self, command: &'static str) -> Result<String, FetchError> {
        match self.first_line().await? {
            Status::Ok(text) => Ok(text),
            Status::Err(said) => Err(FetchError::Refused { command, said }),
            Status::Continue(_) => Err(malformed("it asks for more")),
        }
    }

    pub(crate) async fn run(&mut self, name: &'static str, command: &str) -> Result<String, FetchError> {
        self.send(&format!("{command}\r\n")).await?;
        self.answer(name).await
    }

    pub(crate) async fn send(&mut self, text: &str) -> Result<(), FetchError> {
        self.wire.send(text.as_bytes()).await
    }

    /// The lines of an answer up to its dot.
    async fn lines(&mut self, mut each: impl FnMut(&[u8])) -> Result<(), FetchError> {
        for _ in 0..MOST_MESSAGES {
            let line = self.wire.line().await?;
            match line.strip_prefix(b".") {
                Some(b"") => return Ok(()),
                Some(rest) => each(rest),
                None => each(&line),
            }
        }
        Err(malformed("a list does not end"))
    }

    /// What is there.
    pub(crate) async fn list(&mut self) -> Result<Listing, FetchError> {
        self.run("LIST", "LIST").await?;
        let (mut sizes, mut broken) = (BTreeMap::new(), false);
        self.lines(|line| match list_line(line) {
            Some((number, size)) => _ = sizes.insert(number, size),
            None => broken = true,
        })
        .await?;
        if broken {
            return Err(malformed("its list of sizes cannot be read"));
        }
        let ids = self.unique_ids(&sizes).await?;
        Ok(Listing { sizes, ids })
    }

    /// None: the server has none, or not for all messages.
    async fn unique_ids(&mut self, sizes: &BTreeMap<u32, u64>) -> Result<Option<BTreeMap<u32, String>>, FetchError> {
        self.wire.send(b"UIDL\r\n").await?;
        if !matches!(self.first_line().await?, Status::Ok(_)) {
            return Ok(None);
        }
        let mut ids = BTreeMap::new();
        self.lines(|line| {
            if let Some((number, id)) = uidl_line(line) {
                ids.insert(number, id.to_owned());
            }
        })
        .await?;
        Ok(sizes.keys().all(|number| ids.contains_key(number)).then_some(ids))
    }

    /// Reads the message that answers a RETR sent before. `limit`: the most octets that are taken.
    pub(crate) async fn message(&mut self, limit: u64) -> Result<Received, FetchError> {
        self.answer("RETR").await?;
        let (mut received, mut unstuffing) = (Received::new(), Unstuffing::default());
        let spool = self.wire.spool.clone();
        self.wire
            .until(|octets| {
                let fed = unstuffing.feed(octets, |part| received.push(part, &spool))?;
                if received.size() > limit { Err(FetchError::TooLarge(received.size())) } else { Ok(fed) }
            })
            .await?;
        Ok(received)
    }
}

pub(crate) fn malformed(why: &str) -> FetchError {
    FetchError::Protocol { protocol: "POP3", why: why.to_owned() }
}
