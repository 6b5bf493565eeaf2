//! Conditions on the text of messages, answered by the mail service before the messages are gone through.

use crate::commands::Result;
use crate::view::View;
use postroom_mail::{EmailSet, TextField, TextQuery};
use postroom_model::EmailId;
use postroom_wire_imap::command::search::SearchKey;

/// One set of emails for every text condition of a program, in the order of the program.
#[derive(Default)]
pub(super) struct Texts(Vec<EmailSet>);

impl Texts {
    pub(super) async fn gather(view: &View, program: &SearchKey) -> Result<Self> {
        let mut queries = Vec::new();
        collect(program, &mut queries);
        if queries.is_empty() {
            return Ok(Self::default());
        }
        let here: EmailSet = view.messages.iter().map(|entry| entry.email).collect();
        let mut sets = Vec::with_capacity(queries.len());
        for query in queries {
            sets.push(view.folder.search_text(&query, &here).await?);
        }
        Ok(Self(sets))
    }

    pub(super) fn holds(&self, condition: usize, email: EmailId) -> bool {
        self.0.get(condition).is_some_and(|set| set.contains(email))
    }
}

fn collect(key: &SearchKey, queries: &mut Vec<TextQuery>) {
    match key {
        SearchKey::And(keys) | SearchKey::Or(keys) => keys.iter().for_each(|key| collect(key, queries)),
        SearchKey::Not(key) | SearchKey::Fuzzy(key) => collect(key, queries),
        key => queries.extend(query(key)),
    }
}

/// The text condition that a key is, if it is one.
pub(super) fn query(key: &SearchKey) -> Option<TextQuery> {
    let (field, needle) = match key {
        SearchKey::Bcc(text) => (TextField::Bcc, text),
        SearchKey::Cc(text) => (TextField::Cc, text),
        SearchKey::From(text) => (TextField::From, text),
        SearchKey::To(text) => (TextField::To, text),
        SearchKey::Subject(text) => (TextField::Subject, text),
        SearchKey::Body(text) => (TextField::Body, text),
        SearchKey::Text(text) => (TextField::Text, text),
        SearchKey::Header { field, text } => (TextField::Header(field.clone()), text),
        _ => return None,
    };
    Some(TextQuery { field, needle: needle.clone() })
}
