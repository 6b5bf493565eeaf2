//! The certificate: whether it can be read, bears the host name, and holds for a while.

use super::Finding;
use crate::config::Config;
use postroom_model::Time;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::path::Path;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

const TOPIC: &str = "certificate";
/// A certificate that is renewed by itself is never this close to its end.
const SOON_DAYS: i64 = 14;

pub(super) fn check(config: &Config, now: Time) -> Vec<Finding> {
    let Some(files) = &config.tls else {
        let what = "no certificate is configured: a self-signed one is used, which mail programs do not trust";
        return vec![Finding::warning(TOPIC, what, "set certificate and key in [tls]")];
    };
    match std::fs::read(&files.certificate) {
        Ok(pem) => of_pem(&pem, &files.certificate, &config.hostname, now),
        Err(error) => {
            let what = format!("{} cannot be read: {error}", files.certificate.display());
            vec![Finding::problem(TOPIC, what, "see that the file is there and that the server may read it")]
        }
    }
}

pub(super) fn of_pem(pem: &[u8], path: &Path, hostname: &str, now: Time) -> Vec<Finding> {
    let first = CertificateDer::pem_slice_iter(pem).next().and_then(Result::ok);
    let parsed = first.as_ref().and_then(|der| X509Certificate::from_der(der).ok());
    let Some((_, certificate)) = parsed else {
        let what = format!("{} holds no certificate that can be read", path.display());
        return vec![Finding::problem(TOPIC, what, "put the certificate and its chain there, in PEM form")];
    };
    let mut findings = Vec::new();
    let (from, until) = (certificate.validity().not_before.timestamp(), certificate.validity().not_after.timestamp());
    let days = (until - now.seconds()).div_euclid(86_400);
    if now.seconds() < from {
        findings.push(Finding::problem(TOPIC, "it does not hold yet", "check the clock of this machine"));
    } else if until <= now.seconds() {
        findings.push(Finding::problem(TOPIC, "it has expired", "renew it, and restart the server"));
    } else if days < SOON_DAYS {
        let what = format!("it expires in {days} days");
        findings.push(Finding::warning(TOPIC, what, "see why it was not renewed"));
    }
    if !names(&certificate).iter().any(|name| covers(name, hostname)) {
        let what = format!("it is not for {hostname}");
        findings.push(Finding::problem(TOPIC, what, "get one for the host name, or set hostname to one of its names"));
    }
    if certificate.issuer() == certificate.subject() {
        findings.push(Finding::warning(
            TOPIC,
            "it is self-signed: mail programs do not trust it",
            "get one from an authority",
        ));
    }
    if findings.is_empty() {
        findings.push(Finding::ok(TOPIC, format!("for {hostname}, for {days} days more")));
    }
    findings
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else { return Vec::new() };
    let dns = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some(name.to_lowercase()),
        _ => None,
    };
    extension.value.general_names.iter().filter_map(dns).collect()
}

/// RFC 9525 section 6.3: a wildcard stands for one label.
fn covers(name: &str, hostname: &str) -> bool {
    let hostname = hostname.to_lowercase();
    match name.strip_prefix("*.") {
        Some(parent) => hostname.split_once('.').is_some_and(|(_, rest)| rest == parent),
        None => name == hostname,
    }
}
