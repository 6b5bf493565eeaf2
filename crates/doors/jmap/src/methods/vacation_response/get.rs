//! `VacationResponse/get`

use super::ID;
use crate::accounts;
use crate::arguments::{Arguments, Get};
use crate::error::Answer;
use crate::turn::Turn;
use postroom_mail::vacation::Vacation;
use postroom_wire_jmap::{Object, date};
use serde_json::{Value, json};

const PROPERTIES: &[&str] = &["id", "isEnabled", "fromDate", "toDate", "subject", "textBody", "htmlBody"];

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let get = Get::read(arguments, turn.jmap.limits.objects_in_get)?;
    let account = turn.account(&get.account_id).await?;
    let wanted = get.wanted(PROPERTIES)?;
    let state = account.look().await?.state();
    let vacation = account.vacation().await?;
    let ids = get.ids.unwrap_or_else(|| vec![ID.to_owned()]);
    let list: Vec<Value> = ids.iter().filter(|id| *id == ID).take(1).map(|_| object(&vacation, &wanted)).collect();
    let not_found: Vec<&String> = ids.iter().filter(|id| *id != ID).collect();
    let mut answer = Object::new();
    answer.insert("accountId".to_owned(), accounts::id(account.mailbox()).into());
    answer.insert("state".to_owned(), state.to_string().into());
    answer.insert("list".to_owned(), list.into());
    answer.insert("notFound".to_owned(), json!(not_found));
    Ok(answer)
}

fn object(vacation: &Vacation, wanted: &[&'static str]) -> Value {
    let properties = wanted.iter().map(|name| {
        let value = match *name {
            "id" => ID.into(),
            "isEnabled" => vacation.enabled.into(),
            "fromDate" => vacation.from_date.map(|moment| date::utc(moment.0)).into(),
            "toDate" => vacation.to_date.map(|moment| date::utc(moment.0)).into(),
            "subject" => vacation.subject.clone().into(),
            "textBody" => vacation.text_body.clone().into(),
            "htmlBody" => vacation.html_body.clone().into(),
            _ => Value::Null,
        };
        ((*name).to_owned(), value)
    });
    Value::Object(properties.collect())
}
