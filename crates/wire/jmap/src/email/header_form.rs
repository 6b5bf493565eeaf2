//! The parsed forms of header fields (RFC 8621 section 4.1.2). Start reading at [`HeaderProperty`].

use postroom_wire_message::{Address, AddressKind, Fields, addresses, date_with_offset, decode_header, message_ids};
use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Raw,
    Text,
    Addresses,
    GroupedAddresses,
    MessageIds,
    Date,
    Urls,
}

/// `header:Name:asForm:all`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderProperty {
    /// As the client wrote it: the answer bears the same name.
    pub text: String,
    pub name: String,
    pub form: Form,
    pub all: bool,
}

/// Fields that are known, and the forms that they have besides Raw. Any other field has every form.
const KNOWN: [(&str, &[Form]); 28] = [
    ("bcc", &[Form::Addresses, Form::GroupedAddresses]),
    ("cc", &[Form::Addresses, Form::GroupedAddresses]),
    ("comments", &[Form::Text]),
    ("date", &[Form::Date]),
    ("from", &[Form::Addresses, Form::GroupedAddresses]),
    ("in-reply-to", &[Form::MessageIds]),
    ("keywords", &[Form::Text]),
    ("list-archive", &[Form::Urls]),
    ("list-help", &[Form::Urls]),
    ("list-owner", &[Form::Urls]),
    ("list-post", &[Form::Urls]),
    ("list-subscribe", &[Form::Urls]),
    ("list-unsubscribe", &[Form::Urls]),
    ("message-id", &[Form::MessageIds]),
    ("received", &[]),
    ("references", &[Form::MessageIds]),
    ("reply-to", &[Form::Addresses, Form::GroupedAddresses]),
    ("resent-bcc", &[Form::Addresses, Form::GroupedAddresses]),
    ("resent-cc", &[Form::Addresses, Form::GroupedAddresses]),
    ("resent-date", &[Form::Date]),
    ("resent-from", &[Form::Addresses, Form::GroupedAddresses]),
    ("resent-message-id", &[Form::MessageIds]),
    ("resent-sender", &[Form::Addresses, Form::GroupedAddresses]),
    ("resent-to", &[Form::Addresses, Form::GroupedAddresses]),
    ("return-path", &[]),
    ("sender", &[Form::Addresses, Form::GroupedAddresses]),
    ("subject", &[Form::Text]),
    ("to", &[Form::Addresses, Form::GroupedAddresses]),
];

impl HeaderProperty {
    /// None: it is no such property, or the field does not have that form.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("header:")?.split(':');
        let name = parts.next()?.to_owned();
        let mut next = parts.next();
        let form = match next {
            Some("asRaw") => Some(Form::Raw),
            Some("asText") => Some(Form::Text),
            Some("asAddresses") => Some(Form::Addresses),
            Some("asGroupedAddresses") => Some(Form::GroupedAddresses),
            Some("asMessageIds") => Some(Form::MessageIds),
            Some("asDate") => Some(Form::Date),
            Some("asURLs") => Some(Form::Urls),
            _ => None,
        };
        if form.is_some() {
            next = parts.next();
        }
        let all = next == Some("all");
        if all {
            next = parts.next();
        }
        let printable = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
        let form = form.unwrap_or(Form::Raw);
        (next.is_none() && printable && has_form(&name, form)).then(|| Self { text: text.to_owned(), name, form, all })
    }

    /// The value in a header block.
    pub fn value(&self, header: &[u8]) -> Value {
        let fields = Fields::of(header).filter(|field| field.is(&self.name));
        if self.all {
            return fields.map(|field| of_field(self.form, field.value)).collect();
        }
        fields.last().map_or(Value::Null, |field| of_field(self.form, field.value))
    }
}

fn has_form(name: &str, form: Form) -> bool {
    let known = KNOWN.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    form == Form::Raw || known.is_none_or(|(_, forms)| forms.contains(&form))
}

/// The value of the last field of a name.
pub(crate) fn last(header: &[u8], name: &str, form: Form) -> Value {
    Fields::of(header).filter(|field| field.is(name)).last().map_or(Value::Null, |field| of_field(form, field.value))
}

/// A field's value (everything after its colon) in a form.
pub(crate) fn of_field(form: Form, value: &[u8]) -> Value {
    match form {
        Form::Raw => raw(value),
        Form::Text => Value::String(text(value)),
        Form::Addresses => flat(&addresses(value)),
        Form::GroupedAddresses => grouped(&addresses(value)),
        Form::MessageIds => ids(value),
        Form::Date => date_with_offset(value).map_or(Value::Null, Value::String),
        Form::Urls => urls(value),
    }
}

/// As it stands, without the final line break.
pub(crate) fn raw(value: &[u8]) -> Value {
    let value = value.strip_suffix(b"\n").unwrap_or(value);
    let value = value.strip_suffix(b"\r").unwrap_or(value);
    Value::String(String::from_utf8_lossy(value).replace('\0', "\u{fffd}"))
}

pub(crate) fn text(value: &[u8]) -> String {
    decode_header(value).trim().chars().filter(|c| !c.is_control() || *c == '\t').collect()
}

/// The ids in a value; null where there is none.
pub(crate) fn ids(value: &[u8]) -> Value {
    let ids: Vec<Value> =
        message_ids(value).map(|id| Value::String(String::from_utf8_lossy(&id).into_owned())).collect();
    if ids.is_empty() { Value::Null } else { Value::Array(ids) }
}

pub(crate) fn address(entry: &Address) -> Value {
    let name = entry.name.as_deref().map(decode_header).filter(|name| !name.is_empty());
    let domain = entry.domain.as_deref().filter(|domain| !domain.is_empty());
    let mut email = String::from_utf8_lossy(entry.local.as_deref().unwrap_or_default()).into_owned();
    if let Some(domain) = domain {
        email.push('@');
        email.push_str(&String::from_utf8_lossy(domain));
    }
    json!({ "name": name, "email": email })
}

fn flat(list: &[Address]) -> Value {
    list.iter().filter(|entry| entry.kind() == AddressKind::Mailbox).map(address).collect()
}

fn grouped(list: &[Address]) -> Value {
    let mut groups: Vec<(Option<String>, Vec<Value>)> = Vec::new();
    let mut open = false;
    for entry in list {
        match entry.kind() {
            AddressKind::GroupStart => {
                let name = entry.local.as_deref().map(decode_header);
                groups.push((name, Vec::new()));
                open = true;
            }
            AddressKind::GroupEnd => open = false,
            AddressKind::Mailbox => match groups.last_mut() {
                Some((name, members)) if open || name.is_none() => members.push(address(entry)),
                _ => groups.push((None, vec![address(entry)])),
            },
        }
    }
    groups.into_iter().map(|(name, addresses)| json!({ "name": name, "addresses": addresses })).collect()
}

/// What stands between `<` and `>` (RFC 2369 section 2); null where nothing does.
fn urls(value: &[u8]) -> Value {
    let text = String::from_utf8_lossy(value);
    let parts = text.split('<').skip(1).filter_map(|part| part.split_once('>'));
    let urls: Vec<Value> =
        parts.map(|(url, _)| Value::String(url.chars().filter(|c| !c.is_whitespace()).collect())).collect();
    if urls.is_empty() { Value::Null } else { Value::Array(urls) }
}

#[cfg(test)]
mod tests;
