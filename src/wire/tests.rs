use super::*;
use crate::error::Violation;
use crate::source::{CallItems, Definition};

#[test]
fn a_lease_survives_its_header() {
    for payload in [
        Payload::Range { start: i64::MIN, step: -3 },
        Payload::Lines { length: u64::MAX },
        Payload::Call { length: 7 },
        Payload::Part { offset: u64::MAX - 7, length: 7 },
    ] {
        let lease = Lease {
            sequence: u32::MAX,
            items: 7,
            attempt: 2,
            singly: true,
            first: u64::MAX,
            payload,
        };
        assert_eq!(Lease::parse(&lease.header()), Some(lease));
    }
}

#[test]
fn a_header_of_no_known_kind_is_no_lease() {
    for kind in [0_u8, 5, 255] {
        let mut bytes = [0; HEADER_LEN];
        bytes[0] = kind;
        assert_eq!(Lease::parse(&bytes), None);
    }
}

#[test]
fn outcomes_are_counted_and_split() {
    let mut bytes = b"1\n4\n".to_vec();
    push_failure(&mut bytes, "not a\nnumber\0");
    bytes.extend(b"16\n");
    assert_eq!(Encoding::Lines.measure(&bytes, 4), Ok(bytes.len()));
    let batch = Batch::new(&bytes);
    assert_eq!(batch.all_results(), None);
    let (first, rest) = batch.split(2);
    assert_eq!(first.lines().collect::<Vec<_>>(), [Line::Result(b"1\n"), Line::Result(b"4\n")]);
    assert_eq!(
        rest.lines().collect::<Vec<_>>(),
        [Line::Failure(b"not a number "), Line::Result(b"16\n")]
    );
    assert_eq!(batch.split(0).0.lines().count(), 0);
    assert_eq!(batch.split(9).1.lines().count(), 0);
}

#[test]
fn a_wrong_count_of_lines_is_a_violation() {
    for (bytes, items) in [(&b"1\n2\n"[..], 1), (b"1\n2\n", 3), (b"1\n2", 2), (b"", 1)] {
        let measured = Encoding::Lines.measure(bytes, items);
        assert_eq!(measured, Err(Violation::Framing), "{bytes:?} {items}");
    }
    assert_eq!(Encoding::Lines.measure(b"1\n2", 1), Ok(2));
}

/// Three packets: two items with three bytes, a failed one, a hundred items without a value.
fn packets() -> Vec<u8> {
    let mut bytes = packet::header(packet::Kind::Values, 2, 3).to_vec();
    bytes.extend(b"abc");
    bytes.extend(packet::header(packet::Kind::Fault, 1, 1));
    bytes.extend(b"!");
    bytes.extend(packet::header(packet::Kind::Values, 100, 0));
    bytes
}

#[test]
fn packets_are_measured_and_split() {
    let bytes = packets();
    let whole = bytes.len();
    for (items, length) in [(0, 0), (2, 19), (3, 36), (103, whole)] {
        assert_eq!(Encoding::Packets.measure(&bytes, items), Ok(length));
    }
    for items in [1, 4, 102, 104] {
        assert_eq!(Encoding::Packets.measure(&bytes, items), Err(Violation::Framing), "{items}");
    }
    assert_eq!(Encoding::Packets.measure(&bytes[..whole - 1], 103), Err(Violation::Framing));
    let (first, rest) = packet::split_first(&bytes).unwrap();
    assert_eq!(first, packet::Packet { kind: packet::Kind::Values, items: 2, payload: b"abc" });
    assert_eq!(packet::split_first(rest).unwrap().0.payload, b"!");
}

#[test]
fn a_packet_that_cannot_be_is_none() {
    let bytes = packets();
    // Another kind, no items, a fault of two items, more bytes than there are.
    for (at, byte) in [(0, 9), (4, 0), (19 + 4, 2), (8, 200), (15, 255)] {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        assert_eq!(Encoding::Packets.measure(&bytes, 103), Err(Violation::Framing), "{at}");
    }
}

#[test]
fn cells_are_counted() {
    let packet = |items, length: usize| {
        let mut bytes = packet::header(packet::Kind::Values, items, length as u64).to_vec();
        bytes.resize(bytes.len() + length, 7);
        bytes
    };
    let (all, dropping) = (Encoding::Cells { may_drop: false }, Encoding::Cells { may_drop: true });
    let framing = Err(Violation::Framing);
    // Items, bytes, and how that is measured where every item has a cell, and where some may have none.
    for (items, length, of_all, of_dropping) in [
        (3, 24, Ok(40), Ok(40)),
        (3, 16, framing, Ok(32)),
        (3, 0, framing, Ok(16)),
        (3, 32, framing, framing),
        (3, 23, framing, framing),
        (3, 25, framing, framing),
        (1, 4, framing, framing),
    ] {
        let bytes = packet(items, length);
        assert_eq!(all.measure(&bytes, items.into()), of_all, "{items} {length}");
        assert_eq!(dropping.measure(&bytes, items.into()), of_dropping, "{items} {length}");
        // A good one in front makes it no better, nor does a failure.
        let mut behind = packet(2, 16);
        behind.extend(packet::header(packet::Kind::Fault, 1, 1));
        behind.push(b'!');
        let before = behind.len();
        behind.extend(bytes);
        let whole = of_all.map(|whole| whole + before);
        assert_eq!(all.measure(&behind, 3 + u64::from(items)), whole);
    }
    let fault = packet::header(packet::Kind::Fault, 1, 0);
    assert_eq!(cells::count(&packet::split_first(&fault).unwrap().0), None);
}

#[test]
fn a_call_survives_its_bytes() {
    let definition = Definition { entry: -5, captures: b"captured" };
    for (items, definition) in [
        (CallItems::Range { start: i64::MIN, step: -1 }, None),
        (CallItems::Values(b"values"), Some(definition)),
        (CallItems::Values(b""), Some(Definition { entry: 1, captures: b"" })),
    ] {
        let call = Call { program: 7, oldest: 3, first: u64::MAX, definition, items };
        let mut bytes = Vec::new();
        call.append_to(&mut bytes);
        assert_eq!(Call::parse(&bytes), Some(call));
        assert_eq!(Call::parse(&bytes[..20]), None);
    }
}

#[test]
fn a_message_with_trailing_bytes_is_malformed() {
    let mut bytes = encode(&FromWorker::Refused("no".into())).unwrap();
    assert_eq!(decode::<FromWorker>(&bytes).unwrap(), FromWorker::Refused("no".into()));
    bytes.push(0);
    assert!(decode::<FromWorker>(&bytes).is_err());
    assert!(decode::<FromWorker>(&[9, 9, 9]).is_err());
}

#[test]
fn dropped_items_are_sifted_out() {
    let mut bytes = b"1\n".to_vec();
    push_dropped(&mut bytes, 2);
    bytes.extend(b"4\n");
    assert_eq!(Encoding::Lines.measure(&bytes, 4), Ok(bytes.len()));
    let lines = [Line::Result(b"1\n"), Line::Dropped, Line::Dropped, Line::Result(b"4\n")];
    assert_eq!(Batch::new(&bytes).lines().collect::<Vec<_>>(), lines);
    let mut results = b"before ".to_vec();
    assert_eq!(Batch::new(&bytes).sift(&mut results), Some(2));
    assert_eq!(results, b"before 1\n4\n");
    push_failure(&mut bytes, "no");
    assert_eq!(Batch::new(&bytes).sift(&mut results), None);
    assert_eq!(results, b"before 1\n4\n", "nothing is taken of it");
}

proptest::proptest! {
    /// Runs of dropped items of any length, at any place.
    #[test]
    fn any_items_can_be_dropped(runs in proptest::collection::vec((0_usize..5, 0_u32..80), 0..20)) {
        let (mut bytes, mut want, mut dropped) = (Vec::new(), Vec::new(), 0);
        for (results, drops) in runs {
            bytes.extend(b"12\n".repeat(results));
            want.extend(b"12\n".repeat(results));
            push_dropped(&mut bytes, drops);
            dropped += u64::from(drops);
        }
        let mut results = Vec::new();
        proptest::prop_assert_eq!(Batch::new(&bytes).sift(&mut results), Some(dropped));
        proptest::prop_assert_eq!(results, want);
    }
}
