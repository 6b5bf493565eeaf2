//! Closed sets of words, as the document describes them. The words themselves are the model's.

use postroom_model::{MadeBy, MailboxKind, Origin, Privilege, Right, RoleType, SeenMode, SentCopy};
use std::borrow::Cow;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! words {
    ($($name:ident = $title:literal: $words:expr;)*) => { $(
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some($words)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($title)
            }
        }
    )* };
}

words! {
    KindWord = "MailboxKind": MailboxKind::ALL.map(MailboxKind::as_str);
    SentCopyWord = "SentCopy": [SentCopy::Mailbox, SentCopy::Sender, SentCopy::Both].map(SentCopy::as_str);
    SeenWord = "SeenMode": [SeenMode::Shared, SeenMode::Personal].map(SeenMode::as_str);
    PrivilegeWord = "Privilege": [Privilege::User, Privilege::Admin].map(Privilege::as_str);
    RoleTypeWord = "RoleType": [RoleType::Security, RoleType::Assignment].map(RoleType::as_str);
    MadeByWord = "MadeBy": [MadeBy::Administrator, MadeBy::System].map(MadeBy::as_str);
    OriginWord = "Origin": [Origin::File, Origin::Admin, Origin::Acl].map(Origin::as_str);
    MeansWord = "Means": ["password", "application_password", "session", "token"];
    RightWord = "Right": Right::ALL.map(Right::as_str);
}
