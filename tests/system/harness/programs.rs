//! Programs of others that a test drives: swaks, mbsync, curl, openssl.

use std::process::{Command, Stdio};

/// What a program printed, on both channels.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) succeeded: bool,
    pub(crate) text: String,
}

/// Whether a program is there. Where it is not, says so; the test then leaves its part out.
pub(crate) fn is_there(program: &str, package: &str) -> bool {
    let there = Command::new(program).arg("--version").stdin(Stdio::null()).output();
    // Some say their version with another option; that they can be started is enough.
    let there = there.is_ok();
    if !there {
        eprintln!("skipped: what {program} shows, which is not installed (apt-get install {package})");
    }
    there
}

/// Runs a program to its end.
pub(crate) fn drive(command: &mut Command) -> Ran {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = [output.stdout, output.stderr].concat();
    Ran { succeeded: output.status.success(), text: String::from_utf8_lossy(&text).into_owned() }
}

impl Ran {
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert!(self.succeeded, "{}", self.text);
        self.text
    }
}
