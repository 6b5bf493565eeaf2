//! `VacationResponse/…` (RFC 8621 section 8). There is one, and its id is `singleton`.

pub(super) mod get;
pub(super) mod set;

const ID: &str = "singleton";
