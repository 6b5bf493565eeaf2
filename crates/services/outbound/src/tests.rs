//! Sending, on both databases: an example organisation, and what each of its people may do.

mod copies;
mod example;
mod headers;
mod holding;
mod rights;
