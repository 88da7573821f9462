use proptest::prelude::*;

use super::functions;
use crate::task::{Lanes, Results, TaskSpec, arithmetic};
use crate::value::{Number, format};

fn spec(task: &str) -> TaskSpec {
    task.parse().unwrap_or_else(|error| panic!("{task}: {error}"))
}

fn answer(task: &str, item: &Number) -> String {
    match spec(task).compile().exact(item, 0) {
        Ok(result) => result.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn each_is_listed_once_and_its_example_gives_what_it_says() {
    let mut names = Vec::new();
    for function in functions() {
        let name = function.name();
        assert!(!names.contains(&name), "{name} is listed twice");
        names.push(name);
        assert!(function.signature().starts_with(&format!("{name}(")), "{name}");
        assert!(!function.help().is_empty() && !function.help().ends_with('.'), "{name}");
        assert!(function.example().contains(&format!("{name}(")), "{name}");
        let example = spec(function.example());
        assert_eq!(example.is_pure(), function.is_pure(), "{name}");
        if function.is_pure() {
            assert_eq!(answer(function.example(), &Number::Int(5)), function.result(), "{name}");
        } else {
            assert_eq!(function.result(), "", "{name}");
        }
    }
}

#[test]
fn kernels_take_integers_only_and_count_a_bool_as_one() {
    let kernels = [
        ("square", "1"),
        ("cube", "1"),
        ("is_prime", "False"),
        ("next_prime", "2"),
        ("prime_count", "0"),
        ("factor", "[]"),
        ("divisors", "[1]"),
        ("totient", "1"),
        ("sigma", "1"),
        ("mobius", "1"),
        ("collatz", "0"),
        ("fib", "1"),
        ("digits_of_pi", "3"),
    ];
    for (name, of_true) in kernels {
        assert_eq!(answer(name, &Number::Bool(true)), of_true);
        let said = format!("TypeError: {name} needs an integer, not 3.0");
        assert_eq!(answer(name, &Number::Float(3.0)), said);
    }
}

#[test]
fn what_takes_too_long_is_refused() {
    let cases = [
        ("9**9**9", "the result has more than 3000000 digits"),
        ("1 << 10**12", "the result has more than 3000000 digits"),
        ("10**30 * 2 ** (1 << 40)", "the result has more than 3000000 digits"),
        ("factorial(10**9)", "factorial of more than 200000 factors"),
        ("comb(10**9, 5 * 10**8)", "comb of more than 200000 factors"),
        ("perm(10**9, 10**8)", "perm of more than 200000 factors"),
        ("perm(10**1000, 10**5)", "the result has more than 3000000 digits"),
        ("lcm(3**1000000 * 2**4000000, 2**5000000)", "gcd takes integers of at most 30000 digits"),
        ("isqrt(10**1000001)", "isqrt takes integers of at most 1000000 digits"),
        ("pow(3, 10**4001, 7)", "pow with a modulus takes integers of at most 4000 digits"),
        ("is_prime(10**4001)", "is_prime takes integers of at most 4000 digits"),
        ("collatz(10**100001)", "collatz takes integers of at most 100000 digits"),
        ("next_prime(10**301)", "next_prime takes integers of at most 300 digits"),
        ("prime_count(10**12 + 1)", "prime_count takes integers up to 1000000000000"),
        ("factor(2**64)", "factor takes integers up to 18446744073709551615"),
        ("fib(10**8)", "the result has more than 3000000 digits"),
        ("digits_of_pi(10**6)", "digits_of_pi takes integers up to 100000"),
    ];
    for (task, said) in cases {
        assert_eq!(answer(task, &Number::Int(1)), format!("OverflowError: {said}"), "{task}");
    }
}

#[test]
fn a_bit_more_than_the_machine_takes_is_no_trouble() {
    // From CPython.
    let cases = [
        (
            "gcd(2**200 * 3, 2**199 * 9)",
            "2410407066388485413312943138511743903783304490674189252952064",
        ),
        ("lcm(2**70, 3**40) == 2**70 * 3**40", "True"),
        ("isqrt(10**60 + 1)", "1000000000000000000000000000000"),
        ("comb(200, 100) == factorial(200) // factorial(100)**2", "True"),
        ("perm(200, 150) == factorial(200) // factorial(50)", "True"),
        ("comb(10**20, 3)", "166666666666666666661666666666666666666700000000000000000000"),
        ("comb(5, 7) + perm(5, 7)", "0"),
        ("log(10**400)", "921.0340371976182"),
        ("log2(1 << 5000)", "5000.0"),
        ("round(-10**50 - 5, -1) + 10**50", "0"),
        ("pow(2, -1, 10**40 + 1)", "5000000000000000000000000000000000000001"),
        ("hypot(3e200, 4e200)", "4.9999999999999995e+200"),
        ("hypot(3e-320, 4e-320)", "5e-320"),
        ("divmod(-10**40, 7)", "(-1428571428571428571428571428571428571429, 3)"),
    ];
    for (task, expected) in cases {
        assert_eq!(answer(task, &Number::Int(1)), expected, "{task}");
    }
}

/// What is printed for each item by a block, `None` where it is left to the exact form.
fn block(task: &str, ints: &[i64], floats: &[f64]) -> Option<Vec<Option<String>>> {
    let mut evaluator = spec(task).compile();
    let mut results = Results::default();
    let is_done = if floats.is_empty() {
        evaluator.block(ints, 0, &mut results)
    } else {
        evaluator.float_block(floats, 0, &mut results)
    };
    let count = ints.len().max(floats.len());
    let mut printed = Vec::new();
    while is_done && printed.len() < count {
        let run = results.run(printed.len());
        for lane in 0..run.len() {
            let mut text = Vec::new();
            match run {
                Lanes::Ints(values) => format::int(values[lane], &mut text),
                Lanes::Bools(values) => format::number(&Number::Bool(values[lane] != 0), &mut text),
                Lanes::Floats(values) => format::float(values[lane], &mut text),
            }
            printed.push(String::from_utf8(text).ok());
        }
        if run.is_empty() {
            printed.push(None);
        }
    }
    printed.truncate(count);
    is_done.then_some(printed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// Of every function of one or two arguments, also of those that no random task has happened to call.
    #[test]
    fn columns_agree_with_the_exact_form(
        ints in proptest::collection::vec((any::<i64>(), 0_u32..64).prop_map(|(n, less)| n >> less), 1..8),
        floats in proptest::collection::vec(any::<f64>(), 1..8),
        constant in -5..70_i64,
    ) {
        for function in functions().filter(|function| function.is_pure()) {
            let name = function.name();
            for arguments in ["n", "n, n", "n / 2", "n % 100, 7", "n, 2.5"].map(str::to_owned).into_iter().chain([format!("n, {constant}"), format!("{constant}, n")]) {
                let task = format!("{name}({arguments})");
                if task.parse::<TaskSpec>().is_err() || name == "collatz" && arguments != "n % 100" {
                    continue;
                }
                for (of_ints, printed) in [(true, block(&task, &ints, &[])), (false, block(&task, &[], &floats))] {
                    for (lane, text) in printed.unwrap_or_default().into_iter().enumerate() {
                        let item = if of_ints { Number::from(ints[lane]) } else { Number::from(floats[lane]) };
                        if let Some(text) = text {
                            prop_assert_eq!(text, answer(&task, &item), "{} of {}", task, item);
                        }
                    }
                }
            }
        }
    }

    /// The cube of the number next to it is beyond, on either side.
    #[test]
    fn cube_roots_are_right_to_a_unit_in_the_last_place(x: u64, exponent in 0_usize..300) {
        let x = (x >> 11) as f64 * 2_f64.powi(3 * exponent as i32);
        let root: f64 = answer("cbrt", &Number::Float(x)).parse().unwrap();
        let scaled = |root: f64| {
            arithmetic::into_big(arithmetic::trunc(root * 2_f64.powi(100)).unwrap())
        };
        let exact = arithmetic::into_big(arithmetic::trunc(x).unwrap()) << 300_u32;
        if x > 0.0 {
            prop_assert!(scaled(f64::from_bits(root.to_bits() - 1)).pow(3) < exact);
            prop_assert!(scaled(f64::from_bits(root.to_bits() + 1)).pow(3) > exact);
        }
    }
}
