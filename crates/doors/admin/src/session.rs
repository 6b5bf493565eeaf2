//! `/api/v1/session`: signing in, who one is, signing out.

pub(crate) mod begin;
pub(crate) mod end;
pub(crate) mod get;

use crate::words::{MeansWord, PrivilegeWord};
use crate::{Caller, Problem};
use postroom_directory::Means;
use postroom_model::{Privilege, Right, decide};
use serde::Serialize;
use utoipa::ToSchema;

/// Who the caller is, and what they may do here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// Login name.
    name: String,
    display_name: String,
    #[schema(value_type = PrivilegeWord)]
    privilege: Privilege,
    /// What this request was signed in with.
    #[schema(value_type = MeansWord)]
    signed_in_with: &'static str,
    /// Names of the mailboxes the caller has some right on, their own among them.
    mailboxes: Vec<String>,
    /// Names of those whose grants the caller may change, without being an administrator: their own among them.
    manages: Vec<String>,
}

impl Session {
    fn of(caller: &Caller) -> Result<Self, Problem> {
        let org = caller.directory.org();
        let me = org.mailbox(caller.person).ok_or_else(|| Problem::not_found("user"))?;
        let name = |id| Some(org.mailbox(id)?.name.to_string());
        let visible = caller.visible();
        let managed = visible.iter().filter(|id| decide(&org, caller.actor, **id).whole.has(Right::MailboxManage));
        Ok(Self {
            name: me.name.to_string(),
            display_name: me.display_name.clone(),
            privilege: org.privilege(me.id),
            signed_in_with: word(caller.signed_in.means),
            manages: managed.filter_map(|id| name(*id)).collect(),
            mailboxes: visible.into_iter().filter_map(name).collect(),
        })
    }
}

fn word(means: Means) -> &'static str {
    match means {
        Means::Password => "password",
        Means::Application(_) => "application_password",
        Means::Session(_) => "session",
        Means::Token { .. } => "token",
    }
}
