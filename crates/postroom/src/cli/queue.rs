//! `postroom queue list|show|retry|cancel|send-now`

use super::Answer;
use super::table::table;
use crate::moment;
use crate::office::Office;
use clap::Subcommand;
use postroom_model::{Actor, DeliveryState};
use postroom_outbound::queue::{Status, Wanted};
use postroom_outbound::{CancelError, QueueError};
use serde::{Deserialize, Serialize};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List messages on their way, newest first
    List {
        /// Only those with a recipient in this state: held, waiting, sending, delivered, failed, cancelled
        #[arg(long, value_parser = state)]
        state: Option<DeliveryState>,
        /// Only those with this text in the address of a recipient
        #[arg(long, value_name = "TEXT")]
        to: Option<String>,
        /// Also those that are finished
        #[arg(long)]
        all: bool,
        /// How many, at most 200
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
        limit: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one message with everything that happened to it
    Show {
        /// The message, as the answer to its sender named it
        message: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Try failed and waiting recipients of a message now
    Retry { message: String },
    /// Take a message back where it has not left yet; a held one goes to Drafts
    Cancel { message: String },
    /// Let a held message go now
    SendNow { message: String },
}

fn state(text: &str) -> Result<DeliveryState, String> {
    DeliveryState::parse(text).ok_or_else(|| "write held, waiting, sending, delivered, failed or cancelled".to_owned())
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct List {
    state: Option<DeliveryState>,
    to: Option<String>,
    all: bool,
    limit: u32,
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Show {
    message: String,
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Act {
    Retry(String),
    Cancel(String),
    SendNow(String),
}

impl Command {
    pub(super) fn prepare(self) -> super::Request {
        match self {
            Self::List { state, to, all, limit, json } => {
                super::Request::QueueList(List { state, to, all, limit, json })
            }
            Self::Show { message, json } => super::Request::QueueShow(Show { message, json }),
            Self::Retry { message } => super::Request::QueueAct(Act::Retry(message)),
            Self::Cancel { message } => super::Request::QueueAct(Act::Cancel(message)),
            Self::SendNow { message } => super::Request::QueueAct(Act::SendNow(message)),
        }
    }
}

/// A message for programs.
#[derive(Serialize)]
struct Line<'a> {
    message: &'a str,
    from: &'a str,
    envelope_from: &'a str,
    size: u64,
    created_at: String,
    hold_until: Option<String>,
    gives_up_at: String,
    finished_at: Option<String>,
    recipients: Vec<Recipient<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    log: Vec<Event<'a>>,
}

#[derive(Serialize)]
struct Recipient<'a> {
    address: &'a str,
    state: DeliveryState,
    attempts: u32,
    next_attempt_at: Option<String>,
    answer: &'a str,
}

#[derive(Serialize)]
struct Event<'a> {
    at: String,
    recipient: Option<&'a str>,
    text: &'a str,
}

fn line(status: &Status) -> Line<'_> {
    let message = &status.message;
    let address = |position: i64| {
        status.recipients.iter().find(|recipient| recipient.position == position).map(|found| found.address.as_str())
    };
    Line {
        message: &message.name,
        from: &message.from_address,
        envelope_from: &message.envelope_from,
        size: message.size,
        created_at: moment::text(message.created_at),
        hold_until: message.hold_until.map(moment::text),
        gives_up_at: moment::text(message.expires_at),
        finished_at: message.finished_at.map(moment::text),
        recipients: status
            .recipients
            .iter()
            .map(|recipient| Recipient {
                address: &recipient.address,
                state: recipient.state,
                attempts: recipient.attempts,
                next_attempt_at: recipient.next_at.map(moment::text),
                answer: &recipient.answer,
            })
            .collect(),
        log: status
            .log
            .iter()
            .map(|row| Event { at: moment::text(row.at), recipient: row.position.and_then(address), text: &row.text })
            .collect(),
    }
}

pub(super) async fn list(office: &Office, request: List) -> Answer {
    let List { state, to, all, limit, json } = request;
    let filter = Wanted { state, recipient: to, finished: all };
    let found = match office.outbound.queue(Actor::operator(), filter, limit).await {
        Ok(found) => found,
        Err(error) => return refused(&error),
    };
    if json {
        return Answer::json(&found.iter().map(line).collect::<Vec<_>>());
    }
    let rows: Vec<_> = found.iter().flat_map(rows).collect();
    Answer::done(table(["MESSAGE", "FROM", "TO", "STATE", "TRIED", "NEXT", "ANSWER"], &rows))
}

/// One row for each recipient.
fn rows(status: &Status) -> Vec<[String; 7]> {
    let row = |recipient: &postroom_store::queue::QueuedRecipient| {
        let next = status.message.hold_until.or(recipient.next_at);
        [
            status.message.name.clone(),
            status.message.from_address.clone(),
            recipient.address.clone(),
            recipient.state.as_str().to_owned(),
            recipient.attempts.to_string(),
            next.map_or_else(|| "-".to_owned(), moment::text),
            recipient.answer.clone(),
        ]
    };
    status.recipients.iter().map(row).collect()
}

pub(super) async fn show(office: &Office, request: Show) -> Answer {
    let status = match office.outbound.status(Actor::operator(), &request.message).await {
        Ok(status) => status,
        Err(error) => return refused(&error),
    };
    if request.json {
        return Answer::json(&line(&status));
    }
    let message = &status.message;
    let mut text = format!(
        "message      {}\nfrom         {}\nsender       <{}>\nsize         {} octets\ntaken        {}\n",
        message.name,
        message.from_address,
        message.envelope_from,
        message.size,
        moment::text(message.created_at)
    );
    if let Some(until) = message.hold_until {
        text.push_str(&format!("held until   {}\n", moment::text(until)));
    }
    match message.finished_at {
        Some(at) => text.push_str(&format!("finished     {}\n", moment::text(at))),
        None => text.push_str(&format!("given up     {}\n", moment::text(message.expires_at))),
    }
    text.push('\n');
    let recipients: Vec<_> = rows(&status)
        .into_iter()
        .map(|[_, _, to, state, tried, next, answer]| [to, state, tried, next, answer])
        .collect();
    text.push_str(&table(["TO", "STATE", "TRIED", "NEXT", "ANSWER"], &recipients));
    let events: Vec<_> = line(&status)
        .log
        .into_iter()
        .map(|event| [event.at, event.recipient.unwrap_or("-").to_owned(), event.text.to_owned()])
        .collect();
    if !events.is_empty() {
        text.push('\n');
        text.push_str(&table(["WHEN", "TO", "WHAT"], &events));
    }
    Answer::done(text)
}

pub(super) async fn act(office: &Office, request: Act) -> Answer {
    let operator = Actor::operator();
    match request {
        Act::Retry(name) => match office.outbound.resend(operator, &name).await {
            Ok(0) => Answer::refused(format!("message {name} has no recipient that failed or waits")),
            Ok(count) => Answer::done(format!("message {name}: {count} recipients are tried now\n")),
            Err(error) => refused(&error),
        },
        Act::Cancel(name) => match office.outbound.cancel(operator, &name, true).await {
            Ok(_) => Answer::done(format!("message {name} is taken back\n")),
            Err(CancelError::Queue(error)) => refused(&error),
            Err(error @ CancelError::Left(_)) => Answer::refused(error.to_string()),
        },
        Act::SendNow(name) => match office.outbound.send_now(operator, &name).await {
            Ok(_) => Answer::done(format!("message {name} leaves now\n")),
            Err(error) => refused(&error),
        },
    }
}

fn refused(error: &QueueError) -> Answer {
    match error {
        QueueError::NotFound(_) | QueueError::NotAdmin => Answer::refused(error.to_string()),
        QueueError::Store(error) => Answer::failed(error.detail()),
    }
}
