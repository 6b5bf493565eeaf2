//! The day on which a message says it was sent: that of its Date field, by its own zone (RFC 9051 section 6.4.4).

use crate::commands::Result;
use crate::view::View;
use postroom_mail::{ContentId, Entry};
use postroom_wire_message::EnvelopeRef;
use std::collections::HashMap;

/// Days since 1970 by content.
#[derive(Default)]
pub(super) struct SentDays(HashMap<ContentId, i64>);

const PAGE: usize = 256;

impl SentDays {
    pub(super) async fn gather(view: &View, messages: &[(usize, &Entry)]) -> Result<Self> {
        let contents: Vec<ContentId> = messages.iter().map(|(_, entry)| entry.content).collect();
        let mut days = HashMap::with_capacity(contents.len());
        for page in contents.chunks(PAGE) {
            for (content, summary) in view.folder.summaries(page.to_vec()).await? {
                let date = EnvelopeRef::decode(&summary.envelope).ok().and_then(|envelope| envelope.date.map(zone));
                if let Some(sent_at) = summary.sent_at {
                    days.insert(content, (sent_at + date.unwrap_or(0)).div_euclid(86_400));
                }
            }
        }
        Ok(Self(days))
    }

    /// None: the message has no Date that can be read.
    pub(super) fn day(&self, entry: &Entry) -> Option<i64> {
        self.0.get(&entry.content).copied()
    }
}

/// Seconds east of UTC in a Date field: `+0130` is 5400.
fn zone(date: &[u8]) -> i64 {
    let text = String::from_utf8_lossy(date);
    let zone = text.split_whitespace().rev().find(|word| word.len() == 5 && word.starts_with(['+', '-']));
    let Some(zone) = zone else { return 0 };
    let (Ok(hours), Ok(minutes)) =
        (zone.get(1..3).unwrap_or("").parse::<i64>(), zone.get(3..5).unwrap_or("").parse::<i64>())
    else {
        return 0;
    };
    let seconds = hours * 3600 + minutes * 60;
    if zone.starts_with('-') { -seconds } else { seconds }
}

#[cfg(test)]
mod tests {
    use super::zone;

    #[test]
    fn zones_are_read() {
        for (date, want) in [
            ("Mon, 1 Jan 2024 23:30:00 -0800", -28_800),
            ("Mon, 1 Jan 2024 23:30:00 +0130 (somewhere)", 5_400),
            ("Mon, 1 Jan 2024 23:30:00 GMT", 0),
            ("+ab€d", 0),
        ] {
            assert_eq!(zone(date.as_bytes()), want, "{date}");
        }
    }
}
