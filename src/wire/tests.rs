use super::*;
use crate::error::{Cause, Death, Violation};
use crate::source::{CallItems, Definition};
use crate::task::{Lanes, Partial, Recipe, Reduction};

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
fn only_some_leases_have_a_payload_behind_their_header() {
    for (payload, length) in [
        (Payload::Range { start: 5, step: 1 }, 0),
        (Payload::Part { offset: 5, length: 7 }, 0),
        (Payload::Lines { length: 9 }, 9),
        (Payload::Call { length: 9 }, 9),
    ] {
        assert_eq!(payload.length(), length, "{payload:?}");
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
    assert_eq!(first.byte_len() + rest.byte_len(), bytes.len());
}

/// Of many lines, most are not looked at one by one.
#[test]
fn many_outcomes_are_split_where_a_line_ends() {
    let lines: Vec<String> = (0..3000).map(|n| format!("{n}\n")).collect();
    let all = lines.concat();
    for items in [1, 100, 511, 512, 513, 1700, 2999, 3000] {
        let (first, rest) = Batch::new(all.as_bytes()).split(items);
        let length = lines[..items as usize].concat().len();
        assert_eq!((first.byte_len(), rest.byte_len()), (length, all.len() - length), "{items}");
    }
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
fn a_packet_of_no_items_is_none() {
    let bytes = packet::header(packet::Kind::Values, 0, 0);
    assert_eq!(packet::split_first(&bytes), None);
}

/// A packet that says that so many items were reduced to this.
fn reduced(kind: packet::Kind, items: u32, partial: &Partial) -> Vec<u8> {
    let mut payload = Vec::new();
    partial::append(partial, &mut payload);
    [&packet::header(kind, items, payload.len() as u64)[..], &payload].concat()
}

#[test]
fn partial_results_are_of_no_more_items_than_they_say() {
    let mut sum = Partial::new(Reduction::Sum);
    sum.add_lanes(Lanes::Ints(&[3, 4]));
    for (items, is_fine) in [(1, false), (2, true), (3, true)] {
        let bytes = reduced(packet::Kind::Values, items, &sum);
        let (packet, _) = packet::split_first(&bytes).unwrap();
        assert_eq!(partial::read(&packet).map(|partial| partial.count()), is_fine.then_some(2));
        let want = if is_fine { Ok(bytes.len()) } else { Err(Violation::Framing) };
        assert_eq!(Encoding::Partials.measure(&bytes, items.into()), want, "{items} items");
    }
    // A failure may say anything, and is no partial result whatever it says.
    let like_one = reduced(packet::Kind::Fault, 1, &Partial::new(Reduction::Count));
    let other = [&packet::header(packet::Kind::Fault, 1, 2)[..], b"no"].concat();
    for bytes in [like_one, other] {
        assert!(partial::read(&packet::split_first(&bytes).unwrap().0).is_none());
        assert_eq!(Encoding::Partials.measure(&bytes, 1), Ok(bytes.len()));
    }
}

#[test]
fn outcomes_have_the_form_of_the_work() {
    let recipe = |reduction| Recipe { reduction, ..Recipe::default() };
    assert_eq!(Work::from(recipe(None)).encoding(), Encoding::Lines);
    assert_eq!(Work::from(recipe(Some(Reduction::Min))).encoding(), Encoding::Partials);
    assert_eq!(Work::Functions { depth: 0 }.encoding(), Encoding::Packets);
}

#[test]
fn what_follows_an_item_on_stdin() {
    for (stdin, end) in [
        (Stdin::Empty, &b""[..]),
        (Stdin::Line, b"\n"),
        (Stdin::Item, b""),
        (Stdin::Items(b'\n'), b"\n"),
        (Stdin::Items(0), b"\0"),
    ] {
        assert_eq!(stdin.end(), end, "{stdin:?}");
    }
}

#[test]
fn faults_and_mishaps_survive_their_bytes() {
    let place = Some(("file.rs".to_owned(), 7));
    for (fault, says) in [
        (
            Fault::Panicked { message: "no".into(), place, backtrace: "main".into() },
            "panicked at file.rs:7: no",
        ),
        (
            Fault::Panicked { message: "no".into(), place: None, backtrace: String::new() },
            "panicked: no",
        ),
        (Fault::Codec("cannot be written".into()), "cannot be written"),
    ] {
        let mut bytes = Vec::new();
        fault.append_to(&mut bytes);
        assert_eq!(Fault::from_bytes(&bytes), fault);
        assert_eq!(fault.to_string(), says);
    }
    for (mishap, cause) in [
        (Mishap::Failed("a\nb".into()), Cause::Failed("a b".into())),
        (Mishap::Exited(3), Cause::Exited(3)),
        (Mishap::Killed(9), Cause::Killed(9)),
        (Mishap::CpuTime, Cause::Died(Death::CpuTime)),
    ] {
        let mut bytes = Vec::new();
        mishap.append_to(&mut bytes);
        let again = Mishap::from_bytes(&bytes);
        assert_eq!(again, mishap);
        assert_eq!(again.into_cause(), cause);
    }
    assert_eq!(Fault::from_bytes(b""), Fault::Codec("the worker's message is garbled".into()));
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

/// Linux passes on arguments of up to 128 KiB.
#[test]
fn the_longest_argument_fits_a_message() {
    let text = "x".repeat((128 << 10) - 1);
    assert!(encode(&FromWorker::Refused(text)).unwrap().len() < MAX_MESSAGE);
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
