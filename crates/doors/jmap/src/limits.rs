//! The limits that the session announces, and how many requests of one person run at a time.

use postroom_model::MailboxId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What the door needs to be told.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Octets of one request to the API.
    pub request: usize,
    /// Octets of one upload, and of the attachments of one message.
    pub upload: usize,
    /// Octets that somebody's uploads into one account may take together until they are used.
    pub uploads_waiting: u64,
    pub calls: usize,
    pub objects_in_get: usize,
    pub objects_in_set: usize,
    /// Of one person at a time.
    pub concurrent_requests: usize,
    pub concurrent_uploads: usize,
}

/// What somebody does at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Doing {
    Request,
    Upload,
}

/// How many requests of each person are running.
#[derive(Debug, Default)]
pub(crate) struct Busy {
    running: Mutex<HashMap<(MailboxId, Doing), usize>>,
}

impl Busy {
    /// A place among `most`; None: all are taken.
    pub(crate) fn enter(self: &Arc<Self>, person: MailboxId, doing: Doing, most: usize) -> Option<Place> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let count = running.entry((person, doing)).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { busy: self.clone(), key: (person, doing) })
    }
}

/// Given back when it is dropped.
pub(crate) struct Place {
    busy: Arc<Busy>,
    key: (MailboxId, Doing),
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut running = self.busy.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = running.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                running.remove(&self.key);
            }
        }
    }
}
