//! The plan: how many shared mailboxes are included and allowed.

use crate::Directory;
use crate::change::{NotAllowed, use_case_errors};
use postroom_model::{Actor, Plan};
use postroom_store::{StoreError, settings};

#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("the plan includes more shared mailboxes than its maximum")]
    IncludedOverMaximum,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(PlanError);

impl Directory {
    /// None: no limit. A maximum below what there is stops new ones and takes none away.
    pub async fn set_plan(&self, actor: Actor, plan: Option<Plan>) -> Result<(), PlanError> {
        if plan.is_some_and(|plan| plan.included > plan.maximum) {
            return Err(PlanError::IncludedOverMaximum);
        }
        self.change(actor, "plan.set", move |change| {
            change.need_admin()?;
            settings::set_plan(change.tx, plan)?;
            change.record(None, "plan.set", words(plan))?;
            Ok(())
        })
        .await
    }
}

pub(crate) fn words(plan: Option<Plan>) -> String {
    match plan {
        Some(plan) => format!("{} shared mailboxes included, {} at most", plan.included, plan.maximum),
        None => "no limit of shared mailboxes".to_owned(),
    }
}
