//! `Email/changes`

use crate::arguments::{Arguments, ChangesSince};
use crate::changes;
use crate::error::Answer;
use crate::turn::Turn;
use postroom_model::object_id;

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let asked: ChangesSince = arguments.read()?;
    let most = asked.most()?;
    let since = changes::state(&asked.since_state)?;
    let account = turn.account(&asked.account_id).await?;
    let view = account.look().await?;
    let found = account.email_changes(&view, since, most).await?;
    let mailbox = view.mailbox();
    Ok(changes::answer(&asked, &found, |id| object_id::email(mailbox, id)))
}
