//! What the server can do, and what it says about each account (RFC 8620 section 2).

use crate::Limits;
use postroom_model::{Effective, Right};
use postroom_wire_jmap::Object;
use serde_json::{Value, json};

/// A capability that a request can ask for in `using`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capability {
    Core,
    Mail,
    Blob,
    Submission,
    VacationResponse,
}

impl Capability {
    pub(crate) const ALL: [Self; 5] = [Self::Core, Self::Mail, Self::Blob, Self::Submission, Self::VacationResponse];

    pub(crate) fn uri(self) -> &'static str {
        match self {
            Self::Core => "urn:ietf:params:jmap:core",
            Self::Mail => "urn:ietf:params:jmap:mail",
            Self::Blob => "urn:ietf:params:jmap:blob",
            Self::Submission => "urn:ietf:params:jmap:submission",
            Self::VacationResponse => "urn:ietf:params:jmap:vacationresponse",
        }
    }

    pub(crate) fn parse(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|capability| capability.uri() == uri)
    }

    /// What the session says about it for the whole server.
    fn of_server(self, limits: &Limits) -> Value {
        match self {
            Self::Core => json!({
                "maxSizeUpload": limits.upload,
                "maxConcurrentUpload": limits.concurrent_uploads,
                "maxSizeRequest": limits.request,
                "maxConcurrentRequests": limits.concurrent_requests,
                "maxCallsInRequest": limits.calls,
                "maxObjectsInGet": limits.objects_in_get,
                "maxObjectsInSet": limits.objects_in_set,
                "collationAlgorithms": ["i;unicode-casemap", "i;ascii-casemap"],
            }),
            Self::Mail | Self::Blob | Self::Submission | Self::VacationResponse => json!({}),
        }
    }

    /// What the session says about it for one account; None: not for accounts.
    fn of_account(self, limits: &Limits, effective: &Effective) -> Option<Value> {
        match self {
            Self::Core => None,
            Self::VacationResponse => effective.whole.has(Right::MailboxManage).then(|| json!({})),
            Self::Blob => Some(json!({
                "maxSizeBlobSet": limits.upload,
                "maxDataSources": crate::methods::MOST_SOURCES,
                "supportedTypeNames": crate::methods::BLOB_TYPES,
                "supportedDigestAlgorithms": crate::methods::DIGESTS,
            })),
            // Nothing is held back yet, so nothing can be sent later.
            Self::Submission => Some(json!({ "maxDelayedSend": 0, "submissionExtensions": { "DSN": [] } })),
            Self::Mail => Some(json!({
                "maxMailboxesPerEmail": null,
                "maxMailboxDepth": postroom_model::folder::MAX_DEPTH,
                "maxSizeMailboxName": 255,
                "maxSizeAttachmentsPerEmail": limits.upload,
                "emailQuerySortOptions": crate::methods::EMAIL_SORTS,
                "mayCreateTopLevelMailbox": effective.whole.has(Right::FolderCreate),
            })),
        }
    }
}

/// `capabilities` of the session.
pub(crate) fn of_server(limits: &Limits) -> Object {
    Capability::ALL.iter().map(|capability| (capability.uri().to_owned(), capability.of_server(limits))).collect()
}

/// `accountCapabilities` of an account.
pub(crate) fn of_account(limits: &Limits, effective: &Effective) -> Object {
    let all = Capability::ALL.iter();
    all.filter_map(|capability| Some((capability.uri().to_owned(), capability.of_account(limits, effective)?)))
        .collect()
}
