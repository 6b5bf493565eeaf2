//! The IMAP door: IMAP4rev2 (RFC 9051) and IMAP4rev1 (RFC 3501) onto calls of services.
//!
//! [`Imap::serve_connection`] runs one connection; `session` is its state machine, `commands` holds one file per
//! command, `view` is what a session has told its client about the selected folder, `names` maps folder names to
//! mailboxes. The door checks no rights: the handles of the services do, and `reply` puts their answers into words.

mod commands;
mod config;
mod context;
mod deflate;
mod io;
mod names;
mod notify;
mod render;
mod reply;
mod resync;
mod rights;
mod search;
mod session;
mod sorting;
mod thread;
mod user;
mod view;

pub use config::{ImapConfig, Peer};
pub use io::Stream;

use postroom_directory::Directory;
use postroom_mail::Mail;
use std::sync::Arc;
use tokio::sync::watch;

/// What every connection of the door shares. Cheap to clone.
#[derive(Clone)]
pub struct Imap {
    pub(crate) mail: Mail,
    pub(crate) directory: Directory,
    pub(crate) config: Arc<ImapConfig>,
}

impl Imap {
    pub fn new(mail: Mail, directory: Directory, config: ImapConfig) -> Self {
        Self { mail, directory, config: Arc::new(config) }
    }

    /// Runs one connection to its end. `secure`: TLS is up already. `stop` turning true lets the running command
    /// finish and then says BYE.
    pub async fn serve_connection(
        &self,
        stream: Box<dyn Stream>,
        peer: Peer,
        secure: bool,
        stop: watch::Receiver<bool>,
    ) {
        let ended = session::Session::new(self.clone(), stream, peer, secure, stop).run().await;
        if let Err(error) = ended {
            tracing::debug!(peer = %peer.address, %error, "an IMAP connection ended");
        }
    }
}

#[cfg(test)]
mod tests;
