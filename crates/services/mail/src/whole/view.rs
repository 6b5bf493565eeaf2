//! A mailbox as one person may see it: the folders that show, and the emails in those that may be read. Start reading
//! at [`Account::look`].

use super::live::LiveWhole;
use super::picture::{Folding, Message, Order, Whole};
use super::state::{State, fingerprint};
use crate::Mail;
use crate::folders::in_folder;
use postroom_access::{AccessError, Opened};
use postroom_model::{Effective, EmailId, FolderId, MailboxId, Right, RightSet, SeenMode, SpecialUse, ThreadId};
use postroom_store::{ContentId, Page, StoreError, Wanted, folders};
use std::collections::HashMap;
use std::sync::Arc;

/// A mailbox that somebody has entered to see it as a whole.
#[derive(Clone)]
pub struct Account {
    pub(crate) mail: Mail,
    pub(crate) opened: Opened,
    /// Whose `\Seen` is shown and set, where that is personal.
    pub(crate) person: Option<MailboxId>,
    live: Arc<LiveWhole>,
}

impl Mail {
    /// Enters a mailbox to see it as a whole.
    pub async fn account(&self, opened: &Opened) -> Result<Account, AccessError> {
        let personal = opened.facts()?.seen == SeenMode::Personal && !opened.is_own();
        let person = opened.actor().person_id().filter(|_| personal);
        let live = self.wholes.get(self.store(), opened.mailbox(), person).await?;
        Ok(Account { mail: self.clone(), opened: opened.clone(), person, live })
    }
}

impl Account {
    pub fn mailbox(&self) -> MailboxId {
        self.opened.mailbox()
    }

    pub fn opened(&self) -> &Opened {
        &self.opened
    }

    pub fn mail(&self) -> &Mail {
        &self.mail
    }

    /// The mailbox as it is now, by the rights of now. `NotFound` if none are left.
    pub async fn look(&self) -> Result<View, AccessError> {
        let facts = self.opened.facts()?;
        let whole = self.live.refresh(self.mail.store()).await?;
        let effective = self.opened.effective();
        if !effective.sees_mailbox() {
            return Err(AccessError::NotFound);
        }
        let state = State { epoch: facts.state_epoch, modseq: whole.modseq, told: 0, rights: fingerprint(&effective) };
        let readable = Readable::of(&whole, &effective);
        Ok(View { mailbox: self.mailbox(), personal: self.person.is_some(), whole, effective, readable, state })
    }

    /// What is wanted of a page of emails that the person may see; what has gone meanwhile is missing.
    pub async fn page(&self, contents: Vec<ContentId>, wanted: Wanted) -> Result<Page, StoreError> {
        self.mail.store().page(contents, wanted).await
    }

    /// What the person has said about subscriptions.
    pub async fn subscriptions(&self) -> Result<HashMap<FolderId, bool>, AccessError> {
        let mailbox = self.mailbox();
        let Some(person) = self.opened.actor().person_id() else { return Ok(HashMap::new()) };
        let read = self.mail.store().read(move |tx| folders::subscriptions(tx, mailbox, person));
        let said: Result<Vec<_>, StoreError> = read.await;
        Ok(said?.into_iter().collect())
    }
}

/// The folders whose emails show: those that may be seen and read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Readable {
    All,
    /// In order.
    These(Vec<FolderId>),
}

const READING: [Right; 2] = [Right::FolderView, Right::MessageRead];

impl Readable {
    fn of(whole: &Whole, effective: &Effective) -> Self {
        Self::with(whole, effective, &READING)
    }

    /// The folders in which all of `rights` are held.
    pub(crate) fn with(whole: &Whole, effective: &Effective, rights: &[Right]) -> Self {
        let held = |set: RightSet| rights.iter().all(|right| set.has(*right));
        if held(effective.whole) {
            return Self::All;
        }
        let ids = whole.tree.folders().map(|folder| folder.id);
        let mut these: Vec<FolderId> = ids.filter(|id| held(effective.on(&whole.tree.ancestry(*id)))).collect();
        these.sort_unstable();
        Self::These(these)
    }

    pub(crate) fn has(&self, folder: FolderId) -> bool {
        match self {
            Self::All => true,
            Self::These(these) => these.binary_search(&folder).is_ok(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::These(these) if these.is_empty())
    }
}

/// A mailbox at one moment, as one person sees it.
#[derive(Clone, Debug)]
pub struct View {
    pub(crate) mailbox: MailboxId,
    personal: bool,
    pub(crate) whole: Arc<Whole>,
    pub(crate) effective: Effective,
    pub(crate) readable: Readable,
    pub(crate) state: State,
}

/// A folder that shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub id: FolderId,
    /// None also where the folder above does not show.
    pub parent: Option<FolderId>,
    pub name: String,
    pub special_use: Option<SpecialUse>,
    pub sort_order: u32,
    pub rights: RightSet,
    pub emails: u32,
    pub unread: u32,
    pub threads: u32,
    pub unread_threads: u32,
}

impl View {
    pub fn mailbox(&self) -> MailboxId {
        self.mailbox
    }

    pub fn state(&self) -> State {
        self.state
    }

    pub fn effective(&self) -> &Effective {
        &self.effective
    }

    /// What the person may do in a folder.
    pub fn rights(&self, folder: FolderId) -> RightSet {
        let special = self.whole.tree.get(folder).and_then(|folder| folder.special_use);
        in_folder(self.effective.on(&self.whole.tree.ancestry(folder)), special, self.personal)
    }

    fn shows(&self, folder: FolderId) -> bool {
        self.whole.tree.get(folder).is_some() && self.rights(folder).has(Right::FolderView)
    }

    /// A folder, if it shows.
    pub fn folder(&self, id: FolderId) -> Option<Shown> {
        let folder = self.whole.tree.get(id).filter(|_| self.shows(id))?;
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let order = self.whole.order(Some(id));
        Some(Shown {
            id,
            parent: folder.parent.filter(|parent| self.shows(*parent)),
            name: folder.name.clone(),
            special_use: folder.special_use,
            sort_order: folder.sort_order,
            rights: self.rights(id),
            emails: order.map_or(0, |order| count(order.emails())),
            unread: order.map_or(0, |order| order.unread),
            threads: order.map_or(0, |order| count(order.threads())),
            unread_threads: order.map_or(0, |order| self.unread_threads(order)),
        })
    }

    /// Where emails of some folders do not show, they must not be told from a count.
    fn unread_threads(&self, order: &Order) -> u32 {
        if self.readable == Readable::All {
            return order.unread_threads;
        }
        let leaders = order.keys(Folding::Threads).iter().filter_map(|(_, email)| self.whole.message(*email));
        let unread = leaders.filter(|leader| {
            self.whole.thread(leader.thread).any(|message| message.is_unread() && self.is_visible(message))
        });
        u32::try_from(unread.count()).unwrap_or(u32::MAX)
    }

    /// Every folder that shows, in order of id.
    pub fn folders(&self) -> Vec<Shown> {
        let mut ids: Vec<FolderId> = self.whole.tree.folders().map(|folder| folder.id).collect();
        ids.sort_unstable();
        ids.into_iter().filter_map(|id| self.folder(id)).collect()
    }

    /// Whether an email shows: it stands unhidden in some folder that may be read.
    pub fn is_visible(&self, message: &Message) -> bool {
        message.folders().any(|folder| self.readable.has(folder))
    }

    /// An email, if it shows.
    pub fn message(&self, email: EmailId) -> Option<&Arc<Message>> {
        self.whole.message(email).filter(|message| self.is_visible(message))
    }

    /// Every email that shows.
    pub fn visible(&self) -> impl Iterator<Item = &Arc<Message>> {
        self.whole.messages().filter(|message| self.is_visible(message))
    }

    /// The folders in which an email shows, each once, in order.
    pub fn folders_of(&self, message: &Message) -> Vec<FolderId> {
        let mut folders: Vec<FolderId> = message.folders().filter(|folder| self.readable.has(*folder)).collect();
        folders.sort_unstable();
        folders.dedup();
        folders
    }

    /// The emails of a conversation that show, oldest first.
    pub fn thread(&self, thread: ThreadId) -> Vec<EmailId> {
        self.whole.thread(thread).filter(|message| self.is_visible(message)).map(|message| message.email).collect()
    }

    /// Whether the mailbox appears by itself; a folder is subscribed from the start if it does.
    pub fn automap(&self) -> bool {
        self.effective.automap
    }

    pub fn special(&self, special: SpecialUse) -> Option<FolderId> {
        self.whole.tree.special(special).map(|folder| folder.id)
    }
}
