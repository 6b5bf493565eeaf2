//! CAPABILITY (RFC 9051 section 6.1.1): what is offered is implemented and tested.

use super::{Done, Result, jmap_access};
use crate::session::Session;
use postroom_wire_imap::response;

const ALWAYS: &str = "IMAP4rev1 IMAP4rev2 LITERAL+ ID ENABLE SASL-IR";
const SIGNED_IN: &str = "NAMESPACE LIST-EXTENDED LIST-STATUS LIST-MYRIGHTS SPECIAL-USE CHILDREN IDLE UIDPLUS MOVE \
                         UNSELECT ESEARCH SEARCHRES BINARY CONDSTORE QRESYNC ACL RIGHTS=kxte MULTIAPPEND SORT SORT=DISPLAY THREAD=ORDEREDSUBJECT \
                         THREAD=REFERENCES THREAD=REFS ESORT CONTEXT=SEARCH CONTEXT=SORT PARTIAL SEARCH=FUZZY NOTIFY WITHIN OBJECTID \
                         SAVEDATE PREVIEW STATUS=SIZE UTF8=ACCEPT CATENATE REPLACE CREATE-SPECIAL-USE METADATA LIST-METADATA \
                         QUOTA QUOTASET QUOTA=RES-STORAGE QUOTA=RES-MESSAGE";

/// The capabilities in the session's state, separated by blanks.
pub(crate) fn list(session: &Session) -> String {
    let limit = session.imap.config.message_size;
    if session.user.is_some() {
        let compress = if session.io.is_compressed() { "" } else { " COMPRESS=DEFLATE" };
        let jmap = if jmap_access::address(session).is_some() { " JMAPACCESS" } else { "" };
        return format!("{ALWAYS} {SIGNED_IN} APPENDLIMIT={limit}{compress}{jmap}");
    }
    let mut text = ALWAYS.to_owned();
    if session.imap.config.tls.is_some() && !session.tls {
        text.push_str(" STARTTLS");
    }
    text.push_str(if session.protected { " AUTH=PLAIN AUTH=SCRAM-SHA-256" } else { " LOGINDISABLED" });
    if session.protected && !session.peer.bindings.is_empty() {
        text.push_str(" AUTH=SCRAM-SHA-256-PLUS");
    }
    text
}

pub(super) fn run(session: &mut Session) -> Result {
    let capabilities = list(session);
    response::capability(&mut session.out, &capabilities);
    Ok(Done::ok("that is what is offered"))
}
