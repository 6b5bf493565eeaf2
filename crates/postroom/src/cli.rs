//! The command line. One command is one file below `cli/`; this one is the list of them.
//!
//! A command that works on the data becomes a [`Request`]: built here from arguments, the environment and stdin, then
//! run on an [`Office`], either in this process or in the running server (see [`crate::control`]). Start reading at
//! [`run`].

mod answer;
mod app_password;
mod apply;
mod audit;
mod dkim;
mod doctor;
mod explain;
mod export;
mod export_mailbox;
mod import;
mod inbound;
mod mailbox;
mod password;
mod queue;
mod role;
mod route;
mod table;
mod user;

pub(crate) use answer::{Answer, Ending};

use crate::config::{Config, Sources};
use crate::office::Office;
use crate::{control, logging, serve};
use clap::{Parser, Subcommand};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::PathBuf;

const ABOUT: &str = "A mailbox server for organisations: many people share mailboxes safely";

const AFTER: &str = "\
Examples:
  postroom serve                             runs on loopback, with its data in ./data
  postroom apply org.toml --dry-run          shows what would change
  postroom explain alice support send.as     says why she may, or may not
  postroom --config /etc/postroom.toml user list --json

Without --config, postroom.toml in the current folder is read if it is there. Relative paths in it count
from the file. Each key can also be set in the environment: POSTROOM_HOSTNAME, POSTROOM_LISTEN_SMTP, …

Exit status: 0 done, 1 failed, 2 wrong usage or input that was refused.";

#[derive(Debug, Parser)]
#[command(name = "postroom", version, about = ABOUT, after_help = AFTER, arg_required_else_help = true)]
#[command(disable_help_subcommand = true)]
pub struct Cli {
    /// The configuration file
    #[arg(long, global = true, value_name = "FILE", env = "POSTROOM_CONFIG", hide_env = true)]
    config: Option<PathBuf>,

    /// The data folder [default: `data` beside the configuration file]
    #[arg(long, global = true, value_name = "DIR", env = "POSTROOM_DATA", hide_env = true)]
    data: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server: everything, in this process
    #[command(after_help = SERVE)]
    Serve,
    /// Bring the organisation to what a file says, and print the difference
    Apply(apply::Args),
    /// Print the organisation as such a file
    Export(export::Args),
    /// Say why somebody may, or may not
    Explain(explain::Args),
    /// Users: people with a mailbox and a sign-in of their own
    #[command(subcommand)]
    User(user::Command),
    /// Mailboxes that people share
    #[command(subcommand)]
    Mailbox(mailbox::Command),
    /// Inbound services: accounts elsewhere whose Inbox is moved into a mailbox
    #[command(subcommand)]
    Inbound(inbound::Command),
    /// Bring mail from an mbox file or a Maildir into a mailbox
    Import(import::Args),
    /// Write the mail of a mailbox as a Maildir or as mbox files
    ExportMailbox(export_mailbox::Args),
    /// Roles: people who hold rights together
    #[command(subcommand)]
    Role(role::Command),
    /// The password of a user
    #[command(subcommand)]
    Password(password::Command),
    /// Application passwords: one for each program that signs in by itself
    #[command(subcommand)]
    AppPassword(app_password::Command),
    /// Messages on their way to other servers, and those that are held
    #[command(subcommand)]
    Queue(queue::Command),
    /// Keys that sign mail from a domain, and the records to publish
    #[command(subcommand)]
    Dkim(dkim::Command),
    /// The ways that mail leaves by
    #[command(subcommand)]
    Route(route::Command),
    /// Who did what, newest first
    Audit(audit::Args),
    /// Say what is wrong with the installation, and what to do about it
    Doctor(doctor::Args),
}

const SERVE: &str = "\
Prints `listening NAME ADDRESS` for each listener, then `ready`. Without a configuration it listens on
loopback only: smtp 2525, submission 2587, submissions 2465, lmtp 2424, imap 2143, imaps 2993, pop3 2110,
pop3s 2995, http 8080, https 8443.

SIGTERM and SIGINT stop it gracefully: no new connections, running commands finish. A second one ends it at
once. POSTROOM_LOG sets what is logged to stderr: `info` (default), `debug`, `postroom_smtp=debug,info`, …";

/// What can be asked of the data, by whoever holds it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Request {
    /// Somebody else wrote to the database: read the organisation again.
    Reload,
    Apply(apply::Request),
    Export(export::Request),
    Explain(explain::Request),
    UserList(user::List),
    MailboxList(mailbox::List),
    MailboxShow(mailbox::Show),
    MailboxConvert(mailbox::Convert),
    InboundList(inbound::List),
    InboundShow(inbound::Show),
    InboundTest(inbound::Test),
    InboundTry(inbound::Try),
    Import(import::Request),
    ExportMailbox(export_mailbox::Request),
    RoleList(role::List),
    PasswordSet(password::Set),
    AppPasswordCreate(app_password::Create),
    AppPasswordList(app_password::List),
    AppPasswordRevoke(app_password::Revoke),
    QueueList(queue::List),
    QueueShow(queue::Show),
    QueueAct(queue::Act),
    Dkim(dkim::Act),
    RouteList(route::List),
    RouteTest(route::Test),
    Audit(audit::Request),
    DoctorFacts,
}

impl Request {
    pub(crate) async fn run(self, office: &Office) -> Answer {
        match self {
            Self::Reload => reload(office).await,
            Self::Apply(request) => apply::run(office, request).await,
            Self::Export(request) => export::run(office, request).await,
            Self::Explain(request) => explain::run(office, request).await,
            Self::UserList(request) => user::list(office, request),
            Self::MailboxList(request) => mailbox::list(office, request),
            Self::MailboxShow(request) => mailbox::show(office, request).await,
            Self::MailboxConvert(request) => mailbox::convert(office, request).await,
            Self::InboundList(request) => inbound::list(office, request).await,
            Self::InboundShow(request) => inbound::show(office, request).await,
            Self::InboundTest(request) => inbound::test(office, request).await,
            Self::InboundTry(request) => inbound::try_now(office, request).await,
            Self::Import(request) => import::run(office, request).await,
            Self::ExportMailbox(request) => export_mailbox::run(office, request).await,
            Self::RoleList(request) => role::list(office, request),
            Self::PasswordSet(request) => password::set(office, request).await,
            Self::AppPasswordCreate(request) => app_password::create(office, request).await,
            Self::AppPasswordList(request) => app_password::list(office, request).await,
            Self::AppPasswordRevoke(request) => app_password::revoke(office, request).await,
            Self::QueueList(request) => queue::list(office, request).await,
            Self::QueueShow(request) => queue::show(office, request).await,
            Self::QueueAct(request) => queue::act(office, request).await,
            Self::Dkim(act) => dkim::run(office, act).await,
            Self::RouteList(request) => route::list(office, &request),
            Self::RouteTest(request) => route::test(office, &request),
            Self::Audit(request) => audit::run(office, request).await,
            Self::DoctorFacts => doctor::facts(office).await,
        }
    }

    /// Whether it may change the organisation.
    pub(crate) fn changes(&self) -> bool {
        match self {
            Self::Apply(_)
            | Self::MailboxConvert(_)
            | Self::InboundTry(_)
            | Self::PasswordSet(_)
            | Self::AppPasswordCreate(_)
            | Self::AppPasswordRevoke(_)
            | Self::Dkim(_) => true,
            Self::Reload
            | Self::Export(_)
            | Self::Explain(_)
            | Self::UserList(_)
            | Self::MailboxList(_)
            | Self::MailboxShow(_)
            | Self::InboundList(_)
            | Self::InboundShow(_)
            | Self::InboundTest(_)
            | Self::Import(_)
            | Self::ExportMailbox(_)
            | Self::RoleList(_)
            | Self::QueueList(_)
            | Self::QueueShow(_)
            | Self::QueueAct(_)
            | Self::RouteList(_)
            | Self::RouteTest(_)
            | Self::AppPasswordList(_)
            | Self::Audit(_)
            | Self::DoctorFacts => false,
        }
    }
}

async fn reload(office: &Office) -> Answer {
    match office.access.reload().await {
        Ok(()) => Answer::done(""),
        Err(error) => Answer::failed(error.detail()),
    }
}

/// What a command comes to.
enum Prepared {
    Serve,
    /// It looks at more than the data.
    Doctor(doctor::Args),
    Ask(Request),
}

impl Command {
    /// Reads what the request needs from here: arguments, files, the environment, stdin.
    fn prepare(self) -> Result<Prepared, Answer> {
        let request = match self {
            Self::Serve => return Ok(Prepared::Serve),
            Self::Doctor(args) => return Ok(Prepared::Doctor(args)),
            Self::Apply(args) => Request::Apply(args.prepare()?),
            Self::Export(args) => Request::Export(args.prepare()),
            Self::Explain(args) => Request::Explain(args.prepare()?),
            Self::User(command) => command.prepare(),
            Self::Mailbox(command) => command.prepare()?,
            Self::Inbound(command) => command.prepare(),
            Self::Import(args) => Request::Import(args.prepare()?),
            Self::ExportMailbox(args) => Request::ExportMailbox(args.prepare()?),
            Self::Role(command) => command.prepare(),
            Self::Password(command) => command.prepare()?,
            Self::AppPassword(command) => command.prepare()?,
            Self::Queue(command) => command.prepare(),
            Self::Route(command) => command.prepare(),
            Self::Dkim(command) => command.prepare(),
            Self::Audit(args) => Request::Audit(args.prepare()),
        };
        Ok(Prepared::Ask(request))
    }
}

/// Runs a request; one that works in parts, until all of them are done.
async fn to_its_end(config: &Config, mut request: Request) -> Result<Answer, control::client::ReachError> {
    loop {
        let mut answer = control::client::run(config, request).await?;
        let Some(next) = answer.next.take() else { return Ok(answer) };
        for line in &answer.warnings {
            eprintln!("{line}");
        }
        request = *next;
    }
}

/// Runs one command to its end and gives the exit status.
pub async fn run(cli: Cli) -> u8 {
    let sources = Sources { file: cli.config, data: cli.data };
    let variables =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let config = match Config::load(&sources, variables) {
        Ok(config) => config,
        Err(error) => return print(&Answer::refused(error.to_string())),
    };
    for warning in &config.warnings {
        eprintln!("warning: {warning}");
    }
    let answer = match cli.command.prepare() {
        Ok(Prepared::Ask(request)) => {
            logging::for_command();
            match to_its_end(&config, request).await {
                Ok(answer) => answer,
                Err(error) => Answer::failed(error.to_string()),
            }
        }
        Ok(Prepared::Doctor(args)) => {
            logging::for_command();
            doctor::run(&config, args).await
        }
        Ok(Prepared::Serve) => {
            let metrics = logging::for_server(&config.limits);
            match serve::run(config, metrics).await {
                Ok(()) => Answer::done(""),
                Err(error) => Answer::failed(error.to_string()),
            }
        }
        Err(refused) => refused,
    };
    print(&answer)
}

fn print(answer: &Answer) -> u8 {
    let mut out = std::io::stdout().lock();
    // A reader that went away, as `head` does, is no failure.
    _ = out.write_all(answer.output.as_bytes()).and_then(|()| out.flush());
    for warning in &answer.warnings {
        eprintln!("warning: {warning}");
    }
    match &answer.ending {
        Ending::Done => 0,
        Ending::Failed(why) => {
            eprintln!("error: {why}");
            1
        }
        Ending::Refused(why) => {
            eprintln!("error: {why}");
            2
        }
    }
}

#[cfg(test)]
mod tests;
