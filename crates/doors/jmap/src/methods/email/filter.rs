//! The filter of Email/query (RFC 8620 section 5.5, RFC 8621 section 4.4.1). Start reading at [`read`].

use super::mark;
use crate::error::MethodError;
use postroom_mail::whole::{Condition, Filter};
use postroom_mail::{TextField, TextQuery};
use postroom_model::{MailboxId, Time, object_id};
use postroom_wire_jmap::{Object, date};
use serde_json::Value;

/// Operators within operators, and conditions in all.
const DEEPEST: usize = 32;
const MOST: usize = 1_000;

/// Reads a filter; null is none. `real_id` resolves creation ids.
pub(crate) fn read<'a>(
    json: &'a Value,
    mailbox: MailboxId,
    real_id: &dyn Fn(&'a str) -> &'a str,
) -> Result<Option<Filter>, MethodError> {
    if json.is_null() {
        return Ok(None);
    }
    let mut reader = Reader { mailbox, real_id, left: MOST };
    let filter = reader.filter(json, DEEPEST)?;
    Ok(Some(filter).filter(|filter| *filter != Filter::All(Vec::new())))
}

struct Reader<'r, 'a> {
    mailbox: MailboxId,
    real_id: &'r dyn Fn(&'a str) -> &'a str,
    left: usize,
}

impl<'a> Reader<'_, 'a> {
    fn filter(&mut self, json: &'a Value, depth: usize) -> Result<Filter, MethodError> {
        let Value::Object(object) = json else { return Err(invalid("filter", "it must be an object")) };
        if !object.contains_key("operator") {
            return self.conditions(object);
        }
        let deeper = depth.checked_sub(1);
        let deeper = deeper.ok_or_else(|| MethodError::unsupported_filter("the filter is nested too deep"))?;
        if let Some(other) = object.keys().find(|key| !["operator", "conditions"].contains(&key.as_str())) {
            return Err(invalid("filter", &format!("an operator has no `{other}`")));
        }
        let Some(Value::Array(conditions)) = object.get("conditions") else {
            return Err(invalid("filter/conditions", "it must be an array"));
        };
        let filters =
            conditions.iter().map(|condition| self.filter(condition, deeper)).collect::<Result<Vec<_>, _>>()?;
        match object.get("operator").and_then(Value::as_str) {
            Some("AND") => Ok(Filter::All(filters)),
            Some("OR") => Ok(Filter::Any(filters)),
            Some("NOT") => Ok(Filter::None(filters)),
            _ => Err(invalid("filter/operator", "it must be AND, OR or NOT")),
        }
    }

    /// All conditions of one object must hold.
    fn conditions(&mut self, object: &'a Object) -> Result<Filter, MethodError> {
        let mut all = Vec::with_capacity(object.len());
        for (name, value) in object.iter().filter(|(_, value)| !value.is_null()) {
            self.left =
                self.left.checked_sub(1).ok_or_else(|| MethodError::unsupported_filter("too many conditions"))?;
            all.push(self.condition(name, value)?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Filter::All(all) })
    }

    fn condition(&self, name: &str, value: &'a Value) -> Result<Filter, MethodError> {
        let text = || value.as_str().ok_or_else(|| invalid(name, "it must be a string"));
        let moment =
            || text().and_then(|text| date::read_utc(text).ok_or_else(|| invalid(name, "it must be a UTCDate")));
        let size = || -> Result<u32, MethodError> {
            let size = value.as_u64().ok_or_else(|| invalid(name, "it must be an unsigned integer"))?;
            Ok(u32::try_from(size).unwrap_or(u32::MAX))
        };
        let keyword = || text().and_then(|keyword| mark(keyword).map_err(|why| invalid(name, &why)));
        let words = |field: TextField| -> Result<Filter, MethodError> { Ok(words(&field, text()?)) };
        let is = Filter::Is;
        Ok(match name {
            "inMailbox" => is(self.folder(text()?).map_or(Condition::Never, Condition::InFolder)),
            "inMailboxOtherThan" => {
                let Value::Array(ids) = value else { return Err(invalid(name, "it must be an array of ids")) };
                let ids = ids.iter().map(Value::as_str).collect::<Option<Vec<_>>>();
                let ids = ids.ok_or_else(|| invalid(name, "it must be an array of ids"))?;
                is(Condition::NotOnlyIn(ids.into_iter().filter_map(|id| self.folder(id)).collect()))
            }
            "before" => is(Condition::Before(Time(moment()?))),
            "after" => is(Condition::Since(Time(moment()?))),
            "minSize" => is(Condition::AtLeast(size()?)),
            "maxSize" => is(Condition::SmallerThan(size()?)),
            "allInThreadHaveKeyword" => is(Condition::AllInThread(keyword()?)),
            "someInThreadHaveKeyword" => is(Condition::SomeInThread(keyword()?)),
            "noneInThreadHaveKeyword" => Filter::None(vec![is(Condition::SomeInThread(keyword()?))]),
            "hasKeyword" => is(Condition::Has(keyword()?)),
            "notKeyword" => Filter::None(vec![is(Condition::Has(keyword()?))]),
            "hasAttachment" => {
                is(Condition::Attachment(value.as_bool().ok_or_else(|| invalid(name, "it must be true or false"))?))
            }
            "text" => words(TextField::Text)?,
            "from" => words(TextField::From)?,
            "to" => words(TextField::To)?,
            "cc" => words(TextField::Cc)?,
            "bcc" => words(TextField::Bcc)?,
            "subject" => words(TextField::Subject)?,
            "body" => words(TextField::Body)?,
            "header" => self.header(value)?,
            other => return Err(MethodError::unsupported_filter(format!("emails cannot be filtered by `{other}`"))),
        })
    }

    fn folder(&self, id: &'a str) -> Option<postroom_model::FolderId> {
        object_id::read_folder(self.mailbox, (self.real_id)(id))
    }

    /// `[name]`, or `[name, text]`.
    fn header(&self, value: &Value) -> Result<Filter, MethodError> {
        let parts = value.as_array().map(|parts| parts.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
        let (name, needle) = match parts.flatten().as_deref() {
            Some([name]) => ((*name).to_owned(), String::new()),
            Some([name, needle]) => ((*name).to_owned(), (*needle).to_owned()),
            _ => return Err(invalid("header", "it must be an array of one or two strings")),
        };
        Ok(Filter::Is(Condition::Text(TextQuery { field: TextField::Header(name), needle })))
    }
}

/// Every word, or phrase in quotation marks, must be there.
fn words(field: &TextField, text: &str) -> Filter {
    let needles = needles(text);
    let mut all: Vec<Filter> = needles
        .into_iter()
        .map(|needle| Filter::Is(Condition::Text(TextQuery { field: field.clone(), needle })))
        .collect();
    if all.len() == 1 { all.remove(0) } else { Filter::All(all) }
}

/// The words and phrases of a text that is looked for (RFC 8621 section 4.4.1).
pub(crate) fn needles(text: &str) -> Vec<String> {
    let (mut needles, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        let quoted = (first == '"' || first == '\'').then(|| rest.get(1..)?.split_once(first)).flatten();
        let (needle, after) = match quoted {
            Some((phrase, after)) => (phrase, after),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        if !needle.trim().is_empty() {
            needles.push(needle.to_owned());
        }
        rest = after.trim_start();
    }
    needles
}

/// The words that a filter looks for in the subject and in the body.
#[derive(Debug, Default)]
pub(crate) struct Searched {
    pub(crate) subject: Vec<String>,
    pub(crate) body: Vec<String>,
}

impl Searched {
    pub(crate) fn is_empty(&self) -> bool {
        self.subject.is_empty() && self.body.is_empty()
    }
}

/// What a filter looks for; what it excludes is nothing to show.
pub(crate) fn searched(filter: &Filter) -> Searched {
    let mut found = Searched::default();
    gather(filter, &mut found);
    found
}

fn gather(filter: &Filter, found: &mut Searched) {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter().for_each(|filter| gather(filter, found)),
        Filter::Is(Condition::Text(query)) => {
            if matches!(query.field, TextField::Text | TextField::Subject) {
                found.subject.push(query.needle.clone());
            }
            if matches!(query.field, TextField::Text | TextField::Body) {
                found.body.push(query.needle.clone());
            }
        }
        Filter::None(_) | Filter::Is(_) => {}
    }
}

fn invalid(name: &str, why: &str) -> MethodError {
    MethodError::invalid_arguments(format!("{name}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::needles;

    #[test]
    fn words_and_phrases_are_told_apart() {
        assert_eq!(needles("one two"), ["one", "two"]);
        assert_eq!(needles(" \"one two\"  three "), ["one two", "three"]);
        assert_eq!(needles("it's \"open"), ["it's", "\"open"]);
        assert!(needles("  ").is_empty());
        assert_eq!(needles("'a b' c"), ["a b", "c"]);
    }
}
