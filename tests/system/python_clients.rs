//! Python's imaplib, and the package imapclient, drive the whole matrix of rights (`python/rights_matrix.py`).
//!
//! imapclient is installed once into a virtual environment below `target/`; where that cannot be done, its half is
//! left out.

use crate::harness::{Server, drive, is_there, on_both};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const MATRIX: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/system/python/rights_matrix.py");

#[test]
fn imaplib_drives_the_rights_matrix() {
    if !is_there("python3", "python3") {
        return;
    }
    on_both(|database| {
        let server = Server::start(database);
        let said = matrix(Path::new("python3"), "imaplib", &server);
        assert!(said.contains("rows, 0 wrong"), "{said}");
    });
}

#[test]
fn imapclient_drives_the_rights_matrix() {
    let Some(python) = with_imapclient() else { return };
    on_both(|database| {
        let server = Server::start(database);
        let said = matrix(&python, "imapclient", &server);
        assert!(said.contains("rows, 0 wrong"), "{said}");
    });
}

fn matrix(python: &Path, library: &str, server: &Server) -> String {
    let port = server.address("imap").port().to_string();
    drive(Command::new(python).args([MATRIX, library, &port])).succeeded()
}

/// A Python that has imapclient.
fn with_imapclient() -> Option<PathBuf> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    PYTHON.get_or_init(install).clone()
}

fn install() -> Option<PathBuf> {
    if !is_there("python3", "python3") {
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
    let python = folder.join("bin/python3");
    let has_it =
        |python: &Path| python.exists() && drive(Command::new(python).args(["-c", "import imapclient"])).succeeded;
    if !has_it(&python) {
        let made = drive(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
        let installed = made.succeeded && {
            let mut pip = Command::new(&python);
            drive(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "imapclient==4.1.0"]))
                .succeeded
        };
        if !installed || !has_it(&python) {
            eprintln!("skipped: what imapclient shows, which pip could not install (apt-get install python3-venv)");
            return None;
        }
    }
    Some(python)
}
