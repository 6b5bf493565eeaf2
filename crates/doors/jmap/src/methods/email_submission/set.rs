//! `EmailSubmission/set`: sending.

use super::envelope::Envelope;
use super::{id, read_id};
use crate::accounts;
use crate::arguments::Arguments;
use crate::error::{Answer, MethodError};
use crate::methods::{email, identity};
use crate::set::{Outcome, Refused, Set, if_in_state, mismatch};
use crate::turn::Turn;
use postroom_mail::uploads::{Bytes, Source};
use postroom_mail::whole::Account;
use postroom_model::{MailboxId, SpecialUse, object_id};
use postroom_outbound::{Accepted, KeptIdentity, Submission, SubmitError, Submitted};
use postroom_wire_jmap::{Object, date};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SetSubmissions {
    account_id: String,
    #[serde(default)]
    if_in_state: Option<String>,
    #[serde(default)]
    create: Option<BTreeMap<String, Object>>,
    #[serde(default)]
    update: Option<BTreeMap<String, Object>>,
    #[serde(default)]
    destroy: Option<Vec<String>>,
    #[serde(default)]
    on_success_update_email: Option<BTreeMap<String, Object>>,
    #[serde(default)]
    on_success_destroy_email: Option<Vec<String>>,
}

pub(crate) async fn run(turn: &mut Turn, arguments: Arguments) -> Answer {
    let asked: SetSubmissions = arguments.read()?;
    let account_id = asked.account_id.clone();
    let set = Set {
        account_id: asked.account_id,
        if_in_state: asked.if_in_state,
        create: asked.create,
        update: asked.update,
        destroy: asked.destroy,
    };
    set.few_enough(turn.jmap.limits.objects_in_set)?;
    let account = turn.account(&set.account_id).await?;
    let if_in = if_in_state(set.if_in_state.as_deref())?;
    let identities = turn.jmap.outbound.kept_identities(&account).await?;
    let old = account.look().await?.state();
    if if_in.is_some_and(|wanted| wanted != old) {
        return Err(mismatch());
    }
    let mut outcome = Outcome::default();
    // The email of each submission that succeeded, by the names that onSuccess… may call it.
    let mut sent: BTreeMap<String, String> = BTreeMap::new();
    let patches = asked.on_success_update_email.unwrap_or_default();
    for (key, object) in set.create.unwrap_or_default() {
        let patch = patches.get(&format!("#{key}"));
        match create(turn, &account, &identities, object, patch).await? {
            Ok((submission, email, created)) => {
                turn.made(&key, &submission);
                sent.insert(format!("#{key}"), email);
                outcome.created.insert(key, created);
            }
            Err(why) => outcome.refuse_create(&key, &why),
        }
    }
    let known = turn.jmap.outbound.submissions(&account).await?;
    for id in set.update.unwrap_or_default().keys() {
        let exists = read_id(turn.real_id(id)).is_some_and(|number| known.iter().any(|known| known.id == number));
        let why = if exists {
            Refused::new("cannotUnsend", "the message has left")
        } else {
            Refused::not_found("submission")
        };
        outcome.refuse_update(id, &why);
    }
    let new = destroy(turn, &account, set.destroy.unwrap_or_default(), &mut outcome).await?;
    if !sent.is_empty() {
        let destroyed = asked.on_success_destroy_email.unwrap_or_default();
        change_emails(turn, account_id, &sent, patches, &destroyed).await;
    }
    Ok(outcome.answer(accounts::id(account.mailbox()), old.to_string(), new))
}

/// Forgets submissions; gives the state afterwards.
async fn destroy(
    turn: &Turn,
    account: &Account,
    destroy: Vec<String>,
    outcome: &mut Outcome,
) -> Result<String, MethodError> {
    let (mut ids, mut numbers) = (Vec::new(), Vec::new());
    for id in destroy {
        match read_id(turn.real_id(&id)) {
            Some(number) => {
                numbers.push(number);
                ids.push(id);
            }
            None => outcome.refuse_destroy(&id, &Refused::not_found("submission")),
        }
    }
    let (_, new, gone) = turn.jmap.outbound.forget_submissions(account, None, numbers).await?;
    for (id, gone) in ids.into_iter().zip(gone) {
        if gone {
            outcome.destroyed.push(turn.real_id(&id).into());
        } else {
            outcome.refuse_destroy(&id, &Refused::not_found("submission"));
        }
    }
    Ok(new.to_string())
}

/// Sends one message; gives the ids of submission and email, and what the server adds to the submission.
async fn create(
    turn: &Turn,
    account: &Account,
    identities: &[KeptIdentity],
    mut object: Object,
    patch: Option<&Object>,
) -> Result<Result<(String, String, Value), Refused>, MethodError> {
    let view = account.look().await?;
    let mut text = |name: &str| match object.remove(name) {
        Some(Value::String(text)) => Ok(turn.real_id(&text).to_owned()),
        _ => Err(Refused::property(name, "it must be an id")),
    };
    let (identity, email) = match (text("identityId"), text("emailId")) {
        (Ok(identity), Ok(email)) => (identity, email),
        (Err(why), _) | (_, Err(why)) => return Ok(Err(why)),
    };
    let number = identity::read_id(&identity);
    let Some(identity) = identities.iter().find(|identity| Some(identity.id) == number) else {
        return Ok(Err(Refused::property("identityId", "there is no such identity")));
    };
    let message = object_id::read_email(view.mailbox(), &email).and_then(|email| view.message(email)).cloned();
    let Some(message) = message else {
        return Ok(Err(Refused::property("emailId", "there is no such email")));
    };
    let given = object.remove("envelope").filter(|envelope| !envelope.is_null());
    if let Some(other) = object.keys().next() {
        return Ok(Err(Refused::property(other, "a new submission has no such property")));
    }
    let bytes = Bytes { source: Source::Email(message.email), parts: Vec::new() };
    let Some(raw) = account.bytes(&bytes).await? else {
        return Ok(Err(Refused::property("emailId", "there is no such email")));
    };
    let envelope = match &given {
        Some(json) => Envelope::read(json),
        None => Envelope::of(&raw, &identity.address),
    };
    let envelope = match envelope {
        Ok(envelope) => envelope,
        Err(why) => return Ok(Err(why)),
    };
    let submission = Submission {
        envelope_from: envelope.from,
        recipients: envelope.recipients,
        raw,
        with: "HTTPS",
        tls: None,
        ret: envelope.ret,
        envelope_id: envelope.id,
        utf8: true,
        hold_until: None,
        note: None,
    };
    let accepted = match turn.jmap.outbound.submit(turn.caller.actor(), submission).await {
        Ok(accepted) => accepted,
        Err(error) => return refused(error).map(Err),
    };
    let at = account.mail().access().clock().now();
    let submitted = Submitted {
        id: 0,
        identity: identity.id,
        email: message.email,
        thread: message.thread,
        name: accepted.id.clone(),
        envelope: envelope.json.to_string(),
        send_at: at,
    };
    let sent_folder = view.special(SpecialUse::Sent).map(|folder| object_id::folder(view.mailbox(), folder));
    let own_copy = sent_folder.is_some_and(|folder| patch.is_some_and(|patch| puts_into(patch, &folder)));
    let instead_of = copy_of(&accepted, view.mailbox()).filter(|_| own_copy);
    let kept = turn.jmap.outbound.keep_submission(account, submitted, instead_of).await?;
    let created = json!({
        "id": id(kept),
        "threadId": object_id::thread(view.mailbox(), message.thread),
        "envelope": envelope.json,
        "sendAt": date::utc(at.0),
        "undoStatus": "final",
    });
    Ok(Ok((id(kept), email, created)))
}

fn copy_of(accepted: &Accepted, mailbox: MailboxId) -> Option<postroom_outbound::SentCopy> {
    accepted.copies.iter().find(|copy| copy.mailbox == mailbox).copied()
}

/// Whether a patch puts the email itself into a folder.
fn puts_into(patch: &Object, folder: &str) -> bool {
    let direct = patch.get(&format!("mailboxIds/{folder}")) == Some(&Value::Bool(true));
    direct || patch.get("mailboxIds").is_some_and(|ids| ids[folder] == Value::Bool(true))
}

/// The implicit Email/set; its answer follows.
async fn change_emails(
    turn: &mut Turn,
    account_id: String,
    sent: &BTreeMap<String, String>,
    patches: BTreeMap<String, Object>,
    destroyed: &[String],
) {
    let update: BTreeMap<String, Object> =
        patches.into_iter().filter_map(|(key, patch)| Some((sent.get(&key)?.clone(), patch))).collect();
    let destroy: Vec<String> = destroyed.iter().filter_map(|key| sent.get(key).cloned()).collect();
    if update.is_empty() && destroy.is_empty() {
        return;
    }
    let set = Set { account_id, if_in_state: None, create: None, update: Some(update), destroy: Some(destroy) };
    match email::set::carry_out(turn, set).await {
        Ok(answer) => turn.also("Email/set", answer),
        Err(error) => turn.also("error", error.into_object()),
    }
}

/// What one message is not taken for; faults of ours end the call.
fn refused(error: SubmitError) -> Result<Refused, MethodError> {
    let why = error.to_string();
    Ok(match error {
        SubmitError::Refused(_) => Refused::new("forbiddenFrom", why),
        SubmitError::NoAttachments { .. } => Refused::new("forbiddenToSend", why),
        SubmitError::Header(_) => Refused::new("invalidEmail", why).with("properties", json!(["from"])),
        SubmitError::NoOwnAddress | SubmitError::Gone => Refused::new("forbiddenToSend", why),
        // Nothing is held, so that cannot be.
        SubmitError::HeldTooLong => Refused::property("envelope", why),
        SubmitError::NoRecipient => Refused::new("noRecipients", why),
        SubmitError::Unknown(address) => {
            Refused::new("invalidRecipients", why).with("invalidRecipients", json!([address]))
        }
        SubmitError::Full(_) | SubmitError::NoRoomForCopy(_) => Refused::new("overQuota", why),
        SubmitError::Store(error) => return Err(error.into()),
    })
}
