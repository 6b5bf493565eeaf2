//! The server's end of the control socket: runs each request that a command sends.

use super::{frame, socket};
use crate::cli::{Answer, Request};
use crate::office::Office;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;
use tokio::net::UnixStream;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A request with the version of who sends it: the shapes of requests are those of one version.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Envelope {
    pub(super) version: String,
    pub(super) request: serde_json::Value,
}

/// Stands and waits, but answers nothing yet.
pub(crate) struct ControlServer {
    socket: socket::ControlSocket,
}

impl ControlServer {
    /// Only the holder of the data lock calls this.
    pub(crate) fn bind(data: &Path) -> io::Result<Self> {
        Ok(Self { socket: socket::bind(data)? })
    }

    /// Answers until `stop` says so; then the requests that run are finished.
    pub(crate) async fn run(self, office: Office, mut stop: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                accepted = self.socket.listener.accept() => match accepted {
                    Ok((stream, _)) => { running.spawn(answer(stream, office.clone())); }
                    Err(error) => tracing::warn!(%error, "the control socket did not accept"),
                },
                Some(_) = running.join_next() => {}
            }
        }
        drop(self.socket);
        while running.join_next().await.is_some() {}
    }
}

async fn answer(mut stream: UnixStream, office: Office) {
    let envelope: Envelope = match frame::read(&mut stream).await {
        Ok(envelope) => envelope,
        Err(error) => return tracing::debug!(%error, "nothing to answer on the control socket"),
    };
    let answer = match open(envelope) {
        Ok(request) => request.run(&office).await,
        Err(why) => Answer::failed(why),
    };
    if let Err(error) = frame::write(&mut stream, &answer).await {
        tracing::warn!(%error, "a command went away before its answer");
    }
}

fn open(envelope: Envelope) -> Result<Request, String> {
    if envelope.version != VERSION {
        return Err(format!(
            "the running server is version {VERSION}, this command is version {}; restart the server",
            envelope.version
        ));
    }
    serde_json::from_value(envelope.request).map_err(|error| format!("the server does not know this request: {error}"))
}
