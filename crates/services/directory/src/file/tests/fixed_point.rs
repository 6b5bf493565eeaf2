//! Applying what was exported changes nothing, and makes an empty installation the same.

use super::{EXAMPLE, parse};
use crate::file::Options;
use crate::tests::{Desk, OPERATOR};
use postroom_store::testing::{on_both, on_sqlite};
use proptest::prelude::{Just, Strategy, any};
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, TestRunner};

/// Gives what the first installation exports.
async fn check(first: Desk, second: Desk, text: &str) -> String {
    let apply = async |desk: &Desk, text: &str| {
        let file = parse(text).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
        let report = desk.directory.apply(OPERATOR, file, Options::default()).await;
        report.unwrap_or_else(|error| panic!("{error}\n{text}"))
    };
    apply(&first, text).await;
    let again = apply(&first, text).await;
    assert!(again.difference.is_empty(), "{}\n{text}", again.difference);
    let export = first.directory.export(OPERATOR).await.expect("exported");
    let none = apply(&first, &export).await;
    assert!(none.difference.is_empty() && none.difference.not_in_file.is_empty(), "{}\n{export}", none.difference);
    apply(&second, &export).await;
    assert_eq!(second.directory.export(OPERATOR).await.expect("exported"), export, "{text}");
    export
}

#[tokio::test]
async fn the_example() {
    on_both(|store| async {
        let folder = tempfile::tempdir().expect("a folder");
        let empty = Desk::open(on_sqlite(folder.path()).await).await;
        let export = check(Desk::open(store).await, empty, EXAMPLE).await;
        assert!(!export.contains("SET_ALICE") && export.contains("$argon2id$"), "{export}");
    })
    .await;
}

const USERS: [&str; 4] = ["ana", "bo", "cy", "dora"];
const SHARED: [&str; 3] = ["team", "sales", "help"];
const RIGHTS: [&str; 8] = [
    "preset:agent",
    "preset:viewer",
    "preset:full_access",
    "message.read",
    "message.delete",
    "send.as",
    "calendar.read",
    "mailbox.manage",
];
const NARROW: [&str; 4] = ["message.read", "folder.view", "message.purge", "preset:agent"];

fn list(items: &[&str]) -> String {
    let quoted: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
    format!("[{}]", quoted.join(", "))
}

fn users() -> impl Strategy<Value = String> {
    let one = |name: &'static str| {
        let words =
            ("[\"'\\\\a-zé/*%#=\\[ ]{1,12}", any::<(bool, bool, bool)>(), select(vec!["mailbox", "sender", "both"]));
        words.prop_map(move |(display, (admin, password, address), sent_copy)| {
            let mut text = format!("[[user]]\nname = \"{name}\"\nsent_copy = \"{sent_copy}\"\n");
            if !display.trim().is_empty() {
                text.push_str(&format!("display_name = {}\n", toml::Value::from(display)));
            }
            if admin {
                text.push_str("privilege = \"admin\"\n");
            }
            if password {
                text.push_str("password_env = \"SET\"\n");
            }
            if address {
                text.push_str(&format!("addresses = [\"{name}@example.org\", \"{name}.x@example.net\"]\n"));
            }
            text
        })
    };
    USERS.map(one).prop_map(|texts| texts.concat())
}

fn shared() -> impl Strategy<Value = String> {
    let one = |name: &'static str| {
        (any::<bool>(), proptest::option::of(0u32..9)).prop_map(move |(personal, quota)| {
            let seen = if personal { "personal" } else { "shared" };
            let quota = quota.map_or(String::new(), |quota| format!("quota = {quota}\n"));
            format!("[[shared_mailbox]]\nname = \"{name}\"\naddresses = [\"{name}@example.org\"]\nseen = \"{seen}\"\n{quota}")
        })
    };
    SHARED.map(one).prop_map(|texts| texts.concat())
}

/// The end of a grant on one mailbox: its rights, and what it is narrowed to.
fn rights() -> impl Strategy<Value = String> {
    let whole = subsequence(RIGHTS.to_vec(), 1..4).prop_map(|rights| format!("rights = {}\n", list(&rights)));
    let narrowed = (subsequence(NARROW.to_vec(), 1..3), subsequence(vec!["Inbox", "drafts", "Sent Items"], 1..3));
    let narrowed =
        narrowed.prop_map(|(rights, folders)| format!("rights = {}\nfolders = {}\n", list(&rights), list(&folders)));
    let automap = any::<bool>().prop_map(|on| if on { "" } else { "automap = false\n" });
    (proptest::prop_oneof![whole, narrowed], automap).prop_map(|(rights, automap)| format!("{rights}{automap}"))
}

fn roles() -> impl Strategy<Value = String> {
    let one = |id: &'static str| {
        let members = subsequence(USERS.to_vec(), 0..4);
        let grants = subsequence(SHARED.to_vec(), 0..3).prop_flat_map(|mailboxes| {
            let grant =
                |mailbox| rights().prop_map(move |rights| format!("[[role.grant]]\nmailbox = \"{mailbox}\"\n{rights}"));
            mailboxes.into_iter().map(grant).collect::<Vec<_>>().prop_map(|grants| grants.concat())
        });
        let grants = if id == "Administrators" { Just(String::new()).boxed() } else { grants.boxed() };
        (members, grants).prop_map(move |(members, grants)| {
            format!("[[role]]\nid = \"{id}\"\nmembers = {}\n{grants}", list(&members))
        })
    };
    subsequence(vec!["Team", "Mailbox - Sales", "Administrators"], 0..3)
        .prop_flat_map(move |ids| ids.into_iter().map(one).collect::<Vec<_>>().prop_map(|roles| roles.concat()))
}

fn grants() -> impl Strategy<Value = String> {
    let ends: Vec<(&str, &str)> = USERS.iter().flat_map(|user| SHARED.iter().map(move |to| (*user, *to))).collect();
    subsequence(ends, 0..5).prop_flat_map(|ends| {
        let grant = |(user, mailbox)| {
            rights().prop_map(move |rights| format!("[[grant]]\nuser = \"{user}\"\nmailbox = \"{mailbox}\"\n{rights}"))
        };
        ends.into_iter().map(grant).collect::<Vec<_>>().prop_map(|grants| grants.concat())
    })
}

fn organisation() -> impl Strategy<Value = String> {
    let plan = proptest::option::of(3u32..6);
    let plan = plan.prop_map(|most| {
        most.map_or(String::new(), |most| format!("[plan]\nshared_mailboxes = {{ included = 1, maximum = {most} }}\n"))
    });
    let domains = "[[domain]]\nname = \"example.org\"\n[[domain]]\nname = \"example.net\"\n";
    (users(), shared(), roles(), grants(), plan)
        .prop_map(move |(users, shared, roles, grants, plan)| format!("{domains}{users}{shared}{roles}{grants}{plan}"))
}

#[test]
fn small_organisations() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let done = runner.run(&organisation(), |text| {
        runtime.block_on(async {
            let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
            let first = Desk::open(on_sqlite(folders[0].path()).await).await;
            let second = Desk::open(on_sqlite(folders[1].path()).await).await;
            check(first, second, &text).await;
        });
        Ok(())
    });
    done.unwrap_or_else(|error| panic!("{error}"));
}
