use std::time::Duration;

use super::{Costs, KINDS, Kind, MEMORY, UNKNOWN};

/// A quarter of what was seen before, where as much again is seen after a whole memory's time.
#[test]
fn older_observations_weigh_less() {
    let mut cost = UNKNOWN;
    cost.observe(MEMORY, 20_000);
    assert_eq!(cost.items_in(MEMORY), Some(20_000));
    cost.observe(MEMORY, 200);
    let all = cost.time(20_000 / 4 + 200).unwrap();
    assert!(all.abs_diff(MEMORY + MEMORY / 4) < Duration::from_micros(1), "{all:?}");
}

#[test]
fn the_first_kind_is_forgotten_for_a_new_one_and_for_nothing_else() {
    let all = || 0..KINDS as Kind;
    let mut costs = Costs::default();
    for kind in all().chain([5]) {
        costs.observe(kind, MEMORY, 1);
    }
    assert!(all().all(|kind| costs.of(kind).time(1).is_some()));
    costs.observe(KINDS as Kind, MEMORY, 1);
    let known: Vec<Kind> = (0..100).filter(|kind| costs.of(*kind).time(1).is_some()).collect();
    assert!(known.into_iter().eq(1..=KINDS as Kind));
}
