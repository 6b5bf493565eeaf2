//! Why one method call was refused (RFC 8620 section 3.6.2), and why one object of a /set was (section 5.3).

use postroom_access::AccessError;
use postroom_mail::StoreError;
use postroom_mail::whole::{ChangesError, QueryError};
use postroom_wire_jmap::Object;

/// A refused call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MethodError {
    kind: &'static str,
    description: Option<String>,
}

/// The result of a method.
pub(crate) type Answer = Result<Object, MethodError>;

macro_rules! kinds {
    ($($name:ident = $kind:literal;)*) => {
        impl MethodError {
            $(pub(crate) fn $name(why: impl Into<String>) -> Self {
                Self { kind: $kind, description: Some(why.into()) }
            })*
        }
    };
}

kinds! {
    unknown_method = "unknownMethod";
    invalid_arguments = "invalidArguments";
    invalid_result_reference = "invalidResultReference";
    forbidden = "forbidden";
    account_not_found = "accountNotFound";
    request_too_large = "requestTooLarge";
    cannot_calculate_changes = "cannotCalculateChanges";
    too_many_changes = "tooManyChanges";
    anchor_not_found = "anchorNotFound";
    unsupported_filter = "unsupportedFilter";
    unsupported_sort = "unsupportedSort";
    state_mismatch = "stateMismatch";
    unknown_data_type = "unknownDataType";
    from_account_not_found = "fromAccountNotFound";
}

impl MethodError {
    pub(crate) fn into_object(self) -> Object {
        let mut object = Object::new();
        object.insert("type".to_owned(), self.kind.into());
        if let Some(description) = self.description {
            object.insert("description".to_owned(), description.into());
        }
        object
    }

    /// About the account that something is copied from.
    pub(crate) fn of_from_account(self) -> Self {
        if self.kind == "accountNotFound" { Self::from_account_not_found("there is no such account") } else { self }
    }

    /// The fault is ours; particulars go to the log only.
    pub(crate) fn server_fail(detail: &str) -> Self {
        tracing::error!(detail, "a JMAP call failed");
        Self { kind: "serverFail", description: Some("the server could not do this; its log says why".to_owned()) }
    }
}

impl From<AccessError> for MethodError {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::NotFound => Self::account_not_found("there is no such account"),
            AccessError::Denied(denied) => Self::forbidden(denied.to_string()),
            AccessError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for MethodError {
    fn from(error: StoreError) -> Self {
        Self::server_fail(&error.detail())
    }
}

impl From<ChangesError> for MethodError {
    fn from(error: ChangesError) -> Self {
        match error {
            ChangesError::CannotCalculate => Self::cannot_calculate_changes(error.to_string()),
            ChangesError::TooMany => Self::too_many_changes(error.to_string()),
            ChangesError::Access(error) => error.into(),
        }
    }
}

impl From<QueryError> for MethodError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Access(error) => error.into(),
        }
    }
}
