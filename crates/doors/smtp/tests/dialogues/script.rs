//! Reads a dialogue and plays it.

use crate::client::{Client, server_tls};
use crate::example::{Example, HOSTNAME};
use postroom_model::SpecialUse;
use postroom_smtp::{Limits, Mode, Peer, Settings, Smtp, serve_connection};
use std::path::Path;
use std::time::Duration;
use tokio::sync::watch;

struct Setting {
    mode: Mode,
    loopback: bool,
    tls: bool,
    limits: Limits,
}

/// Plays a dialogue; an error names the line.
pub(crate) async fn run(example: &Example, path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).expect("a dialogue");
    let lines: Vec<(usize, &str)> = text
        .lines()
        .enumerate()
        .map(|(number, line)| (number + 1, line))
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .collect();
    let mut setting = Setting { mode: Mode::Mx, loopback: true, tls: true, limits: Limits::default() };
    let steps = lines.iter().position(|(_, line)| !setting.read(line)).unwrap_or(lines.len());
    let (stop, stopping) = watch::channel(false);
    let (here, there) = tokio::io::duplex(1 << 16);
    let address = if setting.loopback { [127, 0, 0, 1] } else { [192, 0, 2, 1] };
    let peer = Peer { address: address.into(), is_loopback: setting.loopback };
    let mode = setting.mode;
    let server = tokio::spawn(serve_connection(smtp(example, setting), mode, there, peer, stopping));
    let mut client = Client::new(here);
    for (number, line) in &lines[steps..] {
        let played = play(example, &mut client, &stop, line).await;
        played.map_err(|why| format!("{}:{number}: {line}\n    {why}", path.display()))?;
    }
    drop(client);
    server.await.map_err(|error| format!("{}: {error}", path.display()))
}

fn smtp(example: &Example, setting: Setting) -> Smtp {
    Smtp::new(Settings {
        hostname: HOSTNAME.to_owned(),
        limits: setting.limits,
        tls: setting.tls.then(server_tls),
        end_point: None,
        plaintext_on_loopback: true,
        directory: example.directory.clone(),
        inbound: example.inbound.clone(),
        outbound: example.outbound.clone(),
    })
}

impl Setting {
    /// False: the line is no setting, so the dialogue begins.
    fn read(&mut self, line: &str) -> bool {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["mode", "mx"] => self.mode = Mode::Mx,
            ["mode", "lmtp"] => self.mode = Mode::Lmtp,
            ["mode", "submission"] => self.mode = Mode::Submission,
            ["mode", "submissions"] => self.mode = Mode::Submissions,
            ["peer", "remote"] => self.loopback = false,
            ["no", "tls"] => self.tls = false,
            ["limit", name, value] => self.limit(name, value.parse().expect("a number")),
            _ => return false,
        }
        true
    }

    fn limit(&mut self, name: &str, value: u64) {
        let limits = &mut self.limits;
        match name {
            "message_size" => limits.message_size = value,
            "message_memory" => limits.message_memory = value,
            "recipients" => limits.recipients = usize::try_from(value).expect("a count"),
            "command_line" => limits.command_line = usize::try_from(value).expect("a count"),
            "errors" => limits.errors = usize::try_from(value).expect("a count"),
            "command_time_ms" => limits.command_time = Duration::from_millis(value),
            "data_time_ms" => limits.data_time = Duration::from_millis(value),
            "message_time_ms" => limits.message_time = Duration::from_millis(value),
            _ => panic!("no limit {name}"),
        }
    }
}

async fn play(example: &Example, client: &mut Client, stop: &watch::Sender<bool>, line: &str) -> Result<(), String> {
    let (times, line) = repeated(line);
    for number in 1..=times {
        step(example, client, stop, &line.replace("%n", &number.to_string())).await?;
    }
    Ok(())
}

/// `x100 rest`
fn repeated(line: &str) -> (usize, &str) {
    let counted = line.strip_prefix('x').and_then(|rest| rest.split_once(' '));
    match counted.and_then(|(count, rest)| Some((count.parse().ok()?, rest))) {
        Some(found) => found,
        None => (1, line),
    }
}

async fn step(example: &Example, client: &mut Client, stop: &watch::Sender<bool>, line: &str) -> Result<(), String> {
    if let Some(text) = line.strip_prefix("C:") {
        client.send(format!("{}\r\n", text.strip_prefix(' ').unwrap_or(text)).as_bytes()).await;
        return Ok(());
    }
    if let Some(text) = line.strip_prefix("C| ") {
        client.send(&unescape(text)).await;
        return Ok(());
    }
    if let Some(pattern) = line.strip_prefix("S: ") {
        let said = client.line().await?.unwrap_or_else(|| "(the connection has ended)".to_owned());
        return if is_like(&said, pattern) { Ok(()) } else { Err(format!("the server says: {said}")) };
    }
    let words: Vec<&str> = line.splitn(5, ' ').collect();
    match words.as_slice() {
        ["TLS"] => client.start_tls().await,
        ["SCRAM", name, word] => {
            let said = client.scram(name, word).await?;
            if said.starts_with("235 ") { Ok(()) } else { Err(format!("the server says: {said}")) }
        }
        ["STOP"] => stop.send(true).map_err(|_| "the server has gone".to_owned()),
        ["CLOSED"] => match client.line().await? {
            None => Ok(()),
            Some(said) => Err(format!("the server says: {said}")),
        },
        ["REVOKE", person, mailbox] => {
            example.revoke(person, mailbox).await;
            Ok(())
        }
        ["PASSWORD", person, word] => {
            example.set_password(person, word).await;
            Ok(())
        }
        ["INBOX" | "SENT" | "OUTBOX", name, count] => {
            let found = example.messages(name, folder(words[0])).await.len().to_string();
            if found == *count { Ok(()) } else { Err(format!("there are {found}")) }
        }
        ["QUEUED", address, state] => {
            let found = example.newest_in_queue(address).await;
            if found.as_deref() == Some(*state) { Ok(()) } else { Err(format!("it is {found:?}")) }
        }
        [verb @ ("HAS" | "LACKS" | "ENDS"), place, name, number, text] => {
            let messages = example.messages(name, folder(place)).await;
            let number: usize = number.parse().expect("a number");
            let message = messages.get(number - 1).ok_or_else(|| format!("there are {}", messages.len()))?;
            let text = unescape(text);
            let holds = match *verb {
                "ENDS" => message.ends_with(&text),
                _ => message.windows(text.len()).any(|window| window == text) == (*verb == "HAS"),
            };
            if holds { Ok(()) } else { Err(format!("it is: {}", message.escape_ascii())) }
        }
        _ => Err("what does this mean?".to_owned()),
    }
}

fn folder(word: &str) -> SpecialUse {
    match word.to_lowercase().as_str() {
        "inbox" => SpecialUse::Inbox,
        "sent" => SpecialUse::Sent,
        "outbox" => SpecialUse::Outbox,
        _ => panic!("no folder {word}"),
    }
}

/// `*` stands for anything.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    if !pattern.contains('*') {
        return rest.is_empty();
    }
    for part in parts {
        match rest.find(part) {
            Some(_) if part.is_empty() => rest = "",
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}

fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let (value, used) = match (byte, after.first()) {
            (b'\\', Some(b'r')) => (b'\r', 1),
            (b'\\', Some(b'n')) => (b'\n', 1),
            (b'\\', Some(b't')) => (b'\t', 1),
            (b'\\', Some(b'0')) => (0, 1),
            (b'\\', Some(b'\\')) => (b'\\', 1),
            (b'\\', Some(b'x')) => {
                let digits = std::str::from_utf8(&after[1..3]).expect("hexadecimal digits");
                (u8::from_str_radix(digits, 16).expect("hexadecimal digits"), 3)
            }
            _ => (*byte, 0),
        };
        out.push(value);
        rest = &after[used..];
    }
    out
}
