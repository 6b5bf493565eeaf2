//! Response codes: the machine-readable part of a status answer.

use bytes::BufMut;

use super::search::uid_set;
use super::strings::{flag_list, number, string};

/// RFC 9051 §7.1, §9 `resp-text-code`, and the codes of the extensions named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code<'a> {
    Alert,
    AlreadyExists,
    /// UIDVALIDITY of the target and the new UIDs (RFC 4315 §3).
    AppendUid {
        uid_validity: u32,
        uids: &'a [u32],
    },
    AuthenticationFailed,
    AuthorizationFailed,
    /// RFC 4469 §3: the URL that names no message that can be read.
    BadUrl(&'a str),
    /// The events that are known (RFC 5465 §5).
    BadEvent(&'a [&'a str]),
    /// The charsets that are known.
    BadCharset(&'a [&'a str]),
    Cannot,
    /// The capabilities, separated by spaces.
    Capability(&'a str),
    ClientBug,
    /// The folder that was selected is not any more.
    Closed,
    /// RFC 4978 §3
    CompressionActive,
    ContactAdmin,
    /// UIDVALIDITY of the target, and UIDs there and here in step (RFC 4315 §3).
    CopyUid {
        uid_validity: u32,
        from: &'a [u32],
        to: &'a [u32],
    },
    Corruption,
    Expired,
    ExpungeIssued,
    HasChildren,
    /// RFC 7162 §3.1.2.1
    HighestModSeq(u64),
    InUse,
    Limit,
    /// RFC 8474 §4.2
    MailboxId(&'a str),
    /// RFC 5464 §4.2.1: the size of the longest value that was left out
    MetadataLongEntries(u64),
    /// RFC 5464 §4.3: values may be this long
    MetadataMaxSize(u64),
    /// RFC 5464 §4.3
    MetadataTooMany,
    /// Message numbers or UIDs, as the command had them (RFC 7162 §3.1.3).
    Modified(&'a [u32]),
    /// RFC 7162 §3.1.2.2
    NoModSeq,
    NonExistent,
    NoPerm,
    NotSaved,
    /// Too much happened to tell it; nothing is told any more (RFC 5465 §5.8).
    NotificationOverflow,
    /// The search with that tag will not be kept up to date (RFC 5267 §4.3.1).
    NoUpdate(&'a str),
    /// RFC 9208 §4.3
    OverQuota,
    Parse,
    /// Flags a client may change for good; with `\*` it may make new ones.
    PermanentFlags(&'a [&'a str]),
    PrivacyRequired,
    ReadOnly,
    ReadWrite,
    ServerBug,
    /// RFC 7889 §4
    TooBig,
    TryCreate,
    UidNext(u32),
    UidNotSticky,
    UidValidity(u32),
    Unavailable,
    UnknownCte,
    /// RFC 3501 only.
    Unseen(u32),
    /// RFC 6154 §3
    UseAttr,
}

impl Code<'_> {
    pub(super) fn write<B: BufMut>(&self, out: &mut B) {
        match *self {
            Self::AppendUid { uid_validity, uids } => {
                numbered(out, "APPENDUID", uid_validity.into());
                out.put_u8(b' ');
                uid_set(out, uids);
            }
            Self::CopyUid { uid_validity, from, to } => {
                numbered(out, "COPYUID", uid_validity.into());
                out.put_u8(b' ');
                uid_set(out, from);
                out.put_u8(b' ');
                uid_set(out, to);
            }
            Self::BadCharset(charsets) => {
                out.put_slice(b"BADCHARSET ");
                flag_list(out, charsets);
            }
            Self::BadUrl(url) => {
                out.put_slice(b"BADURL ");
                // A bracket would end the code, a line break the answer.
                for byte in url.bytes() {
                    out.put_u8(if (b'!'..=b'~').contains(&byte) && byte != b']' { byte } else { b'?' });
                }
            }
            Self::BadEvent(events) => {
                out.put_slice(b"BADEVENT ");
                flag_list(out, events);
            }
            Self::PermanentFlags(flags) => {
                out.put_slice(b"PERMANENTFLAGS ");
                flag_list(out, flags);
            }
            Self::Capability(capabilities) => {
                out.put_slice(b"CAPABILITY ");
                out.put_slice(capabilities.as_bytes());
            }
            Self::MailboxId(id) => {
                out.put_slice(b"MAILBOXID ");
                flag_list(out, [id]);
            }
            Self::Modified(numbers) => {
                out.put_slice(b"MODIFIED ");
                uid_set(out, numbers);
            }
            Self::MetadataLongEntries(size) => numbered(out, "METADATA LONGENTRIES", size),
            Self::MetadataMaxSize(size) => numbered(out, "METADATA MAXSIZE", size),
            Self::NoUpdate(tag) => {
                out.put_slice(b"NOUPDATE ");
                string(out, tag.as_bytes(), false);
            }
            Self::HighestModSeq(mod_seq) => numbered(out, "HIGHESTMODSEQ", mod_seq),
            Self::UidNext(uid) => numbered(out, "UIDNEXT", uid.into()),
            Self::UidValidity(uid_validity) => numbered(out, "UIDVALIDITY", uid_validity.into()),
            Self::Unseen(message) => numbered(out, "UNSEEN", message.into()),
            bare => out.put_slice(bare.name().as_bytes()),
        }
    }

    /// The code's name on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Alert => "ALERT",
            Self::AlreadyExists => "ALREADYEXISTS",
            Self::AppendUid { .. } => "APPENDUID",
            Self::AuthenticationFailed => "AUTHENTICATIONFAILED",
            Self::AuthorizationFailed => "AUTHORIZATIONFAILED",
            Self::BadUrl(_) => "BADURL",
            Self::BadEvent(_) => "BADEVENT",
            Self::BadCharset(_) => "BADCHARSET",
            Self::Cannot => "CANNOT",
            Self::Capability(_) => "CAPABILITY",
            Self::ClientBug => "CLIENTBUG",
            Self::Closed => "CLOSED",
            Self::CompressionActive => "COMPRESSIONACTIVE",
            Self::ContactAdmin => "CONTACTADMIN",
            Self::CopyUid { .. } => "COPYUID",
            Self::Corruption => "CORRUPTION",
            Self::Expired => "EXPIRED",
            Self::ExpungeIssued => "EXPUNGEISSUED",
            Self::HasChildren => "HASCHILDREN",
            Self::HighestModSeq(_) => "HIGHESTMODSEQ",
            Self::InUse => "INUSE",
            Self::Limit => "LIMIT",
            Self::MailboxId(_) => "MAILBOXID",
            Self::MetadataLongEntries(_) => "METADATA LONGENTRIES",
            Self::MetadataMaxSize(_) => "METADATA MAXSIZE",
            Self::MetadataTooMany => "METADATA TOOMANY",
            Self::Modified(_) => "MODIFIED",
            Self::NoModSeq => "NOMODSEQ",
            Self::NonExistent => "NONEXISTENT",
            Self::NoPerm => "NOPERM",
            Self::NotSaved => "NOTSAVED",
            Self::NotificationOverflow => "NOTIFICATIONOVERFLOW",
            Self::NoUpdate(_) => "NOUPDATE",
            Self::OverQuota => "OVERQUOTA",
            Self::Parse => "PARSE",
            Self::PermanentFlags(_) => "PERMANENTFLAGS",
            Self::PrivacyRequired => "PRIVACYREQUIRED",
            Self::ReadOnly => "READ-ONLY",
            Self::ReadWrite => "READ-WRITE",
            Self::ServerBug => "SERVERBUG",
            Self::TooBig => "TOOBIG",
            Self::TryCreate => "TRYCREATE",
            Self::UidNext(_) => "UIDNEXT",
            Self::UidNotSticky => "UIDNOTSTICKY",
            Self::UidValidity(_) => "UIDVALIDITY",
            Self::Unavailable => "UNAVAILABLE",
            Self::UnknownCte => "UNKNOWN-CTE",
            Self::Unseen(_) => "UNSEEN",
            Self::UseAttr => "USEATTR",
        }
    }
}

fn numbered<B: BufMut>(out: &mut B, name: &str, value: u64) {
    out.put_slice(name.as_bytes());
    out.put_u8(b' ');
    number(out, value);
}
