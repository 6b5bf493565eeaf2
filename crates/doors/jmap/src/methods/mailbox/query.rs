//! `Mailbox/query`

use super::list::{self, Asked};
use crate::accounts;
use crate::arguments::Arguments;
use crate::error::Answer;
use crate::methods::email::query::{Window, answer};
use crate::turn::Turn;
use postroom_model::object_id;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Query {
    account_id: String,
    #[serde(flatten)]
    list: Asked,
    #[serde(flatten)]
    window: Window,
}

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    arguments.only(&[&["accountId"][..], list::ARGUMENTS, Window::ARGUMENTS].concat())?;
    let query: Query = arguments.read()?;
    let account = turn.account(&query.account_id).await?;
    let view = account.look().await?;
    let mailbox = view.mailbox();
    let found = list::of(&view, &account.subscriptions().await?, &query.list, &|id| turn.real_id(id).to_owned())?;
    let anchor = query.window.anchor.as_deref().map(|id| turn.real_id(id));
    let anchor = anchor.and_then(|id| object_id::read_folder(mailbox, id));
    let anchor = anchor.and_then(|id| found.iter().position(|folder| *folder == id));
    let place = query.window.place(found.len(), anchor)?;
    let ids = found.iter().skip(place.start).take(place.limit);
    let ids = ids.map(|folder| object_id::folder(mailbox, *folder).into()).collect();
    let total = query.window.calculate_total.then_some(found.len());
    Ok(answer(accounts::id(mailbox), view.state().to_string(), &place, ids, total))
}
