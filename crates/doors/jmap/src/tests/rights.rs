//! The rights matrix, tried out through JMAP: every person on every mailbox tries what each right gives, and what
//! works is what the golden matrix says.

use super::*;
use std::collections::BTreeMap;

/// The organisation of the golden matrix, and zoe, who prepares what the others try their hands on.
const ORGANISATION: &str = r#"
[[domain]]
name = "example.org"
USERS
[[shared_mailbox]]
name = "support"
addresses = ["support@example.org"]
[[shared_mailbox]]
name = "billing"
addresses = ["billing@example.org"]
[[shared_mailbox]]
name = "boardroom"
addresses = ["boardroom@example.org"]
[[role]]
id = "Mailbox - Support"
members = ["alice", "bob"]
[[role.grant]]
mailbox = "support"
rights = ["preset:agent"]
[[role]]
id = "Mailbox - Billing"
members = ["bob"]
[[role.grant]]
mailbox = "billing"
rights = ["preset:viewer"]
[[role]]
id = "Assignees"
type = "assignment"
members = ["frank"]
GRANTS
"#;

const PEOPLE: [&str; 6] = ["alice", "bob", "carol", "dave", "erin", "frank"];
const MAILBOXES: [&str; 9] = ["alice", "bob", "carol", "dave", "erin", "frank", "support", "billing", "boardroom"];

/// Rights that show in nothing that JMAP does with mail, or only together with sending.
const NOT_SHOWN: [&str; 9] = [
    "attachment.add",
    "calendar.free_busy",
    "calendar.read",
    "calendar.write",
    "calendar.private",
    "contacts.read",
    "contacts.write",
    "tasks.read",
    "tasks.write",
];

fn organisation() -> String {
    let users = PEOPLE.iter().chain(&["zoe"]).map(|name| {
        let privilege = if *name == "alice" { "privilege = \"admin\"\n" } else { "" };
        format!("[[user]]\nname = \"{name}\"\naddresses = [\"{name}@example.org\"]\npassword_env = \"PASSWORD\"\n{privilege}")
    });
    let grant = |user: &str, mailbox: &str, rights: &str, more: &str| {
        format!("[[grant]]\nuser = \"{user}\"\nmailbox = \"{mailbox}\"\nrights = [{rights}]\n{more}\n")
    };
    let mut grants = vec![
        grant("carol", "support", "\"preset:send_only\"", ""),
        grant("dave", "support", "\"preset:manager\"", ""),
        grant("erin", "support", "\"folder.view\", \"message.read\", \"message.search\"", "folders = [\"Inbox\"]"),
        grant("bob", "billing", "\"preset:send_on_behalf\"", ""),
        grant("dave", "alice", "\"preset:full_access\"", ""),
        grant("dave", "boardroom", "\"calendar.free_busy\"", ""),
    ];
    grants.extend(MAILBOXES.iter().map(|mailbox| grant("zoe", mailbox, "\"preset:full_access\"", "")));
    ORGANISATION.replace("USERS", &users.collect::<String>()).replace("GRANTS", &grants.concat())
}

/// Golden cells: by mailbox, right and person.
fn golden() -> BTreeMap<(String, String, String), String> {
    let text = include_str!("../../../../../tests/golden/rights-matrix.out");
    let (mut cells, mut mailbox) = (BTreeMap::new(), String::new());
    for line in text.lines() {
        if let Some((_, name)) = line.split_once(" mailbox \"") {
            mailbox = name.trim_end_matches('"').to_owned();
        } else if line.contains('.') {
            let mut words = line.split_whitespace();
            let right = words.next().unwrap().to_owned();
            for (person, cell) in PEOPLE.iter().zip(words) {
                cells.insert((mailbox.clone(), right.clone(), (*person).to_owned()), cell.to_owned());
            }
        }
    }
    cells
}

/// Whether the person can do in a folder what a right gives. zoe puts the things there first.
async fn works(desk: &Desk, who: &str, mailbox: &str, right: &str, folder: &str) -> bool {
    let done = |answer: (String, Value), list: &str, key: &str| answer.1[list].get(key).is_some();
    let set = |method: &'static str, arguments: Value| {
        let arguments = {
            let mut arguments = arguments;
            arguments["accountId"] = json!(desk.account(mailbox));
            arguments
        };
        async move { desk.calls(who, json!([[method, arguments, "c"]])).await.remove(0) }
    };
    let text = "Subject: s\r\n\r\nneedle";
    let fresh = |folder: &'static str| async move { desk.message("zoe", mailbox, folder, text).await };
    let place: &'static str = if folder == "Inbox" { "Inbox" } else { "Junk" };
    let id = desk.folder("zoe", mailbox, place).await;
    match right {
        "folder.view" => {
            let got = set("Mailbox/get", json!({"ids": [id]})).await;
            got.1["list"].as_array().is_some_and(|list| !list.is_empty())
        }
        "message.read" => {
            let got = set("Email/get", json!({"ids": [fresh(place).await], "properties": ["subject"]})).await;
            got.1["list"].as_array().is_some_and(|list| !list.is_empty())
        }
        "message.search" => {
            set("Email/query", json!({"filter": {"inMailbox": id, "text": "needle"}})).await.0 != "error"
        }
        "message.seen" | "message.flag" => {
            let (email, keyword) = (fresh(place).await, if right == "message.seen" { "$seen" } else { "$flagged" });
            let update = json!({"update": {&email: {format!("keywords/{keyword}"): true}}});
            done(set("Email/set", update).await, "updated", &email)
        }
        "message.add" => {
            let blob = desk.upload(who, mailbox, text).await.json()["blobId"].clone();
            let emails = json!({"emails": {"m": {"blobId": blob, "mailboxIds": {id: true}}}});
            done(set("Email/import", emails).await, "created", "m")
        }
        "message.edit" => {
            let email = fresh("Drafts").await;
            let answer = set("Email/set", json!({"destroy": [email]})).await;
            place == "Inbox" || answer.1["destroyed"] == json!([email])
        }
        "message.delete" => {
            let (email, trash) = (fresh(place).await, desk.folder("zoe", mailbox, "Deleted Items").await);
            let update = json!({"update": {&email: {"mailboxIds": {trash: true}}}});
            done(set("Email/set", update).await, "updated", &email)
        }
        "message.purge" => {
            let email = fresh(place).await;
            set("Email/set", json!({"destroy": [email]})).await.1["destroyed"] == json!([email])
        }
        "folder.create" => {
            let create = json!({"create": {"f": {"name": format!("of {who}"), "parentId": id}}});
            done(set("Mailbox/set", create).await, "created", "f")
        }
        "folder.delete" => {
            let create = json!({"create": {"f": {"name": format!("for {who}"), "parentId": id}}});
            let made = desk.call("zoe", mailbox, "Mailbox/set", create).await["created"]["f"]["id"].clone();
            set("Mailbox/set", json!({"destroy": [made]})).await.1["destroyed"] == json!([made])
        }
        "send.as" | "send.on_behalf" => {
            let all = set("Identity/get", json!({})).await;
            let address = format!("{mailbox}@example.org");
            let identity = all.1["list"].as_array().unwrap().iter().find(|identity| identity["email"] == address);
            let how = identity.map_or("", |identity| identity["sendsAs"].as_str().unwrap());
            how == "own" || how == if right == "send.as" { "as" } else { "behalf" }
        }
        "mailbox.manage" => set("VacationResponse/get", json!({})).await.0 != "error",
        other => panic!("no trial for {other}"),
    }
}

#[tokio::test]
async fn what_works_is_what_the_golden_matrix_says() {
    with_desk(|desk| async move {
        let file = OrganisationFile::parse(&organisation(), &|_| Some(PASSWORD.to_owned())).unwrap();
        let options = Options { prune: true, ..Options::default() };
        desk.directory.apply(Actor::operator(), file, options).await.unwrap();
        let golden = golden();
        assert_eq!(golden.len(), MAILBOXES.len() * 23 * PEOPLE.len(), "every cell is read");
        for person in PEOPLE {
            let session = desk.fetch(person, "GET /.well-known/jmap").await.json();
            for mailbox in MAILBOXES {
                let visible = session["accounts"].get(desk.account(mailbox)).is_some();
                for right in postroom_model::Right::ALL.map(postroom_model::Right::as_str) {
                    let expected = &golden[&(mailbox.to_owned(), right.to_owned(), person.to_owned())];
                    let found = if !visible {
                        "–"
                    } else if NOT_SHOWN.contains(&right) {
                        continue;
                    } else {
                        let inbox = works(&desk, person, mailbox, right, "Inbox").await;
                        let elsewhere = works(&desk, person, mailbox, right, "Junk").await;
                        match (inbox, elsewhere) {
                            (true, true) => "✔",
                            (true, false) if right != "message.edit" => "f",
                            _ => "✘",
                        }
                    };
                    assert_eq!(found, expected, "{person} {right} {mailbox}");
                }
            }
        }
    })
    .await;
}
