//! References to the results of earlier calls (RFC 8620 section 3.7). Start reading at [`Resolver::resolve`].

use crate::Object;
use serde_json::Value;

/// Why arguments cannot be put together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadReference {
    /// `invalidArguments`: both `ids` and `#ids` are given.
    #[error("both `{0}` and `#{0}` are given")]
    Twice(String),
    /// `invalidResultReference`.
    #[error("`#{0}`: {1}")]
    Unresolved(String, &'static str),
}

/// Resolves the references of one request. What they bring in together is limited: answers that refer to answers
/// would otherwise double with every call.
#[derive(Debug)]
pub struct Resolver {
    /// Octets that may still be brought in.
    left: usize,
}

impl Resolver {
    pub fn new(most: usize) -> Self {
        Self { left: most }
    }

    /// Replaces each `#name` in `arguments`. `results` are the answers so far: name, arguments, call id.
    pub fn resolve(&mut self, arguments: &mut Object, results: &[(String, Value, String)]) -> Result<(), BadReference> {
        let names: Vec<String> = arguments.keys().filter_map(|key| key.strip_prefix('#')).map(str::to_owned).collect();
        for name in names {
            let reference = arguments.remove(&format!("#{name}")).unwrap_or_default();
            if arguments.contains_key(&name) {
                return Err(BadReference::Twice(name));
            }
            let value = self.look_up(&reference, results).map_err(|why| BadReference::Unresolved(name.clone(), why))?;
            arguments.insert(name, value);
        }
        Ok(())
    }

    fn look_up(&mut self, reference: &Value, results: &[(String, Value, String)]) -> Result<Value, &'static str> {
        let part = |key: &str| reference.get(key).and_then(Value::as_str);
        let (Some(of), Some(name), Some(path)) = (part("resultOf"), part("name"), part("path")) else {
            return Err("it must be an object of resultOf, name and path");
        };
        let (found, answer, _) =
            results.iter().find(|(_, _, id)| id == of).ok_or("there is no earlier call of that id")?;
        if found != name {
            return Err("the earlier call has another name");
        }
        let tokens = tokens(path).ok_or("its path is no JSON pointer")?;
        let value = walk(answer, &tokens).ok_or("its path leads nowhere")?;
        let size = weight(&value);
        self.left = self.left.checked_sub(size).ok_or("the results referred to are too large")?;
        Ok(value)
    }
}

/// The tokens of a JSON pointer (RFC 6901 section 4).
fn tokens(path: &str) -> Option<Vec<String>> {
    if path.is_empty() {
        return Some(Vec::new());
    }
    let tokens = path.strip_prefix('/')?.split('/');
    Some(tokens.map(|token| token.replace("~1", "/").replace("~0", "~")).collect())
}

fn walk(value: &Value, tokens: &[String]) -> Option<Value> {
    let Some((token, rest)) = tokens.split_first() else { return Some(value.clone()) };
    match value {
        Value::Object(object) => walk(object.get(token)?, rest),
        Value::Array(items) if token == "*" => {
            let mut found = Vec::with_capacity(items.len());
            for item in items {
                match walk(item, rest)? {
                    // Arrays of arrays become one.
                    Value::Array(inner) => found.extend(inner),
                    other => found.push(other),
                }
            }
            Some(Value::Array(found))
        }
        Value::Array(items) => {
            let plain = token.bytes().all(|byte| byte.is_ascii_digit()) && !(token.len() > 1 && token.starts_with('0'));
            walk(items.get(token.parse::<usize>().ok().filter(|_| plain)?)?, rest)
        }
        _ => None,
    }
}

/// About the octets that a value takes.
fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => 8 + text.len(),
        Value::Array(items) => items.iter().fold(8, |sum, item| sum.saturating_add(weight(item))),
        Value::Object(object) => {
            object.iter().fold(8, |sum, (key, item)| sum.saturating_add(key.len() + 8).saturating_add(weight(item)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn resolved(arguments: Value, results: &[(String, Value, String)]) -> Result<Value, BadReference> {
        let Value::Object(mut arguments) = arguments else { panic!("an object") };
        Resolver::new(10_000).resolve(&mut arguments, results).map(|()| Value::Object(arguments))
    }

    fn results() -> Vec<(String, Value, String)> {
        let answer = json!({"list": [{"id": "a", "ids": ["x", "y"]}, {"id": "b", "ids": ["z"]}], "a/b": {"m~n": 1}});
        vec![("Foo/get".into(), answer, "c0".into())]
    }

    fn to(path: &str) -> Value {
        json!({"#v": {"resultOf": "c0", "name": "Foo/get", "path": path}})
    }

    #[test]
    fn paths_lead_to_values() {
        for (path, value) in [
            ("/list/*/id", json!(["a", "b"])),
            ("/list/*/ids", json!(["x", "y", "z"])),
            ("/list/1/id", json!("b")),
            ("/a~1b/m~0n", json!(1)),
        ] {
            assert_eq!(resolved(to(path), &results()), Ok(json!({"v": value})), "{path}");
        }
    }

    #[test]
    fn what_leads_nowhere_is_refused() {
        for path in ["/nothing", "/list/2", "/list/01", "list", "/list/*/nothing", "/list/0/id/x"] {
            assert!(matches!(resolved(to(path), &results()), Err(BadReference::Unresolved(..))), "{path}");
        }
        for reference in [json!(1), json!({}), json!({"resultOf": "c1", "name": "Foo/get", "path": ""})] {
            assert!(resolved(json!({"#v": reference}), &results()).is_err());
        }
        let twice = json!({"v": 1, "#v": {"resultOf": "c0", "name": "Foo/get", "path": "/list"}});
        assert_eq!(resolved(twice, &results()), Err(BadReference::Twice("v".into())));
    }

    #[test]
    fn references_that_double_come_to_an_end() {
        let mut resolver = Resolver::new(100_000);
        let mut results = vec![("Core/echo".to_owned(), json!({"a": "0123456789"}), "0".to_owned())];
        let refused = (1..64).find(|call| {
            let reference = json!({"resultOf": (call - 1).to_string(), "name": "Core/echo", "path": ""});
            let Value::Object(mut arguments) = json!({"#a": reference, "#b": reference}) else { panic!("an object") };
            let done = resolver.resolve(&mut arguments, &results);
            results.push(("Core/echo".to_owned(), Value::Object(arguments), call.to_string()));
            done.is_err()
        });
        assert!(refused.is_some_and(|call| call < 20), "{refused:?}");
    }
}
