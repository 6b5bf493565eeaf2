//! Every method: one line here, one file below. Start reading at [`METHODS`].

mod blob;
mod core;
pub(crate) mod email;
mod email_submission;
mod identity;
mod mailbox;
mod search_snippet;
mod thread;
mod vacation_response;

use crate::arguments::Arguments;
use crate::capabilities::Capability;
use crate::error::Answer;
use crate::turn::Turn;
use postroom_mail::uploads::{Bytes, Source};
use postroom_model::MailboxId;
use postroom_model::object_id::{self, canonical};
use postroom_wire_jmap::blob_id;
use std::pin::Pin;

pub(crate) use blob::lookup::TYPES as BLOB_TYPES;
pub(crate) use blob::{DIGESTS, MOST_SOURCES};
pub(crate) use email::sort::NAMES as EMAIL_SORTS;

/// One method.
pub(crate) struct Method {
    name: &'static str,
    /// What a request must be using to call it.
    pub(crate) capability: Capability,
    pub(crate) run: for<'a> fn(&'a mut Turn, Arguments) -> Running<'a>,
}

type Running<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

macro_rules! methods {
    ($($name:literal $capability:ident $function:path;)*) => {
        const METHODS: &[Method] = &[$(Method {
            name: $name,
            capability: Capability::$capability,
            run: |turn, arguments| Box::pin($function(turn, arguments)),
        },)*];
    };
}

methods! {
    "Blob/copy" Core blob::copy::run;
    "Blob/get" Blob blob::get::run;
    "Blob/lookup" Blob blob::lookup::run;
    "Blob/upload" Blob blob::upload::run;
    "Core/echo" Core core::echo::run;
    "Email/changes" Mail email::changes::run;
    "Email/copy" Mail email::copy::run;
    "Email/get" Mail email::get::run;
    "Email/import" Mail email::import::run;
    "Email/parse" Mail email::parse::run;
    "Email/query" Mail email::query::run;
    "Email/queryChanges" Mail email::query_changes::run;
    "Email/set" Mail email::set::run;
    "EmailSubmission/changes" Submission email_submission::changes::run;
    "EmailSubmission/get" Submission email_submission::get::run;
    "EmailSubmission/query" Submission email_submission::query::run;
    "EmailSubmission/queryChanges" Submission email_submission::query_changes::run;
    "EmailSubmission/set" Submission email_submission::set::run;
    "Identity/changes" Submission identity::changes::run;
    "Identity/get" Submission identity::get::run;
    "Identity/set" Submission identity::set::run;
    "Mailbox/changes" Mail mailbox::changes::run;
    "Mailbox/get" Mail mailbox::get::run;
    "Mailbox/query" Mail mailbox::query::run;
    "Mailbox/queryChanges" Mail mailbox::query_changes::run;
    "Mailbox/set" Mail mailbox::set::run;
    "SearchSnippet/get" Mail search_snippet::get::run;
    "Thread/changes" Mail thread::changes::run;
    "Thread/get" Mail thread::get::run;
    "VacationResponse/get" VacationResponse vacation_response::get::run;
    "VacationResponse/set" VacationResponse vacation_response::set::run;
}

pub(crate) fn find(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

/// The bytes that a blob id names in an account.
pub(crate) fn blob_bytes(mailbox: MailboxId, id: &str) -> Option<Bytes> {
    let read = blob_id::read(id)?;
    let source = match read.base.strip_prefix('U') {
        Some(number) => Source::Upload(canonical(number)?),
        None => Source::Email(object_id::read_email(mailbox, read.base)?),
    };
    Some(Bytes { source, parts: read.parts })
}
