//! A remote server in this process: as much of IMAP and POP3 as fetching uses, and ways to misbehave.
//!
//! Start reading at [`Remote::start`]. A command takes effect before it is answered, so that a cut within the answer is
//! what a client cannot tell from a cut before it.

use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub(super) const PASSWORD: &str = "secret";

/// What goes wrong on one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The connection ends after so many octets of the server.
    CutAfter(usize),
    /// It stays open and says nothing more.
    StallAfter(usize),
    /// One octet is another.
    Garble(usize),
    /// It ends before the command of this number is read.
    CutBefore(usize),
}

#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) uid: u32,
    pub(super) flags: BTreeSet<String>,
    pub(super) raw: Vec<u8>,
    /// As the server says.
    pub(super) size: usize,
    pub(super) uidl: String,
}

#[derive(Debug, Default)]
pub(super) struct Mailbox {
    pub(super) messages: Vec<Message>,
    pub(super) archive: Vec<Vec<u8>>,
    pub(super) uidvalidity: u32,
    pub(super) uidnext: u32,
    pub(super) capabilities: String,
    pub(super) faults: VecDeque<Fault>,
    pub(super) uidl: bool,
    pub(super) sticky: bool,
    pub(super) connections: usize,
    /// Answered instead of content.
    pub(super) gives_nothing: bool,
    /// Commands that were read, without their tags.
    pub(super) commands: Vec<String>,
}

pub(super) struct Remote {
    pub(super) address: SocketAddr,
    mailbox: Arc<Mutex<Mailbox>>,
    news: watch::Sender<u64>,
}

pub(super) const ALL: &str = "IMAP4rev1 UIDPLUS IDLE MOVE SASL-IR";

impl Remote {
    pub(super) async fn start(protocol: postroom_model::FetchProtocol) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mailbox = Mailbox {
            uidvalidity: 7,
            uidnext: 1,
            capabilities: ALL.to_owned(),
            uidl: true,
            sticky: true,
            ..Mailbox::default()
        };
        let (mailbox, news) = (Arc::new(Mutex::new(mailbox)), watch::Sender::new(0));
        let remote = Self { address, mailbox: mailbox.clone(), news: news.clone() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let fault = {
                    let mut mailbox = mailbox.lock().expect("locked");
                    mailbox.connections += 1;
                    mailbox.faults.pop_front()
                };
                let connection = Connection {
                    stream: BufReader::new(stream),
                    mailbox: mailbox.clone(),
                    news: news.subscribe(),
                    fault,
                    said: 0,
                    heard: 0,
                };
                tokio::spawn(connection.serve(protocol));
            }
        });
        remote
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Mailbox> {
        self.mailbox.lock().expect("locked")
    }

    pub(super) fn add(&self, messages: &[Vec<u8>]) {
        self.lock().add(messages);
        self.news.send_modify(|count| *count += 1);
    }
}

impl Mailbox {
    pub(super) fn add(&mut self, messages: &[Vec<u8>]) {
        for raw in messages {
            let uid = self.uidnext;
            self.uidnext += 1;
            let (size, uidl) = (raw.len(), format!("id{uid}"));
            self.messages.push(Message { uid, flags: BTreeSet::new(), raw: raw.clone(), size, uidl });
        }
    }

    pub(super) fn contents(&self) -> Vec<Vec<u8>> {
        self.messages.iter().map(|message| message.raw.clone()).collect()
    }

    /// New numbers for the same messages.
    pub(super) fn renumber(&mut self) {
        self.uidvalidity += 1;
        for message in &mut self.messages {
            message.uid += 100;
        }
        self.uidnext += 100;
    }
}

struct Connection {
    stream: BufReader<TcpStream>,
    mailbox: Arc<Mutex<Mailbox>>,
    news: watch::Receiver<u64>,
    fault: Option<Fault>,
    said: usize,
    heard: usize,
}

/// The connection is over.
struct Over;

type Goes = Result<(), Over>;

impl Connection {
    async fn serve(mut self, protocol: postroom_model::FetchProtocol) {
        let _ = match protocol {
            postroom_model::FetchProtocol::Imap => self.imap().await,
            postroom_model::FetchProtocol::Pop3 => self.pop3().await,
        };
    }

    fn with<T>(&self, work: impl FnOnce(&mut Mailbox) -> T) -> T {
        work(&mut self.mailbox.lock().expect("locked"))
    }

    async fn say(&mut self, octets: &[u8]) -> Goes {
        let mut octets = octets.to_vec();
        let (begin, end) = (self.said, self.said + octets.len());
        self.said = end;
        let ends = match self.fault {
            Some(Fault::CutAfter(at) | Fault::StallAfter(at)) if at < end => {
                octets.truncate(at.saturating_sub(begin));
                true
            }
            Some(Fault::Garble(at)) if (begin..end).contains(&at) => {
                octets[at - begin] ^= 1;
                false
            }
            _ => false,
        };
        self.stream.write_all(&octets).await.map_err(|_| Over)?;
        if ends {
            if matches!(self.fault, Some(Fault::StallAfter(_))) {
                // Until the client gives up.
                let mut rest = Vec::new();
                let _ = self.stream.read_to_end(&mut rest).await;
            }
            return Err(Over);
        }
        Ok(())
    }

    async fn line(&mut self) -> Result<String, Over> {
        if self.fault == Some(Fault::CutBefore(self.heard)) {
            return Err(Over);
        }
        self.heard += 1;
        let mut line = String::new();
        match self.stream.read_line(&mut line).await {
            Ok(count) if count > 0 => Ok(line.trim_end().to_owned()),
            _ => Err(Over),
        }
    }

    async fn imap(&mut self) -> Goes {
        let capabilities = self.with(|mailbox| mailbox.capabilities.clone());
        self.say(format!("* OK [CAPABILITY {capabilities}] ready\r\n").as_bytes()).await?;
        loop {
            let line = self.line().await?;
            let (tag, command) = line.split_once(' ').ok_or(Over)?;
            self.with(|mailbox| mailbox.commands.push(command.to_owned()));
            let words: Vec<&str> = command.split(' ').collect();
            let end = match words[..] {
                ["IDLE"] => {
                    self.idle(tag).await?;
                    continue;
                }
                ["LOGIN", _, password] if password.trim_matches('"') == PASSWORD => "OK in".to_owned(),
                ["LOGIN", ..] => "NO [AUTHENTICATIONFAILED] wrong password".to_owned(),
                ["AUTHENTICATE", "XOAUTH2", _] => "OK in".to_owned(),
                ["CAPABILITY"] => {
                    self.say(format!("* CAPABILITY {capabilities}\r\n").as_bytes()).await?;
                    "OK done".to_owned()
                }
                ["SELECT", "INBOX"] => {
                    let text = self.with(|mailbox| {
                        let sticky = if mailbox.sticky { "" } else { "* NO [UIDNOTSTICKY] no\r\n" };
                        let (count, validity) = (mailbox.messages.len(), mailbox.uidvalidity);
                        format!("* {count} EXISTS\r\n{sticky}* OK [UIDVALIDITY {validity}] valid\r\n")
                    });
                    self.say(text.as_bytes()).await?;
                    "OK [READ-WRITE] open".to_owned()
                }
                ["UID", "FETCH", set, ..] => {
                    let whole = command.contains("BODY.PEEK[]");
                    for response in self.with(|mailbox| fetch(mailbox, set, whole)) {
                        self.say(&response).await?;
                    }
                    "OK fetched".to_owned()
                }
                ["UID", "STORE", set, "+FLAGS.SILENT", r"(\Deleted)"] => {
                    self.with(|mailbox| {
                        for message in named(mailbox, set) {
                            message.flags.insert("\\Deleted".to_owned());
                        }
                    });
                    "OK stored".to_owned()
                }
                ["UID", "EXPUNGE", set] if capabilities.contains("UIDPLUS") => {
                    let gone = self.with(|mailbox| expunge(mailbox, Some(set)));
                    self.say(gone.as_bytes()).await?;
                    "OK gone".to_owned()
                }
                ["EXPUNGE"] => {
                    let gone = self.with(|mailbox| expunge(mailbox, None));
                    self.say(gone.as_bytes()).await?;
                    "OK gone".to_owned()
                }
                ["UID", "SEARCH", "DELETED"] => {
                    let marked = self.with(|mailbox| {
                        let marked = mailbox.messages.iter().filter(|message| message.flags.contains("\\Deleted"));
                        marked.map(|message| format!(" {}", message.uid)).collect::<String>()
                    });
                    self.say(format!("* SEARCH{marked}\r\n").as_bytes()).await?;
                    "OK found".to_owned()
                }
                ["UID", "MOVE", set, _] if capabilities.contains("MOVE") => {
                    let gone = self.with(|mailbox| {
                        let raws: Vec<Vec<u8>> = named(mailbox, set).map(|message| message.raw.clone()).collect();
                        mailbox.archive.extend(raws);
                        named(mailbox, set).for_each(|message| _ = message.flags.insert("\\Deleted".to_owned()));
                        expunge(mailbox, Some(set))
                    });
                    self.say(gone.as_bytes()).await?;
                    "OK moved".to_owned()
                }
                ["UID", "COPY", set, _] => {
                    self.with(|mailbox| {
                        let raws: Vec<Vec<u8>> = named(mailbox, set).map(|message| message.raw.clone()).collect();
                        mailbox.archive.extend(raws);
                    });
                    "OK copied".to_owned()
                }
                ["NOOP"] => {
                    let count = self.with(|mailbox| mailbox.messages.len());
                    self.say(format!("* {count} EXISTS\r\n").as_bytes()).await?;
                    "OK done".to_owned()
                }
                ["LOGOUT"] => {
                    self.say(format!("* BYE\r\n{tag} OK out\r\n").as_bytes()).await?;
                    return Err(Over);
                }
                _ => "BAD what".to_owned(),
            };
            self.say(format!("{tag} {end}\r\n").as_bytes()).await?;
        }
    }

    async fn idle(&mut self, tag: &str) -> Goes {
        self.say(b"+ idling\r\n").await?;
        let (mut news, mut line) = (self.news.clone(), String::new());
        // What came between the listing and IDLE is told at once.
        news.mark_changed();
        loop {
            tokio::select! {
                read = self.stream.read_line(&mut line) => {
                    if read.map_err(|_| Over)? == 0 {
                        return Err(Over);
                    }
                    return self.say(format!("{tag} OK done\r\n").as_bytes()).await;
                }
                changed = news.changed() => {
                    changed.map_err(|_| Over)?;
                    let count = self.with(|mailbox| mailbox.messages.len());
                    self.say(format!("* {count} EXISTS\r\n").as_bytes()).await?;
                }
            }
        }
    }

    async fn pop3(&mut self) -> Goes {
        self.say(b"+OK ready\r\n").await?;
        // The maildrop as it was when the session began.
        let mut drop: Vec<(Message, bool)> = Vec::new();
        loop {
            let line = self.line().await?;
            self.with(|mailbox| mailbox.commands.push(line.clone()));
            let words: Vec<&str> = line.split(' ').collect();
            let at = |number: &str| number.parse::<usize>().map(|number| number - 1).map_err(|_| Over);
            let mut answer: Vec<u8> = Vec::new();
            match words[..] {
                ["CAPA"] => answer.extend_from_slice(b"+OK\r\nPIPELINING\r\nUIDL\r\nUSER\r\n.\r\n"),
                ["USER", _] => answer.extend_from_slice(b"+OK\r\n"),
                ["PASS", password] if password == PASSWORD => {
                    drop = self.with(|mailbox| mailbox.messages.iter().map(|one| (one.clone(), false)).collect());
                    answer.extend_from_slice(b"+OK in\r\n");
                }
                ["LIST"] => {
                    let lines = drop.iter().enumerate().map(|(at, (one, _))| format!("{} {}\r\n", at + 1, one.size));
                    answer = format!("+OK\r\n{}.\r\n", lines.collect::<String>()).into_bytes();
                }
                ["UIDL"] if self.with(|mailbox| mailbox.uidl) => {
                    let lines = drop.iter().enumerate().map(|(at, (one, _))| format!("{} {}\r\n", at + 1, one.uidl));
                    answer = format!("+OK\r\n{}.\r\n", lines.collect::<String>()).into_bytes();
                }
                ["RETR", number] => {
                    answer.extend_from_slice(b"+OK\r\n");
                    let nothing = self.with(|mailbox| mailbox.gives_nothing);
                    let raw = if nothing { Vec::new() } else { drop[at(number)?].0.raw.clone() };
                    let text = String::from_utf8(raw).map_err(|_| Over)?;
                    for line in text.split_inclusive("\r\n") {
                        if line.starts_with('.') {
                            answer.push(b'.');
                        }
                        answer.extend_from_slice(line.as_bytes());
                    }
                    answer.extend_from_slice(b".\r\n");
                }
                ["DELE", number] => {
                    drop[at(number)?].1 = true;
                    answer.extend_from_slice(b"+OK\r\n");
                }
                ["QUIT"] => {
                    let gone: BTreeSet<u32> = drop.iter().filter(|(_, gone)| *gone).map(|(one, _)| one.uid).collect();
                    self.with(|mailbox| mailbox.messages.retain(|message| !gone.contains(&message.uid)));
                    self.say(b"+OK bye\r\n").await?;
                    return Err(Over);
                }
                _ => answer.extend_from_slice(b"-ERR what\r\n"),
            }
            self.say(&answer).await?;
        }
    }
}

/// The messages that a set names.
fn named<'a>(mailbox: &'a mut Mailbox, set: &str) -> impl Iterator<Item = &'a mut Message> {
    let ranges: Vec<(u32, u32)> = set
        .split(',')
        .map(|part| {
            let (first, last) = part.split_once(':').unwrap_or((part, part));
            let number = |text: &str| text.parse().unwrap_or(u32::MAX);
            (number(first), number(last))
        })
        .collect();
    mailbox
        .messages
        .iter_mut()
        .filter(move |message| ranges.iter().any(|(first, last)| (*first..=*last).contains(&message.uid)))
}

fn fetch(mailbox: &mut Mailbox, set: &str, whole: bool) -> Vec<Vec<u8>> {
    let uids: Vec<u32> = mailbox.messages.iter().map(|message| message.uid).collect();
    let nothing = mailbox.gives_nothing;
    let mut responses = Vec::new();
    for message in named(mailbox, set) {
        let number = uids.iter().position(|uid| *uid == message.uid).unwrap_or(0) + 1;
        let flags: Vec<&str> = message.flags.iter().map(String::as_str).collect();
        let mut response = format!(
            "* {number} FETCH (UID {} FLAGS ({}) RFC822.SIZE {} INTERNALDATE \"21-Nov-2020 08:00:00 +0000\"",
            message.uid,
            flags.join(" "),
            message.size
        )
        .into_bytes();
        if whole && nothing {
            response.extend_from_slice(b" BODY[] NIL");
        } else if whole {
            response.extend_from_slice(format!(" BODY[] {{{}}}\r\n", message.raw.len()).as_bytes());
            response.extend_from_slice(&message.raw);
        }
        response.extend_from_slice(b")\r\n");
        responses.push(response);
    }
    responses
}

/// Removes what is marked, of the set if there is one; tells which numbers went.
fn expunge(mailbox: &mut Mailbox, set: Option<&str>) -> String {
    let within: BTreeSet<u32> = match set {
        Some(set) => named(mailbox, set).map(|message| message.uid).collect(),
        None => mailbox.messages.iter().map(|message| message.uid).collect(),
    };
    let (mut told, mut at) = (String::new(), 0);
    mailbox.messages.retain(|message| {
        at += 1;
        let goes = message.flags.contains("\\Deleted") && within.contains(&message.uid);
        if goes {
            told.push_str(&format!("* {at} EXPUNGE\r\n"));
            at -= 1;
        }
        !goes
    });
    told
}
