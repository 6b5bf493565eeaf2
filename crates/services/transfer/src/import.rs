//! Mail from files. Start reading at [`Transfer::import`].

use crate::maildir::{self, Marks};
use crate::names::path_here;
use crate::{Format, Transfer, TransferError, mbox};
use postroom_mail::{Prepared, prepare};
use postroom_model::keyword::MAX_KEYWORDS;
use postroom_model::{Actor, AuditEntry, Flags, FolderId, FolderName, Keyword, MailboxId, Time};
use postroom_store::changes::Log;
use postroom_store::emails::{self, FileError, NewEmail, Source};
use postroom_store::{Scope, StoreError, Tx, audit, folders, import_items};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// So many messages, or octets of them, in one part of the work.
const PART: usize = 2000;
const PART_OCTETS: usize = 64 * 1024 * 1024;
/// Filed in one transaction.
const TOGETHER: usize = 200;
const TOGETHER_OCTETS: u64 = 8 * 1024 * 1024;

/// What to import.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportPart {
    pub mailbox: MailboxId,
    pub path: PathBuf,
    /// None: found out.
    pub format: Option<Format>,
    /// The folder here, `Archive/2026`. None: of an mbox file its name, of a Maildir those that it has.
    pub folder: Option<String>,
    /// Where the last part ended; 0: at the beginning.
    pub from: u64,
}

/// What a part did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    pub filed: u64,
    /// Here already, from an earlier import of the same files.
    pub known: u64,
    /// Where to go on; none: that was all.
    pub next: Option<u64>,
    /// How far that is, of the whole: octets of an mbox file, files of a Maildir.
    pub of: u64,
    /// What could not be imported, by name.
    pub left: Vec<String>,
}

/// A message as it was read.
struct Loaded {
    item: String,
    folder: Vec<FolderName>,
    raw: Vec<u8>,
    marks: Marks,
}

/// Messages that were read, and where that ended.
struct Part {
    loaded: Vec<Loaded>,
    next: Option<u64>,
    of: u64,
    left: Vec<String>,
}

struct Ready {
    item: String,
    folder: Vec<FolderName>,
    message: Prepared,
    flags: Flags,
    keywords: String,
    received_at: Option<Time>,
}

impl Transfer {
    /// Imports the next part of some files.
    pub async fn import(&self, actor: Actor, wanted: ImportPart) -> Result<Imported, TransferError> {
        let mailbox = wanted.mailbox;
        let quota = self.access.org().mailbox(mailbox).ok_or(TransferError::NoMailbox)?.quota;
        let source = wanted.path.display().to_string();
        let read = tokio::task::spawn_blocking(move || load(&wanted)).await;
        let Part { loaded, next, of, left } = read.map_err(|_| StoreError::Panicked)??;
        let mut imported = Imported { next, of, left, ..Imported::default() };
        let (mut together, mut octets) = (Vec::new(), 0);
        for one in loaded {
            let ready = self.ready(one).await?;
            octets += ready.message.content.size();
            together.push(ready);
            if together.len() >= TOGETHER || octets >= TOGETHER_OCTETS {
                self.file(actor, mailbox, &source, quota, std::mem::take(&mut together), &mut imported).await?;
                octets = 0;
            }
        }
        self.file(actor, mailbox, &source, quota, together, &mut imported).await?;
        Ok(imported)
    }

    async fn ready(&self, one: Loaded) -> Result<Ready, TransferError> {
        let message = prepare(self.access.store(), one.raw).await?;
        let mut keywords: Vec<String> = Vec::new();
        let mut flags = one.marks.flags;
        for word in &one.marks.keywords {
            if let Some(flag) = Flags::from_imap(word) {
                flags = flags.union(flag);
            } else if let Ok(keyword) = Keyword::parse(word) {
                keywords.push(keyword.as_str().to_owned());
            }
        }
        keywords.sort_unstable();
        keywords.dedup();
        keywords.truncate(MAX_KEYWORDS);
        let received_at = one.marks.received_at.map(Time::from_seconds);
        let (item, folder, keywords) = (one.item, one.folder, keywords.join(" "));
        Ok(Ready { item, folder, message, flags, keywords, received_at })
    }

    async fn file(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        source: &str,
        quota: Option<u64>,
        batch: Vec<Ready>,
        imported: &mut Imported,
    ) -> Result<(), TransferError> {
        if batch.is_empty() {
            return Ok(());
        }
        let (source, at, count) = (source.to_owned(), self.access.clock().now(), batch.len() as u64);
        let work = move |tx: &mut Tx<'_>| carry_out(tx, actor, mailbox, &source, quota, &batch, at);
        let filed = self.access.store().write(Scope::mailbox(mailbox), work).await?;
        imported.filed += filed;
        imported.known += count - filed;
        Ok(())
    }
}

fn carry_out(
    tx: &mut Tx<'_>,
    actor: Actor,
    mailbox: MailboxId,
    source: &str,
    quota: Option<u64>,
    batch: &[Ready],
    at: Time,
) -> Result<u64, TransferError> {
    let mut log = Log::begin(tx, mailbox, at)?;
    let mut filed = 0;
    for one in batch {
        if !import_items::remember(tx, mailbox, source, &one.item)? {
            continue;
        }
        let new = NewEmail {
            folder: folder_here(tx, &mut log, &one.folder)?,
            content: Source::New(&one.message.content),
            received_at: one.received_at.unwrap_or(at),
            flags: one.flags,
            keywords: &one.keywords,
        };
        match emails::file(tx, &mut log, &new, quota) {
            Ok(_) => filed += 1,
            Err(FileError::Full { used, quota }) => return Err(TransferError::Full { used, quota }),
            Err(FileError::NoFolder) => return Err(StoreError::Gone("the folder").into()),
            Err(FileError::Store(error)) => return Err(error.into()),
        }
    }
    if filed > 0 {
        let detail = format!("{filed} imported from {source}");
        audit::record(tx, &AuditEntry::done(at, actor, mailbox, "message.import", detail))?;
    }
    log.end(tx)?;
    Ok(filed)
}

/// The folder of that path, made where it is missing.
fn folder_here(tx: &mut Tx<'_>, log: &mut Log, path: &[FolderName]) -> Result<FolderId, StoreError> {
    let all = folders::all(tx, log.mailbox())?;
    let mut parent: Option<FolderId> = None;
    for level in path {
        let there = all.iter().find(|one| one.parent == parent && one.name.as_str() == level.as_str());
        parent = match there {
            Some(folder) => Some(folder.id),
            None => Some(folders::create(tx, log, parent, level)?),
        };
    }
    parent.ok_or(StoreError::Gone("the folder"))
}

fn load(wanted: &ImportPart) -> Result<Part, TransferError> {
    let failed = |error| TransferError::File(wanted.path.clone(), error);
    let folder = wanted.folder.as_deref().map(parse_folder).transpose()?;
    let is_dir = std::fs::metadata(&wanted.path).map_err(failed)?.is_dir();
    match wanted.format {
        Some(Format::Mbox) => load_mbox(wanted, folder),
        Some(Format::Maildir) => load_maildir(wanted, folder),
        None if is_dir && maildir::is_one(&wanted.path) => load_maildir(wanted, folder),
        None if !is_dir && mbox::is_one(File::open(&wanted.path).map_err(failed)?) => load_mbox(wanted, folder),
        None => Err(TransferError::NoMail(wanted.path.clone())),
    }
}

fn parse_folder(text: &str) -> Result<Vec<FolderName>, TransferError> {
    let levels: Vec<&str> = text.split('/').collect();
    path_here(&levels).ok_or_else(|| TransferError::BadFolder(text.to_owned()))
}

fn load_mbox(wanted: &ImportPart, folder: Option<Vec<FolderName>>) -> Result<Part, TransferError> {
    let failed = |error| TransferError::File(wanted.path.clone(), error);
    let folder = match folder {
        Some(folder) => folder,
        None => parse_folder(&name_of(&wanted.path))?,
    };
    let file = File::open(&wanted.path).map_err(failed)?;
    let of = file.metadata().map_err(failed)?.len();
    let (mut loaded, mut octets) = (Vec::new(), 0);
    let next = mbox::read(&mut BufReader::with_capacity(256 * 1024, file), wanted.from, |offset, read| {
        octets += read.raw.len();
        let item = offset.to_string();
        loaded.push(Loaded { item, folder: folder.clone(), raw: read.raw, marks: read.marks });
        loaded.len() < PART && octets < PART_OCTETS
    });
    Ok(Part { loaded, next: next.map_err(failed)?, of, left: Vec::new() })
}

/// `Archive.mbox` is for the folder Archive.
fn name_of(path: &Path) -> String {
    path.file_stem().map_or_else(|| "Inbox".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn load_maildir(wanted: &ImportPart, folder: Option<Vec<FolderName>>) -> Result<Part, TransferError> {
    let failed = |error| TransferError::File(wanted.path.clone(), error);
    let (entries, left) = maildir::list(&wanted.path).map_err(failed)?;
    let first = usize::try_from(wanted.from).unwrap_or(usize::MAX).min(entries.len());
    let left = if first == 0 { left } else { Vec::new() };
    let (mut loaded, mut octets, mut at) = (Vec::new(), 0, first);
    for entry in &entries[first..] {
        let (raw, changed) =
            maildir::read(&entry.path).map_err(|error| TransferError::File(entry.path.clone(), error))?;
        octets += raw.len();
        at += 1;
        let marks = Marks { received_at: Some(changed), ..entry.marks.clone() };
        let folder = folder.clone().unwrap_or_else(|| entry.folder.clone());
        loaded.push(Loaded { item: entry.item.clone(), folder, raw, marks });
        if loaded.len() >= PART || octets >= PART_OCTETS {
            break;
        }
    }
    let next = (at < entries.len()).then_some(at as u64);
    Ok(Part { loaded, next, of: entries.len() as u64, left })
}
