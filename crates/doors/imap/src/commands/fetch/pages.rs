//! Cuts what is to be fetched into pages, and reads the next one while the one before is written.

use super::Message;
use crate::commands::Result;
use postroom_access::AccessError;
use postroom_mail::{OpenFolder, Page, StoreError, Wanted};
use tokio::task::JoinHandle;

/// The first page is small, so that the answer begins at once; each is twice the one before, up to these.
const FIRST: usize = 64;
const MOST: usize = 1024;
/// Octets of messages in a page; a larger one has a page of its own.
const MOST_OCTETS: u64 = 1024 * 1024;

/// A page that is being read meanwhile.
type Reading = JoinHandle<std::result::Result<Page, AccessError>>;

pub(super) struct Pages {
    folder: OpenFolder,
    wanted: Wanted,
    rest: std::vec::IntoIter<Message>,
    length: usize,
    ahead: Option<(Vec<Message>, Reading)>,
}

impl Pages {
    /// Begins to read the first page.
    pub(super) fn start(folder: OpenFolder, wanted: Wanted, messages: Vec<Message>) -> Self {
        let mut pages = Self { folder, wanted, rest: messages.into_iter(), length: FIRST, ahead: None };
        pages.read_ahead();
        pages
    }

    /// The next page; the one after it is on its way by then.
    pub(super) async fn next(&mut self) -> Result<Option<(Vec<Message>, Page)>> {
        let Some((messages, reading)) = self.ahead.take() else { return Ok(None) };
        let page = reading.await.unwrap_or(Err(StoreError::Panicked.into()))?;
        self.read_ahead();
        Ok(Some((messages, page)))
    }

    fn read_ahead(&mut self) {
        let length = self.next_length();
        let messages: Vec<Message> = self.rest.by_ref().take(length).collect();
        if messages.is_empty() {
            return;
        }
        self.length = (self.length * 2).min(MOST);
        let contents = messages.iter().map(|message| message.entry.content).collect();
        let (folder, wanted) = (self.folder.clone(), self.wanted);
        self.ahead = Some((messages, tokio::spawn(async move { folder.page(contents, wanted).await })));
    }

    fn next_length(&self) -> usize {
        if !self.wanted.content {
            return self.length;
        }
        let mut octets = 0;
        let fits = |message: &&Message| {
            let first = octets == 0;
            octets += u64::from(message.entry.size) + 1;
            first || octets <= MOST_OCTETS
        };
        self.rest.as_slice().iter().take(self.length).take_while(fits).count()
    }
}
