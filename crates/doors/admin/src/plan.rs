//! `/api/v1/plan`: how many shared mailboxes are included and allowed. For administrators.

pub(crate) mod get;
pub(crate) mod set;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Null: no limit.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    shared_mailboxes: Option<SharedMailboxes>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SharedMailboxes {
    /// From the next one on a note says so.
    #[schema(example = 2)]
    included: u32,
    #[schema(example = 10)]
    maximum: u32,
}

impl From<Option<postroom_model::Plan>> for Plan {
    fn from(plan: Option<postroom_model::Plan>) -> Self {
        let shared_mailboxes = plan.map(|plan| SharedMailboxes { included: plan.included, maximum: plan.maximum });
        Self { shared_mailboxes }
    }
}
