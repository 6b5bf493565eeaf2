//! Results of SEARCH and SORT that are kept up to date (RFC 5267 section 4.3).
//!
//! With every news of the folder, the messages that came or changed are held against the program again; what left the
//! folder leaves the result before its EXPUNGE is told, while its number still counts. Start reading at
//! [`Session::update_contexts`].

use crate::commands::Result;
use crate::reply::Code;
use crate::search::{Found, matching};
use crate::session::Session;
use crate::sorting::{Row, compare, rows};
use crate::view::View;
use postroom_model::{Time, Uid};
use postroom_wire_imap::Tag;
use postroom_wire_imap::command::search::SearchKey;
use postroom_wire_imap::command::sort::SortCriterion;
use postroom_wire_imap::response::{self, ResultChange, Status};
use std::collections::BTreeSet;

/// A result that the client wants to hear of.
pub(crate) struct Context {
    tag: Tag,
    /// The client is told UIDs, not numbers.
    uid: bool,
    program: SearchKey,
    members: Members,
}

enum Members {
    /// In the order of the folder.
    Found(BTreeSet<Uid>),
    Sorted(Vec<SortCriterion>, Vec<Row>),
}

/// One step in which a result changes: the place in a sorted result, else 0.
struct Step {
    added: bool,
    position: u32,
    uid: Uid,
}

/// Results that one session may have kept up to date, and how many messages may be in them together.
const MOST_CONTEXTS: usize = 32;
const MOST_MEMBERS: usize = 500_000;

impl Context {
    pub(crate) fn tag(&self) -> &Tag {
        &self.tag
    }
}

impl Members {
    fn len(&self) -> usize {
        match self {
            Self::Found(uids) => uids.len(),
            Self::Sorted(_, rows) => rows.len(),
        }
    }

    fn remove(&mut self, uid: Uid) -> Option<Step> {
        let position = match self {
            Self::Found(uids) => uids.remove(&uid).then_some(0),
            Self::Sorted(_, rows) => rows.iter().position(|row| row.uid == uid).map(|at| {
                rows.remove(at);
                place(at)
            }),
        };
        position.map(|position| Step { added: false, position, uid })
    }

    fn holds(&self, uid: Uid) -> bool {
        match self {
            Self::Found(uids) => uids.contains(&uid),
            Self::Sorted(_, rows) => rows.iter().any(|row| row.uid == uid),
        }
    }

    /// Takes in what is not there yet.
    async fn add(&mut self, view: &View, found: &Found) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        match self {
            Self::Found(uids) => {
                let new = found.uids.iter().filter(|uid| uids.insert(**uid));
                steps.extend(new.map(|uid| Step { added: true, position: 0, uid: *uid }));
            }
            Self::Sorted(criteria, known) => {
                for row in rows(view, found, criteria).await? {
                    if known.iter().any(|known| known.uid == row.uid) {
                        continue;
                    }
                    let at = known.partition_point(|known| compare(known, &row, criteria).is_lt());
                    steps.push(Step { added: true, position: place(at), uid: row.uid });
                    known.insert(at, row);
                }
            }
        }
        Ok(steps)
    }
}

fn place(at: usize) -> u32 {
    u32::try_from(at + 1).unwrap_or(u32::MAX)
}

/// From now on the client is told how the result of a search changes.
pub(crate) fn keep_search(session: &mut Session, tag: &Tag, uid: bool, program: SearchKey, found: &Found) {
    keep(session, tag, uid, program, Members::Found(found.uids.iter().copied().collect()));
}

/// The same of a sorted result.
pub(crate) fn keep_sorted(
    session: &mut Session,
    tag: &Tag,
    uid: bool,
    program: SearchKey,
    criteria: Vec<SortCriterion>,
    rows: Vec<Row>,
) {
    keep(session, tag, uid, program, Members::Sorted(criteria, rows));
}

fn keep(session: &mut Session, tag: &Tag, uid: bool, program: SearchKey, members: Members) {
    let Some(view) = &mut session.view else { return };
    view.contexts.retain(|context| context.tag != *tag);
    let count: usize = view.contexts.iter().map(|context| context.members.len()).sum();
    if view.contexts.len() >= MOST_CONTEXTS || count + members.len() > MOST_MEMBERS {
        let code = Some(Code::NoUpdate(tag.as_str()));
        let text = "too many results are kept up to date already; CANCELUPDATE makes room";
        return response::untagged(&mut session.out, Status::No, code, text);
    }
    view.contexts.push(Context { tag: tag.clone(), uid, program, members });
}

impl Session {
    /// Messages that are about to be told as gone, with their numbers, highest first.
    pub(crate) fn remove_from_contexts(&mut self, expunged: &[(u32, Uid)]) {
        let Some(view) = &mut self.view else { return };
        for context in &mut view.contexts {
            let mut steps = Vec::new();
            let mut numbers = Vec::new();
            for (number, uid) in expunged.iter().rev() {
                if let Some(step) = context.members.remove(*uid) {
                    numbers.push(if context.uid { *uid } else { *number });
                    steps.push(step);
                }
            }
            write(&mut self.out, context, &steps, &numbers);
        }
    }

    /// Messages came or changed: what of them belongs to the results now, and what does no longer.
    pub(crate) async fn update_contexts(&mut self, touched: &[Uid]) {
        let Some(view) = &mut self.view else { return };
        if touched.is_empty() || view.contexts.is_empty() {
            return;
        }
        let now = self.imap.mail.access().clock().now();
        for mut context in std::mem::take(&mut view.contexts) {
            match changed(view, &mut context, touched, now).await {
                Ok(steps) => {
                    let number = |uid: Uid| view.position(uid).map_or(0, place);
                    let numbers: Vec<u32> =
                        steps.iter().map(|step| if context.uid { step.uid } else { number(step.uid) }).collect();
                    write(&mut self.out, &context, &steps, &numbers);
                    view.contexts.push(context);
                }
                // A right is gone, or the store fails: the client must not believe that it is still told.
                Err(_) => {
                    let code = Some(Code::NoUpdate(context.tag.as_str()));
                    response::untagged(&mut self.out, Status::No, code, "the result cannot be kept up to date");
                }
            }
        }
    }
}

async fn changed(view: &View, context: &mut Context, touched: &[Uid], now: Time) -> Result<Vec<Step>> {
    let places = touched.iter().filter_map(|uid| view.position(*uid).ok());
    let messages: Vec<_> = places.filter_map(|at| Some((at, view.messages.get(at)?))).collect();
    let found = matching(view, &context.program, &messages, now).await?;
    let lost = touched.iter().filter(|uid| found.uids.binary_search(uid).is_err() && !view.is_gone(**uid));
    let mut steps: Vec<Step> = Vec::new();
    for uid in lost.filter(|uid| context.members.holds(**uid)).copied().collect::<Vec<_>>() {
        steps.extend(context.members.remove(uid));
    }
    steps.extend(context.members.add(view, &found).await?);
    Ok(steps)
}

/// Steps without a position of their own are told as one set.
fn write(out: &mut bytes::BytesMut, context: &Context, steps: &[Step], numbers: &[u32]) {
    let mut changes: Vec<ResultChange<'_>> = Vec::new();
    let mut at = 0;
    for group in steps.chunk_by(|one, next| one.position == 0 && next.position == 0 && one.added == next.added) {
        if let Some(first) = group.first() {
            let numbers = &numbers[at..at + group.len()];
            changes.push(ResultChange { added: first.added, position: first.position, numbers });
        }
        at += group.len();
    }
    response::result_changes(out, &context.tag, context.uid, &changes);
}
