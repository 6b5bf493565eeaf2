//! Any bytes are some message: parsing, storing what was parsed, sections and search text never panic, and offsets stay
//! inside the message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postroom_wire_message::{EnvelopeRef, Parsed, PartRef, search_text, section};

fuzz_target!(|raw: &[u8]| {
    let parsed = Parsed::of(raw);
    let envelope = parsed.envelope.encode();
    EnvelopeRef::decode(&envelope).expect("what was encoded is decoded");
    let stored = parsed.structure.encode();
    let structure = PartRef::decode(&stored).expect("what was encoded is decoded");
    for part in structure.walk() {
        assert!(part.header().end <= raw.len() && part.body().end <= raw.len());
    }
    for number in [&[1][..], &[1, 2], &[2, 1, 1]] {
        for text in [section::Text::Whole, section::Text::Header, section::Text::Text, section::Text::Mime] {
            let _ = section::find(raw, &structure, &section::Section { part: number, text });
        }
    }
    let _ = search_text(raw, &structure);
});
