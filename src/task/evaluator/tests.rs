mod cpython;

use crate::task::TaskSpec;
use crate::value::parse;

/// What the task says of the item: the printed result, or the error.
fn answer(task: &str, input: &str) -> String {
    let mut evaluator = task.parse::<TaskSpec>().unwrap().compile();
    match evaluator.exact(&parse::number(input.as_bytes()).unwrap()) {
        Ok(result) => result.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn results_are_pythons() {
    // Task, item, result.
    let cases = [
        ("n**2", "12", "144"),
        ("n**2", "-1000000000000000000000", "1000000000000000000000000000000000000000000"),
        ("-n**2", "3", "-9"),
        ("2*3*n", "7", "42"),
        ("1 - -2*n", "3", "7"),
        ("n", "007", "7"),
        ("n", "1e16", "1e+16"),
        ("x**0", "nan", "1.0"),
        ("n**0", "0.0", "1.0"),
        ("n**2", "-0.0", "0.0"),
        ("n**3", "-inf", "-inf"),
        ("n**1000", "2.0", "1.0715086071862673e+301"),
        ("n**2", "1e-170", "0.0"),
        ("-0*n", "1.5", "0.0"),
        ("0*n", "-1.5", "-0.0"),
        ("-n", "0.0", "-0.0"),
        ("n - n", "inf", "nan"),
        ("n + 0.5", "1", "1.5"),
        ("is_prime(n)", "7", "True"),
        ("is_prime", "8", "False"),
        ("is_prime + 1", "7", "2"),
        ("-is_prime", "7", "-1"),
        ("+is_prime", "7", "1"),
        ("1*is_prime", "7", "1"),
        ("collatz", "27", "111"),
        ("sleep(0)", "5", "0"),
        ("sleep(0) + n", "-0.0", "0.0"),
        ("n if n == 3 else -n", "3.0", "3.0"),
        ("n if n % 3 == 1 else 0", "-2", "-2"),
        ("is_prime if n % 2 == 1 else 0", "9", "False"),
        ("panic() if n == 0 else 1", "1", "1"),
    ];
    for (task, input, expected) in cases {
        assert_eq!(answer(task, input), expected, "{task} of {input}");
    }
}

#[test]
fn errors_are_pythons_where_python_has_them() {
    const TOO_LARGE: &str = "OverflowError: int too large to convert to float";
    let cases = [
        ("n**2", "1e200".to_owned(), "OverflowError: (34, 'Numerical result out of range')"),
        ("n**9 + 0.5", format!("1{}", "0".repeat(40)), TOO_LARGE),
        ("1.5 - n", format!("-1{}", "0".repeat(309)), TOO_LARGE),
        ("is_prime", "1.5".to_owned(), "TypeError: is_prime needs an integer, not 1.5"),
        ("1 + square(n)", "3.0".to_owned(), "TypeError: square needs an integer, not 3.0"),
        ("collatz", "nan".to_owned(), "TypeError: collatz needs an integer, not nan"),
        ("collatz", "0".to_owned(), "ValueError: collatz needs an integer of at least 1"),
        (
            "collatz",
            format!("-1{}", "0".repeat(40)),
            "ValueError: collatz needs an integer of at least 1",
        ),
        (
            "is_prime",
            "9".repeat(4_001),
            "OverflowError: is_prime takes integers of at most 4000 digits",
        ),
        (
            "collatz",
            "9".repeat(100_001),
            "OverflowError: collatz takes integers of at most 100000 digits",
        ),
        ("n**1000", "9".repeat(4_000), "OverflowError: the result has more than 3000000 digits"),
    ];
    for (task, input, expected) in cases {
        assert_eq!(answer(task, &input), expected, "{task} of {:.50}", input);
    }
}
