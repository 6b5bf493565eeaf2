//! `Mailbox/changes`

use crate::arguments::{Arguments, ChangesSince};
use crate::changes;
use crate::error::Answer;
use crate::turn::Turn;
use postroom_model::object_id;
use serde_json::{Value, json};

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let asked: ChangesSince = arguments.read()?;
    let most = asked.most()?;
    let since = changes::state(&asked.since_state)?;
    let account = turn.account(&asked.account_id).await?;
    let view = account.look().await?;
    let found = account.folder_changes(&view, since, most).await?;
    let mailbox = view.mailbox();
    let mut answer = changes::answer(&asked, &found.changes, |id| object_id::folder(mailbox, id));
    let counts = json!(["totalEmails", "unreadEmails", "totalThreads", "unreadThreads"]);
    answer.insert("updatedProperties".to_owned(), if found.only_counts { counts } else { Value::Null });
    Ok(answer)
}
