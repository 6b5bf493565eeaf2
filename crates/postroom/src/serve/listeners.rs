//! Which door answers behind which listener. Start reading at [`Doors::open`].

use super::accept::Bound;
use super::connection::HttpConnections;
use super::gate::Gate;
use super::http::{Connection, Site, metrics_only, site};
use super::mail_setup::{self, MailSetup};
use super::metrics::Metrics;
use super::peer::Peer;
use super::services::Services;
use super::tls::{Tls, accept, bindings};
use crate::config::{Config, Limits, Listener, Plaintext};
use axum::extract::Request;
use axum::{Extension, Router, middleware};
use postroom_directory::{Bindings, EndPoint};
use postroom_imap::{Imap, ImapConfig};
use postroom_pop3::{Pop3, Pop3Config};
use postroom_smtp::{Mode, Smtp};
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_util::task::TaskTracker;

/// Every door, ready to be served.
pub(crate) struct Doors {
    smtp: Smtp,
    imap: Imap,
    pop3: Pop3,
    http: HttpConnections,
    metrics_only: HttpConnections,
    mail_tls: TlsAcceptor,
    end_point: Option<EndPoint>,
    http_tls: TlsAcceptor,
    limits: Arc<Limits>,
    metrics: Arc<Metrics>,
    plaintext: Plaintext,
    stop: watch::Receiver<bool>,
}

impl Doors {
    pub(crate) fn new(
        config: &Config,
        services: &Services,
        tls: &Tls,
        setup: MailSetup,
        metrics: Arc<Metrics>,
        stop: &watch::Receiver<bool>,
    ) -> Self {
        let limits: Arc<Limits> = Arc::new(config.limits.clone());
        let pages = Site {
            office: services.office.clone(),
            metrics: metrics.clone(),
            public_url: config.public_url.as_str().into(),
            stop: stop.clone(),
        };
        let http = |site| HttpConnections { site, limits: limits.clone(), stop: stop.clone() };
        Self {
            smtp: smtp(config, services, tls),
            imap: imap(config, services, tls),
            pop3: pop3(config, services, tls),
            metrics_only: http(metrics_only(pages.clone())),
            http: http(mail_setup::in_any_case(site(pages, api(config, services).merge(mail_setup::router(setup))))),
            mail_tls: TlsAcceptor::from(tls.mail.clone()),
            end_point: tls.end_point,
            http_tls: TlsAcceptor::from(tls.http.clone()),
            limits,
            metrics,
            plaintext: config.plaintext,
            stop: stop.clone(),
        }
    }

    /// Starts accepting on every listener.
    pub(crate) fn open(self, background: &mut JoinSet<()>, bound: Vec<Bound>, connections: &TaskTracker) {
        let gate = Gate::new(&self.limits, self.metrics.clone());
        let doors = Arc::new(self);
        for bound in bound {
            let (doors, listener) = (doors.clone(), bound.listener);
            let stop = doors.stop.clone();
            background.spawn(bound.run(gate.clone(), connections.clone(), stop, move |stream, peer, place| {
                let doors = doors.clone();
                async move {
                    doors.serve(listener, stream, peer).await;
                    drop(place);
                }
            }));
        }
    }

    async fn serve(&self, listener: Listener, stream: TcpStream, peer: Peer) {
        match listener {
            Listener::Smtp => self.serve_smtp(Mode::Mx, stream, peer).await,
            Listener::Lmtp => self.serve_smtp(Mode::Lmtp, stream, peer).await,
            Listener::Submission => self.serve_smtp(Mode::Submission, stream, peer).await,
            Listener::Submissions => self.serve_smtp(Mode::Submissions, stream, peer).await,
            Listener::Imap => self.serve_imap(stream, peer).await,
            Listener::Imaps => self.serve_imaps(stream, peer).await,
            Listener::Pop3 => self.serve_pop3(stream, peer).await,
            Listener::Pop3s => self.serve_pop3s(stream, peer).await,
            Listener::Http => self.http.clone().serve(stream, self.connection(peer, false)).await,
            Listener::Metrics => self.metrics_only.clone().serve(stream, self.connection(peer, false)).await,
            Listener::Https => {
                if let Some(stream) = accept(&self.http_tls, stream, &peer, &self.limits).await {
                    self.http.clone().serve(stream, self.connection(peer, true)).await;
                }
            }
        }
    }

    async fn serve_smtp(&self, mode: Mode, stream: TcpStream, peer: Peer) {
        let peer = postroom_smtp::Peer { address: peer.address.ip(), is_loopback: peer.loopback };
        postroom_smtp::serve_connection(self.smtp.clone(), mode, stream, peer, self.stop.clone()).await;
    }

    async fn serve_imap(&self, stream: TcpStream, peer: Peer) {
        let peer = self.imap_peer(peer, Bindings::default());
        self.imap.serve_connection(Box::new(stream), peer, false, self.stop.clone()).await;
    }

    async fn serve_imaps(&self, stream: TcpStream, peer: Peer) {
        if let Some(stream) = accept(&self.mail_tls, stream, &peer, &self.limits).await {
            let peer = self.imap_peer(peer, bindings(&stream, self.end_point));
            self.imap.serve_connection(Box::new(stream), peer, true, self.stop.clone()).await;
        }
    }

    /// To the door, `loopback` means that passwords may be sent in clear.
    fn imap_peer(&self, peer: Peer, bindings: Bindings) -> postroom_imap::Peer {
        postroom_imap::Peer { address: peer.address, loopback: self.passwords_in_clear(peer), bindings }
    }

    async fn serve_pop3(&self, stream: TcpStream, peer: Peer) {
        let peer = self.pop3_peer(peer, Bindings::default());
        self.pop3.serve_connection(Box::new(stream), peer, false, self.stop.clone()).await;
    }

    async fn serve_pop3s(&self, stream: TcpStream, peer: Peer) {
        if let Some(stream) = accept(&self.mail_tls, stream, &peer, &self.limits).await {
            let peer = self.pop3_peer(peer, bindings(&stream, self.end_point));
            self.pop3.serve_connection(Box::new(stream), peer, true, self.stop.clone()).await;
        }
    }

    /// As for IMAP, `loopback` means that passwords may be sent in clear.
    fn pop3_peer(&self, peer: Peer, bindings: Bindings) -> postroom_pop3::Peer {
        postroom_pop3::Peer { address: peer.address, loopback: self.passwords_in_clear(peer), bindings }
    }

    fn connection(&self, peer: Peer, tls: bool) -> Connection {
        Connection { peer, tls, protected: tls || self.passwords_in_clear(peer) }
    }

    fn passwords_in_clear(&self, peer: Peer) -> bool {
        peer.loopback && self.plaintext == Plaintext::Loopback
    }
}

fn smtp(config: &Config, services: &Services, tls: &Tls) -> Smtp {
    let limits = &config.limits;
    Smtp::new(postroom_smtp::Settings {
        hostname: config.hostname.clone(),
        limits: postroom_smtp::Limits {
            message_size: limits.message_size.0,
            message_memory: limits.message_memory.0,
            recipients: limits.recipients.number(),
            command_line: limits.command_line.octets(),
            errors: limits.refused_commands.number(),
            command_time: limits.smtp_timeout.0,
            data_time: limits.data_timeout.0,
            message_time: limits.message_timeout.0,
            reply_time: limits.write_timeout.0,
            handshake_time: limits.sign_in_timeout.0,
        },
        tls: Some(tls.mail.clone()),
        end_point: tls.end_point,
        plaintext_on_loopback: config.plaintext == Plaintext::Loopback,
        directory: services.office.directory.clone(),
        inbound: services.inbound.clone(),
        outbound: services.outbound.clone(),
    })
}

fn imap(config: &Config, services: &Services, tls: &Tls) -> Imap {
    let limits = &config.limits;
    let settings = ImapConfig {
        tls: Some(tls.mail.clone()),
        end_point: tls.end_point,
        jmap_url: None,
        message_size: limits.message_size.octets(),
        sign_in_timeout: limits.sign_in_timeout.0,
        idle_timeout: limits.imap_timeout.0,
        write_timeout: limits.write_timeout.0,
        most_errors: u32::try_from(limits.refused_commands.0).unwrap_or(u32::MAX),
    };
    Imap::new(services.mail.clone(), services.office.directory.clone(), settings)
}

fn pop3(config: &Config, services: &Services, tls: &Tls) -> Pop3 {
    let limits = &config.limits;
    let settings = Pop3Config {
        tls: Some(tls.mail.clone()),
        end_point: tls.end_point,
        sign_in_timeout: limits.sign_in_timeout.0,
        idle_timeout: limits.pop3_timeout.0,
        write_timeout: limits.write_timeout.0,
        most_errors: u32::try_from(limits.refused_commands.0).unwrap_or(u32::MAX),
    };
    Pop3::new(services.mail.clone(), services.office.directory.clone(), settings)
}

/// The API needs to know whether a password may come this way.
fn api(config: &Config, services: &Services) -> Router {
    let limits = postroom_admin::Limits { body: config.limits.http_body.octets() };
    let router = postroom_admin::router(services.office.directory.clone(), services.outbound.clone(), limits);
    router.layer(Extension(services.office.fetch.clone())).layer(middleware::map_request(introduce))
}

async fn introduce(mut request: Request) -> Request {
    if let Some(connection) = request.extensions().get::<Connection>().copied() {
        let peer = postroom_admin::Peer { address: connection.peer.address.ip(), protected: connection.protected };
        request.extensions_mut().insert(peer);
    }
    request
}
