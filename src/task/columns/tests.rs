use proptest::prelude::*;

use super::{Lanes, Results};
use crate::task::TaskSpec;
use crate::value::{Number, Value};

fn values(run: Lanes<'_>) -> Vec<Value> {
    match run {
        Lanes::Ints(values) => values.iter().map(|n| Number::from(*n).into()).collect(),
        Lanes::Bools(values) => values.iter().map(|n| Number::from(*n != 0).into()).collect(),
        Lanes::Floats(values) => values.iter().map(|x| Number::from(*x).into()).collect(),
    }
}

/// Asserts that the lanes of a block that are not flagged hold what each item gives; how many these are, or `None` if
/// the task is not for blocks.
fn agreeing(task: &str, inputs: &[i64]) -> Option<usize> {
    const FIRST: i64 = 1000;
    let mut evaluator = task.parse::<TaskSpec>().unwrap().compile();
    let mut results = Results::default();
    if !evaluator.block(inputs, FIRST, &mut results) {
        return None;
    }
    assert_eq!(results.len(), inputs.len(), "{task}");
    let (mut at, mut found) = (0, 0);
    while at < inputs.len() {
        let run = values(results.run(at));
        for (lane, value) in (at..).zip(&run) {
            let exact = evaluator.exact(&Number::from(inputs[lane]), FIRST + lane as i64);
            let shown = exact.map(|exact| exact.to_string());
            assert_eq!(Ok(value.to_string()), shown, "{task} of {}", inputs[lane]);
        }
        found += run.len();
        at += run.len().max(1);
    }
    Some(found)
}

#[test]
fn lanes_are_done_where_every_step_fits() {
    const MIN: i64 = i64::MIN;
    const MAX: i64 = i64::MAX;
    // Task, inputs, how many of them are to be done.
    let cases: &[(&str, &[i64], Option<usize>)] = &[
        ("n", &[MIN, -1, 0, MAX], Some(4)),
        ("i", &[7, 7, 7], Some(3)),
        ("-n", &[MIN + 1, MAX], Some(2)),
        ("-n", &[MIN, 1], Some(1)),
        ("~n", &[MIN, MAX], Some(2)),
        ("7", &[MIN, 0], Some(2)),
        ("n**0", &[0, 5], Some(2)),
        ("n**2", &[], Some(0)),
        ("n**2", &[3_037_000_499, -3_037_000_499], Some(2)),
        ("n**2", &[1, 3_037_000_500, 2, 1 << 32, 3], Some(3)),
        ("n*n*n", &[2_097_151, -2_097_152, 2_097_152], Some(2)),
        ("n**15", &[18, -18, 19], Some(2)),
        ("n**62", &[-2, 2], Some(2)),
        ("n**63", &[2, -2], Some(1)),
        ("2**n", &[62, 63, 0, -1], Some(2)),
        ("n**3 - n**3 + n", &[MAX, 2], Some(1)),
        ("n - 9223372036854775807", &[0, MAX, -2], Some(2)),
        ("9223372036854775808*n", &[0], None),
        ("n**2 + 3*n - 7 + 2*n**3", &[-1000, 1000], Some(2)),
        ("n // 2 + n % 2", &[MIN, -3, -2, -1, 0, 1, MAX], Some(7)),
        ("n // 7 - n % 7", &[MIN, -8, -7, -1, 0, 6, 7, MAX], Some(8)),
        ("n % -3", &[MIN, -4, 5, MAX], Some(4)),
        ("n // -1", &[MIN, 5], Some(1)),
        ("n // 0", &[1, 2], Some(0)),
        ("100 // n", &[0, 3, -7], Some(2)),
        ("n << 3", &[1 << 59, 1 << 60, -1], Some(2)),
        ("1 << n", &[0, 62, 63, 64, -1], Some(2)),
        ("n >> 70", &[MIN, MAX], Some(2)),
        ("n >> (n % 5 - 1)", &[0, 1, 2], Some(2)),
        ("n & 12 | n ^ 5", &[MIN, MAX, 0, -1], Some(4)),
        ("collatz", &[1, 27, 97, 0], Some(3)),
        ("is_prime", &[7, 8], Some(2)),
        ("n + 1.5", &[1, MAX], Some(2)),
        ("n / 2", &[3, MIN], Some(1)),
        ("1 / n", &[0, 4], Some(1)),
        ("n < 0.5", &[0, 1, MAX], Some(2)),
        ("sqrt(n)", &[4, -4], Some(1)),
        ("n + sleep(0)", &[1], None),
        ("n**2 if n % 2 == 0 else -n", &[-3, -2, -1, 0, 1, 2, 3], Some(7)),
        ("n if n else 0.5", &[1, 0, 2], Some(3)),
        ("n / 2 if n % 2 == 0 else 3*n + i", &[1, 2, 3, MAX, MIN], Some(3)),
        ("n > 3 and (0.5 if n < 9 else i)", &[1, 4, 9], Some(3)),
        ("n - 3 or 1 // (n - 3) and 0.5", &[3, 4], Some(1)),
        ("1 + (n if n else 0.5)", &[1], None),
        ("n and 7", &[0, 3], Some(2)),
        ("n > 2 and 1 // (n - 3) > 0", &[2, 3, 4], Some(2)),
        ("n == 3 or 1 // (n - 3)", &[3, 4], Some(2)),
        ("(n == 3 or 1 // (n - 3)) + 0 if n else 0", &[3], None),
        ("5 if n == 3 or 1 // (n - 3) else 6", &[0, 3, 4], Some(3)),
        ("1 < n < 10 != 4", &[0, 1, 2, 9, 10], Some(5)),
        ("collatz(n) if n > 0 else 1 // n", &[-1, 0, 1, 27], Some(3)),
        ("collatz(n) + i if n > 0 else i", &[-1, 0, 1, 27], Some(4)),
        ("min(n, 3, i)", &[1, 5], Some(2)),
        ("max(n, 2.5)", &[1], None),
        ("abort() if n == 5 else n", &[7], None),
        ("divmod(n, 2)", &[7], None),
    ];
    for (task, inputs, done) in cases {
        assert_eq!(agreeing(task, inputs), *done, "{task} of {inputs:?}");
    }
}

#[test]
fn a_block_leaves_nothing_to_the_next_one() {
    let mut evaluator = "n**2".parse::<TaskSpec>().unwrap().compile();
    let mut results = Results::default();
    assert!(evaluator.block(&[1 << 40, 1 << 40, 3], 0, &mut results));
    assert!(results.run(0).is_empty() && results.run(1).is_empty());
    assert!(evaluator.block(&[1, 2], 0, &mut results));
    assert_eq!(results.run(0), Lanes::Ints(&[1, 4]));
    assert_eq!(results.len(), 2);
}

#[test]
fn a_sum_of_very_many_terms_needs_no_deeper_stack() {
    let sum = "n + ".repeat(100_000) + "1";
    assert_eq!(agreeing(&sum, &[3]), None);
    let sum = "n + ".repeat(1_000) + "1";
    assert_eq!(agreeing(&sum, &[3]), Some(1));
    let chain = "0 <= ".repeat(300) + "n";
    assert_eq!(agreeing(&chain, &[3, -3]), Some(2));
}

/// Pieces that are typed by chance, so that most are for blocks.
fn integer(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        4 => Just("n".to_owned()),
        1 => Just("i".to_owned()),
        2 => "[1-9][0-9]?",
        1 => "[1-9][0-9]{0,17}",
    ];
    leaf.prop_recursive(depth, 32, 3, |inner| {
        let compared = (inner.clone(), "<|<=|==|!=", inner.clone());
        let condition = compared.prop_map(|(a, operator, b)| format!("({a}) {operator} ({b})"));
        let operator = "[-+*%&|^]|//";
        prop_oneof![
            6 => (inner.clone(), operator, inner.clone())
                .prop_map(|(a, operator, b)| format!("({a}) {operator} ({b})")),
            1 => (inner.clone(), 0..9).prop_map(|(a, b)| format!("({a})**{b}")),
            1 => (inner.clone(), 0..70, "<<|>>").prop_map(|(a, b, s)| format!("({a}) {s} {b}")),
            1 => (condition, inner.clone(), inner.clone())
                .prop_map(|(c, a, b)| format!("(({a}) if {c} else ({b}))")),
            1 => (inner.clone(), inner, "and|or").prop_map(|(a, b, w)| format!("(({a}) {w} ({b}))")),
        ]
    })
    .boxed()
}

proptest! {
    #[test]
    fn blocks_agree_with_single_items(
        task in integer(4),
        inputs in proptest::collection::vec(any::<i64>(), 0..40),
        shift in 0_u32..64,
    ) {
        let inputs: Vec<i64> = inputs.iter().map(|n| n >> shift).collect();
        agreeing(&task, &inputs);
    }

    #[test]
    fn small_polynomials_are_always_done(
        inputs in proptest::collection::vec(-1000_i64..1000, 0..100), degree in 0_u32..6,
    ) {
        let task = format!("n**{degree} - 7*n**2 + 12");
        prop_assert_eq!(agreeing(&task, &inputs), Some(inputs.len()));
    }
}
