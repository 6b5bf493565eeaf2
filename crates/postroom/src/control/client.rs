//! The command's end: [`run`] finds out who works on the data and has the request run there.

use super::lock::{DataLock, LockError};
use super::server::{Envelope, VERSION};
use super::{frame, socket};
use crate::cli::{Answer, Request};
use crate::config::Config;
use crate::office::Office;
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio::net::UnixStream;

/// How long a command waits for a server that is starting or stopping, or for another command.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, thiserror::Error)]
pub(crate) enum ReachError {
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error("another process works on the data folder and answers no commands; try again when it has ended")]
    Busy,
    #[error("the control socket cannot be used: {0}")]
    Socket(#[from] io::Error),
    #[error(transparent)]
    Open(#[from] crate::office::OpenError),
}

/// Runs a request on the data that the configuration names.
pub(crate) async fn run(config: &Config, request: Request) -> Result<Answer, ReachError> {
    if config.is_sqlite() { run_on_sqlite(config, request).await } else { run_on_postgresql(config, request).await }
}

/// Whether a server stands behind the control socket.
pub(crate) async fn is_answered(data: &Path) -> bool {
    matches!(socket::connect(data).await, Ok(Some(_)))
}

/// SQLite belongs to one process at a time: this one, or the one that holds the lock.
async fn run_on_sqlite(config: &Config, request: Request) -> Result<Answer, ReachError> {
    let asked = tokio::time::Instant::now();
    loop {
        if let Some(_lock) = DataLock::try_take(&config.data)? {
            return run_here(config, request).await;
        }
        if let Some(stream) = socket::connect(&config.data).await? {
            return send(stream, &request).await;
        }
        if asked.elapsed() >= PATIENCE {
            return Err(ReachError::Busy);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// PostgreSQL serves many processes, so the command writes by itself. A server on the same data folder is told, so
/// that the change holds there at once; other nodes learn of it by themselves.
async fn run_on_postgresql(config: &Config, request: Request) -> Result<Answer, ReachError> {
    let changes = request.changes();
    let answer = run_here(config, request).await?;
    if changes && let Ok(Some(stream)) = socket::connect(&config.data).await {
        // A server that is just stopping needs to know nothing any more.
        let _ = send(stream, &Request::Reload).await;
    }
    Ok(answer)
}

async fn run_here(config: &Config, request: Request) -> Result<Answer, ReachError> {
    let office = Office::open(config).await?;
    let answer = request.run(&office).await;
    office.close().await;
    Ok(answer)
}

async fn send(mut stream: UnixStream, request: &Request) -> Result<Answer, ReachError> {
    let request = serde_json::to_value(request).map_err(io::Error::from)?;
    frame::write(&mut stream, &Envelope { version: VERSION.to_owned(), request }).await?;
    Ok(frame::read(&mut stream).await?)
}
