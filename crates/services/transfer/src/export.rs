//! Mail into files. Start reading at [`Transfer::export`].

use crate::maildir::{self, Marks};
use crate::{Format, Transfer, TransferError, mbox};
use postroom_model::{Actor, FolderId, MailboxId, Outcome, Uid};
use postroom_store::folders::Folder;
use postroom_store::placements::Placement;
use postroom_store::{StoreError, folders, placements};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

/// So many messages in one part of the work.
const PART: u32 = 1000;

/// What to export.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExportPart {
    pub mailbox: MailboxId,
    /// The folder that the files go into.
    pub path: PathBuf,
    pub format: Format,
    /// Where the last part ended: of which folder, behind which UID.
    pub from: Option<(FolderId, Uid)>,
}

/// What a part did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    pub written: u64,
    /// There already, from an earlier export.
    pub known: u64,
    /// Where to go on; none: that was all.
    pub next: Option<(FolderId, Uid)>,
    /// The folder that this part was about.
    pub folder: String,
}

/// A message with what it bears.
struct Outgoing {
    raw: Vec<u8>,
    marks: Marks,
    name: String,
}

impl Transfer {
    /// Exports the next part of a mailbox. The first part is noted in the record of the mailbox.
    pub async fn export(&self, actor: Actor, wanted: ExportPart) -> Result<Exported, TransferError> {
        let mailbox = wanted.mailbox;
        self.access.org().mailbox(mailbox).ok_or(TransferError::NoMailbox)?;
        if wanted.from.is_none() {
            let detail = format!("to {}", wanted.path.display());
            self.access.record(actor, mailbox, "mailbox.export", Outcome::Done, detail).await?;
        }
        let all = self.access.store().read(move |tx| folders::all(tx, mailbox)).await?;
        let mut order: Vec<&Folder> = all.iter().collect();
        order.sort_by_key(|folder| folder.id);
        let (folder, after) = match wanted.from {
            Some((id, uid)) => (order.iter().find(|one| one.id == id).copied(), uid),
            None => (order.first().copied(), 0),
        };
        let Some(folder) = folder else { return Ok(Exported::default()) };
        let id = folder.id;
        let page = self.access.store().read(move |tx| placements::page(tx, mailbox, id, None, after, PART)).await?;
        let levels = levels(&all, folder);
        let mut outgoing = Vec::with_capacity(page.len());
        for placement in &page {
            outgoing.extend(self.load(id, placement).await?);
        }
        let last = page.last().map(|placement| placement.uid);
        let next = match last {
            Some(uid) if page.len() == PART as usize => Some((id, uid)),
            _ => order.iter().find(|one| one.id > id).map(|one| (one.id, 0)),
        };
        let (root, format, first) = (wanted.path, wanted.format, after == 0);
        let title = levels.join("/");
        let write = move || match format {
            Format::Maildir => write_maildir(&root, &levels, outgoing),
            Format::Mbox => write_mbox(&root, &levels, outgoing, first),
        };
        let (written, known) = tokio::task::spawn_blocking(write).await.map_err(|_| StoreError::Panicked)??;
        Ok(Exported { written, known, next, folder: title })
    }

    async fn load(&self, folder: FolderId, placement: &Placement) -> Result<Option<Outgoing>, TransferError> {
        let stored = self.access.store().contents(vec![placement.content], 1).await?;
        let Some(stored) = stored.first() else { return Ok(None) };
        let mut raw = Vec::new();
        stored.open_into(&mut raw)?;
        let marks = Marks {
            flags: placement.flags,
            keywords: placement.keywords.split_whitespace().map(str::to_owned).collect(),
            received_at: Some(placement.received_at.seconds()),
        };
        let name = format!("{}.M{}P{}.postroom", placement.received_at.seconds(), placement.email.0, folder.0);
        Ok(Some(Outgoing { raw, marks, name }))
    }
}

fn levels(all: &[Folder], folder: &Folder) -> Vec<String> {
    let mut levels = vec![folder.name.clone()];
    let mut parent = folder.parent;
    while let Some(id) = parent {
        let Some(above) = all.iter().find(|one| one.id == id) else { break };
        levels.insert(0, above.name.clone());
        parent = above.parent;
    }
    levels
}

fn write_maildir(root: &Path, levels: &[String], outgoing: Vec<Outgoing>) -> Result<(u64, u64), TransferError> {
    let path: Vec<&str> = levels.iter().map(String::as_str).collect();
    let folder = maildir::folder(root, &path);
    let failed = |error| TransferError::File(folder.clone(), error);
    for part in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(folder.join(part)).map_err(failed)?;
    }
    if folder != root {
        File::create(folder.join("maildirfolder")).map_err(failed)?;
    }
    let list = folder.join("dovecot-keywords");
    let text = std::fs::read_to_string(&list).unwrap_or_default();
    let mut known: Vec<String> =
        text.lines().filter_map(|line| line.split_once(' ')).map(|(_, name)| name.to_owned()).collect();
    let (before, mut written, mut there) = (known.len(), 0, 0);
    for one in outgoing {
        let name = format!("{}{}", one.name, maildir::info(&one.marks, &mut known));
        let (draft, target) = (folder.join("tmp").join(&one.name), folder.join("cur").join(name));
        if target.exists() {
            there += 1;
            continue;
        }
        write_file(&draft, &one).and_then(|()| std::fs::rename(&draft, &target)).map_err(failed)?;
        written += 1;
    }
    if known.len() > before {
        let text: String = known.iter().enumerate().map(|(at, name)| format!("{at} {name}\n")).collect();
        std::fs::write(&list, text).map_err(failed)?;
    }
    Ok((written, there))
}

fn write_file(path: &Path, one: &Outgoing) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(&one.raw)?;
    let seconds = u64::try_from(one.marks.received_at.unwrap_or(0)).unwrap_or(0);
    file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds))?;
    file.sync_all()
}

/// One file for each folder. A part is appended whole; the first part of a folder begins its file anew.
fn write_mbox(
    root: &Path,
    levels: &[String],
    outgoing: Vec<Outgoing>,
    first: bool,
) -> Result<(u64, u64), TransferError> {
    std::fs::create_dir_all(root).map_err(|error| TransferError::File(root.to_owned(), error))?;
    let path = root.join(format!("{}.mbox", levels.join(".")));
    let failed = |error| TransferError::File(path.clone(), error);
    let mut octets = Vec::new();
    let count = outgoing.len() as u64;
    for one in outgoing {
        mbox::write(&mut octets, &one.raw, &one.marks);
    }
    if first && octets.is_empty() {
        return Ok((0, 0));
    }
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(first).append(!first);
    let mut file = options.open(&path).map_err(failed)?;
    file.write_all(&octets).and_then(|()| file.sync_all()).map_err(failed)?;
    Ok((count, 0))
}
