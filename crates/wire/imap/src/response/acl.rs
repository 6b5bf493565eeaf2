//! Answers about rights (RFC 4314 §3.6 to §3.8).

use bytes::BufMut;

use super::strings::{astring, folder_name};

/// `* ACL name identifier rights …`
pub fn acl<'a, B: BufMut>(out: &mut B, name: &str, entries: impl IntoIterator<Item = (&'a str, &'a str)>, utf8: bool) {
    out.put_slice(b"* ACL ");
    folder_name(out, name, utf8);
    for (identifier, rights) in entries {
        out.put_u8(b' ');
        astring(out, identifier, utf8);
        out.put_u8(b' ');
        astring(out, rights, utf8);
    }
    out.put_slice(b"\r\n");
}

/// `* LISTRIGHTS name identifier required optional …`: each optional string is rights that come and go together.
pub fn list_rights<B: BufMut>(
    out: &mut B,
    name: &str,
    identifier: &str,
    required: &str,
    optional: &[&str],
    utf8: bool,
) {
    out.put_slice(b"* LISTRIGHTS ");
    folder_name(out, name, utf8);
    out.put_u8(b' ');
    astring(out, identifier, utf8);
    for rights in std::iter::once(&required).chain(optional) {
        out.put_u8(b' ');
        astring(out, rights, utf8);
    }
    out.put_slice(b"\r\n");
}

/// `* MYRIGHTS name rights`
pub fn my_rights<B: BufMut>(out: &mut B, name: &str, rights: &str, utf8: bool) {
    out.put_slice(b"* MYRIGHTS ");
    folder_name(out, name, utf8);
    out.put_u8(b' ');
    astring(out, rights, utf8);
    out.put_slice(b"\r\n");
}
