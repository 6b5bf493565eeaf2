//! The log: to stderr, filtered by `POSTROOM_LOG`. Secrets never get there: their type prints as dots.

use crate::config::Limits;
use crate::serve::metrics::{Counting, Metrics};
use std::io::IsTerminal;
use std::sync::Arc;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// The server says what it does, and counts what it says.
pub(crate) fn for_server(limits: &Limits) -> Arc<Metrics> {
    let metrics = Arc::new(Metrics::new(limits));
    start("info", Some(Counting(metrics.clone())));
    metrics
}

/// A command says only what went wrong.
pub(crate) fn for_command() {
    start("warn", None);
}

fn start(default: &str, counting: Option<Counting>) {
    let wanted = std::env::var("POSTROOM_LOG").unwrap_or_else(|_| default.to_owned());
    let filter = EnvFilter::try_new(&wanted).unwrap_or_else(|error| {
        eprintln!("warning: POSTROOM_LOG is no filter ({error}); logging `{default}`");
        EnvFilter::new(default)
    });
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colours).with_filter(filter);
    tracing_subscriber::registry().with(log).with(counting).init();
}
