//! LIST (RFC 9051 section 6.3.9) with LIST-EXTENDED, LIST-STATUS, LIST-MYRIGHTS and SPECIAL-USE.
//!
//! A person's own folders come first, then each mailbox that automaps to them. One that does not automap is listed
//! when it is named exactly. Special uses are marked on one's own folders only, so that no client files its sent mail
//! into somebody else's. Start reading at [`run`].

use super::status;
use super::{Done, Result, user};
use crate::Imap;
use crate::names::{self, Meaning};
use crate::rights::{Place, letters};
use crate::session::Session;
use postroom_mail::FolderInfo;
use postroom_model::{MailboxId, Right, SpecialUse, decide};
use postroom_wire_imap::command::list::List;
use postroom_wire_imap::response::{self, FolderAttribute, ListLine};
use std::collections::{BTreeSet, HashSet};

/// A name that LIST may show.
pub(super) struct Node {
    pub(super) name: String,
    /// None: a name that only holds others, like `Shared`, or a folder that may not be seen above one that may.
    pub(super) folder: Option<(MailboxId, FolderInfo)>,
    own: bool,
    /// One that may be seen; others are kept secret (RFC 9051 section 7.3.1).
    has_children: bool,
}

impl Node {
    pub(super) fn is_subscribed(&self) -> bool {
        self.folder.as_ref().is_some_and(|(_, folder)| folder.subscribed)
    }
}

pub(super) async fn run(session: &mut Session, wanted: List) -> Result {
    if wanted.patterns.iter().all(String::is_empty) && !wanted.extended {
        // RFC 9051 section 6.3.9: an empty name asks for the separator.
        let line = ListLine {
            attributes: &[FolderAttribute::NoSelect],
            separator: Some('/'),
            name: "",
            child_subscribed: false,
            old_name: None,
        };
        response::list(&mut session.out, &line, session.enabled.is_utf8());
        return Ok(Done::ok("listed"));
    }
    let imap = session.imap.clone();
    let patterns: Vec<String> =
        wanted.patterns.iter().map(|pattern| format!("{}{pattern}", wanted.reference)).collect();
    let nodes = nodes(&imap, session, &patterns).await?;
    let (matching, others): (Vec<&Node>, Vec<&Node>) =
        nodes.iter().partition(|node| patterns.iter().any(|pattern| names::matches(pattern, &node.name)));
    // RFC 9051 section 6.3.9.6: names above those that are selected but not listed themselves.
    let unlisted = others.into_iter().filter(|node| wanted.select.recursive_match && is_selected(&wanted, node));
    let holds_selected: HashSet<&str> = unlisted.flat_map(|node| above(&node.name)).collect();
    for node in matching {
        let child_selected = holds_selected.contains(&*node.name);
        if !is_selected(&wanted, node) && !child_selected {
            continue;
        }
        write(session, &wanted, node, child_selected && wanted.select.subscribed);
        if let (Some(items), Some((mailbox, folder))) = (&wanted.returns.status, &node.folder)
            && folder.rights.has(Right::MessageRead)
        {
            let opened = user(session)?.open(&imap, *mailbox).await?;
            status::write(session, &opened, folder, &node.name, items).await?;
        }
    }
    Ok(Done::ok("listed"))
}

/// Every name that the patterns may mean, in order.
pub(super) async fn nodes(imap: &Imap, session: &mut Session, patterns: &[String]) -> Result<Vec<Node>> {
    let user = user(session)?;
    let (actor, person) = (user.actor, user.person);
    let org = imap.mail.access().org();
    let named: Vec<MailboxId> = patterns
        .iter()
        .filter_map(|pattern| match names::meaning(&org, person, pattern) {
            Meaning::Folder { mailbox, .. } | Meaning::Mailbox(mailbox) => Some(mailbox),
            Meaning::Namespace(_) | Meaning::Nothing => None,
        })
        .collect();
    let mut nodes = Vec::new();
    for id in imap.mail.access().visible(actor) {
        let Some(mailbox) = org.mailbox(id) else { continue };
        if !named.contains(&id) && !decide(&org, actor, id).automap {
            continue;
        }
        let prefix = names::prefix(person, mailbox);
        for folder in imap.mail.folders(actor, id).await? {
            let name = names::name(prefix.as_deref(), &folder.path);
            nodes.push(Node { name, folder: Some((id, folder)), own: id == person, has_children: false });
        }
    }
    Ok(as_tree(nodes))
}

/// Adds the names above, marks those that hold others, and puts all in order: the Inbox first, then by name.
fn as_tree(mut nodes: Vec<Node>) -> Vec<Node> {
    let holders: BTreeSet<String> = nodes.iter().flat_map(|node| above(&node.name)).map(str::to_owned).collect();
    for node in &mut nodes {
        node.has_children = holders.contains(&node.name);
    }
    let there: HashSet<String> = nodes.iter().map(|node| node.name.clone()).collect();
    let missing = holders.into_iter().filter(|name| !there.contains(name));
    nodes.extend(missing.map(|name| Node { name, folder: None, own: false, has_children: true }));
    nodes.sort_by(|a, b| (a.name != "INBOX", &a.name).cmp(&(b.name != "INBOX", &b.name)));
    nodes
}

/// `a` and `a/b` of `a/b/c`.
fn above(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('/').map(|(at, _)| &name[..at])
}

/// Whether the selection options take the name by itself.
fn is_selected(wanted: &List, node: &Node) -> bool {
    let subscribed = !wanted.select.subscribed || node.is_subscribed();
    let special = !wanted.select.special_use || special(node).is_some();
    subscribed && special
}

fn special(node: &Node) -> Option<FolderAttribute> {
    let (_, folder) = node.folder.as_ref().filter(|_| node.own)?;
    match folder.special_use? {
        SpecialUse::Drafts => Some(FolderAttribute::Drafts),
        SpecialUse::Sent => Some(FolderAttribute::Sent),
        SpecialUse::Trash => Some(FolderAttribute::Trash),
        SpecialUse::Junk => Some(FolderAttribute::Junk),
        SpecialUse::Inbox | SpecialUse::Outbox => None,
    }
}

fn write(session: &mut Session, wanted: &List, node: &Node, child_subscribed: bool) {
    let utf8 = session.enabled.is_utf8();
    let mut attributes =
        vec![if node.has_children { FolderAttribute::HasChildren } else { FolderAttribute::HasNoChildren }];
    if node.folder.is_none() {
        attributes.push(FolderAttribute::NoSelect);
    }
    if node.is_subscribed() && (wanted.select.subscribed || wanted.returns.subscribed) {
        attributes.push(FolderAttribute::Subscribed);
    }
    attributes.extend(special(node));
    let line =
        ListLine { attributes: &attributes, separator: Some('/'), name: &node.name, child_subscribed, old_name: None };
    response::list(&mut session.out, &line, utf8);
    if let (true, Some((_, folder))) = (wanted.returns.my_rights, &node.folder) {
        let held = letters(folder.rights, Place::of(folder.special_use));
        response::my_rights(&mut session.out, &node.name, &held, utf8);
    }
}
