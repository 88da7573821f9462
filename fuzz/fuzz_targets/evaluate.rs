//! A task's results in blocks are those of its items one by one, and nothing makes it panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pmap::task::{Evaluator, Lanes, Results, TaskSpec};
use pmap::value::{Number, format};

/// Longer texts find nothing that shorter ones do not.
const LONGEST: usize = 60;
/// Larger numbers in a text mostly make it slow.
const MOST_DIGITS: usize = 3;

const INTS: [i64; 10] =
    [0, 1, -1, 2, 7, -8, 1 << 53, 3_037_000_500, i64::MAX, i64::MIN];
const FLOATS: [f64; 8] =
    [0.0, -0.0, 0.5, -2.5, 1e16, f64::INFINITY, f64::NAN, f64::MAX];

fn is_small(text: &str) -> bool {
    let mut digits = 0;
    text.len() <= LONGEST
        && text.bytes().all(|byte| {
            digits = if byte.is_ascii_hexdigit() || byte == b'_' { digits + 1 } else { 0 };
            digits <= MOST_DIGITS || !byte.is_ascii_digit()
        })
        && text.matches("**").count() < 3
}

fn check(evaluator: &mut Evaluator, results: &Results, items: &[Number]) {
    let mut at = 0;
    while at < items.len() {
        let run = results.run(at);
        for lane in 0..run.len() {
            let mut text = Vec::new();
            match run {
                Lanes::Ints(values) => format::int(values[lane], &mut text),
                Lanes::Bools(values) => format::number(&Number::Bool(values[lane] != 0), &mut text),
                Lanes::Floats(values) => format::float(values[lane], &mut text),
            }
            let exact = evaluator.exact(&items[at + lane], (at + lane) as i64);
            let exact = exact.expect("a lane that is not missing has a result").to_string();
            assert_eq!(String::from_utf8(text).expect("ASCII"), exact, "{}", items[at + lane]);
        }
        at += run.len().max(1);
    }
}

fuzz_target!(|text: &str| {
    if !is_small(text) {
        return;
    }
    let Ok(task) = text.parse::<TaskSpec>() else { return };
    if !task.is_pure() {
        return;
    }
    let mut evaluator = task.compile();
    let mut results = Results::default();
    let ints = INTS.map(Number::from);
    if evaluator.block(&INTS, 0, &mut results) {
        check(&mut evaluator, &results, &ints);
    }
    let floats = FLOATS.map(Number::from);
    if evaluator.float_block(&FLOATS, 0, &mut results) {
        check(&mut evaluator, &results, &floats);
    }
    for item in ints.iter().chain(&floats) {
        let _ = evaluator.exact(item, 3);
    }
});
