//! What is looked for. Start reading at [`TextQuery`].

use super::load::{Loaded, heading_of, texts_of};
use postroom_store::search::{Column, Columns, Texts};
use postroom_wire_message::search::MAX_HEADERS;
use postroom_wire_message::{Fields, decode_header, normalise};

/// Where to look (RFC 9051 section 6.4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextField {
    From,
    To,
    Cc,
    Bcc,
    Subject,
    Body,
    /// Header fields or body.
    Text,
    /// The fields of a name. An empty needle matches every message that has one.
    Header(String),
}

/// A text and where to look for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextQuery {
    pub field: TextField,
    pub needle: String,
}

/// A query made ready for comparing.
#[derive(Debug)]
pub(crate) struct Wanted {
    columns: Columns,
    /// Of the header fields to look at, in small letters; None: the columns tell.
    header: Option<String>,
    needle: String,
    /// What an email cannot match without, in one of the columns.
    needles: Vec<String>,
}

impl Wanted {
    pub(crate) fn of(query: &TextQuery) -> Self {
        let columns = match &query.field {
            TextField::From => Columns::one(Column::From),
            TextField::To => Columns::one(Column::To),
            TextField::Cc => Columns::one(Column::Cc),
            TextField::Bcc => Columns::one(Column::Bcc),
            TextField::Subject => Columns::one(Column::Subject),
            TextField::Body => Columns::one(Column::Body),
            TextField::Text => Columns::TEXT,
            TextField::Header(_) => Columns::one(Column::Headers),
        };
        let needle = normalise(&query.needle);
        let header = match &query.field {
            TextField::Header(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        };
        // All header fields are one text in the index, names included.
        let name = header.as_deref().map(normalise);
        let needles = [needle.clone()].into_iter().chain(name).collect();
        Self { columns, header, needle, needles }
    }

    /// Whether every email matches: every text contains the empty one.
    pub(crate) fn is_everything(&self) -> bool {
        self.header.is_none() && self.needle.is_empty()
    }

    pub(crate) fn columns(&self) -> Columns {
        self.columns
    }

    pub(crate) fn needles(&self) -> &[String] {
        &self.needles
    }

    /// Whether the text decides even where the index is sure of the words.
    pub(crate) fn needs_text(&self) -> bool {
        self.header.is_some()
    }

    /// Whether a message matches.
    pub(crate) fn is_in(&self, message: &Loaded) -> bool {
        match &self.header {
            Some(name) => self.is_in_header(name, message.header()),
            None if self.columns.contains(Column::Body) => self.is_in_texts(&texts_of(message)),
            None => self.is_in_texts(&heading_of(message)),
        }
    }

    fn is_in_texts(&self, texts: &Texts) -> bool {
        let columns = Column::ALL.into_iter().filter(|column| self.columns.contains(*column));
        columns.into_iter().any(|column| texts.part(column).contains(&self.needle))
    }

    /// Looks as far as the text of the header fields goes that the index holds.
    fn is_in_header(&self, name: &str, header: &[u8]) -> bool {
        let mut seen = 0;
        for field in Fields::of(header) {
            if seen >= MAX_HEADERS {
                break;
            }
            let value = decode_header(field.value);
            if field.is(name) && normalise(&value).contains(&self.needle) {
                return true;
            }
            seen += String::from_utf8_lossy(field.name).len() + ": \n".len() + value.len();
        }
        false
    }
}
