//! Everything that can happen, in any order and at any time. What must hold is in `world`.

use std::num::NonZeroU64;
use std::time::Duration;

use proptest::prelude::*;

use super::world::World;
use crate::error::{Class, Death, ProgramEnd};
use crate::sched::{
    ChunkSize, Classes, Counted, Delay, Halt, Policy, Threshold, TimeLimit, When, Window,
};

#[derive(Debug, Clone)]
enum Happening {
    Arrive(u64),
    End,
    Ready(u32),
    Commit(u32, u64),
    Err(u32),
    Hear(u32),
    Die(u32),
    RunOutOfMemory(u32),
    EndAtRest(u32),
    LookAway(u64),
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
        3 => slot.clone().prop_map(Happening::Err),
        1 => slot.clone().prop_map(Happening::Hear),
        3 => slot.clone().prop_map(Happening::Die),
        1 => slot.clone().prop_map(Happening::RunOutOfMemory),
        1 => slot.prop_map(Happening::EndAtRest),
        1 => (1..20_000_u64).prop_map(Happening::LookAway),
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
    let ms = |range: std::ops::Range<u64>| range.prop_map(Duration::from_millis);
    let timeout = prop_oneof![
        2 => Just(None),
        2 => ms(1..20).prop_map(|limit| Some(TimeLimit::Fixed(limit))),
        1 => (101..400_u32).prop_map(|percent| Some(TimeLimit::OfMedian(percent))),
    ];
    let delay = prop_oneof![
        2 => Just(Delay::None),
        1 => ms(1..5).prop_map(Delay::Fixed),
        1 => (ms(1..5), ms(5..20)).prop_map(|(first, longest)| Delay::Doubling { first, longest }),
    ];
    let classes = [Class::Death, Class::Memory, Class::Timeout, Class::Error];
    let retry_on = prop::sample::subsequence(classes.to_vec(), 0..=4)
        .prop_map(|classes| classes.into_iter().fold(Classes::NONE, Classes::with));
    let halt = prop::option::weighted(0.3, (any::<bool>(), 0..3_u8, 1..10_u64)).prop_map(|halt| {
        halt.map(|(is_now, of, limit)| Halt {
            when: if is_now { When::Now } else { When::Soon },
            of: [Counted::Failures, Counted::Successes, Counted::Both][usize::from(of)],
            limit: Threshold::Count(limit),
        })
    });
    let flow = (
        prop_oneof![Just(ChunkSize::Auto), count(7).prop_map(ChunkSize::Items)],
        prop_oneof![Just(Window::Auto), count(12).prop_map(Window::Items)],
        any::<bool>(),
        prop::option::weighted(0.3, count(6)),
    );
    let failures = (0..=2_u32, retry_on, delay, any::<u64>(), timeout, halt);
    (1..=4_u32, 1..=4_u32, failures, flow).prop_map(|(workers, cores, failures, flow)| {
        let (retries, retry_on, retry_delay, seed, timeout, halt) = failures;
        let (chunk, window, ordered, tasks_per_worker) = flow;
        Policy {
            workers,
            cores,
            retries,
            retry_on,
            retry_delay,
            seed,
            timeout,
            warm_up: Duration::ZERO,
            halt,
            tasks_per_worker,
            chunk,
            window,
            ordered,
        }
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
                Happening::Err(slot) => world.err(slot % policy.workers),
                Happening::Hear(slot) => world.hear(slot % policy.workers),
                Happening::Die(slot) => world.die(slot % policy.workers, Death::Signal(11)),
                Happening::RunOutOfMemory(slot) => {
                    world.die(slot % policy.workers, Death::OutOfMemory);
                }
                Happening::EndAtRest(slot) => {
                    let death = Death::ProgramAtRest(ProgramEnd::Exited(0));
                    world.die(slot % policy.workers, death);
                }
                Happening::LookAway(micros) => world.look_away(Duration::from_micros(micros)),
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
