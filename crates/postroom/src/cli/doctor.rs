//! `postroom doctor`

use super::{Answer, Ending, Request};
use crate::config::Config;
use crate::control;
use crate::doctor::{self, Facts, Level, Report};
use crate::office::Office;
use postroom_model::{Clock, SystemClock};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Looks at the configuration, the database, the organisation, the certificate and the listeners, changes
nothing, and prints what is wrong with what to do about it; then the records of DNS by which mail programs
find the server. Exit status 1: something does not work.")]
pub(crate) struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What only whoever holds the data can answer.
pub(super) async fn facts(office: &Office) -> Answer {
    match Facts::read(office).await {
        Ok(facts) => Answer::json(&facts),
        Err(why) => Answer::failed(why),
    }
}

pub(super) async fn run(config: &Config, args: Args) -> Answer {
    let facts = match control::client::run(config, Request::DoctorFacts).await {
        Ok(Answer { ending: Ending::Done, output, .. }) => {
            serde_json::from_str::<Facts>(&output).map_err(|error| error.to_string())
        }
        Ok(Answer { ending: Ending::Failed(why) | Ending::Refused(why), .. }) => Err(why),
        Err(error) => Err(error.to_string()),
    };
    let report = doctor::examine(config, facts, SystemClock.now()).await;
    let problems = report.findings.iter().filter(|finding| finding.level == Level::Problem).count();
    let mut answer = if args.json { Answer::json(&report) } else { Answer::done(as_text(&report)) };
    if problems > 0 {
        answer.ending = Ending::Failed(format!("{problems} of the checks found something that does not work"));
    }
    answer
}

fn as_text(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let level = match finding.level {
            Level::Ok => "ok",
            Level::Warning => "warning",
            Level::Problem => "PROBLEM",
        };
        text.push_str(&format!("{level:<8} {}: {}\n", finding.topic, finding.what));
        if let Some(advice) = &finding.advice {
            text.push_str(&format!("         {advice}\n"));
        }
    }
    if !report.records.is_empty() {
        text.push_str("\nRecords of DNS by which mail programs find this server:\n\n");
        for record in &report.records {
            text.push_str(&format!("{record}\n"));
        }
    }
    text
}
