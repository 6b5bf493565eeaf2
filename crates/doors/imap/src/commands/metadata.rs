//! GETMETADATA and SETMETADATA (RFC 5464), and METADATA as a return option of LIST (RFC 9590).

use super::{Done, DoneCode, Result, user};
use crate::reply::Failure;
use crate::session::Session;
use postroom_mail::{Annotated, Scope};
use postroom_wire_imap::FolderName;
use postroom_wire_imap::command::metadata::{Depth, GetMetadata, SetMetadata};
use postroom_wire_imap::response;

pub(super) async fn get(session: &mut Session, wanted: &GetMetadata) -> Result {
    let on = annotated(session, wanted.folder.as_ref()).await?;
    let name = wanted.folder.as_ref().map_or("", FolderName::as_str);
    let longest = tell(session, &on, name, wanted).await?;
    Ok(match longest {
        Some(size) => Done::with(DoneCode::MetadataLongEntries(size), "some values are longer than that"),
        None => Done::ok("that is noted"),
    })
}

pub(super) async fn set(session: &mut Session, wanted: SetMetadata) -> Result {
    let on = annotated(session, wanted.folder.as_ref()).await?;
    let mut values = Vec::with_capacity(wanted.values.len());
    for (entry, value) in wanted.values {
        let (scope, name) = split(&entry);
        if name.is_empty() {
            return Err(Failure::bad("an entry needs a name below /private or /shared"));
        }
        values.push((scope, name.to_owned(), value));
    }
    session.imap.mail.annotate(&on, values).await?;
    Ok(Done::ok("noted"))
}

async fn annotated(session: &mut Session, folder: Option<&FolderName>) -> Result<Annotated> {
    let imap = session.imap.clone();
    let Some(folder) = folder else { return Ok(Annotated::Server(user(session)?.actor)) };
    let folder = user(session)?.folder(&imap, folder.as_str()).await?;
    Ok(Annotated::Folder(Box::new(folder)))
}

/// `/private/comment` as the scope and `comment`; the name is empty for all of a scope.
fn split(entry: &str) -> (Scope, &str) {
    match entry.strip_prefix("/private") {
        Some(name) => (Scope::Private, name.trim_start_matches('/')),
        None => (Scope::Shared, entry.strip_prefix("/shared").unwrap_or_default().trim_start_matches('/')),
    }
}

fn prefix(scope: Scope) -> &'static str {
    match scope {
        Scope::Private => "/private/",
        Scope::Shared => "/shared/",
    }
}

/// Writes what there is. Gives the size of the longest value that was left out. What is asked for by its own name and is
/// not there has the value NIL.
pub(super) async fn tell(
    session: &mut Session,
    on: &Annotated,
    name: &str,
    wanted: &GetMetadata,
) -> Result<Option<u64>> {
    let mut found: Vec<(String, Option<Vec<u8>>)> = Vec::new();
    let mut longest = None;
    for entry in &wanted.entries {
        let (scope, below) = split(entry);
        let mut there = false;
        for (key, value) in session.imap.mail.annotations(on, scope).await? {
            if !is_meant(below, &key, wanted.depth) {
                continue;
            }
            there |= key == below;
            let size = value.len() as u64;
            if wanted.max_size.is_some_and(|limit| size > limit) {
                longest = longest.max(Some(size));
                continue;
            }
            let key = format!("{}{key}", prefix(scope));
            if !found.iter().any(|(known, _)| *known == key) {
                found.push((key, Some(value)));
            }
        }
        if !there && wanted.depth == Depth::Zero && !below.is_empty() {
            found.push((entry.clone(), None));
        }
    }
    if !found.is_empty() {
        let entries: Vec<(&str, Option<&[u8]>)> =
            found.iter().map(|(entry, value)| (entry.as_str(), value.as_deref())).collect();
        let utf8 = session.enabled.is_utf8();
        response::metadata(&mut session.out, name, &entries, utf8);
    }
    Ok(longest)
}

/// Whether an entry is the one asked for, or stands so far below it.
fn is_meant(asked: &str, key: &str, depth: Depth) -> bool {
    let below = match key.strip_prefix(asked) {
        Some("") => return true,
        Some(rest) if asked.is_empty() => rest,
        Some(rest) => match rest.strip_prefix('/') {
            Some(rest) => rest,
            None => return false,
        },
        None => return false,
    };
    match depth {
        Depth::Zero => false,
        Depth::One => !below.contains('/'),
        Depth::Infinity => true,
    }
}
