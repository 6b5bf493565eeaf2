//! `EmailSubmission/get`

use super::{PROPERTIES, property, read_id};
use crate::accounts;
use crate::arguments::{Arguments, Get};
use crate::error::Answer;
use crate::turn::Turn;
use postroom_outbound::QueueError;
use postroom_wire_jmap::Object;
use serde_json::Value;

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let get = Get::read(arguments, turn.jmap.limits.objects_in_get)?;
    let account = turn.account(&get.account_id).await?;
    let wanted = get.wanted(PROPERTIES)?;
    let view = account.look().await?;
    let all = turn.jmap.outbound.submissions(&account).await?;
    let (mut list, mut not_found) = (Vec::new(), Vec::new());
    match &get.ids {
        None => list.extend(&all),
        Some(ids) => {
            for id in ids {
                let number = read_id(turn.real_id(id));
                match all.iter().find(|submitted| Some(submitted.id) == number) {
                    Some(submitted) => list.push(submitted),
                    None => not_found.push(Value::String(id.clone())),
                }
            }
        }
    }
    let mut objects = Vec::with_capacity(list.len());
    for submitted in list {
        let status = if wanted.contains(&"deliveryStatus") {
            turn.jmap.outbound.status(turn.caller.actor(), &submitted.name).await.map(Some)
        } else {
            Ok(None)
        };
        let status = match status {
            Ok(status) => status,
            Err(QueueError::NotFound(_) | QueueError::NotAdmin) => None,
            Err(QueueError::Store(error)) => return Err(error.into()),
        };
        let properties =
            wanted.iter().map(|name| ((*name).to_owned(), property(&view, submitted, status.as_ref(), name)));
        objects.push(Value::Object(properties.collect()));
    }
    let mut answer = Object::new();
    answer.insert("accountId".to_owned(), accounts::id(view.mailbox()).into());
    answer.insert("state".to_owned(), view.state().to_string().into());
    answer.insert("list".to_owned(), objects.into());
    answer.insert("notFound".to_owned(), not_found.into());
    Ok(answer)
}
