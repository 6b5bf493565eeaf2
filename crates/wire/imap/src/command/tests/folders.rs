//! Commands about folders by their names.

use std::num::NonZeroU32;

use super::*;
use crate::command::folder::{Create, Qresync, Select};
use crate::command::list::{List, ListReturn, ListSelect};
use crate::command::status::StatusItem;

fn select(name: &str) -> Select {
    Select { folder: folder(name), condstore: false, qresync: None }
}

#[test]
fn select_and_examine() {
    check("SELECT inbox", Command::Select(select("INBOX")));
    check("EXAMINE \"Sent Items\"", Command::Examine(select("Sent Items")));
    check("SELECT {5}\r\nEn&-x", Command::Select(select("En&x")));
    check("SELECT x (condstore)", Command::Select(Select { condstore: true, ..select("x") }));
    for (wire, known_uids, known_pairs) in [
        ("", None, None),
        (" 41,43:211", Some(ranges(&[(41, 41), (43, 211)])), None),
        (" 1:9 (1:2 3:4)", Some(ranges(&[(1, 9)])), Some((ranges(&[(1, 2)]), ranges(&[(3, 4)])))),
        (" (1 3)", None, Some((ranges(&[(1, 1)]), ranges(&[(3, 3)])))),
    ] {
        let uid_validity = NonZeroU32::new(67_890_007).unwrap();
        let qresync = Qresync { uid_validity, mod_seq: 20_050_715, known_uids, known_pairs };
        let select = Select { qresync: Some(qresync), ..select("x") };
        check(&format!("SELECT x (QRESYNC (67890007 20050715{wire}))"), Command::Select(select));
    }
    check_bad(&[
        "SELECT",
        "SELECT a b",
        "SELECT x ()",
        "SELECT x (FOO)",
        "SELECT x (QRESYNC)",
        "SELECT x (QRESYNC (0 1))",
    ]);
    check_bad(&["SELECT x (QRESYNC (1 1 1:*))", "SELECT x (QRESYNC (1 1 1 (1))", "SELECT x CONDSTORE", "SELECT %"]);
}

#[test]
fn names_follow_the_mode() {
    for (line, utf8, name) in [
        ("DELETE Entw&APw-rfe", false, "Entwürfe"),
        ("DELETE Entw&APw-rfe", true, "Entw&APw-rfe"),
        ("DELETE \"Entwürfe\"", false, "Entwürfe"),
        ("DELETE \"Entwürfe\"", true, "Entwürfe"),
        ("DELETE R&D", true, "R&D"),
    ] {
        let expected = FolderName::decode(name.as_bytes(), true);
        assert_eq!(parsed(line, utf8), Ok(Command::Delete(expected)), "{line}");
    }
    let Ok(Command::Delete(name)) = parsed("DELETE R&D", false) else { panic!("a name is kept as it came") };
    assert_eq!((name.as_str(), name.is_well_formed()), ("R&D", false));
}

#[test]
fn create_to_unsubscribe() {
    let create =
        |special_use: &[&str]| Command::Create(Create { folder: folder("a/b/"), special_use: strings(special_use) });
    check("CREATE a/b/", create(&[]));
    check("CREATE a/b/ (USE (\\Drafts \\Sent))", create(&["\\Drafts", "\\Sent"]));
    check("CREATE a/b/ (USE ())", create(&[]));
    check("DELETE x", Command::Delete(folder("x")));
    check("RENAME x \"y z\"", Command::Rename { from: folder("x"), to: folder("y z") });
    check("SUBSCRIBE x", Command::Subscribe(folder("x")));
    check("UNSUBSCRIBE x", Command::Unsubscribe(folder("x")));
    check_bad(&[
        "CREATE",
        "CREATE a (USE (Drafts))",
        "CREATE a (FOO)",
        "DELETE",
        "RENAME a",
        "RENAME a b c",
        "SUBSCRIBE",
    ]);
}

#[test]
fn list_and_lsub() {
    let list = |patterns: &[&str]| List { patterns: strings(patterns), ..List::default() };
    let extended = |patterns: &[&str]| List { extended: true, ..list(patterns) };
    check("LIST \"\" *", Command::List(list(&["*"])));
    check("LIST \"\" \"\"", Command::List(list(&[""])));
    check("LIST ~/Mail/ %/x]", Command::List(List { reference: "~/Mail/".to_owned(), ..list(&["%/x]"]) }));
    check("LIST \"\" \"&U,BTFw-/*\"", Command::List(list(&["台北/*"])));
    check("LIST \"\" (inbox \"a b\" %)", Command::List(extended(&["inbox", "a b", "%"])));
    check("LIST () \"\" *", Command::List(extended(&["*"])));
    let select = ListSelect { subscribed: true, recursive_match: true, ..ListSelect::default() };
    check("LIST (recursivematch SUBSCRIBED) \"\" *", Command::List(List { select, ..extended(&["*"]) }));
    let select = ListSelect { remote: true, special_use: true, ..ListSelect::default() };
    check("LIST (SPECIAL-USE REMOTE) \"\" *", Command::List(List { select, ..extended(&["*"]) }));
    let returns = ListReturn {
        subscribed: true,
        children: true,
        special_use: true,
        my_rights: true,
        status: Some(vec![StatusItem::Messages, StatusItem::Unseen]),
        metadata: None,
    };
    let line = "LIST \"\" % RETURN (SUBSCRIBED CHILDREN SPECIAL-USE MYRIGHTS STATUS (MESSAGES UNSEEN MESSAGES))";
    check(line, Command::List(List { returns, ..extended(&["%"]) }));
    check("LIST \"\" % RETURN ()", Command::List(extended(&["%"])));
    let returns = ListReturn { metadata: Some(strings(&["/shared/a", "/private/b"])), ..ListReturn::default() };
    let line = "LIST \"\" % RETURN (METADATA (/shared/A \"/private/b\"))";
    check(line, Command::List(List { returns, ..extended(&["%"]) }));
    check("LSUB \"\" *", Command::Lsub { reference: String::new(), pattern: "*".to_owned() });
    check_bad(&[
        "LIST",
        "LIST \"\"",
        "LIST % \"\"",
        "LIST \"\" ()",
        "LIST (RECURSIVEMATCH) \"\" *",
        "LIST (FOO) \"\" *",
    ]);
    check_bad(&["LIST \"\" * RETURN", "LIST \"\" * RETURN (FOO)", "LIST \"\" * (CHILDREN)", "LSUB \"\" (*)"]);
}

#[test]
fn status() {
    let items = vec![
        StatusItem::Messages,
        StatusItem::UidNext,
        StatusItem::UidValidity,
        StatusItem::Unseen,
        StatusItem::Deleted,
        StatusItem::DeletedStorage,
        StatusItem::Size,
        StatusItem::Recent,
        StatusItem::HighestModSeq,
        StatusItem::MailboxId,
        StatusItem::AppendLimit,
    ];
    let names: Vec<&str> = items.iter().map(|item| item.as_str()).collect();
    check(&format!("STATUS inbox ({})", names.join(" ")), Command::Status { folder: folder("INBOX"), items });
    check_bad(&["STATUS inbox", "STATUS inbox ()", "STATUS inbox MESSAGES", "STATUS inbox (FOO)", "STATUS (MESSAGES)"]);
}
