//! Files that are refused, applied, exported and applied again.

mod apply;
mod fixed_point;
mod refused;

use super::{OrganisationFile, Problems};

/// The environment of the tests: every variable that begins with `SET` is set, to its own name.
fn env(name: &str) -> Option<String> {
    name.starts_with("SET").then(|| name.to_owned())
}

fn parse(text: &str) -> Result<OrganisationFile, Problems> {
    OrganisationFile::parse(text, &env)
}

/// A small organisation with everything that a file can say.
const EXAMPLE: &str = r#"
[[domain]]
name = "example.org"

[[user]]
name = "alice"
display_name = "Alice Ng"
addresses = ["alice@example.org"]
password_env = "SET_ALICE"
privilege = "admin"

[[user]]
name = "bob"
addresses = ["bob@example.org"]
password_env = "SET_BOB"

[[user]]
name = "carol"
addresses = []

[[shared_mailbox]]
name = "support"
display_name = "Customer Support"
addresses = ["support@example.org", "help@example.org"]
sent_copy = "both"
seen = "personal"
quota = 1000000
[[shared_mailbox.inbound]]
protocol = "imap"
server = "mail.example.net"
username = "support"
password_env = "SET_REMOTE"
after_fetch = { move = "Archive" }
[[shared_mailbox.inbound]]
protocol = "pop3"
server = "outlook.office365.com"
encryption = "starttls"
username = "support@example.org"
enabled = false
[shared_mailbox.inbound.oauth2]
grant = "client_credentials"
provider = "microsoft"
tenant = "example.org"
client_id = "the-client"
client_secret_env = "SET_CLIENT"

[[role]]
id = "Mailbox - Support"
description = "Works on customer mail"
members = ["alice", "bob"]
[[role.grant]]
mailbox = "support"
rights = ["preset:agent", "folder.create"]
automap = false

[[role]]
id = "Administrators"
members = ["bob"]

[[grant]]
user = "carol"
mailbox = "support"
rights = ["message.read", "folder.view"]
folders = ["inbox", "Sent Items"]

[[domain]]
name = "example.net"
[domain.route]
mode = "smart_host"
host = "relay.example.net"
port = 2587
encryption = "starttls"
username = "postroom"
password_env = "SET_RELAY"

[[route]]
sender = "support"
recipient = ".partner.example"
mode = "direct"

[plan]
shared_mailboxes = { included = 1, maximum = 2 }
"#;
