//! Mail for other servers: through the real binary and over a real connection, killed at any instant.

mod postfix;

use crate::harness::{Database, Home, Server, Smtp, on_both, request};
use postfix::{PASSWORD, Postfix};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// A smart host in this process; keeps who got how many copies of which subject.
struct Sink {
    address: SocketAddr,
    state: Arc<State>,
}

/// Recipient and subject, and how often they came.
type Kept = BTreeMap<(String, String), usize>;
type State = (Mutex<Kept>, Condvar);

impl Sink {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state: Arc<State> = Arc::default();
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = shared.clone();
                std::thread::spawn(move || talk(stream, &state));
            }
        });
        Self { address, state }
    }

    /// Waits until so many different recipients have a message; gives all that was received.
    fn until(&self, count: usize) -> Kept {
        let (kept, changed) = &*self.state;
        let guard = kept.lock().expect("not poisoned");
        let waited = changed.wait_timeout_while(guard, Duration::from_secs(120), |kept| kept.len() < count);
        let (kept, timeout) = waited.expect("not poisoned");
        assert!(!timeout.timed_out(), "{} of {count} messages came", kept.len());
        kept.clone()
    }

    fn count(&self) -> usize {
        self.state.0.lock().expect("not poisoned").len()
    }
}

fn talk(stream: TcpStream, state: &State) -> Option<()> {
    let mut writer = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    let mut say = move |text: &str| writer.write_all(text.as_bytes()).ok();
    say("220 sink\r\n")?;
    let mut recipients = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let words: Vec<&str> = line.trim_end().split([' ', '<', '>']).collect();
        match words[0] {
            "EHLO" => say("250-sink\r\n250-PIPELINING\r\n250 CHUNKING\r\n")?,
            "RCPT" if line.contains("refused@") => say("550 5.1.1 no such person\r\n")?,
            "RCPT" => {
                recipients.push(words[2].to_owned());
                say("250 ok\r\n")?;
            }
            "BDAT" => {
                let mut message = vec![0; words[1].parse().ok()?];
                reader.read_exact(&mut message).ok()?;
                let text = String::from_utf8_lossy(&message);
                let subject = text.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap_or_default();
                let (kept, changed) = state;
                let mut kept = kept.lock().ok()?;
                for recipient in recipients.drain(..) {
                    *kept.entry((recipient, subject.to_owned())).or_default() += 1;
                }
                changed.notify_all();
                drop(kept);
                say("250 kept\r\n")?;
            }
            "RSET" | "MAIL" => {
                recipients.clear();
                say("250 ok\r\n")?;
            }
            "QUIT" => return None,
            _ => say("250 ok\r\n")?,
        }
    }
}

/// A home whose mail leaves by the sink.
fn home(database: Database, sink: &Sink) -> Home {
    let home = Home::new(database);
    let organisation = std::fs::read_to_string(home.path("org.toml")).expect("the organisation");
    let route =
        format!("mode = \"smart_host\"\nhost = \"127.0.0.1\"\nport = {}\nencryption = \"none\"", sink.address.port());
    let routed = organisation.replacen(
        "name = \"example.org\"\n",
        &format!("name = \"example.org\"\n[domain.route]\n{route}\n\n"),
        1,
    );
    assert_ne!(routed, organisation);
    home.write("org.toml", &routed);
    home.run(&["apply", "org.toml"]).succeeded();
    home
}

#[test]
fn a_member_answers_a_customer_and_a_refusal_comes_back() {
    on_both(|database| {
        let sink = Sink::start();
        let server = home(database, &sink).serve();
        let tested = server.home().run(&["route", "test", "bob@example.org", "customer@elsewhere.example"]).succeeded();
        assert!(
            tested.contains("smart host 127.0.0.1") && tested.contains("it is the route of example.org"),
            "{tested}"
        );
        let made = server.home().run(&["dkim", "make", "example.org"]).succeeded();
        assert!(made.contains("p1r._domainkey.example.org TXT \"v=DKIM1; k=rsa; p="), "{made}");
        let mut bob = Smtp::sign_in(server.address("submission"), "bob");
        let message = b"From: bob@example.org\r\nSubject: answer\r\n\r\nHere it is.\r\n";
        let to = ["customer@elsewhere.example", "refused@elsewhere.example"];
        let reply = bob.try_send("bob@example.org", &to, message).expect("answered");
        let name = reply.text.rsplit(' ').next().expect("a name").trim().to_owned();
        assert_eq!(reply.code, 250);
        let received = sink.until(1);
        assert_eq!(received.keys().next().expect("one").0, "customer@elsewhere.example");
        let shown = loop {
            let shown = server.home().run(&["queue", "show", &name, "--json"]).json();
            if !shown["finished_at"].is_null() {
                break shown;
            }
        };
        assert_eq!(shown["recipients"][0]["state"], "delivered");
        assert_eq!(shown["recipients"][1]["state"], "failed");
        assert_eq!(shown["recipients"][1]["answer"], "550 5.1.1 no such person");
        let listed = server.home().run(&["queue", "list", "--all"]).succeeded();
        assert!(listed.contains("refused@elsewhere.example") && listed.contains("no such person"), "{listed}");
        assert!(server.home().run(&["queue", "cancel", &name]).refused().contains("has left already"));
        server.stop();
    });
}

/// Killed while messages are taken and delivered: each that was taken arrives, and one that arrives twice is one whose
/// log says that this may have happened.
#[test]
fn killed_at_any_instant_every_message_arrives() {
    on_both(|database| {
        let sink = Sink::start();
        let mut server: Server = home(database, &sink).serve();
        let mut taken = Vec::new();
        for round in 0..6 {
            let mut bob = Smtp::sign_in(server.address("submission"), "bob");
            let goal = sink.count() + 3 + round * 4;
            for number in 0..30 {
                let subject = format!("{round}-{number}");
                let message = format!("From: bob@example.org\r\nSubject: {subject}\r\n\r\nText\r\n");
                let to = format!("r{round}x{number}@elsewhere.example");
                if bob.try_send("bob@example.org", &[&to], message.as_bytes()).is_ok_and(|reply| reply.code == 250) {
                    taken.push((to, subject));
                }
                if sink.count() >= goal {
                    break;
                }
            }
            server = server.kill9().serve();
        }
        let received = sink.until(taken.len());
        for one in &taken {
            assert!(received.contains_key(one), "{one:?} was taken and did not arrive");
        }
        let listed = loop {
            let listed = server.home().run(&["queue", "list", "--all", "--limit", "200", "--json"]).json();
            let open = listed.as_array().expect("a list").iter().filter(|one| one["finished_at"].is_null()).count();
            if open == 0 {
                break listed;
            }
        };
        let twice: Vec<_> = received.iter().filter(|(_, count)| **count > 1).collect();
        for ((to, subject), count) in twice {
            assert_eq!(*count, 2, "{to} got {subject} {count} times");
            let warned = listed.as_array().expect("a list").iter().any(|one| {
                let ours = one["recipients"][0]["address"] == to.as_str();
                let name = one["message"].as_str().expect("a name");
                ours && server.home().run(&["queue", "show", name]).succeeded().contains("a second time")
            });
            assert!(warned, "{to} got {subject} twice, and no log says so");
        }
        server.stop();
    });
}

/// Waits until Postfix has put something into the customer's mailbox.
fn delivered(postfix: &Postfix, count: usize) -> Vec<String> {
    let since = std::time::Instant::now();
    loop {
        let found = postfix.delivered();
        if found.len() >= count {
            return found;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{} of {count}\n{}", found.len(), postfix.log());
        std::thread::yield_now();
    }
}

#[test]
fn through_postfix_as_smart_host_with_a_sign_in_over_tls() {
    let Some(postfix) = Postfix::start() else { return };
    let home = Home::new(Database::Sqlite);
    let organisation = std::fs::read_to_string(home.path("org.toml")).expect("the organisation");
    let route = format!(
        "mode = \"smart_host\"\nhost = \"localhost\"\nport = {}\nusername = \"postroom\"\npassword_env = \"BOB_PASSWORD\"",
        postfix.smart_host
    );
    let domain = "name = \"example.org\"\n";
    home.write("org.toml", &organisation.replacen(domain, &format!("{domain}[domain.route]\n{route}\n\n"), 1));
    home.configure(&format!("[outgoing]\nextra_ca = [\"{}\"]\nretries = [\"600 s\"]", postfix.certificate()));
    home.run(&["apply", "org.toml"]).succeeded();
    let server = home.serve();
    let mut bob = Smtp::sign_in(server.address("submission"), "bob");
    let message = b"From: bob@example.org\r\nSubject: answer\r\n\r\nHere it is.\r\n";
    let reply = bob.send("bob@example.org", "customer@elsewhere.example", message);
    let name = reply.text.rsplit(' ').next().expect("a name").trim().to_owned();
    // bob's own password is not the relay's.
    let answer = loop {
        let shown = server.home().run(&["queue", "show", &name, "--json"]).json();
        if shown["recipients"][0]["attempts"] == 1 {
            break shown["recipients"][0]["answer"].as_str().expect("text").to_owned();
        }
    };
    assert!(answer.starts_with("535 5.7.8"), "{answer}");
    let body = format!(
        "{{\"mode\": \"smart_host\", \"host\": \"localhost\", \"port\": {}, \"username\": \"postroom\", \"password\": \"{PASSWORD}\"}}",
        postfix.smart_host
    );
    let set = request(server.address("http"), Some("alice"), "PUT /api/v1/domains/example.org/route", Some(&body));
    assert_eq!(set.status, 204, "{set:?}");
    server.home().run(&["queue", "retry", &name]).succeeded();
    let found = delivered(&postfix, 1);
    assert!(found[0].contains("Subject: answer") && found[0].contains("ESMTPSA"), "{}", found[0]);
    server.stop();
}

#[test]
fn to_postfix_directly_by_its_mx_record_signed() {
    let Some(postfix) = Postfix::start() else { return };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let records = ["elsewhere.example MX 10 mx.elsewhere.example", "mx.elsewhere.example A 127.0.0.1"];
    let dns = runtime.block_on(postroom_relay::testing::start(&records));
    let home = Home::with_organisation(Database::Sqlite);
    home.configure(&format!(
        "[outgoing]\nport = {}\nallow_networks = [\"127.0.0.0/8\"]\n[dns]\nservers = [\"{dns}\"]",
        postfix.direct
    ));
    home.run(&["dkim", "make", "example.org"]).succeeded();
    let server = home.serve();
    let mut bob = Smtp::sign_in(server.address("submission"), "bob");
    let message = b"From: bob@example.org\r\nSubject: direct\r\n\r\n.a line with a dot\r\n";
    let to = ["customer@elsewhere.example", "nobody@elsewhere.example"];
    assert_eq!(bob.try_send("bob@example.org", &to, message).expect("answered").code, 250);
    let found = delivered(&postfix, 1);
    assert!(found[0].contains("DKIM-Signature: v=1; a=rsa-sha256; s=p1r; d=example.org;"), "{}", found[0]);
    assert!(found[0].contains("a=ed25519-sha256") && found[0].ends_with("\n.a line with a dot\n"), "{}", found[0]);
    // TLS was used though the certificate is for another name.
    assert!(found[0].contains("by relay.example (Postfix) with ESMTPS"), "{}", found[0]);
    let listed = loop {
        let listed = server.home().run(&["queue", "list", "--all"]).succeeded();
        if listed.contains("failed") {
            break listed;
        }
    };
    assert!(listed.contains("nobody@elsewhere.example") && listed.contains("550 5.1.1"), "{listed}");
    server.stop();
}
