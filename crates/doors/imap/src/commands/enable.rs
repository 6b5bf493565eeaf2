//! ENABLE (RFC 9051 section 6.3.1).

use super::{Done, Result};
use crate::session::Session;
use postroom_wire_imap::response;

pub(super) fn run(session: &mut Session, wanted: &[String]) -> Result {
    let mut newly: Vec<&str> = Vec::new();
    for name in wanted {
        if name.eq_ignore_ascii_case("CONDSTORE") && session.enable_condstore() {
            newly.push("CONDSTORE");
        }
        if name.eq_ignore_ascii_case("QRESYNC") && !std::mem::replace(&mut session.enabled.qresync, true) {
            session.enable_condstore();
            newly.push("QRESYNC");
        }
        let (flag, label) = match name.to_ascii_uppercase().as_str() {
            "IMAP4REV2" => (&mut session.enabled.rev2, "IMAP4rev2"),
            "UTF8=ACCEPT" => (&mut session.enabled.utf8, "UTF8=ACCEPT"),
            _ => continue,
        };
        if !std::mem::replace(flag, true) {
            newly.push(label);
        }
    }
    response::enabled(&mut session.out, &newly.join(" "));
    Ok(Done::ok("enabled"))
}
