//! Starts and stops real servers, and runs real commands on their data.
//!
//! A [`Home`] is a folder with a configuration; [`Home::run`] runs a command on it, [`Home::serve`] a server.
//! [`Server::start`] is both with the example organisation. [`on_both`] runs a test on SQLite and PostgreSQL.

mod dovecot;
mod home;
mod http;
mod imap;
mod isync;
mod programs;
mod server;
mod smtp;
mod stream;

pub(crate) use dovecot::{Can, Dovecot, REMOTE_PASSWORD};
pub(crate) use home::{Home, bare_command, finish};
pub(crate) use http::{base64, request, request_over_tls};
pub(crate) use imap::{Answer, Imap, Response};
pub(crate) use isync::{Isync, set_maildir_flags};
pub(crate) use programs::{drive, is_there};
pub(crate) use server::Server;
pub(crate) use smtp::{Reply, Smtp, as_data};
pub(crate) use stream::{Stream, trusting};

/// Which database a server keeps its data in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgresql,
}

/// Everybody's password in the example organisation is their name with this behind it.
pub(crate) const PASSWORD_SUFFIX: &str = "-has-a-password";

/// The password of somebody in the example organisation.
pub(crate) fn password(user: &str) -> String {
    format!("{user}{PASSWORD_SUFFIX}")
}

/// Two members of a shared mailbox, its manager, and a stranger; alice is also the administrator.
pub(crate) const ORGANISATION: &str = include_str!("harness/organisation.toml");

/// Runs a test on both databases. Where PostgreSQL is not installed it says so and leaves that half out.
pub(crate) fn on_both(test: impl Fn(Database)) {
    test(Database::Sqlite);
    if std::path::Path::new("/usr/lib/postgresql").is_dir() {
        test(Database::Postgresql);
    } else {
        eprintln!("skipped on PostgreSQL: it is not installed (apt-get install postgresql)");
    }
}
