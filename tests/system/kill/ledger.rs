//! What was sent, what of it was acknowledged, and what must hold of it on the server. Start reading at
//! [`Ledger::check`].

use crate::harness::{Imap, Response, Server};
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// Where messages arrive: folders as alice sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place {
    SupportInbox,
    SupportSent,
    AliceInbox,
}

impl Place {
    const ALL: [Self; 3] = [Self::SupportInbox, Self::SupportSent, Self::AliceInbox];

    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::SupportInbox => "Shared/Customer Support/INBOX",
            Self::SupportSent => "Shared/Customer Support/Sent Items",
            Self::AliceInbox => "INBOX",
        }
    }
}

/// A message that was sent, at least in part.
pub(crate) struct Sent {
    /// Nobody else has it.
    pub(crate) subject: String,
    pub(crate) body: String,
    /// It goes into all of them or into none.
    pub(crate) places: &'static [Place],
    /// None: no answer came before the server died, and it was not looked for yet.
    pub(crate) there: Option<bool>,
    /// The UID that the server named.
    pub(crate) uid: Option<u64>,
}

#[derive(Default)]
pub(crate) struct Ledger {
    sent: Vec<Sent>,
    acknowledged: usize,
    history: BTreeMap<Place, History>,
}

/// What a folder has shown so far.
#[derive(Default)]
struct History {
    uidvalidity: u64,
    uidnext: u64,
    highest: u64,
    subjects: BTreeMap<u64, String>,
}

impl Ledger {
    pub(crate) fn add(&mut self, sent: Vec<Sent>) {
        self.acknowledged += sent.iter().filter(|sent| sent.there == Some(true)).count();
        self.sent.extend(sent);
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged
    }

    /// Looks at the server right after it has started.
    pub(crate) fn check(&mut self, server: &Server) {
        let complaints: Vec<String> = server
            .log()
            .lines()
            .filter(|line| line.contains("ERROR") || line.contains("WARN"))
            .map(str::to_owned)
            .collect();
        assert_eq!(complaints, Vec::<String>::new(), "it starts as if nothing had been");
        let mut session = Imap::sign_in(server.address("imap"), "alice");
        session.ok("ENABLE CONDSTORE");
        for place in Place::ALL {
            let before = self.history.remove(&place).unwrap_or_default();
            let after = look(&mut session, place, &before);
            self.contents_are_whole(&mut session, place, before.uidnext);
            self.searches_find_all(&mut session, place, &after);
            self.history.insert(place, after);
        }
        self.each_is_there_once();
    }

    fn each_is_there_once(&mut self) {
        let mut counts: HashMap<(Place, &str), usize> = HashMap::new();
        for (place, history) in &self.history {
            for subject in history.subjects.values() {
                *counts.entry((*place, subject)).or_default() += 1;
            }
        }
        let mut expected = 0;
        for sent in &mut self.sent {
            let found: Vec<usize> =
                sent.places.iter().map(|place| counts.get(&(*place, &*sent.subject)).copied().unwrap_or(0)).collect();
            let there = sent.there.unwrap_or(found[0] > 0);
            let wanted = vec![usize::from(there); sent.places.len()];
            assert_eq!(found, wanted, "{} in {:?}, acknowledged: {:?}", sent.subject, sent.places, sent.there);
            sent.there = Some(there);
            expected += if there { sent.places.len() } else { 0 };
            if let (Some(uid), [place]) = (sent.uid, sent.places) {
                assert_eq!(self.history[place].subjects.get(&uid), Some(&sent.subject), "under the UID that was named");
            }
        }
        assert_eq!(counts.values().sum::<usize>(), expected, "nothing else is there");
    }

    /// What came since the last look is as it was sent.
    fn contents_are_whole(&self, session: &mut Imap, place: Place, since: u64) {
        let bodies: HashMap<&str, &str> = self.sent.iter().map(|sent| (&*sent.subject, &*sent.body)).collect();
        for message in session.bodies(&format!("{}:*", since.max(1))) {
            let text = String::from_utf8(message).expect("ASCII");
            let subject =
                text.split("\r\nSubject: ").nth(1).and_then(|rest| rest.split("\r\n").next()).expect("a subject");
            let (_, body) = text.split_once("\r\n\r\n").expect("a body");
            assert!(bodies[subject] == body, "{subject} in {place:?} is not what was sent");
        }
    }

    /// A search is complete at once: each round has a word of its own in its bodies.
    fn searches_find_all(&self, session: &mut Imap, place: Place, seen: &History) {
        let Some(last) = self.sent.last() else { return };
        let round = round_word(&last.subject);
        let expected: Vec<u64> =
            seen.subjects.iter().filter(|(_, subject)| round_word(subject) == round).map(|(uid, _)| *uid).collect();
        for key in ["BODY", "TEXT"] {
            let found = session.ok(&format!("UID SEARCH {key} {round}")).found();
            assert_eq!(found.into_iter().map(u64::from).collect::<Vec<_>>(), expected, "{key} {round} in {place:?}");
        }
        if let Some(uid) = expected.last() {
            let found = session.ok(&format!("UID SEARCH SUBJECT {}", seen.subjects[uid])).found();
            assert_eq!(found, vec![u32::try_from(*uid).expect("a UID")]);
        }
    }
}

/// The word that all messages of a round have: what their subject begins with.
pub(crate) fn round_word(subject: &str) -> &str {
    subject.split('x').next().expect("a first part")
}

/// Selects a folder and compares its numbers with what they were.
fn look(session: &mut Imap, place: Place, before: &History) -> History {
    let selected = session.ok(&format!("SELECT \"{}\"", place.folder()));
    let [uidvalidity, uidnext, highest] = ["UIDVALIDITY", "UIDNEXT", "HIGHESTMODSEQ"].map(|word| selected.number(word));
    assert!(before.uidvalidity == 0 || before.uidvalidity == uidvalidity, "{place:?}: UIDVALIDITY stays");
    assert!(uidnext >= before.uidnext && highest >= before.highest, "{place:?}: numbers never go back");
    let answer = session.ok("FETCH 1:* (UID MODSEQ BODY.PEEK[HEADER.FIELDS (SUBJECT)])");
    let mut subjects = BTreeMap::new();
    for response in answer.untagged {
        let (uid, modseq) = (number_in(&response, "UID "), number_in(&response, "MODSEQ ("));
        assert!(uid < uidnext && modseq <= highest && modseq > 0, "{place:?}: {}", response.text);
        let header = String::from_utf8(response.literals[0].clone()).expect("ASCII");
        let subject = header.trim().strip_prefix("Subject: ").expect("a subject").to_owned();
        match before.subjects.get(&uid) {
            Some(known) => assert_eq!(*known, subject, "{place:?}: UID {uid} means one message for ever"),
            None => assert!(uid >= before.uidnext, "{place:?}: UID {uid} was given out before"),
        }
        subjects.insert(uid, subject);
    }
    assert_eq!(subjects.len(), selected.exists(), "{place:?}: each UID once");
    History { uidvalidity, uidnext, highest, subjects }
}

fn number_in(response: &Response, before: &str) -> u64 {
    let rest = response.text.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {}", response.text));
    rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok()).expect("a number")
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.sent.iter().filter(|sent| sent.there == Some(true)).count() - self.acknowledged;
        let (all, acknowledged) = (self.sent.len(), self.acknowledged);
        write!(f, "{all} sent, {acknowledged} acknowledged, {kept} kept without an answer")
    }
}
