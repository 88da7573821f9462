use crate::task::TaskSpec;
use crate::value::parse;

/// What the task says of the item of index 5: the printed result, or the error.
fn answer(task: &str, input: &str) -> String {
    let spec: TaskSpec = task.parse().unwrap_or_else(|error| panic!("{task}: {error}"));
    match spec.compile().exact(&parse::number(input.as_bytes()).unwrap(), 5) {
        Ok(result) => result.to_string(),
        Err(error) => error.to_string(),
    }
}

/// Random tasks are in `tests/cpython`; these are the corners that one would think of.
#[test]
fn results_are_pythons() {
    // Task, item, result: from CPython.
    let cases = [
        ("n**2", "12", "144"),
        ("n**2", "-1000000000000000000000", "1000000000000000000000000000000000000000000"),
        ("-n**2", "3", "-9"),
        ("2**3**2", "0", "512"),
        ("2**-1", "0", "0.5"),
        ("-2**-2", "0", "-0.25"),
        ("2*3*n", "7", "42"),
        ("7 - 4 - 2", "0", "1"),
        ("1 - -2*n", "3", "7"),
        ("--n + +-n", "3", "0"),
        ("not n == 3", "3", "False"),
        ("not not n", "3", "True"),
        ("1 | 2 ^ 3 & 4 << 1 + 1", "0", "3"),
        ("~n & 0xff", "5", "250"),
        ("n", "007", "7"),
        ("n", "1e16", "1e+16"),
        ("i", "7", "5"),
        ("x**0", "nan", "1.0"),
        ("n**0", "0.0", "1.0"),
        ("n**2", "-0.0", "0.0"),
        ("n**3", "-inf", "-inf"),
        ("n**1000", "2.0", "1.0715086071862673e+301"),
        ("n**2", "1e-170", "0.0"),
        ("-0*n", "1.5", "0.0"),
        ("0*n", "-1.5", "-0.0"),
        ("0/n", "-5", "-0.0"),
        ("n - n", "inf", "nan"),
        ("n//2", "-7", "-4"),
        ("n % -3", "7", "-2"),
        ("n // 0.1", "1", "9.0"),
        ("n / 3", "1000000000000000000000000000000000000000001", "3.3333333333333332e+41"),
        ("n == n + 0.0", "9007199254740993", "False"),
        ("1 < n < 3 != 4", "2", "True"),
        ("1 < n < 2", "2", "False"),
        ("n and 7", "0", "0"),
        ("n or 0.0 or 7", "0", "7"),
        ("n > 3 or n", "2", "2"),
        ("0 and 1/0 or 5", "0", "5"),
        ("1 if n > 0 else 2 if n == 0 else 3", "0", "2"),
        ("(1 if n else 2) if n else 3", "0", "3"),
        ("is_prime(n)", "7", "True"),
        ("is_prime", "8", "False"),
        ("is_prime + 1", "7", "2"),
        ("-is_prime", "7", "-1"),
        ("collatz", "27", "111"),
        ("sqrt", "2", "1.4142135623730951"),
        ("math.sqrt(n) + math.pi", "4", "5.141592653589793"),
        ("math.pow(n, 2)", "3", "9.0"),
        ("max(1, 2.0, n,)", "2", "2.0"),
        ("divmod(n, 7) if n else n", "-10", "(-2, 4)"),
        ("n and divmod(n, 7)", "0", "0"),
        ("sleep(0)", "5", "0"),
        ("sleep(0) + n", "-0.0", "0.0"),
        ("n if n == 3 else -n", "3.0", "3.0"),
        ("panic() if n == 0 else 1", "1", "1"),
        ("n or panic()", "1", "1"),
        ("1 > n > panic()", "1", "False"),
        ("0x_ff + 0o17 + 0B1 + 1_000 + 1_0.0_1e0_1", "0", "1371.1"),
        (".5 + 5. + 1e3 + 1.e0 + 00", "0", "1006.5"),
    ];
    for (task, input, expected) in cases {
        assert_eq!(answer(task, input), expected, "{task} of {input}");
    }
}

#[test]
fn errors_are_pythons_where_python_has_them() {
    const TOO_LARGE: &str = "OverflowError: int too large to convert to float";
    let cases = [
        ("1/0 if n else 0", "1".to_owned(), "ZeroDivisionError: division by zero"),
        ("1//(n-1)", "1".to_owned(), "ZeroDivisionError: integer division or modulo by zero"),
        ("n**2", "1e200".to_owned(), "OverflowError: (34, 'Numerical result out of range')"),
        ("n**9 + 0.5", format!("1{}", "0".repeat(40)), TOO_LARGE),
        ("1.5 - n", format!("-1{}", "0".repeat(309)), TOO_LARGE),
        ("1 << n", "-1".to_owned(), "ValueError: negative shift count"),
        (
            "n & 1",
            "1.5".to_owned(),
            "TypeError: unsupported operand type(s) for &: 'float' and 'int'",
        ),
        ("collatz", "0".to_owned(), "ValueError: collatz needs an integer of at least 1"),
        (
            "n**0.5",
            "-8".to_owned(),
            "ValueError: negative number cannot be raised to a fractional power",
        ),
        ("n**1000", "9".repeat(4_000), "OverflowError: the result has more than 3000000 digits"),
        ("sleep(n)", "-1".to_owned(), "ValueError: sleep length must be non-negative"),
        ("sleep(n)", "nan".to_owned(), "ValueError: sleep takes seconds in 0..=1e9"),
        ("exit(n)", "256".to_owned(), "ValueError: exit takes a status in 0..=255"),
        ("alloc(n)", "-1".to_owned(), "ValueError: alloc takes a number of bytes"),
    ];
    for (task, input, expected) in cases {
        assert_eq!(answer(task, &input), expected, "{task} of {input:.50}");
    }
}

#[test]
fn an_error_leaves_nothing_to_the_next_item() {
    let mut evaluator = "7 + (n + 1//n)".parse::<TaskSpec>().unwrap().compile();
    assert!(evaluator.exact(&0_i64.into(), 0).is_err());
    assert_eq!(evaluator.exact(&1_i64.into(), 0).unwrap().to_string(), "9");
}
