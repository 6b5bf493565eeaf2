//! Answers about quotas (RFC 9208 §4.2).

use bytes::BufMut;

use super::strings::{astring, folder_name, number};
use crate::command::quota::QuotaResource;

/// What is used of a resource, and how much may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaLine {
    pub resource: QuotaResource,
    pub usage: u64,
    pub limit: u64,
}

/// `* QUOTA root (RESOURCE usage limit …)`
pub fn quota<B: BufMut>(out: &mut B, root: &str, lines: &[QuotaLine], utf8: bool) {
    out.put_slice(b"* QUOTA ");
    astring(out, root, utf8);
    out.put_slice(b" (");
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            out.put_u8(b' ');
        }
        out.put_slice(line.resource.as_str().as_bytes());
        out.put_u8(b' ');
        number(out, line.usage);
        out.put_u8(b' ');
        number(out, line.limit);
    }
    out.put_slice(b")\r\n");
}

/// `* QUOTAROOT name root`
pub fn quota_root<B: BufMut>(out: &mut B, name: &str, root: &str, utf8: bool) {
    out.put_slice(b"* QUOTAROOT ");
    folder_name(out, name, utf8);
    out.put_u8(b' ');
    astring(out, root, utf8);
    out.put_slice(b"\r\n");
}
