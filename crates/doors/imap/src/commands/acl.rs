//! GETACL, SETACL, DELETEACL, LISTRIGHTS and MYRIGHTS (RFC 4314): the same grants that the console shows.
//!
//! On `Shared/<label>` they are about the grant for the whole mailbox, on a folder about one narrowed to it and what is
//! below. A person is named by login name, a role as `$<role id>`.

use super::{Done, Result, user};
use crate::names::Meaning;
use crate::reply::{Code, Failure};
use crate::rights::{GROUPS, Place, from_letters, letters, letters_alone};
use crate::session::Session;
use postroom_access::Opened;
use postroom_directory::{AclChange, acl_rights};
use postroom_model::{FolderId, Grantee, Org, Right, RightSet, RoleKey};
use postroom_wire_imap::FolderName;
use postroom_wire_imap::command::acl::{self, SetAcl};
use postroom_wire_imap::response;

/// What a command is about.
struct Target {
    opened: Opened,
    /// None: the whole mailbox.
    folder: Option<FolderId>,
    ancestry: Vec<FolderId>,
    place: Place,
    rights: RightSet,
}

async fn target(session: &mut Session, name: &FolderName) -> Result<Target> {
    let imap = session.imap.clone();
    if let Meaning::Mailbox(mailbox) = user(session)?.meaning(&imap, name.as_str()) {
        let opened = user(session)?.open(&imap, mailbox).await?;
        let rights = opened.rights(&[]);
        return Ok(Target { opened, folder: None, ancestry: Vec::new(), place: Place::WholeMailbox, rights });
    }
    let (opened, path) = user(session)?.locate(&imap, name.as_str()).await?;
    let folder = imap.mail.open_folder(&opened, &path).await?;
    let ancestry = folder.ancestry().to_vec();
    let (place, rights) = (Place::of(folder.special_use()), folder.rights());
    Ok(Target { opened, folder: Some(folder.id()), ancestry, place, rights })
}

impl Target {
    /// GETACL and LISTRIGHTS are for those who may change grants (RFC 4314 section 4).
    fn managed(&self) -> Result<()> {
        Ok(self.opened.need(Right::MailboxManage, &self.ancestry)?)
    }
}

pub(super) async fn my_rights(session: &mut Session, name: &FolderName) -> Result {
    let target = target(session, name).await?;
    let held = letters(target.rights, target.place);
    let utf8 = session.enabled.is_utf8();
    response::my_rights(&mut session.out, name.as_str(), &held, utf8);
    Ok(Done::ok("your rights"))
}

pub(super) async fn get(session: &mut Session, name: &FolderName) -> Result {
    let target = target(session, name).await?;
    target.managed()?;
    let org = session.imap.mail.access().org();
    let mut entries: Vec<(String, String)> = Vec::new();
    if let Some(owner) = org.mailbox(target.opened.mailbox()).filter(|m| m.kind == postroom_model::MailboxKind::User) {
        entries.push((owner.name.to_string(), letters(RightSet::all(), target.place)));
    }
    for grant in org.grants_on(target.opened.mailbox()).iter().filter(|grant| grant.folder == target.folder) {
        let held = letters(grant.rights.intersection(acl_rights(target.folder)), target.place);
        if let Some(identifier) = identifier(&org, grant.grantee).filter(|_| !held.is_empty()) {
            entries.push((identifier, held));
        }
    }
    let utf8 = session.enabled.is_utf8();
    let entries = entries.iter().map(|(identifier, held)| (identifier.as_str(), held.as_str()));
    response::acl(&mut session.out, name.as_str(), entries, utf8);
    Ok(Done::ok("who may what"))
}

pub(super) async fn set(session: &mut Session, wanted: &SetAcl) -> Result {
    let target = target(session, &wanted.folder).await?;
    let rights = from_letters(&wanted.rights, target.place)
        .map_err(|letter| Failure::bad(format!("there is no right {letter}; they are lrswikxtea01234")))?;
    let change = match wanted.change {
        acl::AclChange::Replace => AclChange::Replace(rights),
        acl::AclChange::Add => AclChange::Add(rights),
        acl::AclChange::Remove => AclChange::Remove(rights),
    };
    write(session, &target, &wanted.identifier, change).await?;
    Ok(Done::ok("granted"))
}

pub(super) async fn delete(session: &mut Session, name: &FolderName, identifier: &str) -> Result {
    let target = target(session, name).await?;
    write(session, &target, identifier, AclChange::Replace(RightSet::NONE)).await?;
    Ok(Done::ok("taken away"))
}

async fn write(session: &mut Session, target: &Target, identifier: &str, change: AclChange) -> Result<()> {
    let grantee = grantee(&session.imap.mail.access().org(), identifier)?;
    let (actor, mailbox) = (target.opened.actor(), target.opened.mailbox());
    session.imap.directory.change_acl(actor, mailbox, grantee, target.folder, change).await?;
    Ok(())
}

pub(super) async fn list_rights(session: &mut Session, name: &FolderName, identifier: &str) -> Result {
    let target = target(session, name).await?;
    target.managed()?;
    grantee(&session.imap.mail.access().org(), identifier)?;
    let grantable = grantable(letters_alone(acl_rights(target.folder), target.place), target.place);
    let grantable: Vec<&str> = grantable.iter().map(String::as_str).collect();
    let utf8 = session.enabled.is_utf8();
    response::list_rights(&mut session.out, name.as_str(), identifier, "", &grantable, utf8);
    Ok(Done::ok("what can be granted"))
}

/// Each right by itself, but for those that are one here: in an ordinary folder `t` and `e`. A group stands with what
/// it stands for, if that is one right; otherwise by itself (RFC 4314 section 3.7).
fn grantable(letters: String, place: Place) -> Vec<String> {
    let tied = place == Place::Folder;
    let mut all: Vec<String> =
        letters.chars().filter(|letter| !(tied && *letter == 'e')).map(|letter| letter.to_string()).collect();
    for (group, members) in GROUPS {
        match all.iter_mut().find(|right| tied && group == 'd' && **right == "t") {
            Some(right) => right.push_str("ed"),
            None if letters.contains(members) => all.push(group.to_string()),
            None => {}
        }
    }
    all
}

fn identifier(org: &Org, grantee: Grantee) -> Option<String> {
    match grantee {
        Grantee::Person(id) => org.mailbox(id).map(|mailbox| mailbox.name.to_string()),
        Grantee::Role(key) => org.role(key).map(|role| format!("${}", role.id)),
    }
}

fn grantee(org: &Org, identifier: &str) -> Result<Grantee> {
    if identifier.starts_with('-') || identifier.eq_ignore_ascii_case("anyone") || identifier == "anonymous" {
        return Err(Failure::no(Code::Cannot, "rights are given to single users and to roles, and nothing is denied"));
    }
    let found = match identifier.strip_prefix('$') {
        Some(role) => org.role_by_id(role).map(|role| Grantee::Role(RoleKey(role.key.0))),
        None => org.person(identifier).map(|person| Grantee::Person(person.id)),
    };
    found.ok_or_else(|| Failure::no(Code::Cannot, format!("there is no user and no role `{identifier}`")))
}
