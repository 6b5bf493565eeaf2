//! The services of the house, opened once and shared by every door.

use crate::config::Config;
use crate::office::{Office, OpenError};
use postroom_inbound::Inbound;
use postroom_mail::Mail;
use postroom_mail::indexer::{Indexer, Pace};
use postroom_outbound::Outbound;
use postroom_store::{StoreError, organisation};
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub(crate) struct Services {
    pub(crate) office: Office,
    pub(crate) mail: Mail,
    pub(crate) inbound: Inbound,
    pub(crate) outbound: Outbound,
}

impl Services {
    pub(crate) async fn open(config: &Config) -> Result<Self, OpenError> {
        let office = Office::open(config).await?;
        let access = &office.access;
        Ok(Self {
            mail: Mail::new(access.clone()),
            inbound: Inbound::new(access.clone(), &config.hostname),
            outbound: Outbound::new(access.clone(), &config.hostname),
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
        let clock = Arc::new(postroom_model::SystemClock);
        let indexer = Indexer::new(self.office.store.clone(), clock, Pace::default());
        background.spawn(indexer.run(stop.clone()));
        if !config.is_sqlite() {
            background.spawn(follow_other_nodes(self.office.clone(), stop.clone()));
        }
    }
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
