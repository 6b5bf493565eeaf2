//! `Identity/…` (RFC 8621 section 6).

pub(super) mod changes;
pub(super) mod get;
pub(super) mod set;

use postroom_model::object_id::canonical;

/// The id of an identity.
pub(crate) fn id(number: i64) -> String {
    format!("I{number}")
}

/// None for what [`id`] did not write.
pub(crate) fn read_id(id: &str) -> Option<i64> {
    canonical(id.strip_prefix('I')?)
}
