//! What becomes of a message on its way to its recipients.

use serde::{Deserialize, Serialize};

/// How far one recipient's message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Scheduled or still undoable: nothing has left.
    Held,
    /// Waits for its first or next attempt.
    Waiting,
    /// An attempt is under way.
    Sending,
    /// The next server took it, or it was filed here.
    Delivered,
    /// Given up: refused for good, or tried for too long.
    Failed,
    /// Taken back before it left.
    Cancelled,
}

impl DeliveryState {
    pub const ALL: [Self; 6] =
        [Self::Held, Self::Waiting, Self::Sending, Self::Delivered, Self::Failed, Self::Cancelled];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == raw)
    }

    /// Whether nothing more happens by itself.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Failed | Self::Cancelled)
    }
}
