//! `Email/set`: everything that succeeds is one transaction.

use super::fields::{self, Where};
use super::make;
use crate::accounts;
use crate::arguments::Arguments;
use crate::error::{Answer, MethodError};
use crate::set::{Outcome, Refused, Set, if_in_state};
use crate::turn::Turn;
use postroom_mail::emails::{FoldersChange, Made, MarksChange, NewEmail, SetEmails};
use postroom_mail::whole::Account;
use postroom_model::{EmailId, MailboxId, object_id};
use postroom_wire_jmap::{Object, patch};
use serde_json::{Value, json};

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let set = Set::read(arguments, turn.jmap.limits.objects_in_set)?;
    carry_out(turn, set).await
}

/// What is asked for, by the names that the client gave.
#[derive(Default)]
struct Asked {
    set: SetEmails,
    create: Vec<String>,
    update: Vec<String>,
    destroy: Vec<String>,
}

/// Also for those that change emails on the side.
pub(crate) async fn carry_out(turn: &mut Turn, set: Set) -> Answer {
    let account = turn.account(&set.account_id).await?;
    let mailbox = account.mailbox();
    let mut outcome = Outcome::default();
    let mut asked = Asked {
        set: SetEmails { if_in: if_in_state(set.if_in_state.as_deref())?, ..SetEmails::default() },
        ..Asked::default()
    };
    for (key, object) in set.create.unwrap_or_default() {
        match new_email(turn, &account, object).await? {
            Ok(new) => {
                asked.set.create.push(new);
                asked.create.push(key);
            }
            Err(why) => outcome.refuse_create(&key, &why),
        }
    }
    let destroy = set.destroy.unwrap_or_default();
    for (id, change) in set.update.unwrap_or_default() {
        if destroy.contains(&id) {
            outcome.refuse_update(&id, &Refused::will_destroy());
            continue;
        }
        match update(turn, mailbox, &id, change) {
            Ok(update) => {
                asked.set.update.push(update);
                asked.update.push(id);
            }
            Err(why) => outcome.refuse_update(&id, &why),
        }
    }
    for id in destroy {
        match object_id::read_email(mailbox, turn.real_id(&id)) {
            Some(email) if !asked.set.destroy.contains(&email) => {
                asked.set.destroy.push(email);
                asked.destroy.push(id);
            }
            Some(_) => {}
            None => outcome.refuse_destroy(&id, &Refused::not_found("email")),
        }
    }
    finish(turn, &account, asked, outcome).await
}

async fn finish(turn: &mut Turn, account: &Account, asked: Asked, mut outcome: Outcome) -> Answer {
    let mailbox = account.mailbox();
    let done = account.set_emails(asked.set).await?;
    for (key, made) in asked.create.into_iter().zip(done.created) {
        match made {
            Ok(made) => {
                turn.made(&key, &object_id::email(mailbox, made.email));
                outcome.created.insert(key, created(mailbox, &made));
            }
            Err(why) => outcome.refuse_create(&key, &why.into()),
        }
    }
    for (id, updated) in asked.update.into_iter().zip(done.updated) {
        match updated {
            Ok(()) => drop(outcome.updated.insert(turn.real_id(&id).to_owned(), Value::Null)),
            Err(why) => outcome.refuse_update(&id, &why.into()),
        }
    }
    for (id, destroyed) in asked.destroy.into_iter().zip(done.destroyed) {
        match destroyed {
            Ok(()) => outcome.destroyed.push(turn.real_id(&id).into()),
            Err(why) => outcome.refuse_destroy(&id, &why.into()),
        }
    }
    Ok(outcome.answer(accounts::id(mailbox), done.old.to_string(), done.new.to_string()))
}

/// What the server adds to an email that was made.
pub(super) fn created(mailbox: MailboxId, made: &Made) -> Value {
    let id = object_id::email(mailbox, made.email);
    json!({ "id": id, "blobId": id, "threadId": object_id::thread(mailbox, made.thread), "size": made.size })
}

async fn new_email(
    turn: &Turn,
    account: &Account,
    mut object: Object,
) -> Result<Result<NewEmail, Refused>, MethodError> {
    let place = match Where::take(&mut object, account.mailbox(), &|id| turn.real_id(id).to_owned()) {
        Ok(place) => place,
        Err(why) => return Ok(Err(why)),
    };
    Ok(make::message(turn, account, object).await?.map(|content| place.with(content)))
}

type Update = (EmailId, Option<MarksChange>, Option<FoldersChange>);

fn update(turn: &Turn, mailbox: MailboxId, id: &str, change: Object) -> Result<Update, Refused> {
    let email = object_id::read_email(mailbox, turn.real_id(id)).ok_or_else(|| Refused::not_found("email"))?;
    let (mut marks, mut folders) = (None, None);
    for change in patch::read(change)? {
        let shown = change.path.join("/");
        let path: Vec<&str> = change.path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["keywords"] => {
                let on = fields::marks(&shown, &change.value)?;
                marks = Some(MarksChange { replace: true, on, off: Vec::new() });
            }
            ["keywords", keyword] => {
                let mark = super::mark(keyword).map_err(|why| Refused::property(&shown, why))?;
                let marks = marks.get_or_insert_with(MarksChange::default);
                if fields::is_on(&shown, &change.value)? { marks.on.push(mark) } else { marks.off.push(mark) }
            }
            ["mailboxIds"] => {
                let into = fields::folders(&shown, &change.value, mailbox, &|id| turn.real_id(id).to_owned())?;
                folders = Some(FoldersChange { replace: true, into, out_of: Vec::new() });
            }
            ["mailboxIds", folder] => {
                let folder = object_id::read_folder(mailbox, turn.real_id(folder));
                let folder = folder.ok_or_else(|| Refused::property(&shown, "there is no such folder"))?;
                let folders = folders.get_or_insert_with(FoldersChange::default);
                if fields::is_on(&shown, &change.value)? {
                    folders.into.push(folder)
                } else {
                    folders.out_of.push(folder)
                }
            }
            _ => return Err(Refused::property(&shown, "it cannot be changed")),
        }
    }
    Ok((email, marks, folders))
}
