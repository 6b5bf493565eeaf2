//! Runs one dialogue. Start reading at [`Dialogue::perform`].

use super::world::World;
use std::collections::HashMap;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf};

pub(super) struct Dialogue {
    world: World,
    clients: HashMap<String, Client>,
    kept: Kept,
}

struct Client {
    read: BufReader<ReadHalf<DuplexStream>>,
    write: WriteHalf<DuplexStream>,
}

/// What `<name>` stands for.
type Kept = HashMap<String, String>;

/// Nothing here takes long; this only ends a dialogue that waits for what never comes.
const PATIENCE: Duration = Duration::from_secs(20);

impl Dialogue {
    pub(super) fn new(world: World) -> Self {
        Self { world, clients: HashMap::new(), kept: Kept::new() }
    }

    pub(super) async fn perform(mut self, name: &str, text: &str) {
        for (number, line) in text.lines().enumerate() {
            let place = format!("{name}:{}: {line}", number + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let step = self.step(line, &place);
            tokio::time::timeout(PATIENCE, step).await.unwrap_or_else(|_| panic!("{place}: nothing came"));
        }
    }

    async fn step(&mut self, line: &str, place: &str) {
        let Some((who, what)) = line.split_once(": ") else { return self.administer(line, place).await };
        match what {
            "connect" => self.connect(who).await,
            "signin" => {
                self.connect(who).await;
                let login = who.split('-').next().unwrap_or(who);
                let client = self.clients.get_mut(who).expect("just connected");
                client.send(&format!("a0 LOGIN {login} {login}-secret")).await;
                client.skip_to("a0 OK …", &mut self.kept, place).await;
            }
            _ => {
                let client = self.clients.get_mut(who).unwrap_or_else(|| panic!("{place}: {who} is not connected"));
                match what {
                    "end" => assert_eq!(client.line().await, None, "{place}: still open"),
                    _ => client.exchange(what, &mut self.kept, place).await,
                }
            }
        }
    }

    /// What the administrator does.
    async fn administer(&self, line: &str, place: &str) {
        let words: Vec<&str> = line.splitn(3, ' ').collect();
        match words[..] {
            ["stop"] => self.world.stop(),
            ["administrator", who] => self.world.make_administrator(who).await,
            ["personal", "seen"] => self.world.make_seen_personal().await,
            ["role", ..] => self.world.set(self.world.role(), None, true, &line["role ".len()..]).await,
            ["grant", who, rights] => self.world.set(self.world.person(who), None, true, rights).await,
            ["unmapped", who, rights] => self.world.set(self.world.person(who), None, false, rights).await,
            ["narrow", who, rest] => {
                let (folder, rights) = rest.split_once(" = ").unwrap_or_else(|| panic!("{place}: FOLDER = RIGHTS"));
                let folder = self.world.folder(folder).await;
                self.world.set(self.world.person(who), Some(folder), true, rights).await;
            }
            _ => panic!("{place}: no such step"),
        }
    }

    async fn connect(&mut self, who: &str) {
        // People named `…-remote` come from elsewhere and without TLS.
        let (stream, _) = self.world.connect(!who.ends_with("-remote"), 1 << 20);
        let (read, write) = tokio::io::split(stream);
        let mut client = Client { read: BufReader::new(read), write };
        let greeting = client.line().await.expect("a greeting");
        assert!(greeting.starts_with("* OK "), "{greeting}");
        self.clients.insert(who.to_owned(), client);
    }
}

impl Client {
    async fn send(&mut self, line: &str) {
        self.write.write_all(format!("{line}\r\n").as_bytes()).await.expect("the connection is open");
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let read = self.read.read_until(b'\n', &mut line).await.unwrap_or(0);
        (read > 0).then(|| String::from_utf8_lossy(&line).trim_end().to_owned())
    }

    async fn exchange(&mut self, what: &str, kept: &mut Kept, place: &str) {
        if let Some(octets) = what.strip_prefix("pad ") {
            self.send(&"x".repeat(octets.parse().expect("a number"))).await;
        } else if let Some(text) = what.strip_prefix("C:") {
            let text = text.strip_prefix(' ').unwrap_or(text).replace('␀', "\0");
            self.send(&fill_in(&text, kept)).await;
        } else if let Some(pattern) = what.strip_prefix("S: ") {
            let got = self.line().await.unwrap_or_else(|| panic!("{place}: the connection is closed"));
            assert!(matches(&fill_in(pattern, kept), &got, kept), "{place}\n  got: {got}");
        } else if what == "S:" {
            assert_eq!(self.line().await.as_deref(), Some(""), "{place}");
        } else if let Some(pattern) = what.strip_prefix("S? ") {
            self.skip_to(&fill_in(pattern, kept), kept, place).await;
        } else {
            panic!("{place}: no such step");
        }
    }

    async fn skip_to(&mut self, pattern: &str, kept: &mut Kept, place: &str) {
        let mut skipped = Vec::new();
        while let Some(got) = self.line().await {
            if matches(pattern, &got, kept) {
                return;
            }
            let tagged =
                got.split(' ').nth(1).is_some_and(|word| matches!(word, "OK" | "NO" | "BAD")) && !got.starts_with('*');
            skipped.push(got);
            assert!(!tagged, "{place}\n  got: {}", skipped.join("\n       "));
        }
        panic!("{place}: the connection is closed\n  got: {}", skipped.join("\n       "));
    }
}

/// Replaces the `<name>`s that something was kept as.
fn fill_in(text: &str, kept: &Kept) -> String {
    kept.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("<{name}>"), value))
}

/// `…` stands for any text, `<name>` for letters, digits and dashes that are kept.
fn matches(pattern: &str, line: &str, kept: &mut Kept) -> bool {
    let Some(first) = pattern.chars().next() else { return line.is_empty() };
    if let Some(after) = pattern.strip_prefix('…') {
        return line.char_indices().map(|(at, _)| at).chain([line.len()]).any(|at| matches(after, &line[at..], kept));
    }
    if let Some((name, after)) = name_at(pattern) {
        let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(line.len());
        let fits = end > 0 && matches(after, &line[end..], kept);
        if fits {
            kept.insert(name.to_owned(), line[..end].to_owned());
        }
        return fits;
    }
    line.strip_prefix(first).is_some_and(|rest| matches(&pattern[first.len_utf8()..], rest, kept))
}

/// `name` where `<name>` stands at the front, and what follows.
fn name_at(pattern: &str) -> Option<(&str, &str)> {
    let (name, after) = pattern.strip_prefix('<')?.split_once('>')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric());
    is_name.then_some((name, after))
}
