//! mbsync (package isync): copies folders between the server and a Maildir, both ways.

use super::programs::{drive, is_there};
use super::{Server, password};
use std::path::{Path, PathBuf};
use std::process::Command;

/// One person's folder on the server and its Maildir, or all their folders.
pub(crate) struct Isync {
    home: PathBuf,
    maildir: PathBuf,
}

impl Isync {
    /// None where mbsync is not installed.
    pub(crate) fn new(server: &Server, user: &str, folder: &str) -> Option<Self> {
        Self::with(server, user, "mail", &format!("Far \":remote:{folder}\"\nNear :local:mail\n"))
    }

    /// Every folder that LIST shows, each in a Maildir of its name.
    pub(crate) fn of_everything(server: &Server, user: &str) -> Option<Self> {
        Self::with(server, user, "", "Far :remote:\nNear :local:\nPatterns *\n")
    }

    fn with(server: &Server, user: &str, maildir: &str, folders: &str) -> Option<Self> {
        if !is_there("mbsync", "isync") {
            return None;
        }
        let home = server.home().path(&format!("isync-{user}"));
        std::fs::create_dir_all(&home).expect("a folder can be made");
        let port = server.address("imap").port();
        let maildirs = home.join("all");
        let path = maildirs.display();
        let text = format!(
            "IMAPStore remote\nHost 127.0.0.1\nPort {port}\nUser {user}\nPass {}\nSSLType None\nAuthMechs PLAIN\n\n\
             MaildirStore local\nPath {path}/\nInbox {path}/INBOX\nSubFolders Verbatim\n\n\
             Channel both\n{folders}Create Near\nExpunge Both\nSync All\nSyncState *\n",
            password(user),
        );
        std::fs::create_dir_all(&maildirs).expect("a folder can be made");
        std::fs::write(home.join("mbsyncrc"), &text).expect("a file can be written");
        Some(Self { maildir: maildirs.join(maildir), home })
    }

    #[track_caller]
    pub(crate) fn run(&self) {
        let mut command = Command::new("mbsync");
        command.arg("--config").arg(self.home.join("mbsyncrc")).arg("both").env("HOME", &self.home);
        drive(&mut command).succeeded();
    }

    /// The messages in the Maildir, or in all of them, in order of their names.
    pub(crate) fn messages(&self) -> Vec<PathBuf> {
        let folders = maildirs(&self.maildir).into_iter();
        let mut found: Vec<PathBuf> =
            folders.flat_map(|folder| ["new", "cur"].map(|part| entries(&folder.join(part)))).flatten().collect();
        found.sort();
        found
    }

    /// The names of the Maildirs.
    pub(crate) fn folders(&self) -> Vec<String> {
        let name = |folder: PathBuf| folder.strip_prefix(&self.maildir).expect("below").display().to_string();
        maildirs(&self.maildir).into_iter().map(name).collect()
    }
}

/// The folder and those below that are Maildirs.
fn maildirs(folder: &Path) -> Vec<PathBuf> {
    let below = entries(folder).into_iter().filter(|path| path.is_dir());
    let mut found: Vec<PathBuf> = below.flat_map(|path| maildirs(&path)).collect();
    if folder.join("cur").is_dir() {
        found.push(folder.to_owned());
    }
    found
}

/// Gives a message of a Maildir these flags (`F` flagged, `S` seen, `T` trashed), as mail programs do: by its name.
pub(crate) fn set_maildir_flags(message: &str, flags: &str) {
    let message = Path::new(message);
    let name = message.file_name().and_then(|name| name.to_str()).expect("a name");
    let base = name.split(":2,").next().expect("a first part");
    let cur = message.parent().and_then(Path::parent).expect("a Maildir").join("cur");
    std::fs::rename(message, cur.join(format!("{base}:2,{flags}"))).expect("it can be renamed");
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())));
    entries.map(Iterator::collect).unwrap_or_default()
}
