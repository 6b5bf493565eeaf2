//! COMPRESS (RFC 4978). The session begins to compress when the tagged answer is out.

use super::{Done, Result};
use crate::reply::{Code, Failure};
use crate::session::Session;

pub(super) fn run(session: &Session, algorithm: &str) -> Result {
    if algorithm != "DEFLATE" {
        return Err(Failure::bad("the one algorithm there is, is DEFLATE"));
    }
    if session.io.is_compressed() {
        return Err(Failure::no(Code::CompressionActive, "the connection is compressed already"));
    }
    Ok(Done::ok("compressed from here on"))
}
