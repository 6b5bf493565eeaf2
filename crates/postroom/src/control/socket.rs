//! `data/control.sock`: binding it so that nobody else can ever connect, and connecting to it.

use std::fs::{DirBuilder, File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tokio::net::{UnixListener, UnixStream};

const NAME: &str = "control.sock";

/// Linux takes 107 octets for the path of a socket (unix(7)).
const LONGEST_PATH: usize = 107;

/// A listener whose socket goes away with it.
pub(super) struct ControlSocket {
    pub(super) listener: UnixListener,
    path: PathBuf,
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        // A socket that cannot be removed is replaced by the next server.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Makes the socket in a folder of its own and moves it into place: it is never there with looser permissions, and
/// one left behind by a killed server is replaced. Only the holder of the data lock calls this.
pub(super) fn bind(data: &Path) -> io::Result<ControlSocket> {
    let nursery = data.join("control.new");
    match std::fs::remove_dir_all(&nursery) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    DirBuilder::new().mode(0o700).create(&nursery)?;
    let listener = with_short_path(&nursery, UnixListener::bind)?;
    std::fs::set_permissions(nursery.join(NAME), Permissions::from_mode(0o600))?;
    let path = data.join(NAME);
    std::fs::rename(nursery.join(NAME), &path)?;
    std::fs::remove_dir(&nursery)?;
    Ok(ControlSocket { listener, path })
}

/// None where nobody listens.
pub(super) async fn connect(data: &Path) -> io::Result<Option<UnixStream>> {
    // std connects at once: a Unix socket either has room in its queue or refuses.
    let connected = with_short_path(data, std::os::unix::net::UnixStream::connect);
    match connected {
        Ok(stream) => {
            stream.set_nonblocking(true)?;
            UnixStream::from_std(stream).map(Some)
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Gives `action` a path to the socket in `folder` that is short enough for the system.
fn with_short_path<T>(folder: &Path, action: impl FnOnce(PathBuf) -> io::Result<T>) -> io::Result<T> {
    let path = folder.join(NAME);
    if path.as_os_str().len() <= LONGEST_PATH {
        return action(path);
    }
    let open = File::open(folder)?;
    action(PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd())).join(NAME))
}
