//! `GET /api/v1/explain`

use crate::words::RightWord;
use crate::{Asked, Caller, Problem};
use axum::Json;
use postroom_directory::Held;
use postroom_model::Right;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Question {
    /// Login name or address.
    #[param(example = "alice")]
    user: String,
    /// Name or address.
    #[param(example = "support")]
    mailbox: String,
    /// Absent: all rights.
    #[param(value_type = Option<RightWord>)]
    right: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Explanation {
    user: String,
    mailbox: String,
    mailbox_display_name: String,
    rights: Vec<RightExplained>,
    /// Who can grant what is missing.
    can_grant: Vec<String>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct RightExplained {
    #[schema(value_type = RightWord)]
    right: &'static str,
    /// What the right gives, in words.
    gives: &'static str,
    held: Where,
    /// Where it comes from, in words.
    from: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Where {
    Whole,
    Folders,
    No,
}

/// Why somebody may, or may not. For administrators, and for managers of the mailbox.
#[utoipa::path(
    get, path = "/explain", tag = "explain", operation_id = "explain",
    params(Question),
    responses((status = 200, body = Explanation)),
)]
pub(crate) async fn explain(caller: Caller, Asked(asked): Asked<Question>) -> Result<Json<Explanation>, Problem> {
    let right = asked.right.as_deref().map(Right::parse).transpose();
    let right = right.map_err(|unknown| Problem::unfit("right", unknown.to_string()))?;
    let found = caller.directory.explain(caller.actor, &asked.user, &asked.mailbox, right).await?;
    let line = |line: postroom_directory::RightExplained| RightExplained {
        right: line.right,
        gives: line.gives,
        held: match line.held {
            Held::Whole => Where::Whole,
            Held::Folders => Where::Folders,
            Held::No => Where::No,
        },
        from: line.from,
    };
    Ok(Json(Explanation {
        user: found.user,
        mailbox: found.mailbox,
        mailbox_display_name: found.mailbox_display_name,
        rights: found.rights.into_iter().map(line).collect(),
        can_grant: found.can_grant,
        notes: found.notes,
    }))
}
