use super::*;
use crate::engine::packets::{garbled, skip};
use crate::wire::packet;

/// Packets of so many items with so many cells; without any items, of a failure.
fn commit(packets: &[(u32, usize)]) -> Commit {
    let mut bytes = Vec::new();
    for (items, cells) in packets {
        let (kind, payload) = match items {
            0 => (Kind::Fault, b"no\x1b".to_vec()),
            _ => (Kind::Values, vec![7; CELL * cells]),
        };
        bytes.extend(packet::header(kind, (*items).max(1), payload.len() as u64));
        bytes.extend(payload);
    }
    let items = packets.iter().map(|(items, _)| u64::from((*items).max(1))).sum();
    Commit { bytes, at: 0, left: items, items }
}

#[test]
fn outcomes_are_taken_packet_by_packet() {
    for (packets, next) in [
        (&[(5, 5), (1, 1)][..], Next::Good { items: 5, dropped: 0 }),
        (&[(5, 2)], Next::Good { items: 5, dropped: 3 }),
        (&[(5, 0)], Next::Good { items: 5, dropped: 5 }),
        (&[(0, 0), (5, 5)], Next::Error),
    ] {
        assert_eq!(next_outcomes(&commit(packets)), next, "{packets:?}");
    }
    let mut failed = commit(&[(0, 0), (2, 2)]);
    skip(&mut failed);
    assert_eq!((next_outcomes(&failed), failed.left), (Next::Good { items: 2, dropped: 0 }, 2));
}

/// A packet that stands for more items than are settled is nobody's, and neither is what comes behind it.
#[test]
fn behind_what_is_garbled_nothing_is_taken_for_a_result() {
    let mut garbled = commit(&[(3, 3), (1, 1)]);
    garbled.left = 2;
    assert_eq!(next_outcomes(&garbled), Next::Error);
    skip(&mut garbled);
    assert_eq!((next_outcomes(&garbled), garbled.at), (Next::Error, garbled.bytes.len()));
}

#[test]
fn each_item_is_told() {
    let failed = || Some(Cause::Failed("no ".to_owned()));
    let commit = commit(&[(2, 2), (0, 0), (3, 0), (1, 1)]);
    let want = [(8, None), (8, None), (0, failed()), (0, None), (0, None), (0, None), (8, None)];
    assert_eq!(told(&commit, 7), want);
    assert_eq!(told(&commit, 8)[7], (0, Some(garbled())));
}
