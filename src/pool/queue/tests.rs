use std::collections::VecDeque;
use std::sync::Arc;

use proptest::prelude::*;

use super::Queue;
use crate::error::PoolError;
use crate::pool::TaskError;
use crate::pool::outcome::{Outcome, Values};

fn done(first: u64, items: u64) -> Outcome {
    Outcome::Values(Values { first, items, pid: 1, bytes: vec![0; items as usize].into() })
}

/// Items `from..from + items`, in pieces of a few, in some order.
fn pieces(items: u64, mut luck: u64) -> Vec<(u64, u64)> {
    let mut next = || {
        luck = luck.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        luck >> 33
    };
    let (mut all, mut first) = (Vec::new(), 0);
    while first < items {
        let some = (1 + next() % 4).min(items - first);
        all.push((first, some));
        first += some;
    }
    for at in (1..all.len()).rev() {
        all.swap(at, next() as usize % (at + 1));
    }
    all
}

/// What a consumer takes: of each item, whether it is a result.
fn take(queue: &mut Queue, seen: &mut Vec<(u64, bool)>) {
    let mut taken = VecDeque::new();
    queue.take(&mut taken);
    for outcome in taken {
        let (first, items) = outcome.items();
        let is_result = matches!(outcome, Outcome::Values(_));
        seen.extend((first..first + items).map(|item| (item, is_result)));
    }
}

proptest! {
    /// Each item comes once: as a result, or, if it was lost before it had one, as a failure.
    #[test]
    fn every_item_comes_once(
        items in 1_u64..60,
        luck in any::<u64>(),
        ordered in any::<bool>(),
        // How many pieces come before the rest is lost, and whether those that are at work are as well.
        before in 0_usize..30,
        all_lost in any::<bool>(),
        from in 0_u64..60,
    ) {
        let pieces = pieces(items, luck);
        let from = if all_lost { 0 } else { from.min(items) };
        let mut queue = Queue::new(ordered, u64::MAX);
        queue.start(items);
        let (mut seen, mut results) = (Vec::new(), vec![false; items as usize]);
        for (at, (first, some)) in pieces.iter().enumerate() {
            if at == before {
                let why = Arc::new(PoolError::ShutDown);
                drop(queue.lose(from, items, &why));
            }
            // Behind the loss only those come that were at work.
            if at < before || first + some <= from {
                drop(queue.put(done(*first, *some)));
                results[*first as usize..(first + some) as usize].fill(true);
            }
            if luck >> at & 1 == 0 {
                take(&mut queue, &mut seen);
            }
        }
        let is_lost = before < pieces.len();
        let straddles = pieces.iter().skip(before).any(|(first, some)| (first + 1..first + some).contains(&from));
        prop_assume!(!(is_lost && straddles));
        take(&mut queue, &mut seen);
        prop_assert!(queue.is_taken(items));
        if ordered {
            prop_assert!(seen.is_sorted());
        }
        seen.sort_unstable();
        let expected: Vec<(u64, bool)> = (0..).zip(results).collect();
        prop_assert_eq!(seen, expected);
        prop_assert_eq!(queue.held, 0);
        prop_assert!(queue.early.is_empty());
    }
}

#[test]
fn what_waits_for_its_consumer_is_limited() {
    let mut queue = Queue::new(true, 10);
    assert_eq!(queue.room(), 10);
    queue.start(7);
    drop(queue.put(done(0, 5)));
    assert_eq!(queue.room(), 3);
    let mut taken = VecDeque::new();
    queue.take(&mut taken);
    assert_eq!(queue.room(), 8);
    drop(queue.put(done(5, 5 << 20)));
    assert_eq!(queue.room(), 0, "so many bytes");
    drop(queue.put(Outcome::Failed(TaskError::cancelled(5 + (5 << 20)))));
}
