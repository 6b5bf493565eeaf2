use super::*;

#[test]
fn names_round_trip_and_bits_are_distinct() {
    for right in Right::ALL {
        assert_eq!(Right::parse(right.as_str()), Ok(right));
    }
    assert_eq!(RightSet::all().iter().count(), Right::ALL.len());
}

#[test]
fn presets_are_the_documented_sets() {
    let set = |names: &[&str]| RightSet::parse_all(names).expect("known");
    assert_eq!(
        Preset::Agent.rights(),
        set(&[
            "folder.view",
            "message.read",
            "message.search",
            "message.seen",
            "message.flag",
            "message.add",
            "message.edit",
            "message.delete",
            "attachment.add",
            "send.as"
        ])
    );
    assert_eq!(set(&["preset:send_only"]), set(&["send.as", "attachment.add"]));
    assert_eq!(set(&["preset:send_on_behalf"]), set(&["send.on_behalf", "attachment.add"]));
    assert_eq!(
        set(&["preset:viewer"]),
        set(&["folder.view", "message.read", "message.search", "calendar.read", "contacts.read", "tasks.read"])
    );
    let full = set(&["preset:full_access"]);
    assert_eq!(RightSet::all().without(full), set(&["send.as", "send.on_behalf", "mailbox.manage"]));
    assert_eq!(set(&["preset:manager", "message.read"]), set(&["folder.view", "mailbox.manage", "message.read"]));
}

#[test]
fn unknown_names_are_errors() {
    assert_eq!(RightSet::parse_all(["message.raed"]), Err(UnknownRight("message.raed".into())));
    assert_eq!(RightSet::parse_all(["preset:boss"]), Err(UnknownRight("preset:boss".into())));
}

#[test]
fn bits_survive_storage_and_foreign_bits_are_dropped() {
    assert_eq!(RightSet::from_bits(RightSet::all().bits()), RightSet::all());
    assert_eq!(RightSet::from_bits(1 << 31), RightSet::NONE);
    assert_eq!(RightSet::from_bits(-1), RightSet::NONE);
}
