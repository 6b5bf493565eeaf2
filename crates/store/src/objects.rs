//! Where large content lives outside the database: a local folder.
//!
//! An object is written to a temporary name, synced, renamed, and its folder synced: it is whole or not there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[derive(Clone, Debug)]
pub(crate) struct Objects {
    root: PathBuf,
}

impl Objects {
    pub(crate) fn open(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        Ok(Self { root: root.to_owned() })
    }

    /// `ab/abcdef…`: 256 folders keep each of them small.
    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name.get(..2).unwrap_or("00")).join(name)
    }

    /// Writes an object durably. One that exists under the name is the same content and is left alone.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(name);
        if path.exists() {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder)?;
        let mut temporary = tempfile_in(folder, name)?;
        temporary.1.write_all(bytes)?;
        temporary.1.sync_all()?;
        fs::rename(&temporary.0, &path)?;
        File::open(folder)?.sync_all()?;
        File::open(&self.root)?.sync_all()
    }

    pub(crate) fn get(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path(name))
    }

    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.path(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }
}

/// A fresh file beside the final one; several writers of the same object do not meet.
fn tempfile_in(folder: &Path, name: &str) -> io::Result<(PathBuf, File)> {
    let mut attempt = 0u32;
    loop {
        let path = folder.join(format!(".{name}.{}.{attempt}", std::process::id()));
        match File::create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 10_000 => attempt += 1,
            made => return made.map(|file| (path, file)),
        }
    }
}
