//! Listeners: bound all at once, then each accepting for as long as the server runs.

use super::gate::{Gate, Place};
use super::peer::Peer;
use crate::config::Listener;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

#[derive(Debug, thiserror::Error)]
#[error("listen.{listener}: {address} cannot be listened on: {why}")]
pub(crate) struct BindError {
    listener: Listener,
    address: SocketAddr,
    why: io::Error,
}

/// A listener that is bound; connections wait in its queue until [`Bound::run`].
pub(crate) struct Bound {
    pub(crate) listener: Listener,
    pub(crate) address: SocketAddr,
    socket: TcpListener,
}

impl Bound {
    pub(crate) async fn bind(listener: Listener, address: SocketAddr) -> Result<Self, BindError> {
        let failed = |why| BindError { listener, address, why };
        let socket = TcpListener::bind(address).await.map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        Ok(Self { listener, address, socket })
    }

    /// Accepts until `stop` says so. Each connection is a task of `connections`, which outlives the listener.
    pub(crate) async fn run<Serve, Served>(
        self,
        gate: Gate,
        connections: TaskTracker,
        mut stop: watch::Receiver<bool>,
        serve: Serve,
    ) where
        Serve: Fn(TcpStream, Peer, Place) -> Served,
        Served: Future<Output = ()> + Send + 'static,
    {
        loop {
            let accepted = tokio::select! {
                () = super::stop::asked(&mut stop) => return,
                accepted = self.socket.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    if let Some((peer, place)) = self.admit(&gate, &stream) {
                        connections.spawn(serve(stream, peer, place));
                    }
                }
                Err(error) => {
                    // Out of descriptors, mostly: others must end first.
                    tracing::warn!(listener = %self.listener, %error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    fn admit(&self, gate: &Gate, stream: &TcpStream) -> Option<(Peer, Place)> {
        // A connection that is gone before it was looked at has no address any more.
        let peer = Peer::of(stream).ok()?;
        _ = stream.set_nodelay(true);
        let place = gate.enter(self.listener, &peer);
        if place.is_none() {
            // The other end may as well hear why, if its protocol has words and the socket takes them at once.
            _ = stream.try_write(no_place(self.listener));
        }
        Some((peer, place?))
    }
}

fn no_place(listener: Listener) -> &'static [u8] {
    match listener {
        // RFC 5321 section 3.8: 421 closes the channel.
        Listener::Smtp | Listener::Submission | Listener::Lmtp => {
            b"421 4.7.0 Too many connections, try again later\r\n"
        }
        // RFC 9051 section 7.1.5.
        Listener::Imap => b"* BYE Too many connections, try again later\r\n",
        // RFC 2449 section 8.1.1: it will be otherwise later.
        Listener::Pop3 => b"-ERR [SYS/TEMP] Too many connections, try again later\r\n",
        Listener::Http | Listener::Metrics => {
            b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        }
        Listener::Submissions | Listener::Imaps | Listener::Pop3s | Listener::Https => b"",
    }
}
