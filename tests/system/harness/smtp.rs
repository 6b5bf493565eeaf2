//! A small client of SMTP, submission and LMTP that waits for each reply. Start reading at [`Smtp::send`].

use super::stream::Stream;
use super::{base64, password};
use std::io;
use std::net::SocketAddr;

pub(crate) struct Smtp {
    pub(crate) stream: Stream,
}

/// The lines of a reply, with their code, joined by line feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) code: u16,
    pub(crate) text: String,
}

impl Smtp {
    /// Connected, greeted, and EHLO said.
    pub(crate) fn connect(to: SocketAddr) -> Self {
        Self::try_connect(to, "EHLO").expect("the server answers")
    }

    /// The same for LMTP.
    pub(crate) fn lmtp(to: SocketAddr) -> Self {
        Self::try_connect(to, "LHLO").expect("the server answers")
    }

    pub(crate) fn try_connect(to: SocketAddr, hello: &str) -> io::Result<Self> {
        let mut smtp = Self::greeted(Stream::connect(to)?)?;
        smtp.try_ask(&format!("{hello} client.elsewhere.example"))?.expect(250);
        Ok(smtp)
    }

    /// On a connection that is encrypted already, perhaps; nothing is said yet.
    pub(crate) fn greeted(stream: Stream) -> io::Result<Self> {
        let mut smtp = Self { stream };
        smtp.reply()?.expect(220);
        Ok(smtp)
    }

    /// Signed in for submission with the password of the example organisation.
    pub(crate) fn sign_in(to: SocketAddr, user: &str) -> Self {
        let mut smtp = Self::connect(to);
        smtp.authenticate(user).expect(235);
        smtp
    }

    #[track_caller]
    pub(crate) fn authenticate(&mut self, user: &str) -> Reply {
        self.try_authenticate(user).unwrap_or_else(|error| panic!("AUTH: {error}"))
    }

    pub(crate) fn try_authenticate(&mut self, user: &str) -> io::Result<Reply> {
        self.try_ask(&format!("AUTH PLAIN {}", base64(&format!("\0{user}\0{}", password(user)))))
    }

    #[track_caller]
    pub(crate) fn ask(&mut self, line: &str) -> Reply {
        self.try_ask(line).unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    pub(crate) fn try_ask(&mut self, line: &str) -> io::Result<Reply> {
        self.stream.write(format!("{line}\r\n").as_bytes())?;
        self.reply()
    }

    /// Sends a message to one recipient; the first reply that is no success, else the last.
    #[track_caller]
    pub(crate) fn send(&mut self, from: &str, to: &str, message: &[u8]) -> Reply {
        self.try_send(from, &[to], message).unwrap_or_else(|error| panic!("{from} to {to}: {error}"))
    }

    /// The same to several.
    pub(crate) fn try_send(&mut self, from: &str, to: &[&str], message: &[u8]) -> io::Result<Reply> {
        let recipients = to.iter().map(|to| format!("RCPT TO:<{to}>"));
        for line in [format!("MAIL FROM:<{from}>")].into_iter().chain(recipients).chain(["DATA".to_owned()]) {
            let reply = self.try_ask(&line)?;
            if reply.code >= 400 {
                self.try_ask("RSET")?;
                return Ok(reply);
            }
        }
        self.stream.write(&as_data(message))?;
        self.reply()
    }

    pub(crate) fn reply(&mut self) -> io::Result<Reply> {
        let mut lines: Vec<String> = Vec::new();
        loop {
            let line = String::from_utf8_lossy(&self.stream.line()?).into_owned();
            let last = line.as_bytes().get(3) != Some(&b'-');
            lines.push(line);
            if last {
                break;
            }
        }
        let code = lines[0].get(..3).and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("{lines:?}"));
        Ok(Reply { code, text: lines.join("\n") })
    }
}

impl Reply {
    /// The reply, where it has this code.
    #[track_caller]
    pub(crate) fn expect(self, code: u16) -> Self {
        assert_eq!(self.code, code, "{}", self.text);
        self
    }
}

/// A message as it goes after DATA: dots doubled, and the final one behind. One that does not end with CRLF gets it.
pub(crate) fn as_data(message: &[u8]) -> Vec<u8> {
    let mut data = Vec::with_capacity(message.len() + 64);
    for (at, octet) in message.iter().enumerate() {
        if *octet == b'.' && (at == 0 || message[..at].ends_with(b"\r\n")) {
            data.push(b'.');
        }
        data.push(*octet);
    }
    if !message.ends_with(b"\r\n") && !message.is_empty() {
        data.extend_from_slice(b"\r\n");
    }
    data.extend_from_slice(b".\r\n");
    data
}
