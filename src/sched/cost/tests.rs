use std::time::Duration;

use super::{MEMORY, UNKNOWN};

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
