//! A running server.

use super::{Database, Home};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};

/// Killed when it is dropped.
pub(crate) struct Server {
    home: Option<Home>,
    child: Child,
    addresses: BTreeMap<String, SocketAddr>,
    setup: Option<String>,
}

impl Server {
    /// A server with the example organisation.
    pub(crate) fn start(database: Database) -> Self {
        Home::with_organisation(database).serve()
    }

    /// A server on the data of a home, ready.
    pub(super) fn on(home: Home, arguments: &[&str]) -> Self {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(home.path("server.log"));
        let mut command = home.command(&home.path(""));
        command.arg("serve").arg("--config").arg(home.path("postroom.toml")).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log.expect("a log file"));
        let mut child = command.spawn().expect("the binary runs");
        let lines = BufReader::new(child.stdout.take().expect("a pipe from the server")).lines();
        // From here on it is killed when anything goes wrong.
        let mut server = Self { home: Some(home), child, addresses: BTreeMap::new(), setup: None };
        for line in lines {
            let line = line.expect("UTF-8");
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["listening", name, address] => {
                    server.addresses.insert(name.to_owned(), address.parse().expect("an address"));
                }
                ["setup", link] => server.setup = Some(link.to_owned()),
                ["ready"] => return server,
                _ => panic!("the server printed {line:?}"),
            }
        }
        panic!("the server ended before it was ready:\n{}", server.log());
    }

    pub(crate) fn home(&self) -> &Home {
        self.home.as_ref().expect("the home is there until the server is consumed")
    }

    /// Where a listener stands.
    #[track_caller]
    pub(crate) fn address(&self, listener: &str) -> SocketAddr {
        *self.addresses.get(listener).unwrap_or_else(|| panic!("{listener} is not listened on"))
    }

    /// The link for the first administrator, if it printed one.
    pub(crate) fn setup(&self) -> Option<&str> {
        self.setup.as_deref()
    }

    /// Its process id.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        log_of(self.home())
    }

    /// Sends a signal: `TERM`, `INT`, `KILL`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(sent.expect("kill runs").success(), "the server is there to take {name}");
    }

    /// Waits for it to end by itself.
    pub(crate) fn wait(mut self) -> (ExitStatus, Home) {
        let status = self.child.wait().expect("the server can be waited for");
        (status, self.home.take().expect("it is consumed once"))
    }

    /// Asks it to stop and waits; it must do so without fault.
    pub(crate) fn stop(self) -> Home {
        self.signal("TERM");
        let (status, home) = self.wait();
        assert_eq!(status.code(), Some(0), "a graceful stop:\n{}", log_of(&home));
        home
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill9(self) -> Home {
        self.signal("KILL");
        self.wait().1
    }

    pub(crate) fn restart(self) -> Self {
        self.stop().serve()
    }
}

fn log_of(home: &Home) -> String {
    std::fs::read_to_string(home.path("server.log")).unwrap_or_default()
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
