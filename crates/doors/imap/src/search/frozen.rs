//! A search program that goes on meaning the same messages while numbers shift and the saved result changes.

use crate::view::View;
use postroom_wire_imap::command::search::SearchKey;
use postroom_wire_imap::{MessageSet, SequenceNumber, SequenceRange, SequenceSet, runs};
use std::num::NonZeroU32;

/// Message numbers and `$` become the UIDs that they stand for now. Nesting is bounded by the parser.
pub(crate) fn frozen(key: &SearchKey, view: &View) -> SearchKey {
    let all = |keys: &[SearchKey]| keys.iter().map(|key| frozen(key, view)).collect();
    match key {
        SearchKey::And(keys) => SearchKey::And(all(keys)),
        SearchKey::Or(keys) => SearchKey::Or(all(keys)),
        SearchKey::Not(key) => SearchKey::Not(Box::new(frozen(key, view))),
        SearchKey::Fuzzy(key) => SearchKey::Fuzzy(Box::new(frozen(key, view))),
        SearchKey::Numbers(set) => uids(&view.uids_of(set, false)),
        SearchKey::Uids(MessageSet::Saved) => uids(&view.saved),
        key => key.clone(),
    }
}

fn uids(uids: &[u32]) -> SearchKey {
    let number = |uid: u32| NonZeroU32::new(uid).map(SequenceNumber::Number);
    let ranges = runs(uids).into_iter();
    let ranges = ranges.filter_map(|run| Some(SequenceRange { from: number(*run.start())?, to: number(*run.end())? }));
    SearchKey::Uids(MessageSet::Set(SequenceSet(ranges.collect())))
}
