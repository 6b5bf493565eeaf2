//! LIST (RFC 9051 section 6.3.9) with LIST-EXTENDED, LIST-STATUS, LIST-MYRIGHTS, LIST-METADATA and SPECIAL-USE.
//!
//! A person's own folders come first, then each mailbox that automaps to them. One that does not automap is listed
//! when it is named exactly. Special uses are marked on one's own folders only, so that no client files its sent mail
//! into somebody else's. Start reading at [`run`].

use super::{Done, Result, user};
use super::{metadata, status};
use crate::Imap;
use crate::names::{self, Meaning};
use crate::rights::{Place, letters};
use crate::session::Session;
use postroom_mail::{Annotated, FolderInfo};
use postroom_model::{MailboxId, Right, SpecialUse, decide};
use postroom_wire_imap::command::list::List;
use postroom_wire_imap::command::metadata::{Depth, GetMetadata};
use postroom_wire_imap::response::{self, FolderAttribute, ListLine};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A name that LIST may show.
pub(crate) struct Node {
    pub(crate) name: String,
    /// None: a name that only holds others, like `Shared`, or a folder that may not be seen above one that may.
    pub(crate) folder: Option<(MailboxId, FolderInfo)>,
    pub(crate) own: bool,
    /// One that may be seen; others are kept secret (RFC 9051 section 7.3.1).
    has_children: bool,
    /// Subscribed to by its name.
    named: bool,
    /// False: only who asks about subscriptions is told of it. It is subscribed to, or stands above such a name.
    there: bool,
}

impl Node {
    fn there(name: String, folder: Option<(MailboxId, FolderInfo)>, own: bool, has_children: bool) -> Self {
        Self { name, folder, own, has_children, named: false, there: true }
    }

    /// A name that no folder bears.
    fn missing((name, named): (String, bool)) -> Self {
        Self { name, folder: None, own: false, has_children: false, named, there: false }
    }

    pub(super) fn is_subscribed(&self) -> bool {
        self.named || self.is_folder_subscribed()
    }

    fn is_folder_subscribed(&self) -> bool {
        self.folder.as_ref().is_some_and(|(_, folder)| folder.subscribed)
    }

    pub(super) fn is_folder(&self) -> bool {
        self.folder.is_some()
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
            status::note_modseq(session, items);
            status::write(session, &opened, folder, &node.name, items).await?;
        }
        if let (Some(entries), Some((mailbox, folder))) = (&wanted.returns.metadata, &node.folder)
            && folder.rights.has(Right::MessageRead)
        {
            let opened = user(session)?.open(&imap, *mailbox).await?;
            let on = Annotated::Folder(Box::new(imap.mail.open_folder(&opened, &folder.path).await?));
            let all = GetMetadata { folder: None, max_size: None, depth: Depth::Zero, entries: entries.clone() };
            metadata::tell(session, &on, &node.name, &all).await?;
        }
    }
    Ok(Done::ok("listed"))
}

/// Every name that the patterns may mean, in order.
pub(crate) async fn nodes(imap: &Imap, session: &mut Session, patterns: &[String]) -> Result<Vec<Node>> {
    let user = user(session)?;
    let (actor, home) = (user.actor, user.home);
    let org = imap.mail.access().org();
    let named: Vec<MailboxId> = patterns
        .iter()
        .filter_map(|pattern| match user.meaning(imap, pattern) {
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
        let prefix = names::prefix(home, mailbox);
        for folder in imap.mail.folders(actor, id).await? {
            let name = names::name(prefix.as_deref(), &folder.path);
            nodes.push(Node::there(name, Some((id, folder)), id == home, false));
        }
    }
    let mut names = Vec::new();
    for name in imap.mail.subscribed_names(actor).await? {
        match name.mailbox {
            // A sign-in into one mailbox shows the names in it.
            None if actor.only.is_some() => {}
            None => names.push(name.path),
            Some(id) => {
                let seen = org.mailbox(id).filter(|_| decide(&org, actor, id).sees_mailbox());
                names.extend(seen.map(|mailbox| names::name(names::prefix(home, mailbox).as_deref(), &name.path)));
            }
        }
    }
    Ok(with_subscribed(as_tree(nodes), names))
}

/// Adds names that are subscribed to and that no folder bears; one that a folder bears by now makes that subscribed.
fn with_subscribed(mut nodes: Vec<Node>, names: Vec<String>) -> Vec<Node> {
    if names.is_empty() {
        return nodes;
    }
    let mut missing: BTreeMap<String, bool> = BTreeMap::new();
    for name in names {
        if let Some(node) = nodes.iter_mut().find(|node| node.name == name) {
            node.named = true;
            continue;
        }
        for above in above(&name).filter(|above| nodes.iter().all(|node| node.name != *above)) {
            missing.entry(above.to_owned()).or_insert(false);
        }
        missing.insert(name, true);
    }
    nodes.extend(missing.into_iter().map(Node::missing));
    in_order(nodes)
}

/// The Inbox first, then by name.
fn in_order(mut nodes: Vec<Node>) -> Vec<Node> {
    nodes.sort_by(|a, b| (a.name != "INBOX", &a.name).cmp(&(b.name != "INBOX", &b.name)));
    nodes
}

/// Adds the names above, marks those that hold others, and puts all in order.
fn as_tree(mut nodes: Vec<Node>) -> Vec<Node> {
    let holders: BTreeSet<String> = nodes.iter().flat_map(|node| above(&node.name)).map(str::to_owned).collect();
    for node in &mut nodes {
        node.has_children = holders.contains(&node.name);
    }
    let there: HashSet<String> = nodes.iter().map(|node| node.name.clone()).collect();
    let missing = holders.into_iter().filter(|name| !there.contains(name));
    nodes.extend(missing.map(|name| Node::there(name, None, false, true)));
    in_order(nodes)
}

/// `a` and `a/b` of `a/b/c`.
fn above(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('/').map(|(at, _)| &name[..at])
}

/// Whether the selection options take the name by itself.
fn is_selected(wanted: &List, node: &Node) -> bool {
    let subscribed = if wanted.select.subscribed { node.is_subscribed() } else { node.there };
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
        SpecialUse::Archive => Some(FolderAttribute::Archive),
        SpecialUse::Inbox | SpecialUse::Outbox => None,
    }
}

/// What LIST says of a name; of subscriptions if it was asked to.
pub(crate) fn attributes(node: &Node, subscriptions: bool) -> Vec<FolderAttribute> {
    let children = match (node.has_children, node.there) {
        (true, _) => Some(FolderAttribute::HasChildren),
        (false, true) => Some(FolderAttribute::HasNoChildren),
        (false, false) => None,
    };
    let absent = if node.there { FolderAttribute::NoSelect } else { FolderAttribute::NonExistent };
    let no_folder = node.folder.is_none().then_some(absent);
    let subscribed = (subscriptions && node.is_subscribed()).then_some(FolderAttribute::Subscribed);
    children.into_iter().chain(no_folder).chain(subscribed).chain(special(node)).collect()
}

fn write(session: &mut Session, wanted: &List, node: &Node, child_subscribed: bool) {
    let utf8 = session.enabled.is_utf8();
    let attributes = attributes(node, wanted.select.subscribed || wanted.returns.subscribed);
    let line =
        ListLine { attributes: &attributes, separator: Some('/'), name: &node.name, child_subscribed, old_name: None };
    response::list(&mut session.out, &line, utf8);
    if let (true, Some((_, folder))) = (wanted.returns.my_rights, &node.folder) {
        let held = letters(folder.rights, Place::of(folder.special_use));
        response::my_rights(&mut session.out, &node.name, &held, utf8);
    }
}
