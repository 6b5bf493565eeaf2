//! The folders of a mailbox as a tree: paths, ancestors, look-up by path.

use postroom_model::{FolderId, FolderName, SpecialUse};
use postroom_store::folders::Folder;
use std::collections::HashMap;

/// All folders of one mailbox at one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    by_id: HashMap<FolderId, Folder>,
}

impl Tree {
    pub(crate) fn new(folders: Vec<Folder>) -> Self {
        Self { by_id: folders.into_iter().map(|folder| (folder.id, folder)).collect() }
    }

    pub(crate) fn get(&self, id: FolderId) -> Option<&Folder> {
        self.by_id.get(&id)
    }

    pub(crate) fn folders(&self) -> impl Iterator<Item = &Folder> {
        self.by_id.values()
    }

    /// The folder and its ancestors, itself first.
    pub(crate) fn ancestry(&self, id: FolderId) -> Vec<FolderId> {
        let mut path = vec![id];
        let mut at = self.get(id).and_then(|folder| folder.parent);
        // A circle cannot be made; if one were in the database, this ends all the same.
        while let Some(parent) = at.filter(|parent| !path.contains(parent)) {
            path.push(parent);
            at = self.get(parent).and_then(|folder| folder.parent);
        }
        path
    }

    /// `a/b/c`.
    pub(crate) fn path(&self, id: FolderId) -> String {
        let names: Vec<&str> =
            self.ancestry(id).iter().rev().filter_map(|id| self.get(*id)).map(|folder| folder.name.as_str()).collect();
        names.join("/")
    }

    pub(crate) fn child(&self, parent: Option<FolderId>, name: &str) -> Option<&Folder> {
        self.folders().find(|folder| folder.parent == parent && folder.name == name)
    }

    /// How many levels of folders are below.
    pub(crate) fn height(&self, id: FolderId) -> usize {
        let deepest = self.folders().map(|folder| self.ancestry(folder.id));
        deepest.filter_map(|path| path.iter().position(|above| *above == id)).max().unwrap_or(0)
    }

    pub(crate) fn has_children(&self, id: FolderId) -> bool {
        self.folders().any(|folder| folder.parent == Some(id))
    }

    /// The folder at a path, however its accents are spelt. The Inbox answers in any case (RFC 9051 section 5.1).
    pub(crate) fn at(&self, path: &str) -> Option<&Folder> {
        if path.is_ascii() {
            return self.at_composed(path);
        }
        let names = FolderName::parse_path(path).ok()?;
        self.at_composed(&names.iter().map(FolderName::as_str).collect::<Vec<_>>().join("/"))
    }

    fn at_composed(&self, path: &str) -> Option<&Folder> {
        let mut levels = path.split('/');
        let first = levels.next()?;
        let top = if first.eq_ignore_ascii_case(SpecialUse::Inbox.folder_name()) {
            self.folders().find(|folder| folder.special_use == Some(SpecialUse::Inbox))?
        } else {
            self.child(None, first)?
        };
        levels.try_fold(top, |folder, name| self.child(Some(folder.id), name))
    }

    pub(crate) fn special(&self, special: SpecialUse) -> Option<&Folder> {
        self.folders().find(|folder| folder.special_use == Some(special))
    }
}
