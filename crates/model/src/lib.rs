//! What things are: mailboxes, addresses, rights, roles, grants, who acts through which door. No I/O.
//!
//! Start reading at [`org`] (the facts of one organisation) and [`decide`] (what a person may do, and why).
//! Every other crate speaks in these types; nothing here knows SQL or a protocol.

pub mod actor;
pub mod address;
pub mod audit;
pub mod change;
pub mod decide;
pub mod delivery;
pub mod folder;
pub mod grant;
pub mod ids;
pub mod inbound_service;
pub mod keyword;
pub mod mailbox;
pub mod org;
pub mod rights;
pub mod role;
pub mod route;
pub mod time;

pub use actor::{Actor, Door, Who};
pub use address::{Address, BadAddress};
pub use audit::{AuditEntry, Outcome};
pub use change::{Change, ChangeKind};
pub use decide::{Denied, Effective, Reason, decide};
pub use delivery::DeliveryState;
pub use folder::{BadFolderName, FolderName, SpecialUse};
pub use grant::{Grant, Grantee, Origin};
pub use ids::{DomainId, EmailId, FolderId, MailboxId, ModSeq, RoleKey, ThreadId, Uid};
pub use inbound_service::{
    AfterFetch, FetchProtocol, InboundService, InboundServiceId, InboundSettings, TokenGrant, TokenMechanism,
    TokenSource,
};
pub use keyword::{BadKeyword, Flags, Keyword};
pub use mailbox::{BadMailboxName, Mailbox, MailboxKind, MailboxName, SeenMode, SentCopy};
pub use org::{Domain, Org, Plan};
pub use rights::{Preset, Right, RightSet, UnknownRight};
pub use role::{MadeBy, Privilege, Role, RoleType};
pub use route::{Encryption, Mechanism, Route, SmartHost, Via};
pub use time::{Clock, SystemClock, Time};
