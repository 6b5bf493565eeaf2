//! One request while it is worked on: who asks, the answers so far, the ids of what was made. Start reading at
//! [`Turn::run`].

use crate::accounts;
use crate::arguments::Arguments;
use crate::caller::Caller;
use crate::capabilities::Capability;
use crate::error::MethodError;
use crate::methods;
use crate::{Jmap, session};
use postroom_mail::whole::Account;
use postroom_wire_jmap::{BadReference, Invocation, Object, Request, Resolver};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A request in progress.
pub(crate) struct Turn {
    pub(crate) jmap: Jmap,
    pub(crate) caller: Caller,
    using: Vec<Capability>,
    /// What was made in this request: the client's id and the server's.
    created: BTreeMap<String, String>,
    /// Name, arguments, call id.
    responses: Vec<(String, Value, String)>,
    /// Answers that a method adds to its own.
    also: Vec<(&'static str, Object)>,
}

impl Turn {
    pub(crate) fn new(jmap: Jmap, caller: Caller, using: Vec<Capability>) -> Self {
        let (created, responses, also) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { jmap, caller, using, created, responses, also }
    }

    /// Works on every call in order; gives the response object.
    pub(crate) async fn run(mut self, request: Request) -> Value {
        let tell_created = request.created_ids.is_some();
        self.created = request.created_ids.unwrap_or_default();
        let mut resolver = Resolver::new(self.jmap.limits.request);
        for call in request.calls {
            let Invocation { name, mut arguments, id } = call;
            let resolved = resolver.resolve(&mut arguments, &self.responses).map_err(MethodError::from);
            let answer = match resolved {
                Ok(()) => self.call(&name, arguments).await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(answer) => self.responses.push((name, Value::Object(answer), id.clone())),
                Err(error) => self.responses.push(("error".to_owned(), Value::Object(error.into_object()), id.clone())),
            }
            for (name, answer) in std::mem::take(&mut self.also) {
                self.responses.push((name.to_owned(), Value::Object(answer), id.clone()));
            }
        }
        let responses = self.responses.into_iter().map(|(name, answer, id)| json!([name, answer, id]));
        let mut json =
            json!({ "methodResponses": responses.collect::<Value>(), "sessionState": session::state(&self.jmap) });
        if let (true, Some(object)) = (tell_created, json.as_object_mut()) {
            object.insert("createdIds".to_owned(), json!(self.created));
        }
        json
    }

    async fn call(&mut self, name: &str, arguments: Object) -> Result<Object, MethodError> {
        let method = methods::find(name).filter(|method| self.using.contains(&method.capability));
        let method = method.ok_or_else(|| MethodError::unknown_method(format!("there is no method `{name}` here")))?;
        (method.run)(self, Arguments::new(arguments)).await
    }

    /// The account of that id.
    pub(crate) async fn account(&self, id: &str) -> Result<Account, MethodError> {
        let mailbox = accounts::read_id(id);
        let mailbox = mailbox.ok_or_else(|| MethodError::account_not_found("there is no such account"))?;
        Ok(accounts::open(&self.jmap, self.caller, mailbox).await?)
    }

    /// The id that `#key` stands for, or the id itself. An unknown reference stands for nothing that exists.
    pub(crate) fn real_id<'a>(&'a self, id: &'a str) -> &'a str {
        match id.strip_prefix('#') {
            Some(key) => self.created.get(key).map_or(id, String::as_str),
            None => id,
        }
    }

    /// Remembers what was made.
    pub(crate) fn made(&mut self, key: &str, id: &str) {
        self.created.insert(key.to_owned(), id.to_owned());
    }

    /// Adds an answer after the method's own.
    pub(crate) fn also(&mut self, name: &'static str, answer: Object) {
        self.also.push((name, answer));
    }
}

impl From<BadReference> for MethodError {
    fn from(error: BadReference) -> Self {
        match error {
            BadReference::Twice(_) => Self::invalid_arguments(error.to_string()),
            BadReference::Unresolved(..) => Self::invalid_result_reference(error.to_string()),
        }
    }
}
