//! CANCELUPDATE (RFC 5267 section 4.3.5): results of earlier searches are told no more.

use super::{Done, Result};
use crate::reply::Failure;
use crate::session::Session;

pub(super) fn run(session: &mut Session, tags: &[String]) -> Result {
    let Some(view) = &mut session.view else { return Err(Failure::bad("select a folder first")) };
    let known = |tag: &String| view.contexts.iter().any(|context| context.tag().as_str() == tag);
    if !tags.iter().all(known) {
        return Err(Failure::bad("no search with that tag is kept up to date"));
    }
    view.contexts.retain(|context| !tags.iter().any(|tag| context.tag().as_str() == tag));
    Ok(Done::ok("told no more"))
}
