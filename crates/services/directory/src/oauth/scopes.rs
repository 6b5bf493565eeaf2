//! What a person can allow a client.

use postroom_model::Door;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Reading and organising mail: IMAP, POP3, JMAP.
    Mail,
    /// Sending: submission by SMTP and JMAP.
    Submission,
    /// The REST API, with all that the person may do there.
    Api,
}

impl Scope {
    pub const ALL: [Self; 3] = [Self::Mail, Self::Submission, Self::Api];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Submission => "submission",
            Self::Api => "api",
        }
    }

    /// For the person who decides.
    pub fn explained(self) -> &'static str {
        match self {
            Self::Mail => "read and organise mail in every mailbox that you may enter",
            Self::Submission => "send mail under every address that you may send from",
            Self::Api => "use the administration API with everything that you may do there",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no scope `{0}`; there are mail, submission and api")]
pub struct UnknownScope(pub String);

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes(u8);

impl Scopes {
    /// Separated by blanks (RFC 6749 section 3.3). `offline_access` is taken and means nothing: there is always a
    /// refresh token.
    pub fn parse(text: &str) -> Result<Self, UnknownScope> {
        let words = text.split_ascii_whitespace().filter(|word| *word != "offline_access");
        words
            .map(|word| {
                let scope = Scope::ALL.into_iter().find(|scope| scope.as_str() == word);
                scope.ok_or_else(|| UnknownScope(word.to_owned()))
            })
            .try_fold(Self::default(), |all, scope| Ok(all.with(scope?)))
    }

    #[must_use]
    pub fn with(self, scope: Scope) -> Self {
        Self(self.0 | scope.bit())
    }

    pub fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope))
    }

    /// Whether these open a door at all. What is done behind it may need more: sending by JMAP needs `submission`.
    pub fn open(self, door: Door) -> bool {
        match door {
            Door::Imap | Door::Pop3 | Door::Jmap | Door::Dav => self.has(Scope::Mail),
            Door::Submission => self.has(Scope::Submission),
            Door::Admin => self.has(Scope::Api),
            // Nobody signs in there.
            Door::Smtp | Door::Lmtp | Door::Cli | Door::Job => false,
        }
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<&str> = self.iter().map(Scope::as_str).collect();
        f.write_str(&words.join(" "))
    }
}
