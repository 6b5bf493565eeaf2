//! Telling the client what is new in the selected folder. Start reading at [`Session::tell_news`].

use super::Session;
use crate::commands::tell_items;
use crate::reply::{Code, Failure};
use crate::view::{News, View, system_flags};
use postroom_access::AccessError;
use postroom_model::Right;
use postroom_wire_imap::response::{self, FetchLine, Status};
use postroom_wire_imap::runs;
use std::io;

impl Session {
    /// Tells the client what changed in the selected folder. A refusal is no error here: the next command that needs
    /// the folder is refused with the reason.
    pub(crate) async fn tell_news(&mut self, expunge: bool) -> io::Result<()> {
        let Some(view) = &mut self.view else { return Ok(()) };
        view.notices.borrow_and_update();
        let snapshot = match view.folder.refresh().await {
            Ok(snapshot) => snapshot,
            Err(AccessError::Store(error)) => {
                // A folder that was deleted stays selected, empty of news, until the client leaves it.
                tracing::debug!(error = error.detail(), "the selected folder could not be read");
                return Ok(());
            }
            Err(AccessError::NotFound | AccessError::Denied(_)) => return Ok(()),
        };
        self.tell_rights();
        let Some(view) = &mut self.view else { return Ok(()) };
        let mut news = view.sync(&snapshot, expunge, self.enabled.condstore);
        let wanted = self.notify.as_ref().and_then(|notify| notify.selected.clone());
        if wanted.as_ref().is_some_and(|wanted| !wanted.flags) {
            news.changed.clear();
        }
        self.remove_from_contexts(&news.expunged);
        self.write_news(&news);
        self.update_contexts(&news.touched).await;
        let fetch = wanted.map(|wanted| wanted.fetch).unwrap_or_default();
        if !fetch.is_empty() && !news.added.is_empty() {
            match tell_items(self, &news.added, &fetch).await {
                Ok(()) | Err(Failure::No(..) | Failure::Bad(_)) => {}
                Err(Failure::Io(error)) => return Err(error),
            }
        }
        Ok(())
    }

    /// Without being asked, between commands: what NOTIFY wants to hear at once.
    pub(super) async fn tell_unasked(&mut self) -> io::Result<()> {
        if !self.still_valid().await {
            self.bye("the account has changed; sign in again");
            return Ok(());
        }
        let selected = self.notify.as_ref().and_then(|notify| notify.selected.as_ref()).map(|wanted| wanted.delayed);
        if let Some(delayed) = selected {
            self.tell_news(!delayed).await?;
        }
        self.tell_elsewhere().await
    }

    /// Whether the client wants to hear of the selected folder at all.
    pub(crate) fn wants_news(&self) -> bool {
        self.notify.as_ref().is_none_or(|notify| notify.selected.is_some())
    }

    /// New rights in the selected folder: FLAGS and PERMANENTFLAGS say so.
    fn tell_rights(&mut self) {
        let Some(view) = &mut self.view else { return };
        let rights = view.folder.rights();
        if rights != view.rights {
            view.rights = rights;
            self.write_flags();
        }
    }

    pub(crate) fn write_news(&mut self, news: &News) {
        self.write_expunged(&news.expunged);
        if let Some(count) = news.exists {
            response::exists(&mut self.out, count);
            self.write_recent();
        }
        if news.new_keywords {
            self.write_flags();
        }
        for number in &news.changed {
            self.write_fetch_flags(*number, true);
        }
    }

    /// Removed messages, highest number first; with QRESYNC by their UIDs.
    fn write_expunged(&mut self, expunged: &[(u32, u32)]) {
        if self.enabled.qresync {
            let uids: Vec<u32> = expunged.iter().rev().map(|(_, uid)| *uid).collect();
            return response::vanished(&mut self.out, false, &runs(&uids));
        }
        for (number, _) in expunged {
            response::expunge(&mut self.out, *number);
        }
    }

    pub(crate) fn write_recent(&mut self) {
        if let Some(view) = self.view.as_ref().filter(|_| !self.enabled.rev2) {
            response::recent(&mut self.out, view.recent());
        }
    }

    /// FLAGS and PERMANENTFLAGS of the selected folder.
    pub(crate) fn write_flags(&mut self) {
        let Some(view) = &self.view else { return };
        let names = || system_flags().map(|(_, name)| name).chain(view.keywords.iter().map(String::as_str));
        response::flags(&mut self.out, names());
        let permanent = if view.examined { Vec::new() } else { permanent_flags(view) };
        response::untagged(
            &mut self.out,
            Status::Ok,
            Some(Code::PermanentFlags(&permanent)),
            "flags that you may change",
        );
    }

    /// `* n FETCH (UID … MODSEQ …)`: all that a silent STORE has to tell (RFC 7162 section 3.1.3).
    pub(crate) fn write_fetch_modseq(&mut self, number: u32) {
        let Some(view) = &self.view else { return };
        let Some(entry) = view.messages.get(number as usize - 1) else { return };
        let mut line = FetchLine::start(&mut self.out, number, self.enabled.is_utf8());
        line.uid(entry.uid);
        line.mod_seq(u64::try_from(entry.modseq.0).unwrap_or(0));
        line.finish();
    }

    /// `* n FETCH (…)` with flags, and with UID and MODSEQ where the client wants them.
    pub(crate) fn write_fetch_flags(&mut self, number: u32, uid: bool) {
        let Some(view) = &self.view else { return };
        let Some(entry) = view.messages.get(number as usize - 1) else { return };
        let mut line = FetchLine::start(&mut self.out, number, self.enabled.is_utf8());
        if uid {
            line.uid(entry.uid);
        }
        line.flags(flag_names(entry, view.is_recent(entry.uid) && !self.enabled.rev2));
        if self.enabled.condstore {
            line.mod_seq(u64::try_from(entry.modseq.0).unwrap_or(0));
        }
        line.finish();
    }
}

/// The flags of a message by name.
pub(crate) fn flag_names(entry: &postroom_mail::Entry, recent: bool) -> impl Iterator<Item = &str> {
    let system = system_flags().filter(|(flag, _)| entry.flags.contains(*flag)).map(|(_, name)| name);
    system.chain(recent.then_some("\\Recent")).chain(entry.own_keywords())
}

/// What the person may change for good in the folder; `\*` if they may make new keywords.
fn permanent_flags(view: &View) -> Vec<&str> {
    let settable = view.folder.settable();
    let mut names: Vec<&str> =
        system_flags().filter(|(flag, _)| settable.contains(*flag)).map(|(_, name)| name).collect();
    if view.rights.has(Right::MessageFlag) {
        names.extend(view.keywords.iter().map(String::as_str));
        names.push("\\*");
    }
    names
}
