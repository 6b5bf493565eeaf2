//! Whoever finds an open browser, or a program's password, must not take an account over: what could do that needs the
//! account's password once more.

use crate::{Caller, Problem};
use axum::http::StatusCode;
use postroom_directory::{Means, Secret, SignInError};
use postroom_model::Door;

impl Caller {
    /// `current`: the account's password, needed unless the request itself is signed in with it.
    pub(crate) async fn prove(&self, current: Option<Secret>) -> Result<(), Problem> {
        match (self.signed_in.means, current) {
            (Means::Password, None) => Ok(()),
            (Means::Password | Means::Session(_), Some(current)) => self.verify(&current).await,
            (Means::Session(_), None) => {
                Err(Problem::unfit("current_password", "give the account's present password too"))
            }
            (Means::Application(_) | Means::Token { .. }, _) => {
                let detail = "an application password or a token cannot do this; sign in with the account's password";
                Err(Problem::new(StatusCode::FORBIDDEN, detail))
            }
        }
    }

    async fn verify(&self, current: &Secret) -> Result<(), Problem> {
        let org = self.directory.org();
        let me = org.mailbox(self.person).ok_or_else(|| Problem::not_found("user"))?;
        let (name, from) = (me.name.as_str(), Some(self.peer.address));
        match self.directory.sign_in_with_account_password(name, current.expose(), Door::Admin, from).await {
            Ok(_) => Ok(()),
            Err(SignInError::Refused) => Err(Problem::unfit("current_password", "this is not the present password")),
            Err(other) => Err(other.into()),
        }
    }
}
