//! `/api/v1/domains`: what addresses end in. For administrators.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;

use serde::Serialize;
use utoipa::ToSchema;

/// A domain whose mail is taken here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Domain {
    #[schema(example = "example.org")]
    name: String,
    /// How many addresses end in it.
    addresses: usize,
}
