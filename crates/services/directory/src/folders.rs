//! What stands in the folders of a mailbox, as its managers and administrators see it: counts and sizes, no content.

use crate::Directory;
use crate::change::{NotAllowed, need_manager};
use crate::explain::paths;
use postroom_model::{Actor, FolderId, MailboxId, SpecialUse};
use postroom_store::{StoreError, folders};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FolderLine {
    pub id: FolderId,
    /// Names from the top, with `/` between.
    pub path: String,
    pub special_use: Option<SpecialUse>,
    pub messages: u64,
    /// Octets; a message that stands in several folders counts in each.
    pub size: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum FoldersError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Directory {
    /// In order of path, those with a special use first.
    pub async fn list_folders(&self, actor: Actor, mailbox: MailboxId) -> Result<Vec<FolderLine>, FoldersError> {
        need_manager(&self.org(), actor, mailbox)?;
        let read = self.store().read(move |tx| Ok((folders::all(tx, mailbox)?, folders::totals(tx, mailbox)?)));
        let (all, totals) = read.await?;
        let totals: BTreeMap<FolderId, (u64, u64)> =
            totals.into_iter().map(|(id, messages, size)| (id, (messages, size))).collect();
        let paths = paths(&all);
        let mut lines: Vec<FolderLine> = all
            .into_iter()
            .map(|folder| {
                let (messages, size) = totals.get(&folder.id).copied().unwrap_or_default();
                let path = paths.get(&folder.id).cloned().unwrap_or(folder.name);
                FolderLine { id: folder.id, path, special_use: folder.special_use, messages, size }
            })
            .collect();
        let rank = |line: &FolderLine| {
            let special = line.special_use;
            special.and_then(|special| SpecialUse::ALL.into_iter().position(|one| one == special)).unwrap_or(usize::MAX)
        };
        lines.sort_by(|a, b| (rank(a), &a.path).cmp(&(rank(b), &b.path)));
        Ok(lines)
    }
}
