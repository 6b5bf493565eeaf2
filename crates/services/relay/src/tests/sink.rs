//! An SMTP server that keeps what it gets. What it answers to RCPT depends on the local part: `refused` does not exist,
//! `later` is told to come back the first time.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

#[derive(Clone, Default)]
pub(super) struct Options {
    /// EHLO keywords.
    pub(super) offers: Vec<&'static str>,
    pub(super) tls: Option<Arc<rustls::ServerConfig>>,
    /// `user` and password; nothing is taken from others.
    pub(super) login: Option<(&'static str, &'static str)>,
    /// Takes the first message and dies before it says so.
    pub(super) dies_once: bool,
    /// Ends the connection after each message.
    pub(super) closes: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) commands: Vec<String>,
    pub(super) message: String,
    pub(super) protected: bool,
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    delayed: Vec<String>,
    died: bool,
    connections: usize,
}

#[derive(Clone)]
pub(super) struct Sink {
    pub(super) address: SocketAddr,
    options: Options,
    state: Arc<Mutex<State>>,
}

impl Sink {
    pub(super) async fn start(address: &str, options: Options) -> Self {
        let listener = TcpListener::bind(address).await.expect("bound");
        let address = listener.local_addr().expect("an address");
        let sink = Self { address, options, state: Arc::default() };
        let accepting = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = accepting.clone();
                sink.state.lock().expect("not poisoned").connections += 1;
                tokio::spawn(async move { sink.serve(stream).await });
            }
        });
        sink
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.state.lock().expect("not poisoned").received.clone()
    }

    pub(super) fn connections(&self) -> usize {
        self.state.lock().expect("not poisoned").connections
    }

    async fn serve(&self, stream: tokio::net::TcpStream) -> Option<()> {
        let mut stream = stream;
        stream.write_all(b"220 sink ready\r\n").await.ok()?;
        let mut stream = BufReader::new(stream);
        if self.talk(&mut stream, false).await? {
            let acceptor = TlsAcceptor::from(self.options.tls.clone()?);
            let stream = acceptor.accept(stream).await.ok()?;
            self.talk(&mut BufReader::new(stream), true).await?;
        }
        Some(())
    }

    /// Gives true when TLS was asked for.
    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(&self, io: &mut BufReader<S>, protected: bool) -> Option<bool> {
        let mut commands = Vec::new();
        let mut signed_in = self.options.login.is_none();
        loop {
            let line = line(io).await?;
            let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            if !matches!(verb.as_str(), "EHLO" | "NOOP") {
                commands.push(line.clone());
            }
            let answer = match verb.as_str() {
                "EHLO" => self.hello(protected),
                "STARTTLS" => {
                    say(io, "220 go ahead\r\n").await?;
                    return Some(true);
                }
                "AUTH" => {
                    signed_in = self.auth(io, &line).await?;
                    if signed_in { "235 2.7.0 welcome\r\n" } else { "535 5.7.8 wrong password\r\n" }.to_owned()
                }
                "MAIL" if !signed_in => "530 5.7.0 sign in first\r\n".to_owned(),
                "RCPT" => self.recipient(&line),
                "DATA" => {
                    say(io, "354 go ahead\r\n").await?;
                    let message = dotted(io).await?;
                    self.keep(&mut commands, message, protected)?
                }
                "BDAT" => {
                    let size: usize = line.split(' ').nth(1)?.parse().ok()?;
                    let mut message = vec![0; size];
                    io.read_exact(&mut message).await.ok()?;
                    self.keep(&mut commands, message, protected)?
                }
                "RSET" => {
                    commands.clear();
                    "250 2.0.0 ok\r\n".to_owned()
                }
                "QUIT" => {
                    say(io, "221 2.0.0 bye\r\n").await?;
                    return None;
                }
                _ => "250 2.1.0 ok\r\n".to_owned(),
            };
            say(io, &answer).await?;
            if self.options.closes && matches!(verb.as_str(), "DATA" | "BDAT") {
                return None;
            }
        }
    }

    fn hello(&self, protected: bool) -> String {
        let mut lines = vec!["sink".to_owned()];
        lines.extend(self.options.offers.iter().map(|offer| (*offer).to_owned()));
        if self.options.tls.is_some() && !protected {
            lines.push("STARTTLS".to_owned());
        }
        let last = lines.pop().expect("one at least");
        lines.iter().map(|line| format!("250-{line}\r\n")).collect::<String>() + &format!("250 {last}\r\n")
    }

    async fn auth<S: AsyncRead + AsyncWrite + Unpin>(&self, io: &mut BufReader<S>, command: &str) -> Option<bool> {
        let (user, password) = self.options.login?;
        let words: Vec<&str> = command.split(' ').collect();
        let decoded = |text: &str| String::from_utf8(STANDARD.decode(text).ok()?).ok();
        match words.as_slice() {
            [_, "PLAIN", text] => Some(decoded(text)? == format!("\0{user}\0{password}")),
            [_, "XOAUTH2", text] => {
                let right = decoded(text)? == format!("user={user}\x01auth=Bearer {password}\x01\x01");
                if !right {
                    say(io, "334 eyJzdGF0dXMiOiI0MDEifQ==\r\n").await?;
                    line(io).await?;
                }
                Some(right)
            }
            [_, "LOGIN"] => {
                say(io, "334 VXNlcm5hbWU6\r\n").await?;
                let first = decoded(&line(io).await?)?;
                say(io, "334 UGFzc3dvcmQ6\r\n").await?;
                Some(first == user && decoded(&line(io).await?)? == password)
            }
            _ => Some(false),
        }
    }

    fn recipient(&self, line: &str) -> String {
        let mut state = self.state.lock().expect("not poisoned");
        let first_time = |state: &mut State| {
            let fresh = !state.delayed.iter().any(|known| known == line);
            state.delayed.push(line.to_owned());
            fresh
        };
        if line.contains("<refused@") {
            "550-5.1.1 no such person\r\n550 5.1.1 ask somebody else\r\n".to_owned()
        } else if line.contains("<later@") && first_time(&mut state) {
            "451 4.2.1 come back later\r\n".to_owned()
        } else if line.contains("<never@") {
            "451 4.2.1 always later\r\n".to_owned()
        } else {
            "250 2.1.5 ok\r\n".to_owned()
        }
    }

    fn keep(&self, commands: &mut Vec<String>, message: Vec<u8>, protected: bool) -> Option<String> {
        let mut state = self.state.lock().expect("not poisoned");
        let message = String::from_utf8_lossy(&message).into_owned();
        state.received.push(Received { commands: std::mem::take(commands), message, protected });
        if self.options.dies_once && !state.died {
            state.died = true;
            return None;
        }
        Some("250 2.0.0 kept\r\n".to_owned())
    }
}

async fn say<S: AsyncWrite + Unpin>(io: &mut S, text: &str) -> Option<()> {
    io.write_all(text.as_bytes()).await.ok()?;
    io.flush().await.ok()
}

async fn line<S: AsyncRead + AsyncWrite + Unpin>(io: &mut BufReader<S>) -> Option<String> {
    let mut line = String::new();
    match io.read_line(&mut line).await {
        Ok(count) if count > 0 => Some(line.trim_end().to_owned()),
        _ => None,
    }
}

async fn dotted<S: AsyncRead + AsyncWrite + Unpin>(io: &mut BufReader<S>) -> Option<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        io.read_until(b'\n', &mut line).await.ok().filter(|count| *count > 0)?;
        if line == b".\r\n" {
            return Some(message);
        }
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
