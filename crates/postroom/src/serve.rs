//! `postroom serve`: everything runs in this one process.
//!
//! Start reading at [`run`]: it takes the lock, opens the house, binds every listener, says `ready`, waits for a
//! signal, and stops gracefully. A second signal ends the process at once.

mod accept;
mod connection;
mod gate;
mod http;
mod listeners;
mod mail_setup;
pub(crate) mod metrics;
mod peer;
mod services;
mod stop;
mod tls;

use crate::config::{Config, Listener};
use crate::control;
use crate::control::lock::{DataLock, LockError};
use crate::control::server::ControlServer;
use crate::office::OpenError;
use accept::{BindError, Bound};
use listeners::Doors;
use mail_setup::MailSetup;
use metrics::Metrics;
use services::Services;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tls::{Tls, TlsError};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::task::TaskTracker;

/// How long a server waits for a command that works on the data, or for one that is just stopping.
const PATIENCE: Duration = Duration::from_secs(30);
const JOBS_EVERY: Duration = Duration::from_secs(60);
/// How soon a change that another process wrote to PostgreSQL holds here.
const RELOAD_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error("another server works on the data folder {0}")]
    Running(PathBuf),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Bind(#[from] BindError),
    #[error("the control socket in {0} cannot be made: {1}")]
    Control(PathBuf, #[source] io::Error),
    #[error("signals cannot be waited for: {0}")]
    Signals(#[source] io::Error),
    #[error("nothing is listened on: [listen] turns every listener off")]
    NothingToListenOn,
}

/// Serves until a signal asks to stop.
pub(crate) async fn run(config: Config, metrics: Arc<Metrics>) -> Result<(), ServeError> {
    if config.listen.is_empty() {
        return Err(ServeError::NothingToListenOn);
    }
    // Held to the end: it says that this process works on the data.
    let _lock = take_lock(&config.data).await?;
    let signals = stop::Signals::new().map_err(ServeError::Signals)?;
    let tls = Tls::load(&config)?;
    let bound = bind_all(&config).await?;
    let services = Services::open(&config).await?;
    let control = ControlServer::bind(&config.data).map_err(|why| ServeError::Control(config.data.clone(), why))?;

    let (stopping, stop) = watch::channel(false);
    let connections = TaskTracker::new();
    let mut background = JoinSet::new();
    background.spawn(control.run(services.office.clone(), stop.clone()));
    services.run_jobs(&mut background, &config, &stop);
    let addresses: Vec<String> =
        bound.iter().map(|bound| format!("listening {} {}", bound.listener, bound.address)).collect();
    let setup = setup_link(&config, &services, &bound);
    let mail_setup = MailSetup::new(&config.hostname, &bound, services.office.access.clone());
    Doors::new(&config, &services, &tls, mail_setup, metrics, &stop).open(&mut background, bound, &connections);
    announce(addresses.iter().chain(&setup));

    signals.wait().await;
    tracing::info!("stopping: no new connections; running commands may finish");
    stopping.send_replace(true);
    stop::finish(background, connections, config.limits.stop_grace.0).await;
    services.office.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Waits for a command that works on the data or a server that is just stopping; not for one that answers.
async fn take_lock(data: &Path) -> Result<DataLock, ServeError> {
    let asked = tokio::time::Instant::now();
    loop {
        if let Some(lock) = DataLock::try_take(data)? {
            return Ok(lock);
        }
        if control::client::is_answered(data).await || asked.elapsed() >= PATIENCE {
            return Err(ServeError::Running(data.to_owned()));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn bind_all(config: &Config) -> Result<Vec<Bound>, BindError> {
    let mut bound = Vec::with_capacity(config.listen.len());
    for (listener, address) in &config.listen {
        bound.push(Bound::bind(*listener, *address).await?);
    }
    Ok(bound)
}

/// Where the first administrator is made, if there is none. Behind the `#`, so that no log of requests gets to see it.
fn setup_link(config: &Config, services: &Services, bound: &[Bound]) -> Option<String> {
    let token = match services.office.directory.open_setup() {
        Ok(token) => token?,
        Err(error) => {
            tracing::error!(%error, "no link for the first administrator could be made");
            return None;
        }
    };
    let here = |bound: &&Bound| bound.listener == Listener::Http && bound.address.ip().is_loopback();
    let base = match bound.iter().find(here) {
        Some(bound) => format!("http://{}", bound.address),
        None => config.public_url.trim_end_matches('/').to_owned(),
    };
    Some(format!("setup {base}/setup#{}", token.expose()))
}

/// The lines that whoever started the server may wait for.
fn announce<'a>(lines: impl Iterator<Item = &'a String>) {
    let mut out = io::stdout().lock();
    let lines = lines.map(String::as_str).chain(["ready"]);
    for line in lines {
        if writeln!(out, "{line}").is_err() {
            // Nobody reads: the server runs all the same.
            return;
        }
    }
    _ = out.flush();
}
