//! Whatever the other side sends is a frame or is none: messages, leases, calls, outcomes. What is a frame says the same
//! when it is written again, and what is counted is what is there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pmap::wire::packet::{Kind, split_first};
use pmap::wire::{
    Batch, Call, Encoding, Errand, Fault, FromWorker, HEADER_LEN, Lease, Line, Report, Welcome, cells, decode, encode, partial,
};

macro_rules! message {
    ($kind:ty, $bytes:expr) => {
        if let Ok(message) = decode::<$kind>($bytes) {
            let again = decode::<$kind>(&encode(&message).expect("what was read can be written"));
            assert_eq!(again.expect("what was written can be read"), message);
        }
    };
}

fn messages(bytes: &[u8]) {
    message!(FromWorker, bytes);
    message!(Report, bytes);
    message!(Errand, bytes);
    // It holds a task's text, which is not written as it was typed.
    let _ = decode::<Welcome>(bytes);
    assert!(!Fault::from_bytes(bytes).to_string().is_empty() || !bytes.is_empty());
}

fn leases(bytes: &[u8]) {
    if let Some(header) = bytes.first_chunk::<HEADER_LEN>() {
        if let Some(lease) = Lease::parse(header) {
            assert_eq!(Lease::parse(&lease.header()), Some(lease));
        }
    }
    if let Some(call) = Call::parse(bytes) {
        let mut again = Vec::new();
        call.append_to(&mut again);
        assert_eq!(Call::parse(&again).map(|again| again.items), Some(call.items));
    }
}

fn lines(bytes: &[u8], items: u64) {
    let Ok(whole) = Encoding::Lines.measure(bytes, items) else { return };
    let batch = Batch::new(&bytes[..whole]);
    assert_eq!(batch.lines().count() as u64, items);
    let (head, rest) = batch.split(items / 2);
    assert_eq!((head.lines().count() as u64, head.byte_len() + rest.byte_len()), (items / 2, whole));
    let failures = batch.lines().filter(|line| matches!(line, Line::Failure(_))).count();
    let mut results = Vec::new();
    match batch.sift(&mut results) {
        Some(dropped) => {
            let found = batch.lines().filter(|line| *line == Line::Dropped).count() as u64;
            assert_eq!((dropped, failures), (found, 0));
            assert_eq!(results.len() as u64 + dropped, whole as u64);
        }
        None => assert!(batch.all_results().is_none()),
    }
}

fn packets(encoding: Encoding, bytes: &[u8], items: u64) {
    let Ok(whole) = encoding.measure(bytes, items) else { return };
    let (mut rest, mut counted) = (&bytes[..whole], 0);
    while let Some((packet, behind)) = split_first(rest) {
        counted += u64::from(packet.items);
        if encoding == Encoding::Partials {
            let _ = partial::read(&packet);
        }
        if let (Encoding::Cells { may_drop }, Kind::Values) = (encoding, packet.kind) {
            let cells = cells::count(&packet).expect("whole cells");
            assert!(cells == u64::from(packet.items) || (may_drop && cells < packet.items.into()));
        }
        let _ = Fault::from_bytes(packet.payload);
        rest = behind;
    }
    assert_eq!((rest, counted), (&[][..], items));
}

fuzz_target!(|input: (u8, Vec<u8>)| {
    let (items, bytes) = input;
    messages(&bytes);
    leases(&bytes);
    lines(&bytes, items.into());
    packets(Encoding::Packets, &bytes, items.into());
    packets(Encoding::Partials, &bytes, items.into());
    packets(Encoding::Cells { may_drop: false }, &bytes, items.into());
    packets(Encoding::Cells { may_drop: true }, &bytes, items.into());
});
