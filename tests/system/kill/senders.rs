//! Those who deliver while the server dies. Start reading at [`deliver_until_killed`].

use super::Random;
use super::ledger::{Ledger, Place, Sent};
use crate::harness::{Home, Imap, Server, Smtp};
use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::{self, Sender};

/// How a session delivers.
#[derive(Clone, Copy, Debug)]
enum Way {
    Lmtp,
    Smtp,
    /// To two mailboxes: both get it, or neither.
    SmtpToBoth,
    /// As the shared mailbox: it arrives and its copy is filed, or neither.
    Submission,
    Append,
}

const WAYS: [Way; 7] = [Way::Lmtp, Way::Lmtp, Way::Smtp, Way::Smtp, Way::SmtpToBoth, Way::Submission, Way::Append];

/// Kills the server once `until` messages were acknowledged.
pub(crate) fn deliver_until_killed(
    server: Server,
    round: u64,
    until: u64,
    random: &mut Random,
    ledger: &mut Ledger,
) -> Home {
    let (tell, told) = mpsc::channel();
    let sessions = WAYS.iter().enumerate().map(|(number, way)| Session {
        way: *way,
        to: server.address(way.listener()),
        name: format!("round{round}x{number}"),
        random: random.split(),
        tell: tell.clone(),
        sent: Vec::new(),
    });
    let threads: Vec<_> = sessions.map(|session| std::thread::spawn(move || session.run())).collect();
    for _ in 0..until {
        told.recv().expect("the sessions go on until the server is gone");
    }
    let home = server.kill9();
    for thread in threads {
        ledger.add(thread.join().expect("a session ends with the server, not before"));
    }
    home
}

struct Session {
    way: Way,
    to: SocketAddr,
    name: String,
    random: Random,
    /// Each acknowledged message.
    tell: Sender<()>,
    sent: Vec<Sent>,
}

enum Connection {
    Smtp(Smtp),
    Imap(Imap),
}

impl Session {
    /// Sends until the connection breaks.
    fn run(mut self) -> Vec<Sent> {
        if let Ok(mut connection) = self.way.connect(self.to) {
            while self.send(&mut connection).is_ok() {
                // Nobody listens any more once enough were acknowledged.
                let _ = self.tell.send(());
            }
        }
        self.sent
    }

    fn send(&mut self, connection: &mut Connection) -> io::Result<()> {
        let subject = format!("{}x{}", self.name, self.sent.len());
        // Some are larger than what is kept in the database itself.
        let size = if self.random.below(10) == 0 { 300_000 } else { 100 + self.random.below(6000) };
        let line = format!("A line of the {} message {subject}.\r\n", super::ledger::round_word(&subject));
        let body = line.repeat(size as usize / line.len() + 1);
        let from = self.way.sender();
        let message =
            format!("From: {from}\r\nMessage-ID: <{subject}@kill.example>\r\nSubject: {subject}\r\n\r\n{body}");
        self.sent.push(Sent { subject, body, places: self.way.places(), there: None, uid: None });
        let uid = match connection {
            Connection::Smtp(smtp) => {
                smtp.try_send(from, self.way.recipients(), message.as_bytes())?.expect(250);
                None
            }
            Connection::Imap(imap) => {
                let answer = imap.try_append(Place::SupportInbox.folder(), message.as_bytes())?;
                assert!(answer.status.starts_with("OK [APPENDUID "), "{answer:?}");
                answer.status.split([' ', ']']).nth(3).and_then(|uid| uid.parse().ok())
            }
        };
        let last = self.sent.last_mut().expect("it was pushed");
        (last.there, last.uid) = (Some(true), uid);
        Ok(())
    }
}

impl Way {
    fn listener(self) -> &'static str {
        match self {
            Self::Lmtp => "lmtp",
            Self::Smtp | Self::SmtpToBoth => "smtp",
            Self::Submission => "submission",
            Self::Append => "imap",
        }
    }

    fn connect(self, to: SocketAddr) -> io::Result<Connection> {
        Ok(match self {
            Self::Lmtp => Connection::Smtp(Smtp::try_connect(to, "LHLO")?),
            Self::Smtp | Self::SmtpToBoth => Connection::Smtp(Smtp::try_connect(to, "EHLO")?),
            Self::Submission => {
                let mut smtp = Smtp::try_connect(to, "EHLO")?;
                smtp.try_authenticate("bob")?.expect(235);
                Connection::Smtp(smtp)
            }
            Self::Append => Connection::Imap(Imap::try_sign_in(to, "alice")?),
        })
    }

    fn sender(self) -> &'static str {
        match self {
            Self::Submission => "support@example.org",
            Self::Lmtp | Self::Smtp | Self::SmtpToBoth | Self::Append => "customer@elsewhere.example",
        }
    }

    fn recipients(self) -> &'static [&'static str] {
        match self {
            Self::Lmtp | Self::Smtp => &["support@example.org"],
            Self::SmtpToBoth => &["support@example.org", "alice@example.org"],
            Self::Submission => &["alice@example.org"],
            Self::Append => &[],
        }
    }

    fn places(self) -> &'static [Place] {
        match self {
            Self::Lmtp | Self::Smtp | Self::Append => &[Place::SupportInbox],
            Self::SmtpToBoth => &[Place::SupportInbox, Place::AliceInbox],
            Self::Submission => &[Place::SupportSent, Place::AliceInbox],
        }
    }
}
