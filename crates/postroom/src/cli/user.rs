//! `postroom user list`

use super::Answer;
use super::table::table;
use crate::office::Office;
use clap::Subcommand;
use postroom_model::Actor;
use serde::{Deserialize, Serialize};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the users
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct List {
    json: bool,
}

impl Command {
    pub(super) fn prepare(self) -> super::Request {
        match self {
            Self::List { json } => super::Request::UserList(List { json }),
        }
    }
}

pub(super) fn list(office: &Office, request: List) -> Answer {
    let lines = match office.directory.list_users(Actor::operator()) {
        Ok(lines) => lines,
        Err(error) => return Answer::failed(error.to_string()),
    };
    if request.json {
        return Answer::json(&lines);
    }
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let addresses: Vec<&str> = line.addresses.iter().map(|address| address.as_str()).collect();
            [
                line.name.clone(),
                line.display_name.clone(),
                line.privilege.as_str().to_owned(),
                addresses.join(", "),
                line.roles.join(", "),
            ]
        })
        .collect();
    Answer::done(table(["NAME", "DISPLAY NAME", "PRIVILEGE", "ADDRESSES", "ROLES"], &rows))
}
