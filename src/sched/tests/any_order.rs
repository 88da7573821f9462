//! Everything that can happen, in any order and at any time. What must hold is in `world`.

use std::num::NonZeroU64;
use std::time::Duration;

use proptest::prelude::*;

use super::world::World;
use crate::sched::{ChunkSize, Policy, Window};

#[derive(Debug, Clone)]
enum Happening {
    Arrive(u64),
    End,
    Ready(u32),
    Commit(u32, u64),
    Die(u32),
    Deliver(u64),
    Congest(bool),
    Pass(u64),
    PassUntilDue,
    Cancel(u64),
    Turn,
}

fn happening() -> impl Strategy<Value = Happening> {
    let slot = 0..4_u32;
    prop_oneof![
        3 => (1..20_u64).prop_map(Happening::Arrive),
        1 => Just(Happening::End),
        6 => slot.clone().prop_map(Happening::Ready),
        8 => (slot.clone(), 1..6_u64).prop_map(|(slot, items)| Happening::Commit(slot, items)),
        3 => slot.prop_map(Happening::Die),
        3 => (1..20_u64).prop_map(Happening::Deliver),
        1 => any::<bool>().prop_map(Happening::Congest),
        4 => (1..5_000_u64).prop_map(Happening::Pass),
        4 => Just(Happening::PassUntilDue),
        1 => (0..100_u64).prop_map(Happening::Cancel),
        12 => Just(Happening::Turn),
    ]
}

fn policy() -> impl Strategy<Value = Policy> {
    let count = |most: u64| (1..=most).prop_map(|n| NonZeroU64::new(n).unwrap());
    (
        1..=4_u32,
        1..=4_u32,
        0..=2_u32,
        prop::option::of((1..20_u64).prop_map(Duration::from_millis)),
        prop_oneof![Just(ChunkSize::Auto), count(7).prop_map(ChunkSize::Items)],
        prop_oneof![Just(Window::Auto), count(12).prop_map(Window::Items)],
        any::<bool>(),
    )
        .prop_map(|(workers, cores, retries, timeout, chunk, window, ordered)| Policy {
            workers,
            cores,
            retries,
            timeout,
            chunk,
            window,
            ordered,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_every_item_is_settled_once(
        policy in policy(),
        luck in prop::collection::vec(any::<u8>(), 1..40),
        happenings in prop::collection::vec(happening(), 0..150),
    ) {
        let mut world = World::new(policy, luck);
        for happening in happenings {
            match happening {
                Happening::Arrive(items) => world.arrive(items),
                Happening::End => world.end(),
                Happening::Ready(slot) => world.ready(slot % policy.workers),
                Happening::Commit(slot, items) => world.commit(slot % policy.workers, items),
                Happening::Die(slot) => world.die(slot % policy.workers),
                Happening::Deliver(items) => world.deliver(items),
                Happening::Congest(is_congested) => world.congest(is_congested),
                Happening::Pass(micros) => world.pass(Duration::from_micros(micros)),
                Happening::PassUntilDue => {
                    world.pass_until_due();
                    world.turn();
                }
                Happening::Cancel(index) => world.cancel(index),
                Happening::Turn => world.turn(),
            }
            if world.is_over() {
                break;
            }
        }
        if !world.is_over() {
            world.run_to_the_end();
        }
    }
}
