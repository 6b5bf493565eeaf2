//! Putting messages into threads (RFC 5256 section 3). Start reading at [`build`].

mod ordered_subject;
mod references;
mod subjects;
#[cfg(test)]
mod tests;

use postroom_wire_imap::response::ThreadNode;

/// How threads are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    OrderedSubject,
    References,
    /// As REFERENCES, but a subject joins nothing, and the thread with the newest message stands last.
    Refs,
}

impl Algorithm {
    /// By its name in capitals.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "ORDEREDSUBJECT" => Self::OrderedSubject,
            "REFERENCES" => Self::References,
            "REFS" => Self::Refs,
            _ => return None,
        })
    }
}

/// What the algorithms know of a message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    /// What it is called in the answer.
    pub(crate) number: u32,
    /// The hash of its Message-ID.
    pub(crate) own: Option<i64>,
    /// Hashes of those before it, the nearest last.
    pub(crate) ancestors: Vec<i64>,
    /// The base subject as it is compared.
    pub(crate) subject: String,
    /// The subject says that it answers or forwards something.
    pub(crate) is_reply: bool,
    /// When it was sent.
    pub(crate) date: i64,
}

/// Threads in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Forest {
    pub(crate) nodes: Vec<ThreadNode>,
    pub(crate) roots: Vec<usize>,
}

/// The messages, which are in the order of the folder, as threads.
pub(crate) fn build(algorithm: Algorithm, messages: Vec<Message>) -> Forest {
    match algorithm {
        Algorithm::OrderedSubject => ordered_subject::build(&messages),
        Algorithm::References => {
            let mut tree = references::Tree::of(messages);
            subjects::merge(&mut tree);
            tree.into_forest()
        }
        Algorithm::Refs => {
            let mut tree = references::Tree::of(messages);
            tree.newest_last();
            tree.into_forest()
        }
    }
}
