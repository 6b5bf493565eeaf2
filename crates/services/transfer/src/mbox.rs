//! mbox files: each message behind a line that begins with `From `. Lines of a message that begin so, or with any number of
//! `>` before it, bear one `>` more (mboxrd), so that everything comes back as it was.

use crate::maildir::Marks;
use postroom_wire_message::Fields;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

const FROM: &[u8] = b"From ";
/// Fields in front of a message that mail programs keep flags in.
const FLAG_FIELDS: [&str; 3] = ["Status", "X-Status", "X-Keywords"];
/// A message larger than this is none; the file is no mbox.
const LARGEST: usize = 1 << 30;

/// A message as it stands in a file.
pub(crate) struct Message {
    pub(crate) raw: Vec<u8>,
    pub(crate) marks: Marks,
}

/// Reads messages from an offset on; `each` gets the offset of a message and says whether to go on. Gives the offset
/// where it stopped, none at the end.
pub(crate) fn read(
    file: &mut (impl BufRead + Seek),
    from: u64,
    mut each: impl FnMut(u64, Message) -> bool,
) -> io::Result<Option<u64>> {
    file.seek(SeekFrom::Start(from))?;
    let (mut at, mut message, mut line) = (from, None::<(u64, Vec<u8>, Option<i64>)>, Vec::new());
    let mut after_blank = true;
    loop {
        line.clear();
        let count = file.by_ref().take(LARGEST as u64).read_until(b'\n', &mut line)?;
        let begins = count > 0 && after_blank && line.starts_with(FROM);
        if begins || count == 0 {
            let begun = at;
            if let Some((offset, raw, date)) = message.take()
                && !each(offset, finished(raw, date))
            {
                return Ok((count > 0).then_some(begun));
            }
            if count == 0 {
                return Ok(None);
            }
            message = Some((at, Vec::new(), date_of(&line)));
        } else if let Some((_, raw, _)) = &mut message {
            push(raw, &line);
        }
        after_blank = matches!(&line[..], b"\n" | b"\r\n");
        at += count as u64;
    }
}

/// Whether a file begins as an mbox does.
pub(crate) fn is_one(mut file: impl Read) -> bool {
    let mut first = [0; 5];
    file.read_exact(&mut first).is_ok() && first == FROM
}

fn push(raw: &mut Vec<u8>, line: &[u8]) {
    let quotes = line.iter().take_while(|octet| **octet == b'>').count();
    let line = if quotes > 0 && line[quotes..].starts_with(FROM) { &line[1..] } else { line };
    match line.strip_suffix(b"\n") {
        Some(text) if !text.ends_with(b"\r") => {
            raw.extend_from_slice(text);
            raw.extend_from_slice(b"\r\n");
        }
        _ => raw.extend_from_slice(line),
    }
}

/// The empty line that ends a message in the file is not part of it; flags stand in fields that are not, either.
fn finished(mut raw: Vec<u8>, date: Option<i64>) -> Message {
    if raw.ends_with(b"\r\n\r\n") || raw == b"\r\n" {
        raw.truncate(raw.len() - 2);
    }
    let mut marks = Marks { received_at: date, ..Marks::default() };
    let (mut end, mut seen) = (0, Vec::new());
    for field in Fields::of(&raw) {
        let name = FLAG_FIELDS.into_iter().find(|name| field.is(name));
        let Some(name) = name.filter(|name| field.start == end && !seen.contains(name)) else { break };
        seen.push(name);
        let value = String::from_utf8_lossy(field.value);
        if field.is("X-Keywords") {
            marks.keywords.extend(value.split_whitespace().map(str::to_owned));
        } else {
            value.chars().for_each(|letter| marks.letter(letter));
        }
        end = field.end;
    }
    raw.drain(..end);
    Message { raw, marks }
}

/// `From sender Sat Nov 21 08:00:00 2026`, in UTC.
fn date_of(line: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(line).ok()?;
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let at = words.iter().rposition(|word| word.matches(':').count() == 2)?;
    let (month, day, time, year) = (words.get(at.checked_sub(2)?)?, words.get(at - 1)?, words[at], words.last()?);
    postroom_wire_message::parse_date(format!("{day} {month} {year} {time} +0000").as_bytes())
}

/// Writes one message.
pub(crate) fn write(out: &mut Vec<u8>, raw: &[u8], marks: &Marks) {
    let at = postroom_wire_message::rfc5322_date(marks.received_at.unwrap_or(0));
    // `Sat, 21 Nov 2026 08:00:00 +0000` as asctime has it.
    let words: Vec<&str> = at.split_ascii_whitespace().collect();
    if let [weekday, day, month, year, time, ..] = words[..] {
        let weekday = weekday.trim_end_matches(',');
        out.extend_from_slice(format!("From MAILER-DAEMON {weekday} {month} {day:>2} {time} {year}\r\n").as_bytes());
    }
    let (status, more) = marks.status();
    let keywords = marks.keywords.join(" ");
    // All three, even empty: a message that begins with such a field keeps it.
    let fields = format!("Status: {status}\r\nX-Status: {more}\r\nX-Keywords: {keywords}\r\n");
    out.extend_from_slice(fields.as_bytes());
    for line in raw.split_inclusive(|octet| *octet == b'\n') {
        let quotes = line.iter().take_while(|octet| **octet == b'>').count();
        if line[quotes..].starts_with(FROM) {
            out.push(b'>');
        }
        out.extend_from_slice(line);
    }
    let whole = raw.is_empty() || raw.ends_with(b"\n");
    out.extend_from_slice(if whole { b"\r\n" } else { b"\r\n\r\n" });
}
