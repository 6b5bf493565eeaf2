//! Counters for `/metrics`, in the text exposition format that Prometheus reads.
//!
//! Every crate counts by logging: an event with the field `limit = "name"` says that the limit of that name stopped
//! somebody, one with `counter = "name"` that something happened once more. [`Counting`] is the layer that hears them,
//! whatever the filter of the log is. So nobody is handed a registry, and no crate depends on one.

use crate::config::{Limits, Listener};
use std::collections::BTreeMap;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tracing::field::{Field, Visit};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// What is counted since the start. Relaxed everywhere: the numbers order nothing.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// Name and value of each limit in force.
    limits_in_force: Vec<(&'static str, String)>,
    connections: Mutex<BTreeMap<Listener, Connections>>,
    limits: Mutex<BTreeMap<String, u64>>,
    counters: Mutex<BTreeMap<String, u64>>,
}

#[derive(Debug, Default)]
struct Connections {
    opened: u64,
    closed: u64,
}

impl Metrics {
    pub(crate) fn new(limits: &Limits) -> Self {
        let limits_in_force = limits.table().into_iter().map(|(name, value, _)| (name, value)).collect();
        Self { limits_in_force, ..Self::default() }
    }

    pub(crate) fn opened(&self, listener: Listener) {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner).entry(listener).or_default().opened += 1;
    }

    pub(crate) fn closed(&self, listener: Listener) {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner).entry(listener).or_default().closed += 1;
    }

    /// The exposition of these counters; `more` gives those that others keep: name, kind, help, value.
    pub(crate) fn exposition(&self, more: &[(&str, &str, &str, u64)]) -> String {
        let mut text = String::new();
        self.expose_connections(&mut text);
        header(&mut text, "postroom_limit_info", "gauge", "The limits in force.");
        for (limit, value) in &self.limits_in_force {
            _ = writeln!(text, "postroom_limit_info{{limit=\"{limit}\",value=\"{value}\"}} 1");
        }
        header(&mut text, "postroom_limit_reached_total", "counter", "How often each limit stopped somebody.");
        for (limit, count) in self.limits.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            _ = writeln!(text, "postroom_limit_reached_total{{limit=\"{limit}\"}} {count}");
        }
        for (name, count) in self.counters.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            header(&mut text, &format!("postroom_{name}_total"), "counter", "Since the start.");
            _ = writeln!(text, "postroom_{name}_total {count}");
        }
        for (name, kind, help, value) in more {
            header(&mut text, name, kind, help);
            _ = writeln!(text, "{name} {value}");
        }
        text
    }

    fn expose_connections(&self, text: &mut String) {
        let connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        header(text, "postroom_connections_total", "counter", "Connections accepted since the start.");
        for (listener, count) in connections.iter() {
            _ = writeln!(text, "postroom_connections_total{{listener=\"{listener}\"}} {}", count.opened);
        }
        header(text, "postroom_connections", "gauge", "Connections open now.");
        for (listener, count) in connections.iter() {
            let open = count.opened.saturating_sub(count.closed);
            _ = writeln!(text, "postroom_connections{{listener=\"{listener}\"}} {open}");
        }
    }
}

fn header(text: &mut String, name: &str, kind: &str, help: &str) {
    // Writing into a String cannot fail.
    _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

/// Hears the events that count.
pub(crate) struct Counting(pub(crate) Arc<Metrics>);

const LIMIT: &str = "limit";
const COUNTER: &str = "counter";

fn counts(metadata: &Metadata<'_>) -> bool {
    metadata.is_event() && [LIMIT, COUNTER].into_iter().any(|name| metadata.fields().field(name).is_some())
}

impl<S: Subscriber> Layer<S> for Counting {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if counts(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        counts(metadata)
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut Counter(&self.0));
    }
}

struct Counter<'a>(&'a Metrics);

impl Visit for Counter<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        let counts = match field.name() {
            LIMIT => &self.0.limits,
            COUNTER => &self.0.counters,
            _ => return,
        };
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(value) {
            Some(count) => *count += 1,
            None => _ = counts.insert(value.to_owned(), 1),
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing_subscriber::filter::EnvFilter;
    use tracing_subscriber::layer::SubscriberExt;

    #[test]
    fn events_count_whatever_the_log_shows() {
        let metrics = Arc::new(Metrics::new(&Limits::default()));
        let silent = tracing_subscriber::fmt::layer().with_filter(EnvFilter::new("off"));
        let subscriber = tracing_subscriber::registry().with(silent).with(Counting(metrics.clone()));
        tracing::subscriber::with_default(subscriber, || {
            for _ in 0..2 {
                tracing::info!(limit = "connections", peer = 7, "no place");
            }
            tracing::debug!(counter = "deliveries", "filed");
            tracing::info!("nothing to count");
        });
        metrics.opened(Listener::Imap);
        metrics.opened(Listener::Imap);
        metrics.closed(Listener::Imap);
        let text = metrics.exposition(&[("postroom_users", "gauge", "Users.", 7)]);
        for line in [
            "# TYPE postroom_connections_total counter",
            "postroom_connections_total{listener=\"imap\"} 2",
            "postroom_connections{listener=\"imap\"} 1",
            "postroom_limit_info{limit=\"message_size\",value=\"50 MiB\"} 1",
            "postroom_limit_reached_total{limit=\"connections\"} 2",
            "postroom_deliveries_total 1",
            "postroom_users 7",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
    }
}
