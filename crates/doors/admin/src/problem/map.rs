//! What each error of a use case is over HTTP. Never a wildcard: a new error must be thought about here.

use super::Problem;
use axum::http::StatusCode;
use postroom_directory::{
    AddressProblem, ApplicationError, AuditError, ConvertError, CreateError, DeleteError, DomainError, ExplainError,
    FoldersError, GrantError, HashingError, NotAllowed, PasswordError, PlanError, RoleError, RouteError, UpdateError,
};
use postroom_outbound::{CancelError, QueueError};

impl From<NotAllowed> for Problem {
    fn from(error: NotAllowed) -> Self {
        match error {
            NotAllowed::NotAdmin | NotAllowed::Grant(_) => Self::new(StatusCode::FORBIDDEN, error.to_string()),
        }
    }
}

impl From<AddressProblem> for Problem {
    fn from(error: AddressProblem) -> Self {
        match &error {
            AddressProblem::Bad(_) | AddressProblem::UnknownDomain(_) | AddressProblem::Twice(_) => {
                Self::unfit("addresses", error.to_string())
            }
            AddressProblem::Taken { .. } => Self::conflict("addresses", error.to_string()),
        }
    }
}

impl From<HashingError> for Problem {
    fn from(error: HashingError) -> Self {
        match error {
            HashingError::Empty | HashingError::TooLong | HashingError::BadHash => {
                Self::unfit("password", error.to_string())
            }
            HashingError::Busy => Self::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
            HashingError::Failed => Self::internal(&error.to_string()),
        }
    }
}

impl From<DomainError> for Problem {
    fn from(error: DomainError) -> Self {
        match error {
            DomainError::BadName(_) => Self::unfit("name", error.to_string()),
            DomainError::Taken(_) => Self::conflict("name", error.to_string()),
            DomainError::NotFound(_) => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            DomainError::InUse { .. } => Self::new(StatusCode::CONFLICT, error.to_string()),
            DomainError::NotAllowed(why) => why.into(),
            DomainError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<CreateError> for Problem {
    fn from(error: CreateError) -> Self {
        match error {
            CreateError::BadName(_) => Self::unfit("name", error.to_string()),
            CreateError::NameTaken(_) => Self::conflict("name", error.to_string()),
            CreateError::BadDisplayName => Self::unfit("display_name", error.to_string()),
            CreateError::Address(why) => why.into(),
            CreateError::PlanFull(_) => Self::new(StatusCode::CONFLICT, error.to_string()),
            CreateError::Password(why) => why.into(),
            CreateError::NotAllowed(why) => why.into(),
            CreateError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<UpdateError> for Problem {
    fn from(error: UpdateError) -> Self {
        match error {
            UpdateError::NotFound => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            UpdateError::NameUnchangeable => Self::unfit("name", error.to_string()),
            UpdateError::BadDisplayName => Self::unfit("display_name", error.to_string()),
            UpdateError::Address(why) => why.into(),
            UpdateError::NoUser(_) => Self::unfit("privilege", error.to_string()),
            UpdateError::NotAllowed(why) => why.into(),
            UpdateError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<ConvertError> for Problem {
    fn from(error: ConvertError) -> Self {
        match error {
            ConvertError::NotFound => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            ConvertError::PlanFull(_) => Self::conflict("kind", error.to_string()),
            ConvertError::NotAllowed(why) => why.into(),
            ConvertError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<DeleteError> for Problem {
    fn from(error: DeleteError) -> Self {
        match error {
            DeleteError::NotFound => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            DeleteError::HoldsMail { .. } => Self::new(StatusCode::CONFLICT, error.to_string()),
            DeleteError::NotAllowed(why) => why.into(),
            DeleteError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<RoleError> for Problem {
    fn from(error: RoleError) -> Self {
        match error {
            RoleError::BadId => Self::unfit("id", error.to_string()),
            RoleError::Taken(_) => Self::conflict("id", error.to_string()),
            RoleError::NotFound => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            RoleError::System(_) => Self::new(StatusCode::CONFLICT, error.to_string()),
            RoleError::NoUser(_) => Self::unfit("members", error.to_string()),
            RoleError::HasGrants(_) => Self::conflict("type", error.to_string()),
            RoleError::NotAllowed(why) => why.into(),
            RoleError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<GrantError> for Problem {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::NotFound => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            GrantError::NoFolder(_) => Self::unfit("folder", error.to_string()),
            GrantError::NoUser => Self::unfit("user", error.to_string()),
            GrantError::NoRole | GrantError::SystemRole(_) | GrantError::AssignmentRole(_) => {
                Self::unfit("role", error.to_string())
            }
            GrantError::NotNarrowable(_) | GrantError::NoRights => Self::unfit("rights", error.to_string()),
            GrantError::NotAllowed(why) => why.into(),
            GrantError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<ExplainError> for Problem {
    fn from(error: ExplainError) -> Self {
        match error {
            ExplainError::NoUser(_) => Self::new(StatusCode::NOT_FOUND, error.to_string()).about("user"),
            ExplainError::NoMailbox(_) => Self::new(StatusCode::NOT_FOUND, error.to_string()).about("mailbox"),
            ExplainError::NotAllowed(why) => why.into(),
            ExplainError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<FoldersError> for Problem {
    fn from(error: FoldersError) -> Self {
        match error {
            FoldersError::NotAllowed(why) => why.into(),
            FoldersError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::NotFound => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            AuditError::NotAllowed(why) => why.into(),
            AuditError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<ApplicationError> for Problem {
    fn from(error: ApplicationError) -> Self {
        match error {
            ApplicationError::NotFound => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            ApplicationError::NoUser(_) => Self::unfit("user", error.to_string()),
            ApplicationError::NoMailbox(_) => Self::unfit("mailbox", error.to_string()),
            ApplicationError::BadLabel => Self::unfit("label", error.to_string()),
            ApplicationError::Random(why) => Self::internal(&why.to_string()),
            ApplicationError::NotAllowed(why) => why.into(),
            ApplicationError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::NotFound => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            PasswordError::NoUser(_) => Self::unfit("user", error.to_string()),
            PasswordError::Password(why) => why.into(),
            PasswordError::NotAllowed(why) => why.into(),
            PasswordError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<PlanError> for Problem {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::IncludedOverMaximum => Self::unfit("shared_mailboxes.included", error.to_string()),
            PlanError::NotAllowed(why) => why.into(),
            PlanError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<QueueError> for Problem {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::NotFound(_) => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            QueueError::NotAdmin => Self::new(StatusCode::FORBIDDEN, error.to_string()),
            QueueError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

impl From<CancelError> for Problem {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::Queue(why) => why.into(),
            CancelError::Left(_) => Self::new(StatusCode::CONFLICT, error.to_string()),
        }
    }
}

impl From<RouteError> for Problem {
    fn from(error: RouteError) -> Self {
        match error {
            RouteError::NoDomain(_) => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            RouteError::NoSender(_) => Self::unfit("sender", error.to_string()),
            RouteError::BadRecipient(_) => Self::unfit("recipient", error.to_string()),
            RouteError::BadHost(_) => Self::unfit("host", error.to_string()),
            RouteError::HalfASignIn => Self::unfit("password", error.to_string()),
            RouteError::Unprotected(_) => Self::unfit("encryption", error.to_string()),
            RouteError::Sealing(why) => Self::internal(&why.to_string()),
            RouteError::NotAllowed(why) => why.into(),
            RouteError::Store(why) => Self::internal(&why.detail()),
        }
    }
}

#[cfg(test)]
mod tests;
