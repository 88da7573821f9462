use proptest::prelude::*;

use super::Backlog;

proptest! {
    /// Whatever is pushed in whatever way, each unsettled value can be had again, and nothing is held at the end.
    #[test]
    fn values_are_there_until_they_are_settled(
        batches in prop::collection::vec(prop::collection::vec(0_usize..20, 0..10), 0..20),
        order in any::<u64>(),
    ) {
        let mut backlog = Backlog::default();
        let mut values: Vec<Vec<u8>> = Vec::new();
        for (at, batch) in batches.iter().enumerate() {
            let batch: Vec<Vec<u8>> = batch.iter().map(|len| vec![at as u8; *len]).collect();
            if at % 2 == 0 {
                let mut ends = Vec::new();
                let bytes = batch.concat();
                for value in &batch {
                    ends.push(ends.last().unwrap_or(&0) + value.len());
                }
                backlog.push(bytes, ends);
            } else {
                batch.iter().for_each(|value| backlog.push_one(value));
            }
            values.extend(batch);
        }
        let mut left: Vec<u64> = (0..values.len() as u64).collect();
        let mut luck = order;
        while !left.is_empty() {
            for first in &left {
                let (bytes, items) = backlog.slice(*first, 1);
                prop_assert_eq!((bytes, items), (&values[*first as usize][..], 1));
            }
            luck = luck.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let settled = left.swap_remove((luck >> 33) as usize % left.len());
            backlog.settle(settled, 1);
        }
        prop_assert_eq!(backlog.held(), 0);
    }
}

#[test]
fn many_values_come_in_one_slice() {
    let mut backlog = Backlog::default();
    backlog.push(b"abcdef".to_vec(), vec![1, 3, 6]);
    backlog.push(b"gh".to_vec(), vec![1, 2]);
    assert_eq!(backlog.slice(0, 9), (&b"abcdef"[..], 3));
    assert_eq!(backlog.slice(1, 1), (&b"bc"[..], 1));
    assert_eq!(backlog.slice(3, 9), (&b"gh"[..], 2));
    backlog.settle(1, 3);
    backlog.settle(0, 1);
    assert_eq!(backlog.slice(4, 1), (&b"h"[..], 1));
}
