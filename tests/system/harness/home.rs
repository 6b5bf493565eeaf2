//! A folder with a configuration and data, and commands run on it.

use super::{Database, ORGANISATION, Server, password};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Gone, with all that is in it, when it is dropped.
pub(crate) struct Home {
    folder: TempDir,
}

/// How a command ended, and what it said.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Home {
    /// A home whose listeners all stand on loopback ports that the system gives out.
    pub(crate) fn new(database: Database) -> Self {
        let folder = tempfile::Builder::new().prefix("postroom-").tempdir().expect("a temporary folder");
        let url = match database {
            Database::Sqlite => "sqlite:data/postroom.db".to_owned(),
            Database::Postgresql => postroom_store::testing::postgresql_database().expect("PostgreSQL is installed"),
        };
        let listen: String =
            ["smtp", "submission", "submissions", "lmtp", "imap", "imaps", "pop3", "pop3s", "http", "https", "metrics"]
                .iter()
                .map(|name| format!("{name} = \"127.0.0.1:0\"\n"))
                .collect();
        let text = format!("hostname = \"mail.example.org\"\n[database]\nurl = \"{url}\"\n[listen]\n{listen}");
        let home = Self { folder };
        home.write("postroom.toml", &text);
        home.write("org.toml", ORGANISATION);
        home
    }

    /// A home with the example organisation in it.
    pub(crate) fn with_organisation(database: Database) -> Self {
        let home = Self::new(database);
        home.run(&["apply", "org.toml"]).succeeded();
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file can be written");
    }

    /// Adds lines to the configuration.
    pub(crate) fn configure(&self, more: &str) {
        let text = std::fs::read_to_string(self.path("postroom.toml")).expect("the configuration");
        self.write("postroom.toml", &format!("{text}\n{more}\n"));
    }

    /// Runs a command in the folder, with its configuration and everybody's password in the environment.
    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        self.run_with_input(arguments, "")
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Done {
        let mut command = self.command(self.folder.path());
        command.arg("--config").arg(self.path("postroom.toml")).args(arguments);
        finish(command, input)
    }

    /// A command without any argument yet, to be run in `folder`.
    pub(crate) fn command(&self, folder: &Path) -> Command {
        let mut command = bare_command(folder);
        for user in ["alice", "bob", "carol", "mallory"] {
            command.env(format!("{}_PASSWORD", user.to_uppercase()), password(user));
        }
        command
    }

    /// Starts a server on the data, and waits until it is ready.
    pub(crate) fn serve(self) -> Server {
        self.serve_with(&[])
    }

    /// The same with more arguments.
    pub(crate) fn serve_with(self, arguments: &[&str]) -> Server {
        Server::on(self, arguments)
    }
}

/// The binary, with nothing of this process's environment that it would read.
pub(crate) fn bare_command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postroom"));
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("POSTROOM_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command to its end.
pub(crate) fn finish(mut command: Command, input: &str) -> Done {
    use std::io::Write;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("a pipe to the command");
    // A command that reads nothing may be gone already.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the binary ends");
    Done {
        status: output.status.code().expect("it was not killed"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

impl Done {
    /// What it printed, if it was done.
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert_eq!(self.status, 0, "it failed: {self:?}");
        self.out
    }

    /// What it said, if it refused its input.
    #[track_caller]
    pub(crate) fn refused(self) -> String {
        assert_eq!(self.status, 2, "it did not refuse: {self:?}");
        self.err
    }

    #[track_caller]
    pub(crate) fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.succeeded()).expect("JSON")
    }
}
