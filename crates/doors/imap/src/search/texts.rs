//! Conditions on the text of messages, answered by the mail service before the messages are gone through.
//!
//! Below FUZZY (RFC 6203) a text of several words is found where all of them are, in any order and at any place of a
//! word; where they stand together as they were given, the message fits better.

use crate::commands::Result;
use crate::view::View;
use postroom_mail::{EmailSet, Entry, TextField, TextQuery};
use postroom_model::EmailId;
use postroom_wire_imap::command::search::SearchKey;

/// The answer to every text condition of a program, in the order of the program.
#[derive(Default)]
pub(super) struct Texts(Vec<Answer>);

struct Answer {
    fits: EmailSet,
    /// Of a fuzzy condition: where the text stands as it was given.
    exactly: Option<EmailSet>,
}

/// All the words are there, but not together.
const SCATTERED: u8 = 50;

impl Texts {
    pub(super) async fn gather(view: &View, program: &SearchKey, messages: &[(usize, &Entry)]) -> Result<Self> {
        let mut queries = Vec::new();
        collect(program, false, &mut queries);
        if queries.is_empty() {
            return Ok(Self::default());
        }
        let here: EmailSet = messages.iter().map(|(_, entry)| entry.email).collect();
        let mut answers = Vec::with_capacity(queries.len());
        for (query, fuzzy) in queries {
            let fits = view.folder.search_text(&query, &here).await?;
            answers.push(if fuzzy {
                scattered(view, &query, &here, fits).await?
            } else {
                Answer { fits, exactly: None }
            });
        }
        Ok(Self(answers))
    }

    pub(super) fn holds(&self, condition: usize, email: EmailId) -> bool {
        self.0.get(condition).is_some_and(|answer| answer.fits.contains(email))
    }

    /// From 1 to 100: the mean of what the fuzzy conditions say that hold.
    pub(super) fn relevancy(&self, email: EmailId) -> u8 {
        let fuzzy =
            self.0.iter().filter(|answer| answer.fits.contains(email)).filter_map(|answer| answer.exactly.as_ref());
        let scores: Vec<u8> = fuzzy.map(|exactly| if exactly.contains(email) { 100 } else { SCATTERED }).collect();
        let sum: usize = scores.iter().map(|score| usize::from(*score)).sum();
        sum.checked_div(scores.len()).and_then(|mean| u8::try_from(mean).ok()).unwrap_or(100)
    }
}

/// Where each word of the text is.
async fn scattered(view: &View, query: &TextQuery, here: &EmailSet, exactly: EmailSet) -> Result<Answer> {
    let words: Vec<&str> = query.needle.split_whitespace().collect();
    if words.len() < 2 {
        return Ok(Answer { fits: exactly.clone(), exactly: Some(exactly) });
    }
    let mut fits = here.clone();
    for word in words {
        let query = TextQuery { field: query.field.clone(), needle: word.to_owned() };
        fits = view.folder.search_text(&query, &fits).await?;
    }
    fits.union(&exactly);
    Ok(Answer { fits, exactly: Some(exactly) })
}

fn collect(key: &SearchKey, fuzzy: bool, queries: &mut Vec<(TextQuery, bool)>) {
    match key {
        SearchKey::And(keys) | SearchKey::Or(keys) => keys.iter().for_each(|key| collect(key, fuzzy, queries)),
        SearchKey::Not(key) => collect(key, fuzzy, queries),
        SearchKey::Fuzzy(key) => collect(key, true, queries),
        key => queries.extend(query(key).map(|query| (query, fuzzy))),
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
