//! Commands about the session.

use super::*;

#[test]
fn without_arguments() {
    for (line, command) in [
        ("CAPABILITY", Command::Capability),
        ("noop", Command::Noop),
        ("LogOut", Command::Logout),
        ("STARTTLS", Command::StartTls),
        ("UNAUTHENTICATE", Command::Unauthenticate),
        ("NAMESPACE", Command::Namespace),
        ("GetJmapAccess", Command::GetJmapAccess),
        ("IDLE", Command::Idle),
        ("CHECK", Command::Check),
        ("CLOSE", Command::Close),
        ("UNSELECT", Command::Unselect),
        ("EXPUNGE", Command::Expunge),
    ] {
        check(line, command);
    }
}

#[test]
fn login() {
    let login = |user: &str, password: &str| Command::Login { user: user.to_owned(), password: Secret::new(password) };
    check("LOGIN joe secret", login("joe", "secret"));
    check("LOGIN joe]@x.org \"se cr\\\"\\\\et\"", login("joe]@x.org", "se cr\"\\et"));
    check("LOGIN {3}\r\njoe {7+}\r\n\"\r\npäs", login("joe", "\"\r\npäs"));
    check("LOGIN \"\" \"jürgen\"", login("", "jürgen"));
    check("LOGIN joe*support secret", login("joe*support", "secret"));
    check_bad(&[
        "LOGIN",
        "LOGIN joe",
        "LOGIN joe  x",
        "LOGIN joe x y",
        "LOGIN joe \"x",
        "LOGIN j(oe x",
        "LOGIN joe {1}\r\n\0",
    ]);
    check_bad(&["LOGIN {9}\r\njoe x", "LOGIN ~{3}\r\njoe x", "LOGIN \"\\joe\" x", "LOGIN {3}joe x", "LOGIN nö x"]);
    assert!(!format!("{:?}", parsed("LOGIN joe hunter2", false)).contains("hunter2"));
}

#[test]
fn authenticate() {
    let authenticate = |initial: Option<&[u8]>| Command::Authenticate {
        mechanism: "PLAIN".to_owned(),
        initial_response: initial.map(Secret::new),
    };
    check("AUTHENTICATE plain", authenticate(None));
    check("AUTHENTICATE PLAIN =", authenticate(Some(b"")));
    check("AUTHENTICATE PLAIN AGpvZQBzZWNyZXQ=", authenticate(Some(b"\0joe\0secret")));
    check("AUTHENTICATE PLAIN AGpvZQBzZWNyZXQ", authenticate(Some(b"\0joe\0secret")));
    check_bad(&["AUTHENTICATE", "AUTHENTICATE \"PLAIN\"", "AUTHENTICATE PLAIN *", "AUTHENTICATE PLAIN AG pv"]);
}

#[test]
fn sasl_lines() {
    use crate::sasl::{NotBase64, SaslReply, challenge, reply};
    assert_eq!(reply(b"*"), Ok(SaslReply::Cancelled));
    assert_eq!(reply(b""), Ok(SaslReply::Response(Secret::new([]))));
    assert_eq!(reply(b"YWJj"), Ok(SaslReply::Response(Secret::new(*b"abc"))));
    assert_eq!(reply(b"YW Jj"), Err(NotBase64));
    assert_eq!(challenge(b"abcd"), "YWJjZA==");
}

#[test]
fn enable_id_compress() {
    check("ENABLE imap4rev2 UTF8=ACCEPT", Command::Enable(strings(&["IMAP4REV2", "UTF8=ACCEPT"])));
    check("COMPRESS deflate", Command::Compress { algorithm: "DEFLATE".to_owned() });
    check("ID NIL", Command::Id(Vec::new()));
    check("ID ()", Command::Id(Vec::new()));
    let fields = vec![("name".to_owned(), Some("mutt".to_owned())), ("os".to_owned(), None)];
    check("ID (\"name\" \"mutt\" {2}\r\nos nil)", Command::Id(fields));
    check_bad(&["ENABLE", "ENABLE  X", "COMPRESS", "ID", "ID (\"name\")", "ID (name \"x\")", "ID (\"a\" \"b\""]);
}

#[test]
fn rights_and_quota() {
    let inbox = || folder("INBOX");
    let joe = || "joe@x.org".to_owned();
    check("GETACL inbox", Command::GetAcl(inbox()));
    check("MYRIGHTS inbox", Command::MyRights(inbox()));
    check("DELETEACL inbox joe@x.org", Command::DeleteAcl { folder: inbox(), identifier: joe() });
    check("LISTRIGHTS inbox \"joe@x.org\"", Command::ListRights { folder: inbox(), identifier: joe() });
    for (wire, change, rights) in [
        ("lrs", acl::AclChange::Replace, "lrs"),
        ("\"\"", acl::AclChange::Replace, ""),
        ("+k3", acl::AclChange::Add, "k3"),
        ("\"-x\"", acl::AclChange::Remove, "x"),
    ] {
        let set = acl::SetAcl { folder: inbox(), identifier: joe(), change, rights: rights.to_owned() };
        check(&format!("SETACL inbox joe@x.org {wire}"), Command::SetAcl(set));
    }
    check("GETQUOTA \"\"", Command::GetQuota { root: String::new() });
    check("GETQUOTAROOT inbox", Command::GetQuotaRoot(inbox()));
    let limits = vec![(quota::QuotaResource::Storage, 512), (quota::QuotaResource::Message, 0)];
    check("SETQUOTA \"a b\" (storage 512 MESSAGE 0)", Command::SetQuota { root: "a b".to_owned(), limits });
    check("SETQUOTA x ()", Command::SetQuota { root: "x".to_owned(), limits: Vec::new() });
    check_bad(&["SETQUOTA x", "SETQUOTA x (STORAGE)", "SETQUOTA x (FOO 1)", "SETQUOTA x (STORAGE -1)", "GETQUOTA"]);
    check_bad(&[
        "GETACL",
        "SETACL inbox joe",
        "SETACL inbox joe LRS",
        "SETACL inbox joe l+r",
        "DELETEACL inbox",
        "LISTRIGHTS x",
    ]);
}
