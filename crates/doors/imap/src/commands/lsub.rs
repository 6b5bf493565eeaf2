//! LSUB (RFC 3501 section 6.3.9), for old clients: the folders that the person subscribes to.

use super::list::{Node, nodes};
use super::{Done, Result};
use crate::names;
use crate::session::Session;
use postroom_wire_imap::response::{self, FolderAttribute, ListLine};

pub(super) async fn run(session: &mut Session, reference: &str, pattern: &str) -> Result {
    let imap = session.imap.clone();
    let pattern = format!("{reference}{pattern}");
    let nodes = nodes(&imap, session, std::slice::from_ref(&pattern)).await?;
    let subscribed: Vec<&Node> = nodes.iter().filter(|node| node.is_subscribed()).collect();
    let utf8 = session.enabled.is_utf8();
    for node in &nodes {
        // With `%` a name that is not subscribed is shown if one below it is (RFC 3501 section 6.3.9).
        let below = |other: &&&Node| other.name.strip_prefix(&node.name).is_some_and(|rest| rest.starts_with('/'));
        let only_holds = !node.is_subscribed() && pattern.ends_with('%') && subscribed.iter().any(|o| below(&o));
        if names::matches(&pattern, &node.name) && (node.is_subscribed() || only_holds) {
            let none = only_holds || !node.is_folder();
            let attributes: &[FolderAttribute] = if none { &[FolderAttribute::NoSelect] } else { &[] };
            let line = ListLine {
                attributes,
                separator: Some('/'),
                name: &node.name,
                child_subscribed: false,
                old_name: None,
            };
            response::lsub(&mut session.out, &line, utf8);
        }
    }
    Ok(Done::ok("listed"))
}
