//! What is refused, with the line and the reason.

use super::{EXAMPLE, parse};
use crate::file::OrganisationFile;

/// The line is counted in the appended text.
fn refused(addition: &str, line: usize, expected: &str) {
    let text = format!("{EXAMPLE}{addition}");
    let problems = parse(&text).expect_err(expected).0;
    let before = EXAMPLE.lines().count();
    let found: Vec<String> =
        problems.iter().map(|one| format!("{}: {}", one.line - before.min(one.line), one.text)).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with(&format!("{line}: ")) && found[0].contains(expected),
        "{found:?} instead of {line}: {expected}"
    );
}

#[test]
fn the_example_is_right() {
    parse(EXAMPLE).expect("it is right");
    parse("").expect("nothing is right too");
    assert_eq!(
        OrganisationFile::variables(EXAMPLE).expect("it is right"),
        ["SET_ALICE", "SET_BOB", "SET_REMOTE", "SET_CLIENT", "SET_RELAY"]
    );
}

#[test]
fn keys_and_values() {
    let user = |rest: &str| format!("[[user]]\nname = \"dora\"\n{rest}");
    let shared = |rest: &str| format!("[[shared_mailbox]]\nname = \"sales\"\n{rest}");
    refused("[[user]]\nname = \"dora\"\nnickname = \"d\"", 3, "unknown field `nickname`");
    refused("[[user]]\ndisplay_name = \"Dora\"", 1, "missing field `name`");
    refused("[[users]]\nname = \"dora\"", 1, "unknown field `users`");
    refused("[[user]]\nname = 7", 2, "invalid type");
    refused("[[user]\nname", 1, "");
    refused(&user("privilege = \"root\""), 3, "`root` is none of user, admin");
    refused(&user("password = \"secret\""), 3, "does not stand in the file");
    refused(&user("password_env = \"UNSET\""), 3, "the environment variable UNSET, named by password_env, is not set");
    refused(&user("password_hash = \"secret\""), 3, "must be an Argon2 hash");
    refused(
        &user("password_hash = \"$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g\""),
        3,
        "must be an Argon2 hash",
    );
    refused(&user("addresses = [\"a@example.org\",\n\"b\"]"), 4, "`b` is no address");
    refused(&user("display_name = \"\""), 3, "display_name must be");
    refused("[[user]]\nname = \"Dora\"", 2, "`Dora` is no mailbox name");
    refused(&shared("sent_copy = \"all\""), 3, "`all` is none of mailbox, sender, both");
    refused(&shared("password_env = \"SET\""), 3, "a shared mailbox has no credentials");
    refused(&shared("password_hash = \"x\""), 3, "a shared mailbox has no credentials");
    refused(&shared("password = 7"), 3, "a shared mailbox has no credentials");
    refused(&shared("privilege = \"admin\""), 3, "does not sign in");
    refused("[[domain]]\nname = \"a b\"", 2, "`a b` is no domain name");
}

#[test]
fn what_this_version_does_not_support() {
    refused("[[list]]\naddress = \"team@example.org\"", 1, "([[list]]) are not supported by this version");
    refused("[[room]]\nname = \"hall\"", 1, "([[room]]) are not supported by this version");
}

#[test]
fn routes() {
    let of_domain = |rest: &str| format!("[[domain]]\nname = \"example.com\"\n[domain.route]\n{rest}");
    refused(&of_domain("mode = \"pigeon\""), 3, "`pigeon` is none of direct, smart_host");
    refused(&of_domain("mode = \"smart_host\""), 3, "a smart host needs `host`");
    refused(&of_domain("host = \"relay.example.net\""), 4, "a direct route has no smart host");
    let host = |rest: &str| of_domain(&format!("mode = \"smart_host\"\nhost = \"relay.example.net\"\n{rest}"));
    refused(&host("encryption = \"ssl\""), 6, "`ssl` is none of tls, starttls, none");
    refused(&host("mechanism = \"ntlm\""), 6, "`ntlm` is none of plain, login, scram-sha-256, xoauth2");
    refused(&host("password_env = \"UNSET\""), 6, "the environment variable UNSET, named by password_env, is not set");
    refused(&host("password = \"secret\""), 6, "a password does not stand in the file");
    refused(&host("password_env = \"SET\""), 3, "a password needs a user name");
    refused("[[route]]\nrecipient = \"a b\"", 2, "`a b` is no domain name");
}

#[test]
fn what_is_given_twice() {
    refused("[[user]]\nname = \"alice\"", 2, "the name alice is given twice, first on line 6");
    refused("[[shared_mailbox]]\nname = \"alice\"", 2, "the name alice is given twice");
    let address = "[[user]]\nname = \"dora\"\naddresses = [\"ALICE@example.org\"]";
    refused(address, 3, "the address alice@example.org is given twice: on line 8 to alice");
    refused("[[domain]]\nname = \"Example.ORG\"", 2, "the domain example.org is given twice");
    refused("[[role]]\nid = \"Mailbox - Support\"", 2, "the role Mailbox - Support is given twice");
    refused("[[role]]\nid = \"X\"\nmembers = [\"bob\", \"bob\"]", 3, "the member bob is given twice");
}

#[test]
fn roles_and_grants() {
    let grant = |rest: &str| format!("[[grant]]\nuser = \"bob\"\nmailbox = \"support\"\n{rest}");
    refused("[[role]]\nid = \"$x\"", 2, "a role id is one line");
    refused("[[role]]\nid = \"X\"\ntype = \"duty\"", 3, "`duty` is none of security, assignment");
    let tied =
        "[[role]]\nid = \"X\"\ntype = \"assignment\"\n[[role.grant]]\nmailbox = \"support\"\nrights = [\"send.as\"]";
    refused(tied, 5, "only a security role");
    refused(&grant("rights = [\"send\"]"), 4, "`send` is neither a right nor a preset");
    refused(&grant("rights = [\"preset:boss\"]"), 4, "`preset:boss` is neither");
    refused(&grant("rights = []"), 4, "at least one right");
    refused(
        &grant("rights = [\"message.read\",\n\"send.as\"]\nfolders = [\"Inbox\"]"),
        5,
        "send.as cannot be narrowed",
    );
    refused(&grant("rights = [\"message.read\"]\nfolders = []"), 5, "folders names no folder");
    refused("[[grant]]\nuser = \"bob\"\nmailbox = \"bob\"\nrights = [\"send.as\"]", 3, "bob owns this mailbox");
    let system = "[[role]]\nid = \"Administrators\"\nprivilege = \"user\"";
    let text = EXAMPLE.replace("id = \"Administrators\"", "id = \"Chiefs\"");
    let problems = parse(&format!("{text}{system}")).expect_err("a role of the system");
    assert!(problems.to_string().contains("only its members can be given"));
    let tied = "[[role]]\nid = \"Administrators\"\n[[role.grant]]\nmailbox = \"support\"\nrights = [\"send.as\"]";
    let problems = parse(&format!("{text}{tied}")).expect_err("a role of the system");
    assert!(problems.to_string().contains("cannot be tied to a mailbox"));
}

#[test]
fn all_that_is_wrong_is_said_in_order() {
    let text = "[[user]]\nname = \"A\"\n[[user]]\nname = \"b\"\nprivilege = \"x\"\n[[list]]\n";
    let problems = parse(text).expect_err("three").0;
    assert_eq!(problems.iter().map(|one| one.line).collect::<Vec<_>>(), [2, 5, 6]);
}

#[test]
fn a_narrowed_preset_says_what_it_leaves_out() {
    let grant =
        "[[grant]]\nuser = \"bob\"\nmailbox = \"support\"\nrights = [\"preset:agent\"]\nfolders = [\"Inbox\"]\n";
    let file = parse(&format!("{EXAMPLE}{grant}")).expect("as the contract has it");
    assert!(
        file.notes[0].contains("preset:agent narrowed to folders leaves out attachment.add, send.as"),
        "{:?}",
        file.notes
    );
}

proptest::proptest! {
    #[test]
    fn nothing_that_is_read_panics(text in "([\\[\\]a-z_=\"{}., \n#']|\\[\\[user\\]\\]\n|name = \"a\"\n|rights = \\[|members = ){0,60}") {
        let _ = parse(&text);
    }
}

#[test]
fn inbound_services() {
    let service = |more: &str| {
        format!(
            "[[shared_mailbox]]\nname = \"sales\"\n[[shared_mailbox.inbound]]\nserver = \"mail.example.net\"\n{more}"
        )
    };
    let known = "protocol = \"imap\"\nusername = \"sales\"\n";
    refused(&service("protocol = \"ftp\"\nusername = \"x\""), 5, "`ftp` is none of imap, pop3");
    refused(&service(&format!("{known}encryption = \"some\"")), 7, "`some` is none of tls, starttls, none");
    refused(&service(&format!("{known}password = \"x\"")), 7, "a password does not stand in the file");
    refused(&service(&format!("{known}password_env = \"MISSING\"")), 7, "variable MISSING is not set");
    refused(&service(&format!("{known}after_fetch = \"burn\"")), 7, "after_fetch is \"delete\"");
    refused(&service(&format!("{known}after_fetch = {{ move = \"INBOX\" }}")), 4, "the name of another folder");
    refused(&service(&format!("{known}port = 0")), 4, "port: must be 1 to 65535");
    refused(
        &service("protocol = \"pop3\"\nusername = \"x\"\nafter_fetch = { move = \"A\" }"),
        4,
        "POP3 knows no folders",
    );
    let tokens = |more: &str| service(&format!("{known}[shared_mailbox.inbound.oauth2]\n{more}"));
    refused(
        &tokens("grant = \"magic\"\nprovider = \"google\"\nclient_id = \"x\""),
        8,
        "`magic` is none of authorization_code",
    );
    refused(&tokens("grant = \"client_credentials\"\nclient_id = \"x\""), 4, "oauth2.token_url");
    let twice = format!("{}\n[[shared_mailbox.inbound]]\nserver = \"mail.example.net\"\n{known}", service(known));
    refused(&twice, 9, "is given twice");
}
