//! Signing in with an access token by SASL: OAUTHBEARER (RFC 7628) and XOAUTH2, which many programs speak instead.

use super::into::Wanted;
use super::{EnterError, Entered, SignInError};
use crate::Directory;
use postroom_model::Door;
use std::net::IpAddr;

/// Which of the two a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BearerForm {
    OAuthBearer,
    XOAuth2,
}

/// The one message of the client: whom it names, and the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BearerMessage<'m> {
    pub(crate) user: Option<&'m str>,
    pub(crate) token: &'m str,
}

/// What is sent as a last challenge where a token is refused (RFC 7628 section 3.2.2).
pub const BEARER_REFUSED: &str = r#"{"status":"invalid_token","schemes":"bearer","scope":"mail"}"#;

impl<'m> BearerMessage<'m> {
    /// RFC 7628 section 3.1: `client-resp = (gs2-header kvsep *kvpair kvsep) / kvsep`; XOAUTH2 has `user=` in the place of
    /// the header.
    pub(crate) fn parse(form: BearerForm, message: &'m str) -> Option<Self> {
        let mut pairs = message.split('\u{1}');
        let start = pairs.next()?;
        let user = match form {
            BearerForm::OAuthBearer => {
                let mut fields = start.splitn(3, ',');
                let (flag, identity, rest) = (fields.next()?, fields.next()?, fields.next()?);
                if !matches!(flag, "n" | "y") || !rest.is_empty() {
                    return None;
                }
                identity.strip_prefix("a=")
            }
            BearerForm::XOAuth2 => Some(start.strip_prefix("user=")?),
        };
        let auth = pairs.find_map(|pair| pair.strip_prefix("auth="))?;
        let (scheme, token) = auth.split_once(' ')?;
        let token = token.trim();
        let is_bearer = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty();
        is_bearer.then_some(Self { user: user.filter(|user| !user.is_empty()), token })
    }
}

impl Directory {
    /// `message` is what the client sent, decoded. Whom it names is the person of the token, in any spelling, or a mailbox
    /// to sign in to. None that is well-formed is answered in another way than a wrong password.
    pub async fn sign_in_with_bearer(
        &self,
        form: BearerForm,
        message: &str,
        door: Door,
        peer: Option<IpAddr>,
    ) -> Result<Entered, SignInError> {
        let message = BearerMessage::parse(form, message).ok_or(SignInError::Refused)?;
        let signed_in = match self.sign_in_with_token(message.token, door).await {
            Ok(signed_in) => signed_in,
            Err(EnterError::SignIn(error)) => return Err(error),
            Err(EnterError::Ended | EnterError::WrongScope) => return Err(SignInError::Refused),
        };
        let org = self.org();
        let own = |name: &str| org.person(name).is_some_and(|person| person.id == signed_in.person);
        let name = org.mailbox(signed_in.person).map(|person| person.name.to_string()).unwrap_or_default();
        let wanted = match message.user {
            Some(user) if own(user) => Wanted { login: &name, mailbox: None },
            Some(user) => match user.split_once('*') {
                Some((login, mailbox)) if own(login) => Wanted { login: &name, mailbox: Some(mailbox) },
                _ => Wanted { login: &name, mailbox: Some(user) },
            },
            None => Wanted { login: &name, mailbox: None },
        };
        self.enter_mailbox(signed_in, wanted, door, peer).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages() {
        let parse = |form, text: &'static str| BearerMessage::parse(form, text).map(|found| (found.user, found.token));
        use BearerForm::{OAuthBearer, XOAuth2};
        for (form, text, expected) in [
            (
                OAuthBearer,
                "n,a=bob@x.org,\u{1}host=h\u{1}port=143\u{1}auth=Bearer abc==\u{1}\u{1}",
                Some((Some("bob@x.org"), "abc==")),
            ),
            (OAuthBearer, "n,,\u{1}auth=bearer abc\u{1}\u{1}", Some((None, "abc"))),
            (OAuthBearer, "y,a=,\u{1}auth=Bearer abc\u{1}\u{1}", Some((None, "abc"))),
            (XOAuth2, "user=bob\u{1}auth=Bearer abc\u{1}\u{1}", Some((Some("bob"), "abc"))),
            (OAuthBearer, "p=tls-exporter,,\u{1}auth=Bearer abc\u{1}\u{1}", None),
            (OAuthBearer, "n,,\u{1}auth=Basic abc\u{1}\u{1}", None),
            (OAuthBearer, "n,,\u{1}auth=Bearer \u{1}\u{1}", None),
            (OAuthBearer, "n,,\u{1}\u{1}", None),
            (OAuthBearer, "\u{1}", None),
            (XOAuth2, "auth=Bearer abc", None),
            (XOAuth2, "", None),
        ] {
            assert_eq!(parse(form, text), expected, "{text:?}");
        }
    }
}
