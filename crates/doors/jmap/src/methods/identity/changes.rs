//! `Identity/changes`

use crate::arguments::{Arguments, ChangesSince};
use crate::changes;
use crate::error::Answer;
use crate::turn::Turn;
use postroom_mail::whole::ObjectKind;

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let asked: ChangesSince = arguments.read()?;
    let most = asked.most()?;
    let since = changes::state(&asked.since_state)?;
    let account = turn.account(&asked.account_id).await?;
    let all = turn.jmap.outbound.kept_identities(&account).await?;
    let view = account.look().await?;
    let exists = |id| all.iter().any(|identity| identity.id == id);
    let found = account.object_changes(&view, since, most, ObjectKind::Identity, exists).await?;
    Ok(changes::answer(&asked, &found, super::id))
}
