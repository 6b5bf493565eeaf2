//! The services of the house, opened once and shared by every door.

use crate::config::{Config, Dmarc};
use crate::office::{Office, OpenError};
use postroom_inbound::{Authenticity, DmarcPolicy, Inbound};
use postroom_mail::Mail;
use postroom_mail::indexer::{Indexer, Pace};
use postroom_outbound::Outbound;
use postroom_relay::{Dns, Network, Relay};
use postroom_store::{StoreError, organisation};
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub(crate) struct Services {
    pub(crate) office: Office,
    pub(crate) mail: Mail,
    pub(crate) inbound: Inbound,
    pub(crate) outbound: Outbound,
    pub(crate) relay: Relay,
}

impl Services {
    pub(crate) async fn open(config: &Config) -> Result<Self, OpenError> {
        let office = Office::open(config).await?;
        let access = &office.access;
        let relay = relay(config, &office)?;
        Ok(Self {
            mail: Mail::new(access.clone()),
            inbound: office.inbound.clone().with_authenticity(authenticity(config, relay.dns().clone())),
            outbound: office.outbound.clone(),
            relay,
            office,
        })
    }

    /// Starts what the server does by itself.
    pub(crate) fn run_jobs(&self, background: &mut JoinSet<()>, config: &Config, stop: &watch::Receiver<bool>) {
        let retention = postroom_jobs::Retention {
            audit: config.limits.audit_retention.0,
            changes: config.limits.change_retention.0,
        };
        let schedule = postroom_jobs::Schedule::new(self.office.access.clone(), retention, super::JOBS_EVERY);
        background.spawn(schedule.run(stop.clone()));
        background.spawn(self.relay.clone().run(stop.clone()));
        let clock = Arc::new(postroom_model::SystemClock);
        let indexer = Indexer::new(self.office.store.clone(), clock, Pace::default());
        background.spawn(indexer.run(stop.clone()));
        background.spawn(self.office.fetch.clone().run(stop.clone()));
        if !config.is_sqlite() {
            background.spawn(follow_other_nodes(self.office.clone(), stop.clone()));
        }
    }
}

fn authenticity(config: &Config, dns: Dns) -> Authenticity {
    let dmarc = match config.dmarc {
        Dmarc::Record => DmarcPolicy::Record,
        Dmarc::Junk => DmarcPolicy::Junk,
        Dmarc::Enforce => DmarcPolicy::Enforce,
    };
    Authenticity { dns, dmarc, patience: config.limits.authenticity_timeout.0 }
}

fn relay(config: &Config, office: &Office) -> Result<Relay, OpenError> {
    let outgoing = &config.outgoing;
    let dns = match outgoing.name_servers.as_slice() {
        // A machine without that configuration may run a resolver of its own.
        [] => Dns::system().or_else(|error| {
            tracing::warn!(error, "the system names no DNS server; 127.0.0.1 is asked");
            Dns::with_servers(&[([127, 0, 0, 1], 53).into()])
        }),
        servers => Dns::with_servers(servers),
    };
    let network = Network::new(&outgoing.allow_networks, &outgoing.extra_ca, outgoing.port)?;
    let limits = &config.limits;
    let settings = postroom_relay::Settings {
        connections: limits.outgoing_connections.number(),
        connections_per_destination: limits.outgoing_connections_per_destination.number(),
        messages_per_minute: u32::try_from(limits.outgoing_messages_per_minute.0).unwrap_or(u32::MAX),
        shared: !config.is_sqlite(),
        ..postroom_relay::Settings::default()
    };
    let sealing = office.directory.sealing().clone();
    Ok(Relay::new(office.outbound.clone(), sealing, dns.map_err(OpenError::Dns)?, network, settings))
}

/// On PostgreSQL others write too: commands, and other nodes.
async fn follow_other_nodes(office: Office, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = super::stop::asked(&mut stop) => return,
            () = tokio::time::sleep(super::RELOAD_EVERY) => {}
        }
        if let Err(error) = catch_up(&office).await {
            tracing::error!(error = error.detail(), "the organisation could not be read again");
        }
    }
}

async fn catch_up(office: &Office) -> Result<(), StoreError> {
    if office.store.read(organisation::version).await? != office.access.org().version {
        office.access.reload().await?;
    }
    Ok(())
}
