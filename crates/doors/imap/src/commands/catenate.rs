//! CATENATE (RFC 4469): a message put together from pieces that the client sends and pieces that are here already.
//!
//! A URL is a way to read, so that it reaches what the person may read and nothing else, and what it does not reach is
//! answered alike whatever the reason. Start reading at [`text`].

use super::{Result, user};
use crate::reply::{Code, Failure};
use crate::session::Session;
use postroom_access::AccessError;
use postroom_mail::{OpenFolder, Wanted, body_into};
use postroom_wire_imap::command::append::CatenatePart;
use postroom_wire_imap::command::section::{Section, SectionText};
use postroom_wire_imap::message_url::{self, MessageUrl};
use postroom_wire_message::section::{self, Text};
use postroom_wire_message::{FieldFilter, PartRef};

/// The text that the parts make, of at most `limit` octets. The inner error is a URL that names nothing to be read.
pub(super) async fn text(
    session: &mut Session,
    parts: Vec<CatenatePart>,
    limit: usize,
) -> Result<std::result::Result<Vec<u8>, String>> {
    let mut text = Vec::new();
    for part in parts {
        let piece = match part {
            CatenatePart::Text(piece) => piece.to_vec(),
            CatenatePart::Url(url) => match read(session, &url).await? {
                Some(piece) => piece,
                None => return Ok(Err(url)),
            },
        };
        if text.len() + piece.len() > limit {
            return Err(Failure::no(Code::TooBig, format!("together that is more than {limit} octets")));
        }
        text.extend_from_slice(&piece);
    }
    Ok(Ok(text))
}

/// What a URL names. None: no message, no such section, or none that may be read.
async fn read(session: &mut Session, url: &str) -> Result<Option<Vec<u8>>> {
    let Ok(url) = message_url::parse(url) else { return Ok(None) };
    let Some(folder) = folder(session, &url).await? else { return Ok(None) };
    let snapshot = match folder.refresh().await {
        Ok(snapshot) => snapshot,
        Err(error) => return unreadable(error),
    };
    let valid = url.uid_validity.is_none_or(|wanted| wanted == snapshot.uidvalidity);
    let Some(entry) = snapshot.by_uid(url.uid).filter(|_| valid) else { return Ok(None) };
    let wanted = Wanted { structure: true, content: true, ..Wanted::default() };
    let page = match folder.page(vec![entry.content], wanted).await {
        Ok(page) => page,
        Err(error) => return unreadable(error),
    };
    let (Some(stored), Some(summary)) = (page.content(entry.content), page.summary(entry.content)) else {
        return Ok(None);
    };
    let mut raw = Vec::new();
    body_into(stored, &mut raw).await?;
    let Ok(structure) = PartRef::decode(summary.structure) else { return Ok(None) };
    Ok(of(&raw, &structure, &url.section).map(|bytes| cut(bytes, url.partial)))
}

fn unreadable<T>(error: AccessError) -> Result<Option<T>> {
    match error {
        AccessError::NotFound | AccessError::Denied(_) => Ok(None),
        AccessError::Store(error) => Err(error.into()),
    }
}

/// The folder of a URL; the selected one if it names none. Other servers are not asked.
async fn folder(session: &mut Session, url: &MessageUrl) -> Result<Option<OpenFolder>> {
    if url.server.is_some() {
        return Ok(None);
    }
    let Some(name) = &url.folder else { return Ok(session.view.as_ref().map(|view| view.folder.clone())) };
    let imap = session.imap.clone();
    match user(session)?.folder(&imap, name).await {
        Ok(folder) => Ok(Some(folder)),
        Err(Failure::No(Some(Code::NonExistent | Code::NoPerm), _)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn of(raw: &[u8], structure: &PartRef<'_>, wanted: &Section) -> Option<Vec<u8>> {
    let part: Vec<u32> = wanted.part.iter().map(|number| number.get()).collect();
    let filter = match &wanted.text {
        SectionText::HeaderFields(names) => Some(FieldFilter::new(names, false)),
        SectionText::HeaderFieldsNot(names) => Some(FieldFilter::new(names, true)),
        _ => None,
    };
    let text = match (&wanted.text, &filter) {
        (_, Some(filter)) => Text::Fields(filter),
        (SectionText::Header, None) => Text::Header,
        (SectionText::Text, None) => Text::Text,
        (SectionText::Mime, None) => Text::Mime,
        (_, None) => Text::Whole,
    };
    section::find(raw, structure, &section::Section { part: &part, text }).map(std::borrow::Cow::into_owned)
}

fn cut(bytes: Vec<u8>, partial: Option<(u64, Option<u64>)>) -> Vec<u8> {
    match partial {
        Some((offset, count)) => section::partial(&bytes, offset, count.unwrap_or(u64::MAX)).to_vec(),
        None => bytes,
    }
}
