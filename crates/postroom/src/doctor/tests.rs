//! Findings against what they are found in.

use super::*;
use crate::config::{Config, Sources};
use std::path::Path;

fn config(text: &str) -> Config {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("postroom.toml");
    std::fs::write(&file, text).expect("written");
    Config::load(&Sources { file: Some(file), data: None }, Vec::new()).expect("a configuration")
}

#[test]
fn records_name_what_is_offered_and_what_is_not() {
    let config = config(
        "hostname = \"mail.example.org\"\n[listen]\nimaps = \"0.0.0.0:993\"\nsubmission = \"0.0.0.0:587\"\nhttps = \"0.0.0.0:443\"\n",
    );
    let lines: Vec<String> =
        records::to_publish(&config, &["example.org".to_owned()]).iter().map(Record::to_string).collect();
    let expected = [
        "_imaps._tcp.example.org. SRV 0 1 993 mail.example.org.",
        "_imap._tcp.example.org. SRV 0 0 0 .",
        "_pop3s._tcp.example.org. SRV 0 0 0 .",
        "_pop3._tcp.example.org. SRV 0 0 0 .",
        "_submissions._tcp.example.org. SRV 0 0 0 .",
        "_submission._tcp.example.org. SRV 10 1 587 mail.example.org.",
        "_autodiscover._tcp.example.org. SRV 0 1 443 mail.example.org.",
        "autoconfig.example.org. CNAME mail.example.org.",
        "autodiscover.example.org. CNAME mail.example.org.",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn certificates_are_told_apart() {
    let made = rcgen::generate_simple_self_signed(["mail.example.org".to_owned(), "*.example.net".to_owned()]);
    let pem = made.expect("a certificate").cert.pem();
    let levels = |hostname: &str, now: i64| {
        let findings = certificate::of_pem(pem.as_bytes(), Path::new("x.pem"), hostname, Time::from_seconds(now));
        findings.into_iter().map(|finding| (finding.level, finding.what)).collect::<Vec<_>>()
    };
    let self_signed = (Level::Warning, "it is self-signed: mail programs do not trust it".to_owned());
    // rcgen's certificates hold from 1975 to 4096.
    assert_eq!(levels("mail.example.org", 1_700_000_000), std::slice::from_ref(&self_signed));
    assert_eq!(levels("a.example.net", 1_700_000_000), std::slice::from_ref(&self_signed));
    let other = (Level::Problem, "it is not for a.b.example.net".to_owned());
    assert_eq!(levels("a.b.example.net", 1_700_000_000), [other, self_signed.clone()]);
    let early = (Level::Problem, "it does not hold yet".to_owned());
    assert_eq!(levels("mail.example.org", 0), [early, self_signed.clone()]);
    let late = (Level::Problem, "it has expired".to_owned());
    assert_eq!(levels("mail.example.org", 70_000_000_000), [late, self_signed]);
    let broken = certificate::of_pem(b"nothing", Path::new("x.pem"), "x", Time::from_seconds(0));
    assert_eq!(broken[0].level, Level::Problem);
}

#[test]
fn an_organisation_needs_a_domain_and_an_administrator() {
    let levels = |facts: &Facts| organisation::check(facts).iter().map(|finding| finding.level).collect::<Vec<_>>();
    assert_eq!(levels(&Facts::default()), [Level::Ok, Level::Problem, Level::Warning]);
    let good = Facts { domains: vec!["example.org".to_owned()], users: 1, administrators: 1, quotas: Vec::new() };
    assert_eq!(levels(&good), [Level::Ok, Level::Ok]);
    let quotas = vec![("a".to_owned(), 90, 100), ("b".to_owned(), 91, 100)];
    assert_eq!(levels(&Facts { quotas, ..good }), [Level::Ok, Level::Ok, Level::Warning]);
}
