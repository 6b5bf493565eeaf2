//! Debian's Postfix with a configuration, a queue and ports of its own: a smart host that wants a sign-in over TLS, and
//! the server that takes mail for `elsewhere.example`.

use crate::harness::is_there;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

pub(super) const PASSWORD: &str = "geheim";

/// Stopped when it is dropped.
pub(super) struct Postfix {
    folder: TempDir,
    /// Takes mail only from `postroom`, signed in.
    pub(super) smart_host: u16,
    /// Takes mail for `elsewhere.example` from anybody.
    pub(super) direct: u16,
}

/// The services that Postfix itself needs.
const SERVICES: &str = "\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
";

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

fn run(program: &str, arguments: &[&str], input: &str) -> String {
    use std::io::Write;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{program}: {error}"));
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

impl Postfix {
    /// None: it is not installed, or this is not root, which Postfix wants.
    pub(super) fn start() -> Option<Self> {
        let root = run("id", &["-u"], "") == "0";
        if !root || !is_there("postfix", "postfix") || !is_there("saslpasswd2", "sasl2-bin libsasl2-modules") {
            eprintln!(
                "skipped: what Postfix shows; it wants root and the packages postfix, sasl2-bin, libsasl2-modules"
            );
            return None;
        }
        let folder = tempfile::Builder::new().prefix("postfix-").tempdir().expect("a temporary folder");
        let (smart_host, direct) = (free_port(), free_port());
        let postfix = Self { folder, smart_host, direct };
        postfix.configure();
        run("postfix", &["-c", &postfix.text("etc"), "start"], "");
        // The master listens on its ports before the command ends.
        Some(postfix)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// The certificate, which signs itself.
    pub(super) fn certificate(&self) -> String {
        self.text("cert.pem")
    }

    fn configure(&self) {
        let folder = self.folder.path().display();
        for name in ["etc", "etc/sasl", "queue", "data", "mail"] {
            fs::create_dir(self.path(name)).expect("a folder");
        }
        run("chmod", &["755", &self.text("")], "");
        let (uid, gid) = (run("id", &["-u", "postfix"], ""), run("id", &["-g", "postfix"], ""));
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {folder}/queue\ndata_directory = {folder}/data\n\
             command_directory = /usr/sbin\ndaemon_directory = /usr/lib/postfix/sbin\nmail_owner = postfix\n\
             setgid_group = postdrop\nmyhostname = relay.example\nmydestination =\nmynetworks =\n\
             inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmaillog_file = {folder}/log\n\
             maillog_file_prefixes = {folder}\nalias_maps =\nvirtual_mailbox_domains = elsewhere.example\n\
             virtual_mailbox_base = {folder}/mail\nvirtual_mailbox_maps = texthash:{folder}/etc/mailboxes\n\
             virtual_minimum_uid = 1\nvirtual_uid_maps = static:{uid}\nvirtual_gid_maps = static:{gid}\n\
             smtpd_sasl_auth_enable = yes\nsmtpd_sasl_path = smtpd\nsmtpd_sasl_local_domain = relay.example\n\
             smtpd_tls_cert_file = {folder}/cert.pem\n\
             smtpd_tls_key_file = {folder}/key.pem\nsmtpd_tls_security_level = may\nsmtpd_tls_auth_only = yes\n\
             smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination\n"
        );
        let master = format!(
            "127.0.0.1:{} inet n - n - - smtpd -o smtpd_client_restrictions=permit_sasl_authenticated,reject\n\
             127.0.0.1:{} inet n - n - - smtpd\n{SERVICES}",
            self.smart_host, self.direct
        );
        let sasl = format!(
            "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: {folder}/sasldb\nmech_list: SCRAM-SHA-256 PLAIN\n"
        );
        let files = [
            ("etc/main.cf", main.as_str()),
            ("etc/master.cf", &master),
            ("etc/sasl/smtpd.conf", &sasl),
            ("etc/mailboxes", "customer@elsewhere.example customer/\n"),
        ];
        for (name, text) in files {
            fs::write(self.path(name), text).expect("written");
        }
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        fs::write(self.path("cert.pem"), made.cert.pem()).expect("written");
        fs::write(self.path("key.pem"), made.signing_key.serialize_pem()).expect("written");
        let database = self.text("sasldb");
        run("saslpasswd2", &["-p", "-c", "-f", &database, "-u", "relay.example", "postroom"], PASSWORD);
        for name in ["data", "mail", "sasldb"] {
            run("chown", &["postfix", &self.text(name)], "");
        }
    }

    /// The messages that the customer has got.
    pub(super) fn delivered(&self) -> Vec<String> {
        let new = self.path("mail/customer/new");
        let Ok(entries) = fs::read_dir(new) else { return Vec::new() };
        let files = entries.map(|entry| entry.expect("an entry").path());
        files.map(|file: PathBuf| fs::read_to_string(Path::new(&file)).expect("a message")).collect()
    }

    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let _ = Command::new("postfix").args(["-c", &self.text("etc"), "stop"]).output();
    }
}
