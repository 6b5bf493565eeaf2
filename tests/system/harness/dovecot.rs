//! Debian's Dovecot as the server that mail is fetched from: IMAP and POP3, in clear, with STARTTLS and with TLS, in a
//! folder and on ports of its own.
//!
//! Start reading at [`Dovecot::start`].

use super::Imap;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

pub(crate) const REMOTE_PASSWORD: &str = "remote-password";

/// Stopped when it is dropped.
pub(crate) struct Dovecot {
    folder: TempDir,
    child: Child,
    pub(crate) imap: SocketAddr,
    pub(crate) imaps: SocketAddr,
    pub(crate) pop3: SocketAddr,
    pub(crate) pop3s: SocketAddr,
}

/// What the server can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Can {
    Everything,
    /// No UIDPLUS, IDLE, MOVE: as servers were.
    Little,
}

const LITTLE: &str = "imap_capability = IMAP4rev1 SASL-IR LITERAL+\n";

impl Dovecot {
    /// None: Dovecot is not installed, which is said.
    pub(crate) fn start(can: Can) -> Option<Self> {
        let binary = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot"].into_iter().find(|path| Path::new(path).exists());
        let has_pop3 = Path::new("/usr/lib/dovecot/pop3").exists();
        let (Some(binary), true) = (binary, has_pop3) else {
            eprintln!("skipped: what fetching from Dovecot shows (apt-get install dovecot-imapd dovecot-pop3d)");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("pr-dovecot-").tempdir().expect("a temporary folder");
        let (user, group) = account(folder.path());
        let ports: [SocketAddr; 4] = std::array::from_fn(|_| free_address());
        certificate(folder.path());
        let text = configuration(folder.path(), &user, &group, ports, can);
        std::fs::write(folder.path().join("dovecot.conf"), text).expect("a configuration");
        let log = std::fs::File::create(folder.path().join("output.log")).expect("a log");
        let mut command = Command::new(binary);
        command.arg("-F").arg("-c").arg(folder.path().join("dovecot.conf"));
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("a log")).stderr(log);
        if is_root() {
            command.uid(65534).gid(65534);
        }
        let child = command.spawn().expect("dovecot runs");
        let [imap, imaps, pop3, pop3s] = ports;
        let mut dovecot = Self { folder, child, imap, imaps, pop3, pop3s };
        dovecot.wait();
        Some(dovecot)
    }

    /// Until it greets: the master binds its ports before it answers on them.
    fn wait(&mut self) {
        for _ in 0..500 {
            if Imap::try_connect(self.imap).is_ok() {
                return;
            }
            assert!(self.child.try_wait().expect("it can be asked").is_none(), "dovecot ended: {}", self.log());
            std::thread::park_timeout(std::time::Duration::from_millis(20));
        }
        panic!("dovecot does not answer: {}", self.log());
    }

    pub(crate) fn log(&self) -> String {
        let read = |name| std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        format!("{}{}", read("output.log"), read("run/dovecot.log"))
    }

    /// The certificate that it shows, which names localhost.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    /// A session of its user.
    pub(crate) fn sign_in(&self, user: &str) -> Imap {
        let mut imap = Imap::connect(self.imap);
        imap.ok(&format!("LOGIN {user} \"{REMOTE_PASSWORD}\""));
        imap
    }

    /// Fills the Inbox of a user.
    pub(crate) fn fill<'a>(&self, user: &str, messages: impl IntoIterator<Item = &'a [u8]>) {
        let mut imap = self.sign_in(user);
        for message in messages {
            let answer = imap.append("INBOX", message);
            assert!(answer.status.starts_with("OK"), "{answer:?}");
        }
    }

    /// All messages of a folder there, sorted.
    pub(crate) fn messages(&self, user: &str, folder: &str) -> Vec<Vec<u8>> {
        let mut imap = self.sign_in(user);
        if imap.ok(&format!("EXAMINE \"{folder}\"")).exists() == 0 {
            return Vec::new();
        }
        let mut bodies = imap.bodies("1:*");
        bodies.sort();
        bodies
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // The master ends its children when it is asked to end, not when it is killed.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Root may not read mail in Dovecot: there nobody runs it.
fn account(folder: &Path) -> (String, String) {
    let word = |option: &str| {
        let output = Command::new("id").arg(option).arg("-n").output().expect("id runs");
        String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
    };
    for name in ["", "run", "state", "mail"] {
        let path = folder.join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("permissions");
        if is_root() {
            chown(&path, Some(65534), Some(65534)).expect("an owner");
        }
    }
    if is_root() { ("nobody".to_owned(), "nogroup".to_owned()) } else { (word("-u"), word("-g")) }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

fn certificate(folder: &Path) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    std::fs::write(folder.join("certificate.pem"), made.cert.pem()).expect("a file");
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("a file");
    std::fs::set_permissions(folder.join("key.pem"), PermissionsExt::from_mode(0o644)).expect("permissions");
}

fn configuration(folder: &Path, user: &str, group: &str, ports: [SocketAddr; 4], can: Can) -> String {
    let [imap, imaps, pop3, pop3s] = ports.map(|address| address.port());
    let capability = if can == Can::Little { LITTLE } else { "" };
    let folder = folder.display();
    let password = REMOTE_PASSWORD;
    format!(
        r#"base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/run/dovecot.log
protocols = imap pop3
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
{capability}default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_max_userip_connections = 100
mail_location = maildir:~/Maildir
mail_fsync = never
first_valid_uid = 1
pop3_uidl_format = %08Xu%08Xv
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
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
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
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
