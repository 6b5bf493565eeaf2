//! Two ends of a connection, and what is no DEFLATE.

use super::*;
use proptest::prelude::*;

/// All that one end unpacks of what another packed, in reads of `size` octets.
fn through(one: &mut Deflate, other: &mut Deflate, bytes: &[u8], size: usize) -> Vec<u8> {
    let packed: Vec<u8> = one.pack(bytes).flat_map(|piece| piece.expect("packed")).collect();
    let mut input = BytesMut::new();
    for read in packed.chunks(size) {
        other.packed.extend_from_slice(read);
        while other.unpack(&mut input).expect("unpacked") > 0 {}
    }
    input.to_vec()
}

proptest! {
    #[test]
    fn what_is_packed_is_unpacked(texts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3000), 1..8), size in 1..400usize) {
        let (mut one, mut other) = (Deflate::new(BytesMut::new()), Deflate::new(BytesMut::new()));
        for text in texts {
            // Each write can be read whole, without waiting for the next.
            prop_assert_eq!(through(&mut one, &mut other, &text, size), text);
        }
    }
}

#[test]
fn a_little_that_unpacks_to_very_much_is_taken_in_steps() {
    let (mut one, mut other) = (Deflate::new(BytesMut::new()), Deflate::new(BytesMut::new()));
    let zeros = vec![0; 4 << 20];
    let packed: Vec<u8> = one.pack(&zeros).flat_map(|piece| piece.expect("packed")).collect();
    assert!(packed.len() < 64 * 1024, "{}", packed.len());
    other.packed.extend_from_slice(&packed);
    let mut input = BytesMut::new();
    let mut total = 0;
    loop {
        let made = other.unpack(&mut input).expect("unpacked");
        assert!(made <= STEP);
        if made == 0 {
            break;
        }
        total += made;
        input.clear();
    }
    assert_eq!(total, zeros.len());
}

#[test]
fn other_bytes_are_refused() {
    let mut end = Deflate::new(BytesMut::from(&[0xff; 100][..]));
    assert!(end.unpack(&mut BytesMut::new()).is_err());
}
