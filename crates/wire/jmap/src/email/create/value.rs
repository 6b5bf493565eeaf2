//! Values of header fields that clients give, in any form, as fields of a message. Start reading at [`fields`].

use super::{BadEmail, bad};
use crate::date;
use crate::email::header_form::{Form, HeaderProperty};
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use postroom_wire_message::rfc5322_date;
use serde_json::Value;

type Header = (String, HeaderType<'static>);

/// The name of the field in `header:Name:…`.
pub(super) fn field_name(property: &str) -> String {
    property.split(':').nth(1).unwrap_or_default().to_owned()
}

/// The fields that a property asks for: none for null, several for `:all`. `shown`: what the client called it.
pub(super) fn fields(shown: &str, property: &str, value: &Value) -> Result<Vec<Header>, BadEmail> {
    let unknown = || bad(shown, "there is no such property, or the field does not have that form");
    let property = HeaderProperty::parse(property).ok_or_else(unknown)?;
    // Only what RFC 5322 section 3.6.8 allows can be written.
    if !property.name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':') {
        return Err(unknown());
    }
    let values: Vec<&Value> = match (property.all, value) {
        (_, Value::Null) => Vec::new(),
        (true, Value::Array(values)) => values.iter().collect(),
        (true, _) => return Err(bad(shown, "it must be an array")),
        (false, value) => vec![value],
    };
    let read = |value: &Value| one(property.form, value).map_err(|why| bad(shown, why));
    let mut headers = Vec::with_capacity(values.len());
    for value in values {
        if let Some(header) = read(value)? {
            headers.push((property.name.clone(), header));
        }
    }
    Ok(headers)
}

fn one(form: Form, value: &Value) -> Result<Option<HeaderType<'static>>, String> {
    if value.is_null() {
        return Ok(None);
    }
    let text = || value.as_str().ok_or_else(|| "it must be a string".to_owned());
    Ok(match form {
        Form::Raw => Some(HeaderType::Raw(Raw::new(raw(text()?)?))),
        Form::Text => Some(HeaderType::Text(Text::new(line(text()?)?))),
        Form::Date => {
            let millis = date::read(text()?).ok_or("it must be a Date")?;
            Some(HeaderType::Raw(Raw::new(rfc5322_date(millis.div_euclid(1000)))))
        }
        Form::Addresses => addresses(value)?.map(HeaderType::Address),
        Form::GroupedAddresses => groups(value)?.map(HeaderType::Address),
        Form::MessageIds => ids(value)?.map(|text| HeaderType::Raw(Raw::new(text))),
        Form::Urls => urls(value)?.map(|text| HeaderType::Raw(Raw::new(text))),
    })
}

/// A raw value: it may be folded, but cannot start a field of its own.
fn raw(text: &str) -> Result<String, String> {
    let text = text.trim_start_matches([' ', '\t']);
    let unfolded = text.replace("\r\n ", " ").replace("\r\n\t", " ");
    let odd = |c: char| c != '\t' && c.is_control();
    if unfolded.contains(odd) {
        return Err("it must not hold control characters".to_owned());
    }
    Ok(unfolded)
}

fn line(text: &str) -> Result<String, String> {
    if text.contains(|c: char| c.is_control() && c != '\t') {
        return Err("it must not hold line breaks or control characters".to_owned());
    }
    Ok(text.to_owned())
}

fn addresses(value: &Value) -> Result<Option<Address<'static>>, String> {
    let Value::Array(list) = value else { return Err("it must be an array of addresses".to_owned()) };
    let list = list.iter().map(address).collect::<Result<Vec<_>, _>>()?;
    Ok((!list.is_empty()).then_some(Address::List(list)))
}

fn groups(value: &Value) -> Result<Option<Address<'static>>, String> {
    let Value::Array(list) = value else { return Err("it must be an array of groups".to_owned()) };
    let mut found = Vec::new();
    for group in list {
        let name = name(group)?;
        let members = match group.get("addresses") {
            Some(Value::Array(members)) => members.iter().map(address).collect::<Result<Vec<_>, _>>()?,
            _ => return Err("each group must have an array of addresses".to_owned()),
        };
        match name {
            Some(name) => found.push(Address::new_group(Some(name), members)),
            None => found.extend(members),
        }
    }
    Ok((!found.is_empty()).then_some(Address::List(found)))
}

fn name(entry: &Value) -> Result<Option<String>, String> {
    match entry.get("name") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) => Ok(Some(line(name)?).filter(|name| !name.is_empty())),
        Some(_) => Err("each name must be a string or null".to_owned()),
    }
}

fn address(entry: &Value) -> Result<Address<'static>, String> {
    let email = entry.get("email").and_then(Value::as_str).ok_or("each address must have an email")?;
    // What would end the address, or begin another.
    if email.is_empty() || email.contains(|c: char| c.is_control() || "<>,;".contains(c)) {
        return Err(format!("`{}` is no address", email.escape_debug()));
    }
    Ok(Address::new_address(name(entry)?, email.trim().to_owned()))
}

fn ids(value: &Value) -> Result<Option<String>, String> {
    let list = strings(value)?;
    let fits =
        |id: &&str| !id.is_empty() && id.chars().all(|c| !c.is_control() && !c.is_whitespace() && !"<>".contains(c));
    if list.iter().any(|id| !fits(id)) {
        return Err("each must be a message id without angle brackets".to_owned());
    }
    let list: Vec<String> = list.iter().map(|id| format!("<{id}>")).collect();
    Ok((!list.is_empty()).then(|| list.join(" ")))
}

fn urls(value: &Value) -> Result<Option<String>, String> {
    let list = strings(value)?;
    if list.iter().any(|url| url.chars().any(|c| c.is_control() || "<> ".contains(c))) {
        return Err("each must be a URL".to_owned());
    }
    let list: Vec<String> = list.iter().map(|url| format!("<{url}>")).collect();
    Ok((!list.is_empty()).then(|| list.join(", ")))
}

fn strings(value: &Value) -> Result<Vec<&str>, String> {
    let list = value.as_array().map(|list| list.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    list.flatten().ok_or_else(|| "it must be an array of strings".to_owned())
}
