//! FETCH and UID FETCH (RFC 9051 section 6.4.5), with CHANGEDSINCE (RFC 7162), BINARY (RFC 3516), PREVIEW (RFC 8970),
//! OBJECTID (RFC 8474) and SAVEDATE (RFC 8514).
//!
//! What a list of messages shows comes from memory; summaries and bodies are read a page at a time, and the next
//! page is read while the one before is on its way to the client. Start reading at [`run`].
//!
//! Messages that somebody else has removed are answered as long as their content is there; the tagged answer says
//! when some are missing. However much is asked of one message, an answer is sent as it grows.

mod item;
mod pages;
mod seen;

use super::{Done, DoneCode, EXPUNGED, Result, not_offered, view};
use crate::reply::{Code, Failure};
use crate::session::{FLUSH_AT, Session, flag_names};
use item::{Item, Materials, Written};
use pages::Pages;
use postroom_mail::{ContentId, Entry, OpenFolder, Page, StoreError, Wanted, body_into, header_into};
use postroom_model::ModSeq;
use postroom_wire_imap::command::fetch::{Fetch, FetchItem};
use postroom_wire_imap::response::FetchLine;

/// A buffer larger than this is given back after each page.
const KEPT: usize = 2 * 1024 * 1024;

pub(super) async fn run(session: &mut Session, wanted: Fetch) -> Result {
    if wanted.vanished || wanted.partial.is_some() {
        return Err(not_offered("VANISHED and PARTIAL"));
    }
    let view = view(session)?;
    let folder = view.folder.clone();
    // Rights may have changed since the folder was selected.
    folder.snapshot()?;
    view.check_numbers(&wanted.messages, wanted.uid)?;
    if wanted.changed_since.is_some() || wanted.items.contains(&FetchItem::ModSeq) {
        session.enable_condstore();
    }
    let mut chosen = chosen(session, &wanted)?;
    let items = items(session, &wanted);
    let newly_seen =
        if items.iter().any(Item::marks_seen) { seen::mark(session, &folder, &mut chosen).await? } else { Vec::new() };
    let plan = Plan::new(session, folder, items, newly_seen);
    let mut flaws = Flaws::default();
    write_all(session, &plan, chosen, &mut flaws).await?;
    if !flaws.gone.is_empty() {
        let now = plan.folder.refresh().await?;
        if flaws.gone.iter().any(|uid| now.position(*uid).is_ok()) {
            return Err(StoreError::Corrupt("content").into());
        }
        return Ok(Done::with(DoneCode::ExpungeIssued, EXPUNGED));
    }
    if flaws.unknown_encoding {
        return Err(Failure::no(Code::UnknownCte, "a part has a transfer encoding that is not known"));
    }
    Ok(Done::ok("fetched"))
}

/// What could not be answered although it was asked for.
#[derive(Default)]
struct Flaws {
    /// Messages that were removed, and their content with them.
    gone: Vec<u32>,
    /// Content asked for decoded (RFC 3516 section 4.3).
    unknown_encoding: bool,
}

/// What is written of every message.
pub(super) struct Plan {
    folder: OpenFolder,
    items: Vec<Item>,
    wanted: Wanted,
    /// Of the messages themselves nothing but headers is needed.
    only_headers: bool,
    utf8: bool,
    /// Flags that are told unasked come with their MODSEQ.
    modseqs: bool,
    /// UIDs that this command marked read: their flags are told too. Ascending.
    newly_seen: Vec<u32>,
}

impl Plan {
    fn new(session: &Session, folder: OpenFolder, items: Vec<Item>, newly_seen: Vec<u32>) -> Self {
        let mut wanted = items.iter().map(Item::wants).fold(Wanted::default(), Wanted::and);
        // The message has them, too.
        wanted.listed_fields &= !wanted.content;
        let only_headers = items.iter().all(|item| !item.wants().content || item.is_header());
        let (utf8, modseqs) = (session.enabled.is_utf8(), session.enabled.condstore);
        Self { folder, items, wanted, only_headers, utf8, modseqs, newly_seen }
    }
}

/// A message with its number.
pub(super) struct Message {
    number: u32,
    entry: Entry,
    recent: bool,
}

fn chosen(session: &Session, wanted: &Fetch) -> Result<Vec<Message>> {
    let view = view(session)?;
    let since = wanted.changed_since.map(|since| ModSeq(i64::try_from(since).unwrap_or(i64::MAX)));
    let rev2 = session.enabled.rev2;
    let message = |at: usize| {
        let entry = view.messages[at].clone();
        let recent = !rev2 && view.is_recent(entry.uid);
        Message { number: u32::try_from(at + 1).unwrap_or(u32::MAX), entry, recent }
    };
    let all = view.places(&wanted.messages, wanted.uid).map(message);
    Ok(all.filter(|message| since.is_none_or(|since| message.entry.modseq > since)).collect())
}

/// The items asked for, with those that every answer of the command carries.
fn items(session: &Session, wanted: &Fetch) -> Vec<Item> {
    let mut items: Vec<Item> = wanted.items.iter().map(Item::of).collect();
    if wanted.uid && !wanted.items.contains(&FetchItem::Uid) {
        items.insert(0, Item::of(&FetchItem::Uid));
    }
    if session.enabled.condstore && wanted.changed_since.is_some() && !wanted.items.contains(&FetchItem::ModSeq) {
        items.push(Item::of(&FetchItem::ModSeq));
    }
    items
}

/// Reads page by page and writes message by message.
async fn write_all(session: &mut Session, plan: &Plan, messages: Vec<Message>, flaws: &mut Flaws) -> Result<()> {
    if plan.wanted.is_nothing() {
        for message in &messages {
            write(session, plan, message, &Materials::default(), flaws).await?;
        }
        return Ok(());
    }
    let mut raw = Vec::new();
    let mut pages = Pages::start(plan.folder.clone(), plan.wanted, messages);
    while let Some((messages, page)) = pages.next().await? {
        for message in &messages {
            match materials(plan, message, &page, &mut raw).await? {
                Some(materials) => write(session, plan, message, &materials, flaws).await?,
                None => flaws.gone.push(message.entry.uid),
            }
        }
        if raw.capacity() > KEPT {
            raw = Vec::new();
        }
    }
    Ok(())
}

/// What the page holds of a message. None: it has gone for good.
async fn materials<'m>(
    plan: &Plan,
    message: &Message,
    page: &'m Page,
    raw: &'m mut Vec<u8>,
) -> Result<Option<Materials<'m>>> {
    let content = message.entry.content;
    let mut materials = Materials { summary: page.summary(content), ..Materials::default() };
    let summary_missing = plan.wanted.has_summary() && materials.summary.is_none();
    if plan.wanted.listed_fields {
        materials.beginning = match page.listed_fields(content) {
            Some(fields) => Some(fields),
            None => header_of(plan, content, raw).await?,
        };
        if materials.beginning.is_none() {
            return Ok(None);
        }
        return Ok(Some(materials).filter(|_| !summary_missing));
    }
    let stored = page.content(content);
    if summary_missing || (plan.wanted.content && stored.is_none()) {
        return Ok(None);
    }
    if let Some(stored) = stored {
        raw.clear();
        if plan.only_headers {
            header_into(stored, raw).await?;
            materials.beginning = Some(raw);
        } else {
            body_into(stored, raw).await?;
            materials.body = Some(raw);
        }
    }
    Ok(Some(materials))
}

/// The header of a message whose listed fields were not kept apart. None: it has gone.
async fn header_of<'m>(plan: &Plan, content: ContentId, raw: &'m mut Vec<u8>) -> Result<Option<&'m [u8]>> {
    let page = plan.folder.page(vec![content], Wanted { content: true, ..Wanted::default() }).await?;
    let Some(stored) = page.content(content) else { return Ok(None) };
    raw.clear();
    header_into(stored, raw).await?;
    Ok(Some(raw))
}

async fn flush_if_full(session: &mut Session) -> Result<()> {
    if session.out.len() >= FLUSH_AT {
        session.flush().await?;
    }
    Ok(())
}

/// `* n FETCH (…)`: the items in the order they were asked for. Large content goes out without being copied.
async fn write(
    session: &mut Session,
    plan: &Plan,
    message: &Message,
    materials: &Materials<'_>,
    flaws: &mut Flaws,
) -> Result<()> {
    let mut line = FetchLine::start(&mut session.out, message.number, plan.utf8);
    for item in &plan.items {
        let written = item::write(&mut line, plan, message, materials, item);
        let (paused, content) = (line.pause(), written.content());
        flaws.unknown_encoding |= matches!(written, Written::UnknownEncoding);
        if let Some(content) = content {
            session.flush().await?;
            session.io.write(content).await?;
        } else {
            flush_if_full(session).await?;
        }
        line = paused.resume(&mut session.out);
    }
    let told = plan.items.iter().any(Item::is_flags);
    if !told && plan.newly_seen.binary_search(&message.entry.uid).is_ok() {
        // The flags changed with this command, so they are told unasked.
        line.flags(flag_names(&message.entry, message.recent));
        if plan.modseqs && !plan.items.iter().any(Item::is_modseq) {
            line.mod_seq(u64::try_from(message.entry.modseq.0).unwrap_or(0));
        }
    }
    line.finish();
    Ok(())
}
