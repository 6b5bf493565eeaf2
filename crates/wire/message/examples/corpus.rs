//! Reads every file below the folder in `CORPUS` as a mail, checks what holds for every mail, and prints totals and
//! the time that reading takes.

use std::path::{Path, PathBuf};
use std::time::Instant;

use postroom_wire_message::{EnvelopeRef, FieldFilter, Parsed, PartRef, search_text};

#[path = "../tests/invariants/mod.rs"]
mod invariants;

fn main() {
    let folder = std::env::var_os("CORPUS").expect("CORPUS names a folder of mails");
    let mails = read(files(Path::new(&folder)));
    let parsed: Vec<Parsed> = mails.iter().map(|(path, raw)| checked(path, raw)).collect();
    let bytes: usize = mails.iter().map(|(_, raw)| raw.len()).sum();
    println!("{} mails, {} bytes on average", mails.len(), bytes / mails.len().max(1));
    totals(&parsed);
    times(&mails, &parsed);
}

fn checked(path: &Path, raw: &[u8]) -> Parsed {
    std::panic::catch_unwind(|| invariants::check(raw)).unwrap_or_else(|_| panic!("in {}", path.display()))
}

fn totals(parsed: &[Parsed]) {
    let count = |what: &str, test: fn(&Parsed) -> bool| {
        println!("{:6} {what}", parsed.iter().filter(|mail| test(mail)).count());
    };
    count("multipart", |mail| mail.structure.kind == b"multipart");
    count("with a date", |mail| mail.sent_at.is_some());
    count("without From", |mail| mail.envelope.from.is_empty());
    count("with a Message-ID", |mail| mail.message_id.is_some());
    count("with references", |mail| !mail.references.is_empty());
    count("with an attachment", |mail| mail.has_attachment);
    count("without preview", |mail| mail.preview.is_empty());
    let sum = |size: fn(&Parsed) -> usize| parsed.iter().map(size).sum::<usize>() / parsed.len().max(1);
    println!("{:6} bytes of stored envelope on average", sum(|mail| mail.envelope.encode().len()));
    println!("{:6} bytes of stored structure on average", sum(|mail| mail.structure.encode().len()));
}

fn times(mails: &[(PathBuf, Vec<u8>)], parsed: &[Parsed]) {
    let envelopes: Vec<Vec<u8>> = parsed.iter().map(|mail| mail.envelope.encode()).collect();
    let structures: Vec<Vec<u8>> = parsed.iter().map(|mail| mail.structure.encode()).collect();
    time("Parsed::of", mails, |(_, raw)| Parsed::of(raw).preview.len());
    time("encode both", parsed, |mail| mail.envelope.encode().len() + mail.structure.encode().len());
    time("decode ENVELOPE", &envelopes, |stored| {
        let envelope = EnvelopeRef::decode(stored).expect("just encoded");
        envelope.from.iter().chain(envelope.to).chain(envelope.cc).count()
    });
    time("decode BODYSTRUCTURE", &structures, |stored| PartRef::decode(stored).expect("just encoded").walk().count());
    let filter = FieldFilter::new(["From", "To", "Cc", "Subject", "Date", "Message-ID", "List-Id"], false);
    let mut out = Vec::new();
    time("HEADER.FIELDS", mails, |(_, raw)| {
        out.clear();
        filter.copy(raw, &mut out);
        out.len()
    });
    let both: Vec<_> = mails.iter().zip(&structures).collect();
    time("search_text", &both, |((_, raw), stored)| {
        search_text(raw, &PartRef::decode(stored).expect("just encoded")).body.len()
    });
}

fn time<T>(what: &str, over: &[T], mut work: impl FnMut(&T) -> usize) {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        let sum: usize = over.iter().map(&mut work).sum();
        let each = start.elapsed().as_secs_f64() * 1e6 / over.len().max(1) as f64;
        std::hint::black_box(sum);
        best = best.min(each);
    }
    println!("{best:8.2} us {what}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder").flatten() {
            let path = entry.path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

fn read(files: Vec<PathBuf>) -> Vec<(PathBuf, Vec<u8>)> {
    files.into_iter().map(|path| (path.clone(), std::fs::read(path).expect("a readable mail"))).collect()
}
