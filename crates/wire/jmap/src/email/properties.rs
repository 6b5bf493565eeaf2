//! The properties of an Email and of a part of its body, by name.

use super::body::Values;
use super::header_form::HeaderProperty;

/// A property that does not exist, or a form that the header field does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no property `{0}`")]
pub struct UnknownProperty(pub String);

macro_rules! properties {
    ($(#[$doc:meta])* $kind:ident: $($variant:ident = $name:literal,)*) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $kind {
            $($variant,)*
            /// `header:…`
            Header(HeaderProperty),
        }

        impl $kind {
            pub fn parse(name: &str) -> Result<Self, UnknownProperty> {
                match name {
                    $($name => Ok(Self::$variant),)*
                    _ => HeaderProperty::parse(name).map(Self::Header).ok_or_else(|| UnknownProperty(name.to_owned())),
                }
            }

            /// As clients write it.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Header(property) => &property.text,
                }
            }
        }
    };
}

properties! {
    /// A property of an Email.
    Property:
    Id = "id",
    BlobId = "blobId",
    ThreadId = "threadId",
    MailboxIds = "mailboxIds",
    Keywords = "keywords",
    Size = "size",
    ReceivedAt = "receivedAt",
    MessageId = "messageId",
    InReplyTo = "inReplyTo",
    References = "references",
    Sender = "sender",
    From = "from",
    To = "to",
    Cc = "cc",
    Bcc = "bcc",
    ReplyTo = "replyTo",
    Subject = "subject",
    SentAt = "sentAt",
    Headers = "headers",
    BodyStructure = "bodyStructure",
    BodyValues = "bodyValues",
    TextBody = "textBody",
    HtmlBody = "htmlBody",
    Attachments = "attachments",
    HasAttachment = "hasAttachment",
    Preview = "preview",
}

properties! {
    /// A property of an EmailBodyPart.
    BodyProperty:
    PartId = "partId",
    BlobId = "blobId",
    Size = "size",
    Headers = "headers",
    Name = "name",
    Type = "type",
    Charset = "charset",
    Disposition = "disposition",
    Cid = "cid",
    Language = "language",
    Location = "location",
    SubParts = "subParts",
}

/// What of a message has to be read for some properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    pub envelope: bool,
    pub preview: bool,
    pub structure: bool,
    /// The header block of the message; the whole message serves as well.
    pub header: bool,
    pub content: bool,
}

pub fn needs(properties: &[Property], body: &[BodyProperty], values: Values) -> Needs {
    let mut needs = Needs::default();
    let body_content = body
        .iter()
        .any(|property| matches!(property, BodyProperty::Size | BodyProperty::Headers | BodyProperty::Header(_)));
    for property in properties {
        match property {
            Property::From | Property::To | Property::Cc | Property::Bcc | Property::Subject => needs.envelope = true,
            Property::MessageId | Property::InReplyTo | Property::SentAt => needs.envelope = true,
            // The envelope names From where there is neither Sender nor Reply-To.
            Property::Sender | Property::ReplyTo | Property::References => needs.header = true,
            Property::Headers | Property::Header(_) => needs.header = true,
            Property::Preview => needs.preview = true,
            Property::BodyStructure | Property::TextBody | Property::HtmlBody | Property::Attachments => {
                needs.structure = true;
                needs.content |= body_content;
            }
            // Without any value asked for there is none to read.
            Property::BodyValues if values != Values::default() => {
                needs.structure = true;
                needs.content = true;
            }
            _ => {}
        }
    }
    needs
}

/// What Email/get answers where nothing is asked for (RFC 8621 section 4.2).
pub fn defaults() -> Vec<Property> {
    let mut all = vec![
        Property::Id,
        Property::BlobId,
        Property::ThreadId,
        Property::MailboxIds,
        Property::Keywords,
        Property::Size,
        Property::ReceivedAt,
    ];
    all.extend(parse_defaults());
    all
}

/// The same of Email/parse (section 4.9).
pub fn parse_defaults() -> Vec<Property> {
    vec![
        Property::MessageId,
        Property::InReplyTo,
        Property::References,
        Property::Sender,
        Property::From,
        Property::To,
        Property::Cc,
        Property::Bcc,
        Property::ReplyTo,
        Property::Subject,
        Property::SentAt,
        Property::HasAttachment,
        Property::Preview,
        Property::BodyValues,
        Property::TextBody,
        Property::HtmlBody,
        Property::Attachments,
    ]
}

/// Of a part of the body (section 4.2).
pub fn body_defaults() -> Vec<BodyProperty> {
    vec![
        BodyProperty::PartId,
        BodyProperty::BlobId,
        BodyProperty::Size,
        BodyProperty::Name,
        BodyProperty::Type,
        BodyProperty::Charset,
        BodyProperty::Disposition,
        BodyProperty::Cid,
        BodyProperty::Language,
        BodyProperty::Location,
    ]
}
