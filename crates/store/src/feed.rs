//! Tells watchers, after a commit, which mailboxes changed and how far their counters have come.
//!
//! A watcher holds a [`tokio::sync::watch`] receiver and reads the change log when it fires; nothing is carried
//! here but numbers, so a missed or merged notice costs nothing.

use postroom_model::{MailboxId, ModSeq};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// What a transaction changed.
#[derive(Default)]
pub(crate) struct Touched {
    pub(crate) mailboxes: Vec<(MailboxId, ModSeq)>,
    /// Mailboxes in which a folder came, went, or got another name or parent.
    pub(crate) folders: Vec<MailboxId>,
    pub(crate) organisation: bool,
}

impl Touched {
    pub(crate) fn add(&mut self, other: Self) {
        self.mailboxes.extend(other.mailboxes);
        self.folders.extend(other.folders);
        self.organisation |= other.organisation;
    }
}

#[derive(Clone)]
pub(crate) struct Feed {
    inner: Arc<Inner>,
}

struct Inner {
    mailboxes: Mutex<HashMap<MailboxId, watch::Sender<ModSeq>>>,
    /// How often the folders of a mailbox have changed; absent: never since the start.
    folders: Mutex<HashMap<MailboxId, u64>>,
    /// Counts changes of the organisation.
    organisation: watch::Sender<u64>,
    /// Counts commits that changed any mailbox.
    mail: watch::Sender<u64>,
}

/// How many unwatched channels are kept before they are swept.
const SWEEP_AT: usize = 1024;

impl Feed {
    pub(crate) fn new() -> Self {
        Self {
            inner: Arc::new(Inner {
                mailboxes: Mutex::new(HashMap::new()),
                folders: Mutex::new(HashMap::new()),
                organisation: watch::Sender::new(0),
                mail: watch::Sender::new(0),
            }),
        }
    }

    pub(crate) fn publish(&self, touched: Touched) {
        if !touched.folders.is_empty() {
            let mut folders = self.inner.folders.lock().unwrap_or_else(PoisonError::into_inner);
            touched.folders.into_iter().for_each(|mailbox| *folders.entry(mailbox).or_default() += 1);
        }
        if !touched.mailboxes.is_empty() {
            self.inner.mail.send_modify(|count| *count += 1);
            let channels = self.inner.mailboxes.lock().unwrap_or_else(PoisonError::into_inner);
            for (mailbox, modseq) in touched.mailboxes {
                if let Some(channel) = channels.get(&mailbox) {
                    channel.send_if_modified(|last| {
                        let newer = *last < modseq;
                        *last = modseq.max(*last);
                        newer
                    });
                }
            }
        }
        if touched.organisation {
            self.inner.organisation.send_modify(|count| *count += 1);
        }
    }

    /// Fires when the mailbox changes. Its value is 0 until the first change after watching began.
    pub(crate) fn watch_mailbox(&self, mailbox: MailboxId) -> watch::Receiver<ModSeq> {
        let mut channels = self.inner.mailboxes.lock().unwrap_or_else(PoisonError::into_inner);
        if channels.len() > SWEEP_AT {
            channels.retain(|_, channel| channel.receiver_count() > 0);
        }
        channels.entry(mailbox).or_insert_with(|| watch::Sender::new(ModSeq(0))).subscribe()
    }

    /// How often the folders of a mailbox have changed since the start.
    pub(crate) fn folder_changes(&self, mailbox: MailboxId) -> u64 {
        let folders = self.inner.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.get(&mailbox).copied().unwrap_or(0)
    }

    pub(crate) fn watch_organisation(&self) -> watch::Receiver<u64> {
        self.inner.organisation.subscribe()
    }

    pub(crate) fn watch_mail(&self) -> watch::Receiver<u64> {
        self.inner.mail.subscribe()
    }
}
