//! Who a message says it is from, and whether the person may say so. Start reading at [`settle`].

use crate::error::{HeaderError, SubmitError};
use crate::send_from::{How, may_send_from};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use postroom_model::{Actor, MailboxId, Org};
use postroom_wire_message::{AddressKind, Fields, addresses_checked};

/// What was decided about a message's From and Sender.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    /// The mailboxes in From, at least one; the policies of the first count.
    pub(crate) from: Vec<(MailboxId, How)>,
    pub(crate) sender: SenderField,
}

/// What becomes of the Sender field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SenderField {
    Keep,
    Remove,
    Set(String),
}

/// Reads From and Sender and decides whether the person may send so.
pub(crate) fn settle(org: &Org, actor: Actor, raw: &[u8]) -> Result<Settled, SubmitError> {
    let from = from_addresses(raw)?;
    let decided: Result<Vec<_>, _> = from.iter().map(|address| may_send_from(org, actor, address).allowed()).collect();
    let from = decided.map_err(SubmitError::Refused)?;
    let on_behalf = from.iter().any(|(_, how)| *how == How::OnBehalf);
    let sender = match (on_behalf, from.len()) {
        (true, _) => SenderField::Set(person_as_sender(org, actor)?),
        // One author who sends: Sender says nothing new (RFC 5322 section 3.6.2), or it would name the person.
        (false, 1) => SenderField::Remove,
        (false, _) => sender_of_several(org, actor, raw)?,
    };
    Ok(Settled { from, sender })
}

/// The addresses of the one From field.
fn from_addresses(raw: &[u8]) -> Result<Vec<String>, HeaderError> {
    let mut fields = Fields::of(raw).filter(|field| field.is("From"));
    let field = fields.next().ok_or(HeaderError::NoFrom)?;
    if fields.next().is_some() {
        return Err(HeaderError::RepeatedFrom);
    }
    let found = mailboxes(field.value).ok_or(HeaderError::MalformedFrom)?;
    if found.is_empty() { Err(HeaderError::NoFrom) } else { Ok(found) }
}

/// Every `local@domain` of an address list; None where two readers may see different addresses.
fn mailboxes(value: &[u8]) -> Option<Vec<String>> {
    let list = addresses_checked(value).ok()?;
    let entries = list.into_iter().filter(|entry| entry.kind() == AddressKind::Mailbox);
    entries
        .map(|entry| {
            let (local, domain) = (entry.local.unwrap_or_default(), entry.domain.unwrap_or_default());
            String::from_utf8([local, b"@".to_vec(), domain].concat()).ok()
        })
        .collect()
}

/// With several authors the client says which address sends; it must be one that the person may send as.
fn sender_of_several(org: &Org, actor: Actor, raw: &[u8]) -> Result<SenderField, SubmitError> {
    let mut fields = Fields::of(raw).filter(|field| field.is("Sender"));
    let field = fields.next().ok_or(HeaderError::NoSender)?;
    let sender = mailboxes(field.value).filter(|_| fields.next().is_none()).ok_or(HeaderError::MalformedSender)?;
    let [sender] = sender.as_slice() else { return Err(HeaderError::MalformedSender.into()) };
    match may_send_from(org, actor, sender).allowed().map_err(SubmitError::Refused)? {
        (_, How::Own | How::As) => Ok(SenderField::Keep),
        (_, How::OnBehalf) => Ok(SenderField::Set(person_as_sender(org, actor)?)),
    }
}

/// `"Alice Ng" <alice@example.org>`
fn person_as_sender(org: &Org, actor: Actor) -> Result<String, SubmitError> {
    let person = actor.person_id().and_then(|id| org.mailbox(id)).ok_or(SubmitError::Gone)?;
    let address = person.default_address().ok_or(SubmitError::NoOwnAddress)?;
    Ok(format!("{} <{address}>", phrase(&person.display_name)))
}

/// A display name as a header may hold it (RFC 5322 section 3.2.5, RFC 2047 section 5).
fn phrase(name: &str) -> String {
    if name.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        let quoted: String =
            name.chars().flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c])).collect();
        return format!("\"{quoted}\"");
    }
    let mut words: Vec<String> = vec![String::new()];
    for c in name.chars().filter(|c| !c.is_control()) {
        // A line with an encoded word has at most 76 characters (RFC 2047 section 2), the name of the field included.
        if words.last().is_some_and(|word| word.len() + c.len_utf8() > 42) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    let encoded: Vec<String> = words.iter().map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word))).collect();
    encoded.join("\r\n ")
}
