use super::*;
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_self_signed_certificate_is_made_once_and_kept_private() {
    let folder = tempfile::tempdir().unwrap();
    let files = self_signed(folder.path(), "mail.example.org").unwrap();
    server_config(&files).unwrap();
    let mode = std::fs::metadata(&files.key).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let first = std::fs::read(&files.certificate).unwrap();
    let again = self_signed(folder.path(), "mail.example.org").unwrap();
    assert_eq!(std::fs::read(&again.certificate).unwrap(), first);
    let other = self_signed(folder.path(), "other.example.org").unwrap();
    assert_ne!(std::fs::read(&other.certificate).unwrap(), first);
}

#[test]
fn files_that_are_wrong_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let good = self_signed(folder.path(), "a.example").unwrap();
    let other = self_signed(folder.path(), "b.example").unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    let cases = [
        (folder.path().join("absent.pem"), good.key.clone(), "absent.pem"),
        (empty.clone(), good.key.clone(), "empty.pem holds no certificate"),
        (good.certificate.clone(), empty, "empty.pem holds no private key"),
        (good.certificate, other.key, "cannot be used"),
    ];
    for (certificate, key, expected) in cases {
        let error = server_config(&CertificateFiles { certificate, key }).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
