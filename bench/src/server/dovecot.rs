//! Debian's Dovecot 2.3 with LMTP and IMAP on Maildir: its defaults, except that limits which would refuse the load
//! are raised and that every process runs as one unprivileged user.

use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::{Bench, PASSWORD, PATIENCE, Peer, Server, end_of_log, free_port, log_file, loopback};
use crate::failure::{Failure, Result, While};

pub(crate) fn version(binary: &Path) -> Result<String> {
    let out = Command::new(binary).arg("--version").output().during("running dovecot")?;
    let text = String::from_utf8_lossy(&out.stdout);
    Ok(text.split_whitespace().next().unwrap_or("?").to_owned())
}

/// Whom the processes run as: root may not read mail in Dovecot, so root hands it to `nobody`.
struct Account {
    uid: u32,
    gid: u32,
    user: String,
    group: String,
    is_root: bool,
}

impl Account {
    fn find() -> Result<Self> {
        let own = ids_of_this_process()?;
        if own.0 == 0 {
            return Ok(Self { uid: 65534, gid: 65534, user: "nobody".into(), group: "nogroup".into(), is_root: true });
        }
        let (user, group) = (name_in("/etc/passwd", own.0)?, name_in("/etc/group", own.1)?);
        Ok(Self { uid: own.0, gid: own.1, user, group, is_root: false })
    }
}

fn ids_of_this_process() -> Result<(u32, u32)> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let id = |name| {
        let line = status.lines().find_map(|l| l.strip_prefix(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    id("Uid:").zip(id("Gid:")).ok_or_else(|| Failure::new("no ids in /proc/self/status"))
}

fn name_in(file: &str, id: u32) -> Result<String> {
    let text = std::fs::read_to_string(file)?;
    let line = text.lines().find(|l| l.split(':').nth(2) == Some(&id.to_string()));
    let name = line.and_then(|l| l.split(':').next());
    name.map(str::to_owned).ok_or_else(|| Failure::new(format!("{file} has no name for {id}")))
}

pub(super) fn prepare(bench: &Bench, folder: &Path) -> Result<()> {
    let account = Account::find()?;
    for name in ["run", "state", "mail"] {
        let path = folder.join(name);
        std::fs::create_dir_all(&path)?;
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755))?;
        if account.is_root {
            chown(&path, Some(account.uid), Some(account.gid))?;
        }
    }
    let ports = [free_port()?, free_port()?];
    std::fs::write(folder.join("ports"), format!("{} {}", ports[0], ports[1]))?;
    std::fs::write(folder.join("dovecot.conf"), configuration(bench, folder, &account, ports))?;
    Ok(())
}

fn configuration(bench: &Bench, folder: &Path, account: &Account, [lmtp, imap]: [u16; 2]) -> String {
    let (user, group, fsync) = (&account.user, &account.group, &bench.dovecot_fsync);
    let folder = folder.display();
    format!(
        r#"# Written by postroom-bench.
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/run/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_username_format = %Ln
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
default_process_limit = 400
default_client_limit = 2000
mail_max_userip_connections = 1000
lmtp_user_concurrency_limit = 0
mail_location = maildir:~/Maildir
mail_fsync = {fsync}
first_valid_uid = 1
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%n allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  user = {user}
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service imap {{
  process_limit = 1024
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"#
    )
}

/// From the next start on changes of flags are synced, too.
pub(super) fn sync_everything(folder: &Path) -> Result<()> {
    let path = folder.join("dovecot.conf");
    let old = std::fs::read_to_string(&path)?;
    let lines = old.lines().map(|line| if line.starts_with("mail_fsync = ") { "mail_fsync = always" } else { line });
    Ok(std::fs::write(&path, lines.collect::<Vec<_>>().join("\n") + "\n")?)
}

pub(super) async fn run(bench: &Bench, folder: PathBuf) -> Result<Server> {
    let account = Account::find()?;
    let mut command = Command::new(&bench.dovecot);
    command.arg("-F").arg("-c").arg(folder.join("dovecot.conf"));
    command.stdin(Stdio::null()).stdout(log_file(&folder)?).stderr(log_file(&folder)?);
    if account.is_root {
        command.uid(account.uid).gid(account.gid);
    }
    let child = command.spawn().during("running dovecot")?;
    let ports = std::fs::read_to_string(folder.join("ports"))?;
    let mut ports = ports.split(' ').filter_map(|p| p.parse().ok()).map(loopback);
    let (Some(lmtp), Some(imap)) = (ports.next(), ports.next()) else { return Err(Failure::new("no ports")) };
    let mut server = Server { peer: Peer::Dovecot, lmtp, imap, folder, child };
    wait_until_it_greets(&mut server).await?;
    Ok(server)
}

async fn wait_until_it_greets(server: &mut Server) -> Result<()> {
    let begun = Instant::now();
    for address in [server.lmtp, server.imap] {
        while !greets(address).await {
            if begun.elapsed() > PATIENCE || server.child.try_wait()?.is_some() {
                let (output, log) =
                    (end_of_log(&server.folder, "output.log"), end_of_log(&server.folder, "run/dovecot.log"));
                return Err(Failure::new(format!("it does not answer\n{output}\n{log}")));
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
    Ok(())
}

async fn greets(address: std::net::SocketAddr) -> bool {
    let mut byte = [0];
    match TcpStream::connect(address).await {
        Ok(mut stream) => matches!(stream.read(&mut byte).await, Ok(1)),
        Err(_) => false,
    }
}
