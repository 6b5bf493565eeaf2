//! `data/lock`: one process at a time works on the data folder. The system lets go of it when the process ends,
//! however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Held as long as the value lives.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: File,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum LockError {
    #[error("the data folder {0} cannot be made: {1}")]
    Folder(PathBuf, #[source] io::Error),
    #[error("{0} cannot be locked: {1}")]
    File(PathBuf, #[source] io::Error),
}

impl DataLock {
    /// Takes the lock, making the data folder first. None if another process holds it.
    pub(crate) fn try_take(data: &Path) -> Result<Option<Self>, LockError> {
        make_private_folder(data).map_err(|error| LockError::Folder(data.to_owned(), error))?;
        let path = data.join("lock");
        let failed = |error| LockError::File(path.clone(), error);
        let file =
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// Others on the machine have no business in the folder; one that exists stays as it is.
fn make_private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() { Ok(()) } else { std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path) }
}
