//! The whole server, as operators and mail clients meet it: the real binary in a folder of its own, on ports given
//! out by the system, on SQLite and on PostgreSQL.
//!
//! Start reading at [`harness`]; each other module is about one topic.

mod harness;

mod admin_api;
mod bad_input;
mod clients;
mod commands;
mod configuration;
mod conversion;
mod corpus;
mod inbound_services;
mod kill;
mod mail_programs;
mod mail_setup;
mod organisation_file;
mod python_clients;
mod running_server;
mod sending;
mod shared_mailbox_story;
mod stopping;
mod tls;
mod transfer;
