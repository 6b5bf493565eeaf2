//! Runs one dialogue. Start reading at [`World::perform`].

use super::client::{Client, server_tls};
use crate::{Peer, Pop3, Pop3Config};
use postroom_access::Access;
use postroom_directory::{Bindings, Directory, Limits, Names, NewShared, NewUser, Secret, SetGrant};
use postroom_mail::{Append, Mail, OpenFolder};
use postroom_model::{Actor, Door, Flags, Grantee, MailboxId, Origin, RightSet, SpecialUse, SystemClock};
use postroom_store::Store;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

pub(super) struct World {
    mail: Mail,
    directory: Directory,
    config: Pop3Config,
    mailboxes: HashMap<String, MailboxId>,
    clients: HashMap<String, Client>,
    stop: watch::Sender<bool>,
}

/// Nothing here takes long; this only ends a dialogue that waits for what never comes.
const PATIENCE: Duration = Duration::from_secs(20);

impl World {
    pub(super) async fn new(store: Store) -> Self {
        let access = Access::start(store, Arc::new(SystemClock)).await.expect("started");
        // Quick hashes: what is tested here is not the strength of passwords.
        let limits = Limits { hash_memory_kib: 64, hash_passes: 1, scram_iterations: 4096, ..Limits::default() };
        let directory =
            Directory::start(access.clone(), limits, postroom_directory::SealingKey::fresh().expect("a key"))
                .await
                .expect("started");
        let operator = Actor::operator();
        directory.create_domain(operator, "example.org").await.expect("a domain");
        let mut mailboxes = HashMap::new();
        for name in ["alice", "bob", "carol", "dave"] {
            let password = Some(Secret::new(format!("{name}-secret")));
            let new = NewUser { names: names(name, name), password, ..NewUser::default() };
            mailboxes.insert(name.to_owned(), directory.create_user(operator, new).await.expect("a user").id);
        }
        let new = NewShared { names: names("support", "Customer Support"), ..NewShared::default() };
        let support = directory.create_shared(operator, new).await.expect("a shared mailbox").id;
        mailboxes.insert("support".to_owned(), support);
        let config = Pop3Config { tls: Some(server_tls()), ..Pop3Config::default() };
        let (clients, stop) = (HashMap::new(), watch::Sender::new(false));
        let world = Self { mail: Mail::new(access), directory, config, mailboxes, clients, stop };
        world.grant("alice", "preset:agent").await;
        world.grant("bob", "preset:viewer").await;
        world.grant("dave", "preset:full_access mailbox.manage").await;
        world
    }

    async fn grant(&self, who: &str, rights: &str) {
        let (operator, mailbox) = (Actor::operator(), self.mailboxes["support"]);
        let grantee = Grantee::Person(self.mailboxes[who]);
        if rights == "-" {
            self.directory.remove_grant(operator, mailbox, grantee, None).await.expect("taken away");
            return;
        }
        let rights = RightSet::parse_all(rights.split_whitespace()).expect("known rights");
        let grant = SetGrant { mailbox, grantee, folder: None, rights, automap: true, origin: Origin::Admin };
        self.directory.set_grant(operator, grant).await.expect("granted");
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
        if let Some((who, what)) = line.split_once(": ").filter(|(who, _)| !who.contains(' ')) {
            return self.act(who, what, place).await;
        }
        match line.splitn(3, ' ').collect::<Vec<_>>()[..] {
            ["grant", who, rights] => self.grant(who, rights).await,
            ["file", whose, text] => self.file(whose, text).await,
            ["take", whose, uid] => {
                let uid = uid.parse().expect("a UID");
                assert_eq!(self.inbox(whose).await.remove(vec![uid]).await.expect("removed"), [uid], "{place}");
            }
            ["password", who, word] => {
                let set = self.directory.set_password(Actor::operator(), self.mailboxes[who], Secret::new(word));
                set.await.expect("changed");
            }
            ["patience", millis] => {
                let patience = Duration::from_millis(millis.parse().expect("milliseconds"));
                (self.config.sign_in_timeout, self.config.idle_timeout) = (patience, patience);
            }
            ["errors", most] => self.config.most_errors = most.parse().expect("a number"),
            ["no", "tls"] => self.config.tls = None,
            ["stop"] => drop(self.stop.send_replace(true)),
            _ => panic!("{place}: no such step"),
        }
    }

    /// The Inbox of a mailbox, for whoever may do all in it.
    async fn inbox(&self, whose: &str) -> OpenFolder {
        let who = if whose == "support" { "dave" } else { whose };
        let actor = Actor::person(self.mailboxes[who], Door::Imap);
        let opened = self.mail.access().open(actor, self.mailboxes[whose]).await.expect("opened");
        self.mail.open_special(&opened, SpecialUse::Inbox).await.expect("an Inbox")
    }

    async fn file(&self, whose: &str, text: &str) {
        let message = self.mail.prepare(unescaped(text)).await.expect("prepared");
        let append = Append { message, flags: Flags::NONE, keywords: Vec::new(), received_at: None };
        self.inbox(whose).await.append(vec![append]).await.expect("filed");
    }

    async fn act(&mut self, who: &str, what: &str, place: &str) {
        match what.split_once(' ').unwrap_or((what, "")) {
            ("connect", "") => self.connect(who).await,
            ("signin", name) => {
                self.connect(who).await;
                let person = who.split('-').next().unwrap_or(who);
                let name = if name.is_empty() { person } else { name };
                let client = self.client(who, place);
                client.send(format!("USER {name}\r\nPASS {person}-secret\r\n").as_bytes()).await;
                expect(client, "+OK now the password", place).await;
                expect(client, "+OK … messages, … octets", place).await;
            }
            ("C:", text) => self.client(who, place).send(&[&unescaped(text)[..], b"\r\n"].concat()).await,
            ("S:", pattern) => expect(self.client(who, place), pattern, place).await,
            ("S?", pattern) => skip_to(self.client(who, place), pattern, place).await,
            ("TLS", "") => self.client(who, place).start_tls().await,
            ("SCRAM", words) => {
                let (name, password) = words.split_once(' ').expect("a name and a password");
                self.client(who, place).scram(name, password).await;
            }
            ("end", "") => assert_eq!(self.client(who, place).line().await, None, "{place}: still open"),
            _ => panic!("{place}: no such step"),
        }
    }

    fn client(&mut self, who: &str, place: &str) -> &mut Client {
        self.clients.get_mut(who).unwrap_or_else(|| panic!("{place}: {who} is not connected"))
    }

    async fn connect(&mut self, who: &str) {
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        let pop3 = Pop3::new(self.mail.clone(), self.directory.clone(), self.config.clone());
        let stop = self.stop.subscribe();
        let address = "127.0.0.1:4000".parse().expect("an address");
        let loopback = !who.ends_with("-remote") && !who.ends_with("-tls");
        let peer = Peer { address, loopback, bindings: Bindings::default() };
        let secure = who.ends_with("-tls");
        tokio::spawn(async move { pop3.serve_connection(Box::new(theirs), peer, secure, stop).await });
        let mut client = Client::new(ours);
        expect(&mut client, "+OK Postroom…", "the greeting").await;
        self.clients.insert(who.to_owned(), client);
    }
}

fn names(name: &str, display_name: &str) -> Names {
    Names { name: name.into(), display_name: display_name.into(), addresses: vec![format!("{name}@example.org")] }
}

/// `\r`, `\n` are what they say; `\x` is an octet that is no UTF-8, `\~` a thousand of them that are.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match (c, if c == '\\' { rest.next() } else { None }) {
            ('\\', Some('r')) => bytes.push(b'\r'),
            ('\\', Some('n')) => bytes.push(b'\n'),
            ('\\', Some('x')) => bytes.push(0xff),
            ('\\', Some('~')) => bytes.extend([b'~'; 1000]),
            (c, _) => bytes.extend(c.to_string().into_bytes()),
        }
    }
    bytes
}

async fn expect(client: &mut Client, pattern: &str, place: &str) {
    let got = client.line().await.unwrap_or_else(|| panic!("{place}: the connection is closed"));
    assert!(matches(pattern, &got), "{place}\n  got: {got}");
}

async fn skip_to(client: &mut Client, pattern: &str, place: &str) {
    let mut skipped = Vec::new();
    while let Some(got) = client.line().await {
        if matches(pattern, &got) {
            return;
        }
        let over = got == "." || got.starts_with("-ERR");
        skipped.push(got);
        assert!(!over, "{place}\n  got: {}", skipped.join("\n       "));
    }
    panic!("{place}: the connection is closed\n  got: {}", skipped.join("\n       "));
}

/// `…` stands for any text.
fn matches(pattern: &str, line: &str) -> bool {
    let mut rest = line;
    for (n, piece) in pattern.split('…').enumerate() {
        match rest.find(piece) {
            Some(0) => rest = &rest[piece.len()..],
            Some(at) if n > 0 => rest = &rest[at + piece.len()..],
            _ => return false,
        }
    }
    rest.is_empty() || pattern.ends_with('…')
}
