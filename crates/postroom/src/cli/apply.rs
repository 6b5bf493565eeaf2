//! `postroom apply FILE`

use super::Answer;
use crate::office::Office;
use postroom_directory::Secret;
use postroom_directory::file::{ApplyError, Options, OrganisationFile, Problems, Report};
use postroom_model::Actor;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
What the file names becomes exact: addresses, role members, grants that came from a file. Grants made
elsewhere and objects that the file does not name are listed, not touched. A mistake refuses the whole file,
with its line; nothing is changed then.

Passwords and other secrets are not in the file: `password_env` names a variable of the environment that
this command reads.

Examples:
  postroom apply org.toml --dry-run          shows what would change
  ALICE_PASSWORD=… postroom apply org.toml   changes it; a second time there is no difference
  postroom export | postroom apply -         no difference either")]
pub(crate) struct Args {
    /// The organisation file; `-` is stdin
    file: PathBuf,
    /// Only print the difference
    #[arg(long)]
    dry_run: bool,
    /// Remove access and objects that the file does not name; never mail
    #[arg(long)]
    prune: bool,
    /// Set the passwords of the file also where there is one already
    #[arg(long)]
    set_passwords: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    /// As it is called in errors.
    name: String,
    text: String,
    /// The variables that the file names, from the environment of this command.
    variables: BTreeMap<String, Secret>,
    options: Options,
    json: bool,
}

impl Args {
    pub(super) fn prepare(self) -> Result<Request, Answer> {
        let name = self.file.display().to_string();
        let text = read(&self.file).map_err(|error| Answer::refused(format!("{name} cannot be read: {error}")))?;
        let named = OrganisationFile::variables(&text).map_err(|problems| refusal(&name, &problems))?;
        let value = |variable: String| Some((variable.clone(), Secret::new(std::env::var(variable).ok()?)));
        let variables = named.into_iter().filter_map(value).collect();
        let options = Options { dry_run: self.dry_run, prune: self.prune, set_passwords: self.set_passwords };
        let request = Request { name, text, variables, options, json: self.json };
        // A mistake shows before anything is opened.
        request.parse()?;
        Ok(request)
    }
}

impl Request {
    fn parse(&self) -> Result<OrganisationFile, Answer> {
        let value = |variable: &str| Some(self.variables.get(variable)?.expose().to_owned());
        OrganisationFile::parse(&self.text, &value).map_err(|problems| refusal(&self.name, &problems))
    }
}

fn refusal(name: &str, problems: &Problems) -> Answer {
    Answer::refused(format!("{name} is refused, nothing was changed\n{problems}"))
}

fn read(path: &Path) -> std::io::Result<String> {
    if path != Path::new("-") {
        return std::fs::read_to_string(path);
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}

pub(super) async fn run(office: &Office, request: Request) -> Answer {
    let file = match request.parse() {
        Ok(file) => file,
        Err(refused) => return refused,
    };
    let options = request.options;
    match office.directory.apply(Actor::operator(), file, options).await {
        Ok(report) if request.json => Answer::json(&report).with_warnings(report.warnings.clone()),
        Ok(report) => as_text(&report, options),
        Err(ApplyError::Refused(problems)) => refusal(&request.name, &problems),
        Err(ApplyError::Store(error)) => Answer::failed(error.detail()),
        Err(error @ ApplyError::Changed) => Answer::failed(error.to_string()),
        Err(error @ (ApplyError::Password(_) | ApplyError::NotAllowed(_))) => Answer::refused(error.to_string()),
    }
}

fn as_text(report: &Report, options: Options) -> Answer {
    let mut text = report.difference.to_string();
    for note in &report.notes {
        text.push_str(&format!("note: {note}\n"));
    }
    if options.dry_run && !report.difference.is_empty() {
        text.push_str("dry run: nothing was changed\n");
    }
    Answer::done(text).with_warnings(report.warnings.clone())
}
