//! One file per command. Start reading at [`run`].
//!
//! A command that is done has written its answer; one that is not gives the reason, and the session writes it.

mod auth;
mod capa;
mod dele;
mod list;
mod noop;
mod pass;
mod quit;
mod retr;
mod rset;
mod stat;
mod stls;
mod top;
mod uidl;
mod user;

use crate::maildrop::Maildrop;
use crate::reply::Failure;
use crate::session::Session;
use postroom_mail::Snapshot;
use postroom_wire_pop3::Command;
use std::sync::Arc;

pub(super) type Result<T = ()> = std::result::Result<T, Failure>;

pub(crate) async fn run(session: &mut Session, command: Command) -> Result {
    match command {
        Command::Capa => capa::run(session),
        Command::Stls => stls::run(session).await,
        Command::User(name) => user::run(session, name),
        Command::Pass(password) => pass::run(session, &password).await,
        Command::Auth { mechanism, initial } => auth::run(session, &mechanism, initial).await,
        Command::Stat => stat::run(session).await,
        Command::List(number) => list::run(session, number).await,
        Command::Uidl(number) => uidl::run(session, number).await,
        Command::Retr(number) => retr::run(session, number).await,
        Command::Top(number, lines) => top::run(session, number, lines).await,
        Command::Dele(number) => dele::run(session, number).await,
        Command::Noop => noop::run(session).await,
        Command::Rset => rset::run(session).await,
        Command::Quit => quit::run(session).await,
    }
}

/// What is served to the person who is signed in, and the folder as it is now. Fails when they may not read there any
/// more.
async fn maildrop(session: &mut Session) -> Result<(&mut Maildrop, Arc<Snapshot>)> {
    let user = session.user.as_mut().ok_or_else(|| Failure::mistake("sign in first"))?;
    let now = user.maildrop.folder().refresh().await?;
    Ok((&mut user.maildrop, now))
}
