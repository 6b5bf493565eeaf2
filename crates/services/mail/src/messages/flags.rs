//! Setting and clearing flags and keywords. Start reading at [`OpenFolder::change_flags`].

use super::{note, settable};
use crate::{Entry, OpenFolder};
use postroom_access::AccessError;
use postroom_model::keyword::MAX_KEYWORDS;
use postroom_model::{Flags, Keyword, ModSeq, Right, Uid};
use postroom_store::changes::Log;
use postroom_store::placements::{self, Placement};
use postroom_store::{Scope, Tx, emails, folders};
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagMode {
    Replace,
    Add,
    Remove,
}

#[derive(Clone, Debug)]
pub struct FlagChange {
    pub mode: FlagMode,
    pub flags: Flags,
    pub keywords: Vec<Keyword>,
}

impl FlagChange {
    /// What flags and keywords a message would bear after the change, if all of it is allowed.
    pub fn outcome(&self, entry: &Entry) -> (Flags, String) {
        let flags = match self.mode {
            FlagMode::Add => entry.flags.union(self.flags),
            FlagMode::Remove => entry.flags.without(self.flags),
            FlagMode::Replace => self.flags,
        };
        (flags, self.keywords_after(&entry.keywords))
    }

    fn keywords_after(&self, before: &str) -> String {
        let named: BTreeSet<&str> = self.keywords.iter().map(Keyword::as_str).collect();
        let mut now: BTreeSet<&str> = before.split(' ').filter(|keyword| !keyword.is_empty()).collect();
        match self.mode {
            FlagMode::Replace => now = named,
            FlagMode::Add => now.extend(&named),
            FlagMode::Remove => now.retain(|keyword| !named.contains(keyword)),
        }
        now.into_iter().collect::<Vec<_>>().join(" ")
    }
}

/// What a change of flags did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlagsChanged {
    /// Messages that had changed since the moment that the client named; they were left alone (RFC 7162).
    pub modified: Vec<Uid>,
    /// Messages that bear too many keywords to take more.
    pub too_many_keywords: bool,
}

impl OpenFolder {
    /// Changes flags of messages. What the actor may not change is left as it is (RFC 4314 section 4); if that is
    /// all, the answer names the missing right. Messages that changed after `unchanged_since` are left alone.
    pub async fn change_flags(
        &self,
        uids: Vec<Uid>,
        change: FlagChange,
        unchanged_since: Option<ModSeq>,
    ) -> Result<FlagsChanged, AccessError> {
        let folder = self.clone();
        let work = move |tx: &mut Tx<'_>| {
            let allowed = Allowed::here(&folder, &change)?;
            let at = folder.mail.access.clock().now();
            let mut log = Log::begin(tx, folder.mailbox(), at)?;
            let mut result = FlagsChanged::default();
            let mut changed = 0;
            for message in placements::of_uids(tx, folder.mailbox(), folder.id, folder.person, &uids)? {
                if unchanged_since.is_some_and(|since| message.modseq > since) {
                    result.modified.push(message.uid);
                    continue;
                }
                changed += usize::from(change_one(tx, &mut log, &folder, &message, &change, &allowed, &mut result)?);
            }
            log.end(tx)?;
            if changed > 0 {
                note(tx, &folder, "message.flag", changed)?;
            }
            result.modified.sort_unstable();
            Ok::<_, AccessError>(result)
        };
        self.store().write(Scope::mailbox(self.mailbox()), work).await
    }
}

/// Which of the wanted changes the actor may make.
struct Allowed {
    flags: Flags,
    keywords: bool,
    /// Rights are narrowed to folders: an email that stands in others too needs a look there.
    narrowed: bool,
}

impl Allowed {
    fn here(folder: &OpenFolder, change: &FlagChange) -> Result<Self, AccessError> {
        folder.need(Right::MessageRead)?;
        let rights = folder.rights();
        let (flags, keywords) = (folder.settable(), rights.has(Right::MessageFlag));
        let nothing_wanted = change.flags.is_empty() && change.keywords.is_empty();
        let some = flags.0 & change.flags.0 != 0 || (keywords && !change.keywords.is_empty());
        let nothing_allowed = if nothing_wanted { flags.is_empty() } else { !some };
        // Clearing all flags of a message is a change of flags whatever is named.
        if nothing_allowed && (!nothing_wanted || change.mode == FlagMode::Replace) {
            return Err(Self::missing(folder, change));
        }
        let narrowed = !folder.opened.effective().narrowed.is_empty();
        Ok(Self { flags, keywords, narrowed })
    }

    /// The denial that fits what was asked for first.
    fn missing(folder: &OpenFolder, change: &FlagChange) -> AccessError {
        let right = if change.flags.contains(Flags::DELETED) {
            Right::MessageDelete
        } else if change.flags == Flags::SEEN && change.keywords.is_empty() {
            Right::MessageSeen
        } else {
            Right::MessageFlag
        };
        folder.opened.access().denied(right, folder.mailbox())
    }

    /// What may be changed on one email, which needs the right in every folder that it stands in.
    fn on(&self, tx: &mut Tx<'_>, folder: &OpenFolder, message: &Placement) -> Result<(Flags, bool), AccessError> {
        if !self.narrowed {
            return Ok((self.flags, self.keywords));
        }
        let tree = crate::folders::Tree::new(folders::all(tx, folder.mailbox())?);
        let (mut flags, mut keywords) = (self.flags, self.keywords);
        // \Deleted belongs to the placement here and to no other; a personal \Seen to the person.
        let own = Flags::DELETED.union(if folder.person.is_some() { Flags::SEEN } else { Flags::NONE });
        for id in placements::folders_of(tx, folder.mailbox(), message.email)? {
            let rights = folder.opened.rights(&tree.ancestry(id));
            flags = Flags(flags.0 & settable(rights).union(own).0);
            keywords &= rights.has(Right::MessageFlag);
        }
        Ok((flags, keywords))
    }
}

fn change_one(
    tx: &mut Tx<'_>,
    log: &mut Log,
    folder: &OpenFolder,
    message: &Placement,
    change: &FlagChange,
    allowed: &Allowed,
    result: &mut FlagsChanged,
) -> Result<bool, AccessError> {
    let (mask, keywords_too) = allowed.on(tx, folder, message)?;
    let wanted = match change.mode {
        FlagMode::Add => message.flags.union(change.flags),
        FlagMode::Remove => message.flags.without(change.flags),
        FlagMode::Replace => change.flags,
    };
    let flags = Flags((message.flags.0 & !mask.0) | (wanted.0 & mask.0));
    let keywords = if keywords_too { changed_keywords(message, change) } else { Some(message.keywords.clone()) };
    let Some(keywords) = keywords else {
        result.too_many_keywords = true;
        return Ok(false);
    };
    let mut changed = false;
    let (was, shared) = (message.flags, shared_part(tx, folder, message, flags)?);
    if let Some(person) = folder.person.filter(|_| flags.contains(Flags::SEEN) != was.contains(Flags::SEEN)) {
        emails::set_personal_seen(tx, log, person, message.email, flags.contains(Flags::SEEN))?;
        changed = true;
    }
    let mask = if folder.person.is_some() { Flags::DELETED.union(Flags::SEEN) } else { Flags::DELETED };
    if flags.without(mask) != was.without(mask) || keywords != message.keywords {
        emails::set_keywords(tx, log, message.email, shared, &keywords)?;
        changed = true;
    }
    if flags.contains(Flags::DELETED) != message.flags.contains(Flags::DELETED) {
        placements::set_deleted(tx, log, folder.id, message.uid, flags.contains(Flags::DELETED))?;
        changed = true;
    }
    Ok(changed)
}

/// The flags that all share: where `\Seen` is personal, the email keeps the mark that it came with.
fn shared_part(tx: &mut Tx<'_>, folder: &OpenFolder, message: &Placement, flags: Flags) -> Result<Flags, AccessError> {
    if folder.person.is_none() {
        return Ok(flags);
    }
    let shared = placements::at(tx, folder.mailbox(), folder.id, message.uid)?;
    let seen = shared.is_some_and(|shared| shared.flags.contains(Flags::SEEN));
    let flags = flags.without(Flags::SEEN);
    Ok(if seen { flags.union(Flags::SEEN) } else { flags })
}

/// The keywords afterwards; None: they would be too many.
fn changed_keywords(message: &Placement, change: &FlagChange) -> Option<String> {
    let now = change.keywords_after(&message.keywords);
    Some(now).filter(|now| change.mode == FlagMode::Remove || now.split(' ').count() <= MAX_KEYWORDS)
}
