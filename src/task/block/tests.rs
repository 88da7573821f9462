use proptest::prelude::*;

use crate::task::{Evaluator, TaskSpec};
use crate::value::Number;

fn evaluator(task: &str) -> Evaluator {
    task.parse::<TaskSpec>().unwrap().compile()
}

/// Asserts that a block gives what each item gives, or nothing; and says which.
fn agrees_with_exact(task: &str, inputs: &[i64]) -> bool {
    let mut evaluator = evaluator(task);
    let mut out = vec![42];
    let done = evaluator.block(inputs, &mut out);
    if !done {
        assert_eq!(out, [42], "{task}: what was there stays, and nothing else");
        return false;
    }
    let expected: Vec<Number> =
        inputs.iter().map(|&n| evaluator.exact(&Number::from(n)).unwrap()).collect();
    let found: Vec<Number> = out[1..].iter().map(|&n| Number::from(n)).collect();
    assert_eq!(found, expected, "{task} of {inputs:?}");
    true
}

#[test]
fn blocks_are_done_where_every_step_fits() {
    // Task, inputs, whether the block is to be done.
    let cases: &[(&str, &[i64], bool)] = &[
        ("n", &[i64::MIN, -1, 0, i64::MAX], true),
        ("-n", &[i64::MIN + 1, i64::MAX], true),
        ("-n", &[i64::MIN], false),
        ("7", &[i64::MIN, 0], true),
        ("n**0", &[0, 5], true),
        ("n**2", &[], true),
        ("n**2", &[3_037_000_499, -3_037_000_499], true),
        ("n**2", &[3_037_000_500], false),
        ("n**2", &[1, 2, 1 << 32, 3], false),
        ("square", &[-3, 7], true),
        ("cube(n) - 2*cube(n)", &[2_097_151, -2_097_151], true),
        ("cube(n)", &[-2_097_152], true),
        ("cube(n)", &[2_097_152], false),
        ("n**62", &[-2, 2], true),
        ("n**63", &[2], false),
        ("n**64", &[-1, 0, 1], true),
        ("n**1000", &[1], false),
        ("n**3 - n**3 + n", &[i64::MAX], true),
        ("n - 9223372036854775807", &[0, i64::MAX], true),
        ("n - 9223372036854775807", &[-2], false),
        ("9223372036854775808*n", &[0], false),
        ("9223372036854775808*n - 9223372036854775807*n", &[i64::MIN], true),
        ("n**2 + 3*n - 7 + 2*n**3", &[-1000, 1000], true),
        ("collatz", &[1, 27, 97], true),
        ("collatz", &[1, 0], false),
        ("2*collatz - 3*is_prime", &[1, 7, 27], true),
        ("9223372036854775807*collatz", &[3], false),
        ("is_prime", &[7], false), // True is not 1
        ("+is_prime", &[-7, 0, 1, 2, 7], true),
        ("1*is_prime(n)", &[7, 8], true),
        ("n + 1.5", &[1], false),
        ("n + sleep(0)", &[1], false),
        ("n**2 if n % 2 == 0 else -n", &[-3, -2, -1, 0, 1, 2, 3], true),
        ("n if n % -3 == -1 else 0", &[-4, -1, 2, 5, i64::MIN, i64::MAX], true),
        ("1 if n % -1 == 0 else 0", &[i64::MIN], true),
        ("1 if n == -9223372036854775808 else 0", &[i64::MIN, 0], true),
        ("1 if n == 9223372036854775808 else 0", &[i64::MAX], false),
        ("n**2 if n == 5 else n", &[5, i64::MAX], true),
        ("collatz if n % 2 == 1 else is_prime", &[7], false),
        ("abort() if n == 5 else n", &[7], false),
    ];
    for (task, inputs, done) in cases {
        assert_eq!(agrees_with_exact(task, inputs), *done, "{task} of {inputs:?}");
    }
}

proptest! {
    #[test]
    fn blocks_agree_with_single_items(
        terms in proptest::collection::vec(("[+-]", prop_oneof![
            Just("n".to_owned()), "[0-9]{1,3}[*]n", "n[*][*][0-9]", "[1-9][0-9]{0,18}", "[1-9]{1,9}[*]n[*][*][1-5]",
            Just("square".to_owned()), Just("cube(n)".to_owned()), Just("3*is_prime".to_owned()), Just("collatz(n)".to_owned()),
        ].prop_filter("leading zeros", |term| !term.starts_with('0'))), 1..5),
        condition in proptest::option::of("( % -?[1-9]{1,2})? == -?[1-9]"),
        inputs in proptest::collection::vec(any::<i64>(), 0..40),
        shift in 0_u32..64,
    ) {
        let sum: String = terms.iter().map(|(sign, term)| format!("{sign} {term} ")).collect();
        let task = match condition {
            None => sum,
            Some(condition) => format!("{sum} if n{condition} else 2*n"),
        };
        let inputs: Vec<i64> = inputs.iter().map(|n| n >> shift).collect();
        agrees_with_exact(&task, &inputs);
    }

    #[test]
    fn small_polynomials_are_always_done(inputs in proptest::collection::vec(-1000_i64..1000, 0..100), degree in 0_u32..6) {
        let task = format!("n**{degree} - 7*n**2 + 12");
        prop_assert!(agrees_with_exact(&task, &inputs));
    }
}
