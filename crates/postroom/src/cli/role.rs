//! `postroom role list`

use super::Answer;
use super::table::table;
use crate::office::Office;
use clap::Subcommand;
use postroom_model::Actor;
use serde::{Deserialize, Serialize};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the roles and who is in them
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
            Self::List { json } => super::Request::RoleList(List { json }),
        }
    }
}

pub(super) fn list(office: &Office, request: List) -> Answer {
    let lines = match office.directory.list_roles(Actor::operator()) {
        Ok(lines) => lines,
        Err(error) => return Answer::failed(error.to_string()),
    };
    if request.json {
        return Answer::json(&lines);
    }
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let (kind, privilege) = (line.role_type.as_str().to_owned(), line.privilege.as_str().to_owned());
            [line.id.clone(), kind, privilege, line.members.join(", "), line.description.clone()]
        })
        .collect();
    Answer::done(table(["ID", "TYPE", "PRIVILEGE", "MEMBERS", "DESCRIPTION"], &rows))
}
