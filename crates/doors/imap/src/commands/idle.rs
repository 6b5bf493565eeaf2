//! IDLE (RFC 9051 section 6.3.13): tells what changes as it happens, until DONE.
//!
//! Rights that are taken away end it: without `message.read` on the selected folder, or without an account, BYE.

use super::{Done, Result};
use crate::reply::Failure;
use crate::session::Session;
use postroom_access::AccessError;
use postroom_mail::Notices;
use postroom_wire_imap::{LineFrame, response};

pub(super) async fn run(session: &mut Session) -> Result {
    response::continuation(&mut session.out, "waiting");
    let mut rights = session.imap.mail.access().watch();
    let mut notices = session.view.as_ref().map(|view| view.folder.notices());
    let mut stop = session.stop();
    let limit = session.imap.config.idle_timeout;
    loop {
        if let Some(notices) = &mut notices {
            notices.mark_known();
        }
        rights.borrow_and_update();
        session.tell_news(true).await?;
        if let Some(line) = done_line(session) {
            return line;
        }
        if refuse_the_refused(session).await {
            return Err(Failure::bad("ended"));
        }
        session.flush().await?;
        session.io.rest();
        let woken = tokio::select! {
            read = session.io.fill(0) => Woken::Read(read?),
            () = changed(notices.as_mut()) => Woken::News,
            _ = rights.changed() => Woken::News,
            _ = stop.wait_for(|stop| *stop) => Woken::Stop,
            () = tokio::time::sleep(limit) => Woken::Silence,
        };
        match woken {
            Woken::News => {}
            Woken::Read(0) => {
                session.close();
                return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
            }
            Woken::Read(_) => {}
            Woken::Stop => session.bye("the server is stopping"),
            Woken::Silence => session.bye("nothing was heard for too long"),
        }
        if session.is_closing() {
            return Err(Failure::bad("ended"));
        }
    }
}

enum Woken {
    Read(usize),
    News,
    Stop,
    Silence,
}

async fn changed(notices: Option<&mut Notices>) {
    match notices {
        Some(notices) => notices.changed().await,
        // Nothing is selected: DONE and the clock remain.
        None => std::future::pending().await,
    }
}

/// The line that ends it, if it has come.
fn done_line(session: &mut Session) -> Option<Result> {
    match session.framer.next_line(&mut session.io.input) {
        LineFrame::NeedMoreBytes => None,
        LineFrame::Line(line) if line.eq_ignore_ascii_case(b"DONE") => Some(Ok(Done::ok("done waiting"))),
        LineFrame::Line(_) => Some(Err(Failure::bad("expected DONE"))),
        LineFrame::TooLong | LineFrame::Close => {
            session.bye("the line is too long");
            Some(Err(Failure::bad("ended")))
        }
    }
}

/// Says BYE with the reason if the person may not watch any more.
async fn refuse_the_refused(session: &mut Session) -> bool {
    if !session.still_valid().await {
        session.bye("the account has changed; sign in again");
        return true;
    }
    let refused = session.view.as_ref().and_then(|view| view.folder.snapshot().err());
    match refused {
        None | Some(AccessError::Store(_)) => false,
        Some(error @ (AccessError::NotFound | AccessError::Denied(_))) => {
            session.bye(&error.to_string());
            true
        }
    }
}
