//! The envelope of a submission (RFC 8621 section 7): as the client gives it, or from the message. Start reading at
//! [`Envelope::of`].

use crate::set::Refused;
use postroom_model::Address;
use postroom_outbound::{Notify, Return, SubmissionRecipient};
use postroom_wire_jmap::Object;
use postroom_wire_message::Envelope as Header;
use serde_json::{Value, json};

/// Who sends, and who gets the message.
#[derive(Debug)]
pub(super) struct Envelope {
    pub(super) from: String,
    pub(super) recipients: Vec<SubmissionRecipient>,
    pub(super) ret: Option<Return>,
    pub(super) id: Option<String>,
    /// As it is shown again.
    pub(super) json: Value,
}

impl Envelope {
    /// Reads the envelope that the client gave.
    pub(super) fn read(json: &Value) -> Result<Self, Refused> {
        let from = &json["mailFrom"];
        let mail_from = email_of(from, "envelope/mailFrom")?;
        let (mut ret, mut id) = (None, None);
        for (name, value) in parameters(from, "envelope/mailFrom")? {
            match (name.to_ascii_uppercase().as_str(), value.as_deref()) {
                ("RET", Some(word)) if word.eq_ignore_ascii_case("FULL") => ret = Some(Return::Full),
                ("RET", Some(word)) if word.eq_ignore_ascii_case("HDRS") => ret = Some(Return::Headers),
                ("ENVID", Some(text)) => id = Some(text.to_owned()),
                ("BODY" | "SMTPUTF8" | "SIZE", _) => {}
                _ => return Err(unknown("envelope/mailFrom/parameters", &name)),
            }
        }
        let Some(list) = json["rcptTo"].as_array() else {
            return Err(Refused::property("envelope/rcptTo", "it must be an array of addresses"));
        };
        let mut recipients = Vec::with_capacity(list.len());
        let mut invalid = Vec::new();
        for (at, to) in list.iter().enumerate() {
            let shown = format!("envelope/rcptTo/{at}");
            let email = email_of(to, &shown)?;
            let (mut notify, mut original) = (None, None);
            for (name, value) in parameters(to, &shown)? {
                match (name.to_ascii_uppercase().as_str(), value) {
                    ("NOTIFY", Some(words)) => {
                        notify = Some(self::notify(&words).ok_or_else(|| unknown(&shown, &name))?)
                    }
                    ("ORCPT", Some(text)) => original = Some(text),
                    _ => return Err(unknown(&format!("{shown}/parameters"), &name)),
                }
            }
            match Address::parse(&email) {
                Ok(address) => recipients.push(SubmissionRecipient { address, notify, original }),
                Err(_) => invalid.push(email),
            }
        }
        Self::checked(mail_from, recipients, invalid, (ret, id), json.clone())
    }

    /// The envelope that follows from the message: To, Cc and Bcc.
    pub(super) fn of(message: &[u8], from: &str) -> Result<Self, Refused> {
        let header = Header::of(message);
        let (mut recipients, mut invalid, mut shown) = (Vec::new(), Vec::new(), Vec::new());
        for entry in [&header.to, &header.cc, &header.bcc].into_iter().flatten() {
            let (Some(local), Some(domain)) = (&entry.local, &entry.domain) else { continue };
            let email = String::from_utf8_lossy(&[local.as_slice(), b"@", domain].concat()).into_owned();
            match Address::parse(&email) {
                Ok(address) => {
                    if !recipients.iter().any(|known: &SubmissionRecipient| known.address == address) {
                        shown.push(json!({ "email": address.as_str(), "parameters": null }));
                        recipients.push(SubmissionRecipient { address, notify: None, original: None });
                    }
                }
                Err(_) => invalid.push(email),
            }
        }
        let json = json!({ "mailFrom": { "email": from, "parameters": null }, "rcptTo": shown });
        Self::checked(from.to_owned(), recipients, invalid, (None, None), json)
    }

    fn checked(
        from: String,
        recipients: Vec<SubmissionRecipient>,
        invalid: Vec<String>,
        (ret, id): (Option<Return>, Option<String>),
        json: Value,
    ) -> Result<Self, Refused> {
        if !invalid.is_empty() {
            let refused = Refused::new("invalidRecipients", "some recipients are no addresses");
            return Err(refused.with("invalidRecipients", json!(invalid)));
        }
        if recipients.is_empty() {
            return Err(Refused::new("noRecipients", "the message has no recipient"));
        }
        Ok(Self { from, recipients, ret, id, json })
    }
}

/// The envelope of something that was sent.
pub(super) fn read_kept(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

fn email_of(entry: &Value, shown: &str) -> Result<String, Refused> {
    let email = entry["email"].as_str().map(str::to_owned);
    email.ok_or_else(|| Refused::property(&format!("{shown}/email"), "it must be an address"))
}

fn parameters(entry: &Value, shown: &str) -> Result<Vec<(String, Option<String>)>, Refused> {
    let wrong = || Refused::property(&format!("{shown}/parameters"), "it must map names to texts or null");
    let object: &Object = match entry.get("parameters") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Object(object)) => object,
        Some(_) => return Err(wrong()),
    };
    object
        .iter()
        .map(|(name, value)| match value {
            Value::Null => Ok((name.clone(), None)),
            Value::String(text) => Ok((name.clone(), Some(text.clone()))),
            _ => Err(wrong()),
        })
        .collect()
}

fn unknown(shown: &str, name: &str) -> Refused {
    Refused::property(shown, format!("the parameter {name} is not known here, or not with that value"))
}

/// RFC 3461 section 4.1.
fn notify(words: &str) -> Option<Notify> {
    let mut notify = Notify::default();
    if words.eq_ignore_ascii_case("NEVER") {
        return Some(notify);
    }
    for word in words.split(',') {
        match word.to_ascii_uppercase().as_str() {
            "SUCCESS" => notify.success = true,
            "FAILURE" => notify.failure = true,
            "DELAY" => notify.delay = true,
            _ => return None,
        }
    }
    Some(notify)
}
