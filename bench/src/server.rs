//! A mail server under test, whichever it is: started, reached, stopped. What makes Postroom and Dovecot differ is in
//! [`postroom`] and [`dovecot`]. Start reading at [`Bench::start`].

pub(crate) mod dovecot;
pub(crate) mod postroom;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use serde::Serialize;

use crate::failure::{Failure, Result, While};
use crate::imap::Imap;
use crate::procs;

/// The password of every user on both servers. They listen on loopback, for the time of the measurement only.
pub(crate) const PASSWORD: &str = "bench-password";
pub(crate) const USERS: usize = 50;
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Peer {
    Postroom,
    Dovecot,
}

impl Peer {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postroom => "Postroom",
            Self::Dovecot => "Dovecot",
        }
    }
}

/// What starting a server needs to know.
#[derive(Clone)]
pub(crate) struct Bench {
    /// Both servers keep their data below this folder, so that they use the same disk.
    pub(crate) work: PathBuf,
    pub(crate) postroom: PathBuf,
    pub(crate) dovecot: PathBuf,
    pub(crate) dovecot_fsync: String,
}

/// A running server; dropping it stops it.
pub(crate) struct Server {
    pub(crate) peer: Peer,
    pub(crate) lmtp: SocketAddr,
    pub(crate) imap: SocketAddr,
    folder: PathBuf,
    child: Child,
}

impl Bench {
    /// Starts a server without any mail.
    pub(crate) async fn start(&self, peer: Peer) -> Result<Server> {
        let folder = self.work.join(peer.name().to_lowercase());
        if folder.exists() {
            std::fs::remove_dir_all(&folder).during("removing old data")?;
        }
        std::fs::create_dir_all(&folder).during("making the data folder")?;
        match peer {
            Peer::Postroom => postroom::prepare(self, &folder)?,
            Peer::Dovecot => dovecot::prepare(self, &folder)?,
        }
        self.run(peer, folder).await
    }

    /// The same with another mail_fsync of Dovecot.
    pub(crate) fn with_fsync(&self, fsync: &str) -> Self {
        Self { dovecot_fsync: fsync.to_owned(), ..self.clone() }
    }

    /// Stops a server and starts it again so that it syncs changes of flags, too. Postroom always does.
    pub(crate) async fn restart_synced(&self, mut server: Server) -> Result<Server> {
        server.stop();
        if server.peer == Peer::Dovecot {
            dovecot::sync_everything(&server.folder)?;
        }
        self.run(server.peer, server.folder.clone()).await
    }

    /// Stops a server and starts it again on what it stored.
    pub(crate) async fn restart(&self, mut server: Server) -> Result<Server> {
        server.stop();
        self.run(server.peer, server.folder.clone()).await
    }

    async fn run(&self, peer: Peer, folder: PathBuf) -> Result<Server> {
        match peer {
            Peer::Postroom => postroom::run(self, folder).await,
            Peer::Dovecot => dovecot::run(self, folder).await,
        }
        .during(format!("starting {}", peer.name()))
    }
}

impl Server {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Recipients that spread mail over `mailboxes` mailboxes: one means the mailbox that many people share.
    pub(crate) fn recipients(&self, mailboxes: usize) -> Vec<String> {
        match (self.peer, mailboxes) {
            (Peer::Postroom, 1) => vec!["team@example.org".into()],
            _ => (1..=mailboxes).map(address).collect(),
        }
    }

    /// Someone who may read the mailbox of [`Server::recipients`] number `i`.
    pub(crate) async fn sign_in(&self, i: usize) -> Result<Imap> {
        Imap::login(self.imap, &address(i), PASSWORD).await.during("signing in")
    }

    /// The name of the inbox that [`Server::recipients`] of one mailbox deliver to, as the people who share it see it.
    pub(crate) async fn shared_inbox(&self, imap: &mut Imap) -> Result<String> {
        if self.peer == Peer::Dovecot {
            return Ok("INBOX".into());
        }
        let answer = imap.text("LIST \"\" \"Shared/*\"").await?;
        let names = answer.lines().filter_map(|l| l.strip_prefix("* LIST "));
        let inbox = names.map(list_name).find(|name| name.to_ascii_lowercase().ends_with("/inbox"));
        inbox.ok_or_else(|| Failure::new(format!("no shared inbox is listed: {answer}")))
    }

    /// How many messages the server holds for recipients of that many mailboxes.
    pub(crate) async fn count(&self, mailboxes: usize) -> Result<usize> {
        let mut sum = 0;
        for i in 1..=mailboxes {
            let mut imap = self.sign_in(i).await?;
            let folder = if mailboxes == 1 { self.shared_inbox(&mut imap).await? } else { "INBOX".into() };
            sum += imap.count(&folder).await?;
        }
        Ok(sum)
    }

    fn stop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        // A helper process that outlives its parent would still hold its share of the user's inotify watches.
        let processes = procs::tree(self.pid());
        // The standard library can only kill; the shell has a polite kill built in.
        let _ = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.pid())]).status();
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let ended = matches!(self.child.try_wait(), Ok(Some(_)) | Err(_));
            if ended && !processes.iter().any(|&pid| procs::is_alive(pid)) {
                return;
            }
            std::thread::park_timeout(Duration::from_millis(5));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

pub(crate) fn address(i: usize) -> String {
    format!("u{i}@example.org")
}

/// The mailbox name at the end of a LIST line: `(\HasNoChildren) "/" "Shared/Team/Inbox"`.
fn list_name(line: &str) -> String {
    match line.strip_suffix('"') {
        Some(quoted) => quoted.rsplit('"').next().unwrap_or_default().to_owned(),
        None => line.rsplit(' ').next().unwrap_or_default().to_owned(),
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// Where a server writes what it has to say; shown when it does not start.
fn log_file(folder: &Path) -> Result<Stdio> {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("output.log"))?;
    Ok(Stdio::from(log))
}

fn end_of_log(folder: &Path, name: &str) -> String {
    let log = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
