//! Users and shared mailboxes: made, changed, converted, deleted. One use case per file.

mod checks;
mod convert;
mod create;
mod delete;
mod update;

pub use checks::AddressProblem;
pub(crate) use checks::{check_addresses, check_display_name, note_on_plan, over_plan};
pub use convert::ConvertError;
pub(crate) use create::create_administrator;
pub use create::{CreateError, Created, Names, NewShared, NewUser};
pub use delete::DeleteError;
pub use update::{UpdateError, UpdateMailbox};
