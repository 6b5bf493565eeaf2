//! GETMETADATA and SETMETADATA.

use super::*;
use crate::command::metadata::{Depth, GetMetadata, SetMetadata};

fn get(entries: &[&str]) -> GetMetadata {
    GetMetadata { folder: Some(folder("INBOX")), max_size: None, depth: Depth::Zero, entries: strings(entries) }
}

#[test]
fn get_metadata() {
    check("GETMETADATA inbox /shared/Comment", Command::GetMetadata(get(&["/shared/comment"])));
    check("GETMETADATA inbox (/private/a \"/shared/b c\")", Command::GetMetadata(get(&["/private/a", "/shared/b c"])));
    let server = GetMetadata { folder: None, ..get(&["/shared/admin"]) };
    check("GETMETADATA \"\" /shared/admin", Command::GetMetadata(server));
    let sized = GetMetadata { max_size: Some(1024), depth: Depth::One, ..get(&["/private/filters/values"]) };
    check("GETMETADATA (MAXSIZE 1024 depth 1) inbox /private/filters/values", Command::GetMetadata(sized.clone()));
    check("GETMETADATA inbox (maxsize 1024 DEPTH 1) (/private/filters/values)", Command::GetMetadata(sized));
    let deep = GetMetadata { depth: Depth::Infinity, ..get(&["/private"]) };
    check("GETMETADATA (DEPTH infinity) inbox (/private)", Command::GetMetadata(deep));
    check_bad(&[
        "GETMETADATA",
        "GETMETADATA inbox",
        "GETMETADATA inbox ()",
        "GETMETADATA inbox comment",
        "GETMETADATA inbox /public/comment",
        "GETMETADATA inbox /privately",
        "GETMETADATA inbox /private/%",
        "GETMETADATA inbox /private//x",
        "GETMETADATA inbox /private/",
        "GETMETADATA inbox \"/private/ü\"",
        "GETMETADATA (DEPTH 2) inbox /private/x",
        "GETMETADATA (MAXSIZE) inbox /private/x",
    ]);
}

#[test]
fn set_metadata() {
    let set = |values: &[(&str, Option<&[u8]>)]| {
        let values = values.iter().map(|(entry, value)| ((*entry).to_owned(), value.map(<[u8]>::to_vec))).collect();
        SetMetadata { folder: Some(folder("INBOX")), values }
    };
    let one = set(&[("/private/comment", Some(b"My new comment"))]);
    check("SETMETADATA INBOX (/private/comment \"My new comment\")", Command::SetMetadata(one));
    let three = set(&[("/private/a", None), ("/shared/b", Some(b"\r\n")), ("/shared/c", Some(b"\0"))]);
    let line = "SETMETADATA INBOX (/private/A NIL /shared/b {2}\r\n\r\n /shared/c ~{1+}\r\n\0)";
    check(line, Command::SetMetadata(three));
    let server = SetMetadata { folder: None, ..set(&[("/shared/comment", Some(b""))]) };
    check("SETMETADATA \"\" (/shared/comment \"\")", Command::SetMetadata(server));
    check_bad(&[
        "SETMETADATA INBOX",
        "SETMETADATA INBOX ()",
        "SETMETADATA INBOX /private/a x",
        "SETMETADATA INBOX (/private/a)",
        "SETMETADATA INBOX (/private/a x)",
        "SETMETADATA INBOX (x \"y\")",
    ]);
}
