//! Whether mail from outside comes from whom it says: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489), ARC
//! (RFC 8617) and the name of the client's address, written down in Authentication-Results (RFC 8601).
//!
//! Start reading at [`Authenticity::check`]. Mail that comes over loopback or LMTP was checked by whoever passed it on.

use mail_auth::dmarc::Policy;
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::headers::HeaderWriter;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{AuthenticatedMessage, AuthenticationResults, DmarcResult};
use postroom_relay::Dns;
use postroom_wire_message::{Fields, unfold};
use std::net::IpAddr;
use std::time::Duration;

/// What a failed DMARC check does, where the domain in From asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DmarcPolicy {
    /// It is written down and nothing else.
    Record,
    /// The message goes to Junk.
    #[default]
    Junk,
    /// As the domain asks: it is refused, or goes to Junk.
    Enforce,
}

/// The checks, with the DNS that they ask.
#[derive(Clone)]
pub struct Authenticity {
    pub dns: Dns,
    pub dmarc: DmarcPolicy,
    /// How long all checks of a message may take together.
    pub patience: Duration,
}

/// Who brought a message.
#[derive(Clone, Debug)]
pub(crate) struct Bringer {
    pub(crate) address: IpAddr,
    pub(crate) helo: String,
    /// Empty: the null sender.
    pub(crate) envelope_from: String,
}

/// What the checks came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The field with its line end.
    pub(crate) field: String,
    pub(crate) act: Act,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Take,
    Junk,
    /// With the domain that asks for it.
    Refuse(String),
}

impl Authenticity {
    /// Checks a message as it was sent. Where the DNS takes too long, that is written down and the message taken.
    pub(crate) async fn check(&self, hostname: &str, bringer: &Bringer, message: &[u8]) -> Verdict {
        match tokio::time::timeout(self.patience, self.look(hostname, bringer, message)).await {
            Ok(verdict) => verdict,
            Err(_) => {
                tracing::info!(limit = "authenticity_timeout", "the checks of a message took too long");
                let field =
                    format!("Authentication-Results: {hostname};\r\n\tdmarc=temperror (the DNS took too long)\r\n");
                Verdict { field, act: Act::Take }
            }
        }
    }

    async fn look(&self, hostname: &str, bringer: &Bringer, message: &[u8]) -> Verdict {
        let Some(parsed) = AuthenticatedMessage::parse(message) else {
            return Verdict { field: format!("Authentication-Results: {hostname}; none\r\n"), act: Act::Take };
        };
        let checks = self.dns.authenticator();
        let Bringer { address, helo, envelope_from } = bringer;
        let of_sender = || SpfParameters::mail_from(*address, helo, hostname, envelope_from);
        let (spf, dkim, arc, iprev) = tokio::join!(
            checks.verify_spf(of_sender()),
            checks.verify_dkim(&parsed),
            checks.verify_arc(&parsed),
            checks.verify_iprev(*address),
        );
        let domain = envelope_from.rsplit_once('@').map_or(helo.as_str(), |(_, domain)| domain);
        let dmarc = checks.verify_dmarc(DmarcParameters::new(&parsed, &dkim, domain, &spf)).await;
        let results = AuthenticationResults::new(hostname)
            .with_iprev_result(&iprev, *address)
            .with_spf_result(&spf, &of_sender())
            .with_dkim_results(&dkim, parsed.first_from_address())
            .with_arc_result(&arc, *address)
            .with_dmarc_result(&dmarc);
        let act = match (dmarc.result(), dmarc.policy(), self.dmarc) {
            (DmarcResult::Fail(_), Policy::Reject, DmarcPolicy::Enforce) => Act::Refuse(dmarc.domain().to_owned()),
            (DmarcResult::Fail(_), Policy::Reject | Policy::Quarantine, DmarcPolicy::Junk | DmarcPolicy::Enforce) => {
                Act::Junk
            }
            _ => Act::Take,
        };
        Verdict { field: results.to_header(), act }
    }
}

/// The message without Authentication-Results that bear our own name: only we write those (RFC 8601 section 5).
pub(crate) fn without_forged(message: &[u8], hostname: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len());
    let mut kept = 0;
    for field in Fields::of(message).filter(|field| field.is("Authentication-Results")) {
        if names(&unfold(field.value), hostname) {
            out.extend_from_slice(message.get(kept..field.start).unwrap_or_default());
            kept = field.end;
        }
    }
    out.extend_from_slice(message.get(kept..).unwrap_or_default());
    out
}

/// Whether the value begins with our name; comments and a version may stand around it.
fn names(value: &[u8], hostname: &str) -> bool {
    let text = String::from_utf8_lossy(value);
    let mut id = String::new();
    let mut depth = 0u32;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => break,
            _ if depth == 0 => id.push(c),
            _ => {}
        }
    }
    id.split_whitespace().next().is_some_and(|id| id.trim_matches('"').eq_ignore_ascii_case(hostname))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_bears_our_name_is_taken_out() {
        let message = b"Received: x\r\nAuthentication-Results: MAIL.example.org;\r\n\tdkim=pass\r\n\
            authentication-results: (c;) mail.example.org 1; spf=pass\r\nAuthentication-Results: other.example; spf=pass\r\n\
            Authentication-Results: \"mail.example.org\"; spf=pass\r\nSubject: mail.example.org;\r\n\r\n\
            Authentication-Results: mail.example.org; body=stays\r\n";
        let kept = without_forged(message, "mail.example.org");
        let expected = "Received: x\r\nAuthentication-Results: other.example; spf=pass\r\nSubject: mail.example.org;\r\n\r\n\
            Authentication-Results: mail.example.org; body=stays\r\n";
        assert_eq!(String::from_utf8_lossy(&kept), expected);
    }
}
