//! NOTIFY: of what the client wants to be told without asking (RFC 5465).

use super::Command;
use super::fetch::{FetchItem, items as fetch_items};
use crate::cursor::{Cursor, Expected, Parsed};
use crate::folder_name::FolderName;

/// NOTIFY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notify {
    /// `NONE`: of nothing.
    None,
    /// `SET`
    Set {
        /// `STATUS`: begin with the state of every folder that is meant.
        status: bool,
        /// At least one; for a folder the first that fits counts.
        groups: Vec<EventGroup>,
    },
}

/// Folders, and the events that are of interest in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventGroup {
    pub folders: Folders,
    pub events: Events,
}

/// RFC 5465 §8: `filter-mailboxes`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Folders {
    /// The selected one, at once.
    Selected,
    /// The selected one; removed messages only when a command allows it.
    SelectedDelayed,
    /// Those that new mail may be filed to.
    Inboxes,
    /// All of one's own.
    Personal,
    Subscribed,
    /// These and all below them.
    Subtree(Vec<FolderName>),
    Mailboxes(Vec<FolderName>),
}

/// RFC 5465 §5; none at all for `NONE`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Events {
    pub message_new: bool,
    /// What to tell of new messages; in the selected folder only.
    pub fetch: Vec<FetchItem>,
    pub message_expunge: bool,
    pub flag_change: bool,
    pub mailbox_name: bool,
    pub subscription_change: bool,
    pub mailbox_metadata_change: bool,
    pub server_metadata_change: bool,
    /// One that is not known here, to be answered with NO [BADEVENT].
    pub unknown: bool,
}

/// RFC 5465 §8: `notify = "NOTIFY" SP (notify-set / notify-none)`, `notify-set = "SET" [status-indicator] SP event-groups`
pub(super) fn notify(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let at = cursor.at();
    let asked = match cursor.word().as_bytes() {
        b"NONE" => Notify::None,
        b"SET" => cursor.after_space(set)?,
        _ => return Err(Expected { what: "SET or NONE", at }),
    };
    Ok(Command::Notify(asked))
}

fn set(cursor: &mut Cursor<'_>) -> Parsed<Notify> {
    let status = cursor.eat_text(b"STATUS ");
    let start = cursor.at();
    let mut groups = vec![group(cursor)?];
    while cursor.rest().starts_with(b" (") {
        cursor.space()?;
        groups.push(group(cursor)?);
    }
    let selected = |group: &&EventGroup| matches!(group.folders, Folders::Selected | Folders::SelectedDelayed);
    if groups.iter().filter(selected).count() > 1 {
        return Err(Expected { what: "the selected folder once", at: start });
    }
    Ok(Notify::Set { status, groups })
}

/// `event-group = "(" filter-mailboxes SP events ")"`
fn group(cursor: &mut Cursor<'_>) -> Parsed<EventGroup> {
    cursor.expect(b'(', "a group of events in parentheses")?;
    let folders = folders(cursor)?;
    cursor.space()?;
    let at = cursor.at();
    let events = events(cursor)?;
    let selected = matches!(folders, Folders::Selected | Folders::SelectedDelayed);
    check(&events, selected).map_err(|what| Expected { what, at })?;
    cursor.expect(b')', "a closing parenthesis")?;
    Ok(EventGroup { folders, events })
}

/// `filter-mailboxes = "selected" / "selected-delayed" / "inboxes" / "personal" / "subscribed" /
/// ("subtree" SP one-or-more-mailbox) / ("mailboxes" SP one-or-more-mailbox)`
fn folders(cursor: &mut Cursor<'_>) -> Parsed<Folders> {
    let at = cursor.at();
    Ok(match cursor.atom("which folders")?.to_ascii_lowercase().as_str() {
        "selected" => Folders::Selected,
        "selected-delayed" => Folders::SelectedDelayed,
        "inboxes" => Folders::Inboxes,
        "personal" => Folders::Personal,
        "subscribed" => Folders::Subscribed,
        "subtree" => Folders::Subtree(cursor.after_space(names)?),
        "mailboxes" => Folders::Mailboxes(cursor.after_space(names)?),
        _ => {
            let what = "selected, selected-delayed, inboxes, personal, subscribed, subtree or mailboxes";
            return Err(Expected { what, at });
        }
    })
}

/// `one-or-more-mailbox = mailbox / "(" mailbox *(SP mailbox) ")"`
fn names(cursor: &mut Cursor<'_>) -> Parsed<Vec<FolderName>> {
    if cursor.peek() == Some(b'(') {
        return cursor.list("folder names", Cursor::folder);
    }
    Ok(vec![cursor.folder()?])
}

/// `events = ("(" event *(SP event) ")") / "NONE"`
fn events(cursor: &mut Cursor<'_>) -> Parsed<Events> {
    let mut events = Events::default();
    if cursor.eat_text(b"NONE") {
        return Ok(events);
    }
    cursor.list("a list of events, or NONE", |cursor| event(cursor, &mut events))?;
    Ok(events)
}

/// `message-event = ("MessageNew" [SP "(" fetch-att *(SP fetch-att) ")"]) / "MessageExpunge" / "FlagChange" /
/// "AnnotationChange"`, `mailbox-event = "MailboxName" / "SubscriptionChange" / "MailboxMetadataChange"`,
/// `user-event = "ServerMetadataChange"`
fn event(cursor: &mut Cursor<'_>, events: &mut Events) -> Parsed<()> {
    match cursor.atom("an event such as MessageNew")?.to_ascii_lowercase().as_str() {
        "messagenew" => {
            events.message_new = true;
            if cursor.optional_list() {
                events.fetch = fetch_items(cursor)?;
            }
        }
        "messageexpunge" => events.message_expunge = true,
        "flagchange" => events.flag_change = true,
        "mailboxname" => events.mailbox_name = true,
        "subscriptionchange" => events.subscription_change = true,
        "mailboxmetadatachange" => events.mailbox_metadata_change = true,
        "servermetadatachange" => events.server_metadata_change = true,
        _ => events.unknown = true,
    }
    Ok(())
}

/// RFC 5465 §5: what has to come together, and what is for the selected folder only, or for others.
fn check(events: &Events, selected: bool) -> Result<(), &'static str> {
    if events.message_new != events.message_expunge {
        return Err("MessageNew and MessageExpunge together");
    }
    if events.flag_change && !events.message_new {
        return Err("FlagChange only together with MessageNew and MessageExpunge");
    }
    if !selected && !events.fetch.is_empty() {
        return Err("items of FETCH for the selected folder only");
    }
    let others = events.mailbox_name
        || events.subscription_change
        || events.mailbox_metadata_change
        || events.server_metadata_change;
    if selected && others { Err("nothing but events of messages for the selected folder") } else { Ok(()) }
}
