//! The request of RFC 8620 section 3.3.

use crate::Object;
use serde_json::Value;
use std::collections::BTreeMap;

/// What a client asks for, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub using: Vec<String>,
    pub calls: Vec<Invocation>,
    pub created_ids: Option<BTreeMap<String, String>>,
}

/// One method call.
#[derive(Clone, Debug, PartialEq)]
pub struct Invocation {
    pub name: String,
    pub arguments: Object,
    /// The client's own id of the call.
    pub id: String,
}

/// Why bytes are no request (RFC 8620 section 3.6.1).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    #[error("this is no JSON: {0}")]
    NotJson(String),
    #[error("this is no JMAP request: {0}")]
    NotRequest(String),
}

impl Request {
    pub fn read(bytes: &[u8]) -> Result<Self, BadRequest> {
        // The reader stops at 128 levels, so that deep JSON does no harm.
        let json: Value = serde_json::from_slice(bytes).map_err(|error| BadRequest::NotJson(error.to_string()))?;
        Self::of(json)
    }

    /// The same of JSON that was read already.
    pub fn of(json: Value) -> Result<Self, BadRequest> {
        let Value::Object(mut json) = json else { return Err(bad("it must be an object")) };
        let using = match json.remove("using") {
            Some(Value::Array(using)) => using.into_iter().map(text).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        let using = using.ok_or_else(|| bad("`using` must be an array of strings"))?;
        let Some(Value::Array(calls)) = json.remove("methodCalls") else {
            return Err(bad("`methodCalls` must be an array"));
        };
        let calls = calls.into_iter().map(Invocation::of).collect::<Result<Vec<_>, _>>()?;
        let created_ids = match json.remove("createdIds") {
            None | Some(Value::Null) => None,
            Some(Value::Object(ids)) => {
                let ids = ids.into_iter().map(|(key, value)| Some((key, text(value)?)));
                Some(ids.collect::<Option<BTreeMap<_, _>>>().ok_or_else(|| bad("`createdIds` must map ids to ids"))?)
            }
            Some(_) => return Err(bad("`createdIds` must map ids to ids")),
        };
        Ok(Self { using, calls, created_ids })
    }
}

impl Invocation {
    fn of(json: Value) -> Result<Self, BadRequest> {
        let bad = || bad("each method call must be [name, arguments, id]");
        let Value::Array(parts) = json else { return Err(bad()) };
        let [Value::String(name), Value::Object(arguments), Value::String(id)]: [Value; 3] =
            parts.try_into().map_err(|_| bad())?
        else {
            return Err(bad());
        };
        Ok(Self { name, arguments, id })
    }
}

fn bad(why: &str) -> BadRequest {
    BadRequest::NotRequest(why.to_owned())
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_reads() {
        let read =
            Request::read(br#"{"using":["a"],"methodCalls":[["Core/echo",{"x":1},"c"]],"createdIds":{"k":"v"}}"#);
        let read = read.unwrap();
        assert_eq!((read.using.len(), read.calls[0].name.as_str(), read.calls[0].id.as_str()), (1, "Core/echo", "c"));
        assert_eq!(read.created_ids.unwrap()["k"], "v");
    }

    #[test]
    fn what_is_no_request_says_why() {
        let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
        assert!(matches!(Request::read(&deep), Err(BadRequest::NotJson(_))));
        for bad in [
            "{}",
            "[]",
            "null",
            r#"{"using":"a","methodCalls":[]}"#,
            r#"{"using":[1],"methodCalls":[]}"#,
            r#"{"using":[],"methodCalls":{}}"#,
            r#"{"using":[],"methodCalls":[["a",{}]]}"#,
            r#"{"using":[],"methodCalls":[["a",{},1]]}"#,
            r#"{"using":[],"methodCalls":[["a",[],"c"]]}"#,
            r#"{"using":[],"methodCalls":[["a",{},"c","d"]]}"#,
            r#"{"using":[],"methodCalls":[],"createdIds":[]}"#,
            r#"{"using":[],"methodCalls":[],"createdIds":{"a":1}}"#,
        ] {
            assert!(matches!(Request::read(bad.as_bytes()), Err(BadRequest::NotRequest(_))), "{bad}");
        }
    }
}
