//! `/api/v1/setup`: the first administrator, by the one-time link that the server prints while there is none.

pub(crate) mod finish;
pub(crate) mod state;
