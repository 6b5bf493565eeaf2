//! What is wrong with an installation, and what to do about it. Each topic is one file that gives findings; a check
//! looks, it changes nothing. Start reading at [`examine`].

mod certificate;
mod configuration;
mod listeners;
mod organisation;
mod records;

pub(crate) use organisation::Facts;
pub(crate) use records::Record;

use crate::config::Config;
use postroom_model::Time;
use serde::Serialize;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// As it should be.
    Ok,
    /// It works, but not for everybody or not for long.
    Warning,
    /// Something does not work.
    Problem,
}

/// What a check saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    pub(crate) topic: &'static str,
    pub(crate) level: Level,
    pub(crate) what: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) advice: Option<String>,
}

impl Finding {
    pub(crate) fn ok(topic: &'static str, what: impl Into<String>) -> Self {
        Self { topic, level: Level::Ok, what: what.into(), advice: None }
    }

    pub(crate) fn warning(topic: &'static str, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { topic, level: Level::Warning, what: what.into(), advice: Some(advice.into()) }
    }

    pub(crate) fn problem(topic: &'static str, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { topic, level: Level::Problem, what: what.into(), advice: Some(advice.into()) }
    }
}

/// All findings, and the records of DNS that mail programs look for.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) findings: Vec<Finding>,
    pub(crate) records: Vec<Record>,
}

/// Looks at everything. `facts`: what the database holds, or why it could not be asked.
pub(crate) async fn examine(config: &Config, facts: Result<Facts, String>, now: Time) -> Report {
    let mut findings = configuration::check(config);
    let domains = match &facts {
        Ok(facts) => {
            findings.extend(organisation::check(facts));
            facts.domains.clone()
        }
        Err(why) => {
            let advice = "see that the data folder or the database can be reached from here";
            findings.push(Finding::problem("database", why, advice));
            Vec::new()
        }
    };
    findings.extend(certificate::check(config, now));
    findings.extend(listeners::check(config).await);
    Report { findings, records: records::to_publish(config, &domains) }
}

#[cfg(test)]
mod tests;
