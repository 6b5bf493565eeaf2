//! Postroom on SQLite with its default durability: an organisation of fifty users who share one mailbox.

use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::{Bench, PASSWORD, Peer, Server, USERS, end_of_log, log_file};
use crate::failure::{Failure, Result, While};

const CONFIGURATION: &str = r#"# Written by postroom-bench.
hostname = "bench.example.org"
[listen]
lmtp = "127.0.0.1:0"
imap = "127.0.0.1:0"
"#;

/// The version and, in a checkout, the commit, so that figures can be traced to code.
pub(crate) fn version(binary: &Path) -> Result<String> {
    let out = Command::new(binary).arg("--version").output().during("running postroom")?;
    let said = String::from_utf8_lossy(&out.stdout).trim().trim_start_matches("postroom ").to_owned();
    let version = if out.status.success() { said } else { env!("CARGO_PKG_VERSION").to_owned() };
    let git = Command::new("git").args(["-C", env!("CARGO_MANIFEST_DIR"), "rev-parse", "--short", "HEAD"]).output();
    let commit =
        git.ok().filter(|out| out.status.success()).map(|out| String::from_utf8_lossy(&out.stdout).into_owned());
    Ok(commit.map_or_else(|| version.clone(), |commit| format!("{version} (commit {})", commit.trim())))
}

/// Applying fifty users costs fifty password hashes, so it is done once and copied for each fresh start.
pub(super) fn prepare(bench: &Bench, folder: &Path) -> Result<()> {
    let template = bench.work.join("postroom-template");
    if !template.join("complete").exists() {
        make_template(bench, &template)?;
    }
    copy_files(&template, folder).during("copying the prepared organisation")
}

fn make_template(bench: &Bench, template: &Path) -> Result<()> {
    if template.exists() {
        std::fs::remove_dir_all(template)?;
    }
    std::fs::create_dir_all(template)?;
    std::fs::write(template.join("postroom.toml"), CONFIGURATION)?;
    std::fs::write(template.join("org.toml"), organisation())?;
    let out = command(bench, template)
        .arg("apply")
        .arg(template.join("org.toml"))
        .env("BENCH_PASSWORD", PASSWORD)
        .output()
        .during("running postroom apply")?;
    if !out.status.success() {
        return Err(Failure::new(format!("postroom apply failed: {}", String::from_utf8_lossy(&out.stderr))));
    }
    std::fs::write(template.join("complete"), "")?;
    Ok(())
}

fn organisation() -> String {
    let mut file = String::from("[[domain]]\nname = \"example.org\"\n");
    let mut members = Vec::new();
    for i in 1..=USERS {
        let user = format!(
            "\n[[user]]\nname = \"u{i}\"\ndisplay_name = \"User {i}\"\naddresses = [\"u{i}@example.org\"]\npassword_env = \"BENCH_PASSWORD\"\n"
        );
        file.push_str(&user);
        members.push(format!("\"u{i}\""));
    }
    let team = r#"
[[shared_mailbox]]
name = "team"
display_name = "Team"
addresses = ["team@example.org"]

[[role]]
id = "Mailbox - Team"
description = "Works on the team's mail"
"#;
    file.push_str(team);
    // Writing into a String cannot fail.
    let _ = writeln!(file, "members = [{}]", members.join(", "));
    file.push_str("[[role.grant]]\nmailbox = \"team\"\nrights = [\"preset:agent\"]\n");
    file
}

/// Has the running server fetch the Inbox of the first user of another server into the shared mailbox.
pub(crate) fn fetch_into_team(bench: &Bench, from: SocketAddr) -> Result<()> {
    let folder = bench.work.join("postroom");
    let service = format!(
        "[[shared_mailbox.inbound]]\nprotocol = \"imap\"\nserver = \"127.0.0.1\"\nport = {}\nencryption = \"none\"\n\
         username = \"u1@example.org\"\npassword_env = \"BENCH_PASSWORD\"\n",
        from.port()
    );
    let file = organisation().replacen("\n[[role]]", &format!("{service}\n[[role]]"), 1);
    std::fs::write(folder.join("fetch.toml"), file)?;
    let out = command(bench, &folder)
        .arg("apply")
        .arg(folder.join("fetch.toml"))
        .env("BENCH_PASSWORD", PASSWORD)
        .output()
        .during("running postroom apply")?;
    if out.status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("postroom apply failed: {}", String::from_utf8_lossy(&out.stderr))))
    }
}

fn copy_files(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (kind, target) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() {
            copy_files(&entry.path(), &target)?;
        } else if kind.is_file() {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn command(bench: &Bench, folder: &Path) -> Command {
    let mut command = Command::new(&bench.postroom);
    command.arg("--config").arg(folder.join("postroom.toml")).arg("--data").arg(folder.join("data"));
    command.stdin(Stdio::null());
    command
}

pub(super) async fn run(bench: &Bench, folder: PathBuf) -> Result<Server> {
    let child = command(bench, &folder).arg("serve").stdout(Stdio::piped()).stderr(log_file(&folder)?).spawn();
    let child = child.during("running postroom")?;
    let unknown = SocketAddr::from(([127, 0, 0, 1], 0));
    // From here on the server is stopped when anything goes wrong.
    let mut server = Server { peer: Peer::Postroom, lmtp: unknown, imap: unknown, folder, child };
    let mut output = output_of(&mut server.child)?;
    for line in output.by_ref() {
        match line?.split(' ').collect::<Vec<_>>()[..] {
            ["listening", "lmtp", address] => server.lmtp = address.parse().during("its LMTP address")?,
            ["listening", "imap", address] => server.imap = address.parse().during("its IMAP address")?,
            ["ready"] => {
                // Whatever else it prints must not fill the pipe.
                std::thread::spawn(move || output.for_each(drop));
                return Ok(server);
            }
            _ => {}
        }
    }
    Err(Failure::new(format!("it ended before it was ready\n{}", end_of_log(&server.folder, "output.log"))))
}

fn output_of(child: &mut Child) -> Result<std::io::Lines<BufReader<ChildStdout>>> {
    let stdout = child.stdout.take().ok_or_else(|| Failure::new("postroom has no output"))?;
    Ok(BufReader::new(stdout).lines())
}
