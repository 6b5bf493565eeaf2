//! `VacationResponse/set`

use super::ID;
use crate::accounts;
use crate::arguments::Arguments;
use crate::error::Answer;
use crate::set::{Outcome, Refused, Set, if_in_state};
use crate::turn::Turn;
use postroom_mail::vacation::Vacation;
use postroom_model::Time;
use postroom_wire_jmap::{Object, date, patch};
use serde_json::Value;

/// Octets of one text.
const LONGEST: usize = 256 * 1024;

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let set = Set::read(arguments, turn.jmap.limits.objects_in_set)?;
    let account = turn.account(&set.account_id).await?;
    let mut outcome = Outcome::default();
    let single = || Refused::new("singleton", "there is one automatic reply, and it stays");
    set.create.unwrap_or_default().keys().for_each(|key| outcome.refuse_create(key, &single()));
    set.destroy.unwrap_or_default().iter().for_each(|id| outcome.refuse_destroy(id, &single()));
    let mut change = Change::default();
    for (id, patch) in set.update.unwrap_or_default() {
        let read = if id == ID { Change::read(patch) } else { Err(Refused::not_found("automatic reply")) };
        match read {
            Ok(read) => {
                change = read;
                outcome.updated.insert(id, Value::Null);
            }
            Err(why) => outcome.refuse_update(&id, &why),
        }
    }
    let if_in = if_in_state(set.if_in_state.as_deref())?;
    let (old, new) = account.set_vacation(if_in, move |vacation| change.apply(vacation)).await?;
    Ok(outcome.answer(accounts::id(account.mailbox()), old.to_string(), new.to_string()))
}

/// What is not said stays; the inner None takes away.
#[derive(Debug, Default)]
struct Change {
    enabled: Option<bool>,
    from_date: Option<Option<Time>>,
    to_date: Option<Option<Time>>,
    subject: Option<Option<String>>,
    text_body: Option<Option<String>>,
    html_body: Option<Option<String>>,
}

impl Change {
    fn read(patch: Object) -> Result<Self, Refused> {
        let mut found = Self::default();
        for change in patch::read(patch)? {
            let name = change.path.join("/");
            let text = || match &change.value {
                Value::Null => Ok(Some(None)),
                Value::String(text) if text.len() <= LONGEST => Ok(Some(Some(text.clone()))),
                _ => Err(Refused::property(&name, format!("it must be a text of at most {LONGEST} octets, or null"))),
            };
            let moment = || -> Result<Option<Option<Time>>, Refused> {
                match &change.value {
                    Value::Null => Ok(Some(None)),
                    value => {
                        let millis = value.as_str().and_then(date::read_utc);
                        let millis = millis.ok_or_else(|| Refused::property(&name, "it must be a UTCDate or null"))?;
                        Ok(Some(Some(Time(millis))))
                    }
                }
            };
            match name.as_str() {
                "isEnabled" => {
                    let enabled = change.value.as_bool();
                    found.enabled = Some(enabled.ok_or_else(|| Refused::property(&name, "it must be true or false"))?);
                }
                "fromDate" => found.from_date = moment()?,
                "toDate" => found.to_date = moment()?,
                "subject" => {
                    found.subject = text()?;
                    if found.subject.iter().flatten().any(|subject| subject.contains(char::is_control)) {
                        return Err(Refused::property(&name, "it must be one line"));
                    }
                }
                "textBody" => found.text_body = text()?,
                "htmlBody" => found.html_body = text()?,
                _ => return Err(Refused::property(&name, "there is no such property to change")),
            }
        }
        Ok(found)
    }

    fn apply(&self, vacation: &mut Vacation) {
        vacation.enabled = self.enabled.unwrap_or(vacation.enabled);
        vacation.from_date = self.from_date.unwrap_or(vacation.from_date);
        vacation.to_date = self.to_date.unwrap_or(vacation.to_date);
        let put = |field: &mut Option<String>, new: &Option<Option<String>>| {
            if let Some(new) = new {
                field.clone_from(new);
            }
        };
        put(&mut vacation.subject, &self.subject);
        put(&mut vacation.text_body, &self.text_body);
        put(&mut vacation.html_body, &self.html_body);
    }
}
