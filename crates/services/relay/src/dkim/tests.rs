//! Signatures are verified by another implementation's verifier, from the records that are shown.

use crate::testing::start;
use crate::{Dkim, Dns};
use mail_auth::{AuthenticatedMessage, DkimResult};
use postroom_access::Access;
use postroom_directory::SealingKey;
use postroom_model::{Actor, SystemClock, Time};
use postroom_store::testing::on_both;
use postroom_store::{Scope, domains};
use std::sync::Arc;

const MESSAGE: &[u8] =
    b"From: bob@signed.example\r\nTo: x@elsewhere.example\r\nSubject: Hi\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\n\r\nText \r\n\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn both_signatures_verify_and_rotation_switches_them() {
    on_both(|store| async move {
        let make = |tx: &mut postroom_store::Tx<'_>| domains::create(tx, "signed.example", Time(0));
        store.write(Scope::Organisation, make).await.expect("a domain");
        let access = Access::start(store.clone(), Arc::new(SystemClock)).await.expect("loaded");
        let dkim = Dkim::new(access, SealingKey::fresh().expect("a key"));
        let operator = Actor::operator();
        assert!(dkim.sign("signed.example", MESSAGE).await.expect("asked").is_empty(), "no keys, no signatures");
        let first = dkim.make_pair(operator, "signed.example").await.expect("made");
        let second = dkim.make_pair(operator, "signed.example").await.expect("made");
        assert!(dkim.make_pair(operator, "signed.example").await.is_err(), "two are enough");
        assert!(first.iter().all(|line| line.active) && second.iter().all(|line| !line.active));
        let records: Vec<String> =
            first.iter().chain(&second).map(|line| format!("{} TXT {}", line.record_name, line.record)).collect();
        let records: Vec<&str> = records.iter().map(String::as_str).collect();
        let dns = Dns::with_servers(&[start(&records).await]).expect("a resolver");
        for (pair, selectors) in [(1, ["p1r", "p1e"]), (2, ["p2r", "p2e"])] {
            dkim.use_pair(operator, "signed.example", pair).await.expect("switched");
            let mut signed = dkim.sign("signed.example", MESSAGE).await.expect("signed");
            signed.extend_from_slice(MESSAGE);
            let message = AuthenticatedMessage::parse(&signed).expect("a message");
            let found = dns.authenticator().verify_dkim(&message).await;
            let results: Vec<_> = found.iter().map(|one| one.result().clone()).collect();
            assert_eq!(results, [DkimResult::Pass, DkimResult::Pass], "{found:?}");
            let text = String::from_utf8_lossy(&signed);
            assert!(selectors.iter().all(|selector| text.contains(&format!("s={selector};"))), "{text}");
        }
        assert!(dkim.remove_pair(operator, "signed.example", 2).await.is_err(), "it signs");
        dkim.remove_pair(operator, "signed.example", 1).await.expect("removed");
        assert_eq!(dkim.list(operator, "signed.example").await.expect("listed").len(), 2);
    })
    .await;
}
