//! Waiting for what NOTIFY may have to tell.

use super::Notify;
use crate::view::View;
use postroom_model::{MailboxId, ModSeq};
use std::future::{Future, pending, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use tokio::sync::watch;

/// A mailbox with folders of interest.
pub(crate) struct Account {
    pub(crate) mailbox: MailboxId,
    pub(crate) notices: watch::Receiver<ModSeq>,
    /// All up to here has been told.
    pub(crate) seen: ModSeq,
}

impl Account {
    pub(crate) fn has_news(&self) -> bool {
        self.seen < *self.notices.borrow()
    }

    /// What happened there is none of the person's business any more.
    pub(crate) fn skip(&mut self) {
        self.seen = self.seen.max(*self.notices.borrow());
    }
}

type Wait<'w> = Pin<Box<dyn Future<Output = ()> + Send + 'w>>;

/// Fires when there may be something to tell; never without NOTIFY.
pub(crate) async fn stirred(notify: Option<&mut Notify>, view: Option<&mut View>) {
    let Some(notify) = notify else { return pending().await };
    let view = view.filter(|_| notify.selected.is_some());
    let facts = *notify.facts.borrow() != notify.facts_seen;
    if !notify.groups.is_empty() && (facts || notify.accounts.iter().any(Account::has_news)) {
        return;
    }
    let mut waits: Vec<Wait<'_>> = Vec::with_capacity(notify.accounts.len() + 2);
    if !notify.groups.is_empty() {
        waits.extend(notify.accounts.iter_mut().map(|account| changed(&mut account.notices)));
    }
    waits.push(changed(&mut notify.facts));
    waits.extend(view.map(|view| changed(&mut view.notices)));
    poll_fn(|cx| {
        let ready = waits.iter_mut().any(|wait| wait.as_mut().poll(cx).is_ready());
        if ready { Poll::Ready(()) } else { Poll::Pending }
    })
    .await
}

fn changed<T: Send + Sync>(channel: &mut watch::Receiver<T>) -> Wait<'_> {
    Box::pin(async move {
        if channel.changed().await.is_err() {
            // The server is stopping.
            pending().await
        }
    })
}
