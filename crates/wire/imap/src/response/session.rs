//! Answers about the session and the selected folder.

use bytes::BufMut;
use std::ops::RangeInclusive;

use super::search::uid_ranges;
use super::strings::{flag_list, folder_name, number, quoted, string};

/// `* CAPABILITY …`; the capabilities are separated by spaces.
pub fn capability<B: BufMut>(out: &mut B, capabilities: &str) {
    plain(out, "CAPABILITY", capabilities);
}

/// `* ENABLED …`; the capabilities are separated by spaces, there may be none (RFC 9051 §7.2.1).
pub fn enabled<B: BufMut>(out: &mut B, capabilities: &str) {
    plain(out, "ENABLED", capabilities);
}

fn plain<B: BufMut>(out: &mut B, name: &str, arguments: &str) {
    out.put_slice(b"* ");
    out.put_slice(name.as_bytes());
    if !arguments.is_empty() {
        out.put_u8(b' ');
        out.put_slice(arguments.as_bytes());
    }
    out.put_slice(b"\r\n");
}

/// `* ID (…)` (RFC 2971 §3.2), `* ID NIL` without fields.
pub fn id<B: BufMut>(out: &mut B, fields: &[(&str, &str)]) {
    out.put_slice(b"* ID ");
    out.put_slice(if fields.is_empty() { b"NIL" } else { b"(" });
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            out.put_u8(b' ');
        }
        string(out, name.as_bytes(), false);
        out.put_u8(b' ');
        string(out, value.as_bytes(), false);
    }
    out.put_slice(if fields.is_empty() { b"\r\n" } else { b")\r\n" });
}

/// `* NAMESPACE …` (RFC 9051 §7.3.2): prefixes of one's own, other users' and shared folders.
pub fn namespace<B: BufMut>(
    out: &mut B,
    personal: &[&str],
    others: &[&str],
    shared: &[&str],
    separator: char,
    utf8: bool,
) {
    out.put_slice(b"* NAMESPACE");
    for prefixes in [personal, others, shared] {
        out.put_slice(if prefixes.is_empty() { b" NIL" } else { b" (" });
        for prefix in prefixes {
            out.put_u8(b'(');
            folder_name(out, prefix, utf8);
            out.put_u8(b' ');
            quoted(out, separator.encode_utf8(&mut [0; 4]), utf8);
            out.put_u8(b')');
        }
        if !prefixes.is_empty() {
            out.put_u8(b')');
        }
    }
    out.put_slice(b"\r\n");
}

/// `* JMAPACCESS "url"` (RFC 9698 §4)
pub fn jmap_access<B: BufMut>(out: &mut B, url: &str) {
    out.put_slice(b"* JMAPACCESS ");
    quoted(out, url, false);
    out.put_slice(b"\r\n");
}

/// `* FLAGS (…)`
pub fn flags<B: BufMut, F: AsRef<str>>(out: &mut B, flags: impl IntoIterator<Item = F>) {
    out.put_slice(b"* FLAGS ");
    flag_list(out, flags);
    out.put_slice(b"\r\n");
}

/// `* n EXISTS`
pub fn exists<B: BufMut>(out: &mut B, count: u32) {
    numbered(out, count, b" EXISTS\r\n");
}

/// `* n RECENT` (RFC 3501 only)
pub fn recent<B: BufMut>(out: &mut B, count: u32) {
    numbered(out, count, b" RECENT\r\n");
}

/// `* n EXPUNGE`
pub fn expunge<B: BufMut>(out: &mut B, message: u32) {
    numbered(out, message, b" EXPUNGE\r\n");
}

fn numbered<B: BufMut>(out: &mut B, count: u32, name: &[u8]) {
    out.put_slice(b"* ");
    number(out, count.into());
    out.put_slice(name);
}

/// `* VANISHED [(EARLIER)] uids` (RFC 7162 §3.2.10); ascending, nothing if there are none.
pub fn vanished<B: BufMut>(out: &mut B, earlier: bool, uids: &[RangeInclusive<u32>]) {
    if uids.is_empty() {
        return;
    }
    out.put_slice(if earlier { b"* VANISHED (EARLIER) " } else { b"* VANISHED " });
    uid_ranges(out, uids);
    out.put_slice(b"\r\n");
}
