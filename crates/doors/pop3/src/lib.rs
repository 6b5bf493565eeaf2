//! The POP3 door (RFC 1939) for old scanners and scripts: the Inbox of one mailbox, onto calls of services.
//!
//! [`Pop3::serve_connection`] runs one connection; `session` is its state machine, `commands` holds one file per
//! command, `maildrop` is the Inbox as it was at sign-in, `sign_in` knows whose Inbox that is. The door checks no
//! rights: the handles of the services do, and `reply` puts their answers into words.

mod commands;
mod config;
mod io;
mod maildrop;
mod reply;
mod session;
mod sign_in;

pub use config::{Peer, Pop3Config};
pub use io::Stream;

use postroom_directory::Directory;
use postroom_mail::Mail;
use std::sync::Arc;
use tokio::sync::watch;

/// What every connection of the door shares. Cheap to clone.
#[derive(Clone)]
pub struct Pop3 {
    pub(crate) mail: Mail,
    pub(crate) directory: Directory,
    pub(crate) config: Arc<Pop3Config>,
}

impl Pop3 {
    pub fn new(mail: Mail, directory: Directory, config: Pop3Config) -> Self {
        Self { mail, directory, config: Arc::new(config) }
    }

    /// Runs one connection to its end. `secure`: TLS is up already. `stop` turning true lets the running command
    /// finish; messages that were marked with DELE and not yet removed by QUIT stay.
    pub async fn serve_connection(
        &self,
        stream: Box<dyn Stream>,
        peer: Peer,
        secure: bool,
        stop: watch::Receiver<bool>,
    ) {
        let ended = session::Session::new(self.clone(), stream, peer, secure, stop).run().await;
        if let Err(error) = ended {
            tracing::debug!(peer = %peer.address, %error, "a POP3 connection ended");
        }
    }
}

#[cfg(test)]
mod tests;
