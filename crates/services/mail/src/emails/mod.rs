//! Emails as a whole: made, changed and destroyed wherever they stand, many in one transaction.
//!
//! Start reading at [`Account::set_emails`](crate::whole::Account::set_emails). What it means to remove a message from
//! a folder is decided in [`crate::messages`]; here an email is put into folders and taken out of them.

mod change;
mod set;
mod step;

pub use change::{FoldersChange, MarksChange};
pub use set::{EmailsSet, Made, NewContent, NewEmail, SetEmails, SetError, WholeSetError};
