//! What mail programs are told about the server, and what `postroom doctor` says of it.

use crate::harness::{Database, Home, Server, request};

#[test]
fn mail_programs_are_told_how_to_reach_the_server() {
    let server = Server::start(Database::Sqlite);
    let (http, imaps) = (server.address("http"), server.address("imaps").port());
    let get = |path: &str| request(http, None, &format!("GET {path}"), None);
    for path in ["/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml"] {
        let said = get(&format!("{path}?emailaddress=alice%40example.org"));
        assert_eq!(said.status, 200, "{said:?}");
        assert!(said.head.to_lowercase().contains("content-type: text/xml"), "{said:?}");
        let imap = format!("<hostname>mail.example.org</hostname>\n      <port>{imaps}</port>");
        assert!(said.body.contains(&imap) && said.body.contains("<domain>example.org</domain>"), "{said:?}");
        assert!(said.body.contains("<outgoingServer type=\"smtp\">"), "{said:?}");
        // Nothing tells whose address it is.
        assert_eq!(get(&format!("{path}?emailaddress=nobody%40example.org")).body, said.body);
        assert_eq!(get(&format!("{path}?emailaddress=alice%40elsewhere.example")).status, 404);
    }
    let profile = get("/.well-known/postroom.mobileconfig?emailaddress=alice@example.org");
    assert!(profile.body.contains("<key>IncomingMailServerPortNumber</key>"), "{profile:?}");
    assert!(!profile.body.contains("Password</key><string>"), "no password: {profile:?}");
}

#[test]
fn outlook_is_answered_however_it_spells_the_path() {
    let server = Server::start(Database::Sqlite);
    let http = server.address("http");
    let ask = |path: &str, address: &str| {
        let body = format!(
            "<?xml version=\"1.0\"?><Autodiscover xmlns=\"x\"><Request><EMailAddress>{address}</EMailAddress>\
             <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a\
             </AcceptableResponseSchema></Request></Autodiscover>"
        );
        request(http, None, &format!("POST {path}"), Some(&body))
    };
    let said = ask("/autodiscover/autodiscover.xml", "alice@example.org");
    assert!(said.body.contains("<Type>IMAP</Type>") && said.body.contains("<Type>SMTP</Type>"), "{said:?}");
    assert!(said.body.contains("<LoginName>alice@example.org</LoginName>"), "{said:?}");
    for path in ["/Autodiscover/Autodiscover.xml", "/AutoDiscover/AUTODISCOVER.xml"] {
        assert_eq!(ask(path, "alice@example.org").body, said.body, "{path}");
    }
    let nobody = ask("/autodiscover/autodiscover.xml", "nobody@example.org");
    assert_eq!(nobody.body.replace("nobody@", "alice@"), said.body, "nothing tells whose address it is");
    let elsewhere = ask("/autodiscover/autodiscover.xml", "alice@elsewhere.example");
    assert!(elsewhere.body.contains("<ErrorCode>500</ErrorCode>"), "{elsewhere:?}");
    assert!(ask("/autodiscover/autodiscover.xml", "").body.contains("<ErrorCode>600</ErrorCode>"));

    let get = |path: &str| request(http, None, &format!("GET {path}"), None);
    let json = get("/autodiscover/autodiscover.json?Email=x@example.org&Protocol=AutodiscoverV1").json();
    assert_eq!(json["Url"], "https://mail.example.org/autodiscover/autodiscover.xml");
    let other = get("/Autodiscover/Autodiscover.json/v1.0/x@example.org?Protocol=ActiveSync");
    assert_eq!((other.status, &other.json()["ErrorCode"]), (404, &"ProtocolNotSupported".into()));
}

#[test]
fn the_doctor_says_what_is_wrong() {
    // Nothing runs, the certificate is not for the name.
    let home = Home::with_organisation(Database::Sqlite);
    home.write(
        "postroom.toml",
        "hostname = \"mail.example.org\"\n[listen]\nimap = \"127.0.0.1:1\"\nhttps = \"127.0.0.1:2\"\n",
    );
    let done = home.run(&["doctor", "--json"]);
    assert_eq!(done.status, 1, "{done:?}");
    let said: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    let findings = said["findings"].as_array().expect("findings");
    let has = |topic: &str, level: &str| findings.iter().any(|one| one["topic"] == topic && one["level"] == level);
    for (topic, level) in
        [("database", "ok"), ("organisation", "ok"), ("certificate", "warning"), ("listeners", "problem")]
    {
        assert!(has(topic, level), "{topic} {level} in {said}");
    }
    let records = said["records"].to_string();
    assert!(records.contains("_imap._tcp.example.org") && records.contains("autoconfig.example.org"), "{records}");

    // An empty database has no domain.
    let home = Home::new(Database::Sqlite);
    home.write("postroom.toml", "hostname = \"mail.example.org\"\n[listen]\nimap = \"127.0.0.1:1\"\n");
    let done = home.run(&["doctor"]);
    assert_eq!(done.status, 1);
    assert!(done.out.contains("PROBLEM  organisation: there is no domain"), "{done:?}");
}

#[test]
fn the_doctor_finds_a_running_server() {
    let server = Server::start(Database::Sqlite);
    let (imap, smtp) = (server.address("imap"), server.address("smtp"));
    // The same data folder, and the addresses that the server was given.
    let text = format!("hostname = \"mail.example.org\"\n[listen]\nimap = \"{imap}\"\nsmtp = \"{smtp}\"\n");
    server.home().write("postroom.toml", &text);
    let said = server.home().run(&["doctor"]).succeeded();
    assert!(said.contains(&format!("imap answers on {imap}")) && said.contains("_imap._tcp.example.org"), "{said}");
    server.home().write("postroom.toml", &format!("[listen]\npop3 = \"{imap}\"\n"));
    let done = server.home().run(&["doctor"]);
    assert!(done.status == 1 && done.out.contains("something else answers there"), "{done:?}");
}
