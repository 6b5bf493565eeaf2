//! One HTTP connection: requests until either end stops.

use super::http::Connection;
use super::stop;
use crate::config::Limits;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

/// Serves HTTP on accepted connections.
#[derive(Clone)]
pub(crate) struct HttpConnections {
    pub(crate) site: Router,
    pub(crate) limits: Arc<Limits>,
    pub(crate) stop: watch::Receiver<bool>,
}

impl HttpConnections {
    pub(crate) async fn serve<S>(mut self, stream: S, connection: Connection)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = TowerToHyperService::new(self.site.layer(Extension(connection)));
        let serving = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.http_timeout.0)
            .serve_connection(TokioIo::new(stream), service);
        tokio::pin!(serving);
        let outcome = tokio::select! {
            outcome = serving.as_mut() => outcome,
            () = stop::asked(&mut self.stop) => {
                // The request that runs is answered; then the connection ends.
                serving.as_mut().graceful_shutdown();
                serving.await
            }
        };
        match outcome {
            Err(error) if error.is_timeout() => {
                tracing::debug!(limit = "http_timeout", peer = %connection.peer.address, "no request came");
            }
            Err(error) => tracing::debug!(%error, peer = %connection.peer.address, "an HTTP connection broke"),
            Ok(()) => {}
        }
    }
}
