//! `postroom password set USER`

use super::Answer;
use crate::office::Office;
use clap::Subcommand;
use postroom_directory::{PasswordError, Secret};
use postroom_model::Actor;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, IsTerminal, Write};
use std::process::{Command as Program, Stdio};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set the password of a user; open sessions of the account end
    ///
    /// The password is read from POSTROOM_PASSWORD if that is set, else from stdin: one line, without echo on a
    /// terminal. It is never taken as an argument, where other users of the machine could see it.
    #[command(verbatim_doc_comment)]
    #[command(after_help = "\
Examples:
  postroom password set alice
  pass show mail/alice | postroom password set alice")]
    Set {
        /// Login name or address
        user: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Set {
    user: String,
    password: Secret,
}

impl Command {
    pub(super) fn prepare(self) -> Result<super::Request, Answer> {
        match self {
            Self::Set { user } => {
                let password = read(&user).map_err(Answer::refused)?;
                Ok(super::Request::PasswordSet(Set { user, password }))
            }
        }
    }
}

fn read(user: &str) -> Result<Secret, String> {
    if let Ok(password) = std::env::var("POSTROOM_PASSWORD") {
        return Ok(Secret::new(password));
    }
    let stdin = std::io::stdin();
    let on_terminal = stdin.is_terminal();
    if on_terminal {
        eprint!("New password for {user}: ");
        _ = std::io::stderr().flush();
        echo(false);
    }
    let mut line = String::new();
    let read = stdin.lock().read_line(&mut line);
    if on_terminal {
        echo(true);
        eprintln!();
    }
    read.map_err(|error| format!("the password cannot be read from stdin: {error}"))?;
    match line.trim_end_matches(['\r', '\n']) {
        "" => Err("no password: write it to stdin, or set POSTROOM_PASSWORD".to_owned()),
        password => Ok(Secret::new(password)),
    }
}

/// Turns what the terminal shows of typing on or off. Where that does not work, it is typed in view.
fn echo(on: bool) {
    let setting = if on { "echo" } else { "-echo" };
    _ = Program::new("stty").arg(setting).stdin(Stdio::inherit()).status();
}

pub(super) async fn set(office: &Office, request: Set) -> Answer {
    let person = match super::mailbox::find(&office.access.org(), &request.user) {
        Ok(mailbox) => mailbox,
        Err(_) => return Answer::refused(format!("there is no user {}", request.user)),
    };
    match office.directory.set_password(Actor::operator(), person.id, request.password).await {
        Ok(()) => Answer::done(format!("the password of {} is set\n", person.name)),
        Err(PasswordError::Store(error)) => Answer::failed(error.detail()),
        Err(
            error @ (PasswordError::NotFound
            | PasswordError::NoUser(_)
            | PasswordError::Password(_)
            | PasswordError::NotAllowed(_)),
        ) => Answer::refused(error.to_string()),
    }
}
