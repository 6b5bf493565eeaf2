//! Answers about metadata (RFC 5464 §4.4).

use bytes::BufMut;

use super::strings::{astring, fits_literal, folder_name, literal_header, string};

/// `* METADATA name (entry value …)`; an empty name is the server. A value of none is NIL: there is no such entry.
pub fn metadata<B: BufMut>(out: &mut B, name: &str, entries: &[(&str, Option<&[u8]>)], utf8: bool) {
    out.put_slice(b"* METADATA ");
    folder_name(out, name, utf8);
    out.put_slice(b" (");
    for (index, (entry, value)) in entries.iter().enumerate() {
        if index > 0 {
            out.put_u8(b' ');
        }
        astring(out, entry, utf8);
        out.put_u8(b' ');
        match value {
            None => out.put_slice(b"NIL"),
            Some(value) if fits_literal(value) => string(out, value, utf8),
            // With NUL: literal8.
            Some(value) => {
                literal_header(out, value.len() as u64, true);
                out.put_slice(value);
            }
        }
    }
    out.put_slice(b")\r\n");
}
