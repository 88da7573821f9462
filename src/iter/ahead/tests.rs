use super::{PORTION, of_need};

/// So many that a thread is asked for memory more than once.
const MANY: u64 = 3 * PORTION as u64 / 8 + 1;

fn filled(expected: Option<u64>, count: u64) -> Vec<u64> {
    let mut values = vec![7];
    of_need(&mut values, expected, |values, ahead| {
        for start in (0..count).step_by(10_000) {
            values.extend(start..count.min(start + 10_000));
            ahead.filled(values);
        }
    });
    values
}

#[test]
fn what_is_filled_in_is_what_there_is() {
    for (expected, count) in [(None, MANY), (Some(MANY), MANY), (Some(10), 10), (Some(0), 0)] {
        assert!(filled(expected, count).into_iter().eq([7].into_iter().chain(0..count)));
    }
}

#[test]
fn no_more_memory_is_asked_for_than_was_expected() {
    let values = filled(Some(MANY), MANY);
    assert_eq!(values.capacity(), values.len());
}

#[test]
fn more_or_fewer_values_than_expected_are_as_welcome() {
    assert!(filled(Some(MANY), 2 * MANY).into_iter().skip(1).eq(0..2 * MANY));
    assert!(filled(Some(MANY), 3).into_iter().skip(1).eq(0..3));
}

#[test]
fn an_expectation_beyond_all_memory_is_no_error() {
    for expected in [u64::MAX, u64::MAX / 8, 1 << 60] {
        assert_eq!(filled(Some(expected), 2), [7, 0, 1]);
    }
}

#[test]
fn values_without_a_size_need_no_memory() {
    let mut values = Vec::new();
    of_need(&mut values, Some(u64::MAX), |values, ahead| {
        values.push(());
        ahead.filled(values);
    });
    assert_eq!(values.len(), 1);
}
