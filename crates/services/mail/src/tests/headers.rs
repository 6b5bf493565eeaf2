//! The header that is read alone is the header of the message.

use super::*;
use crate::{Wanted, header_into};
use postroom_wire_message::{Parsed, header_end, header_fields};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

fn message() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        4 => "(Subject|From|X-Long): [a-z ]{0,90}",
        2 => "[ \t][a-z]{0,40}",
        1 => Just(String::new()),
        1 => "[ \t\x0c]{1,3}",
        1 => "[a-z]{0,12}",
        1 => "X: (ab){200,900}",
        1 => "[a-z]{12000,13000}",
    ];
    let ending = prop_oneof![4 => Just("\r\n"), 1 => Just("\n"), 1 => Just("\r")];
    let lines = prop::collection::vec((line, ending), 1..60);
    lines.prop_map(|lines| lines.into_iter().map(|(line, ending)| line + ending).collect::<String>().into_bytes())
}

#[tokio::test]
async fn headers_read_alone_are_those_of_the_messages() {
    on_both(|store| async move {
        let world = World::new(store).await;
        let inbox = world.folder(world.alice, world.alice, SpecialUse::Inbox).await;
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let texts: Vec<Vec<u8>> =
            (0..200).map(|_| message().new_tree(&mut runner).expect("a message").current()).collect();
        let mut appends = Vec::new();
        for text in &texts {
            let message = prepare(world.mail.access().store(), text.clone()).await.expect("prepared");
            appends.push(Append { message, flags: Flags::NONE, keywords: Vec::new(), received_at: None });
        }
        inbox.append(appends).await.expect("appended");
        let snapshot = inbox.refresh().await.expect("read");
        let contents = snapshot.messages.iter().map(|entry| entry.content).collect();
        let wanted = Wanted { content: true, listed_fields: true, ..Wanted::default() };
        let page = inbox.page(contents, wanted).await.expect("read");
        let mut kept = 0;
        for (entry, text) in snapshot.messages.iter().zip(texts) {
            let mut out = b"before".to_vec();
            let stored = page.content(entry.content).expect("it is there");
            header_into(stored, &mut out).await.expect("read");
            let structure = Parsed::of(&text).structure;
            let header = &text[structure.header_start..structure.body_start];
            assert_eq!(&out[6..6 + header_end(&out[6..])], header, "{:?}", String::from_utf8_lossy(&text));
            if let Some(fields) = page.listed_fields(entry.content) {
                kept += 1;
                let names = ["From", "SUBJECT"];
                assert_eq!(header_fields(fields, names, false), header_fields(&text, names, false));
            }
            let mut whole = vec![0; text.len()];
            stored.open_to(&mut whole).expect("unpacked");
            assert!(whole == text && stored.open_to(&mut whole[1..]).is_err());
        }
        assert!(kept > 100, "the fields of most are kept apart: {kept}");
    })
    .await;
}
