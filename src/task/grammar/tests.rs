use proptest::prelude::*;

use crate::task::TaskSpec;

#[test]
fn what_is_understood() {
    let tasks = [
        "n",
        "x",
        "n**0",
        "n**1000",
        "x ** 2",
        "+n",
        "-n",
        "-3*n**2",
        "2*3*n",
        "1 - -1",
        "1+-2*n",
        "0",
        "00",
        ".5",
        "5.",
        "1e3",
        "1.5E-3",
        "1e999",
        "-0*n",
        "square",
        "square(n)",
        "cube ( x )",
        "is_prime+1",
        "sleep(0)",
        "sleep(1e9)",
        "sleep(.5)",
        "abort()",
        "exit(255)",
        "hang()",
        "panic()",
        "segv( )",
        "n if n == -3 else 0",
        "n if x % -2 == +1 else -n",
        "abort() if n == 100000000000000000000000000000000000000000 else n\n+ 1",
        "170141183460469231731687303715884105728*n",
    ];
    for task in tasks {
        assert!(task.parse::<TaskSpec>().is_ok(), "{task}: {:?}", task.parse::<TaskSpec>());
    }
}

#[test]
fn what_is_not_understood_and_what_is_said_of_it() {
    const TERM: &str = "expected a term such as n, 3*n**2 or 7, found ";
    const FACTOR: &str = "only a whole number may multiply";
    const POWER: &str = "only n can be raised to a power";
    const EXPONENT: &str = "the exponent must be a whole number in 0..=1000";
    const CONDITION: &str = "a condition is `n == 7` or `n % 3 == 1`";
    const SECONDS: &str = "sleep takes seconds in 0..=1e9";
    const STATUS: &str = "exit takes a status in 0..=255";
    // Text, the byte at which it goes wrong, and how the message begins.
    let cases = [
        ("", 0, "the task is empty; write a sum of terms such as n**2 + 1"),
        ("  ", 2, "the task is empty"),
        ("n +", 3, "expected a term such as n, 3*n**2 or 7, found the end"),
        ("n + * 2", 4, TERM),
        ("--n", 1, TERM),
        ("(n)", 0, TERM),
        ("3*", 2, TERM),
        ("2*-3", 2, TERM),
        ("n + if", 4, TERM),
        ("n n", 2, "expected `+`, `-`, `if` or the end, found `n`"),
        ("2 2", 2, "expected `+`, `-`, `if` or the end, found a number"),
        ("n % 2", 2, "expected `+`, `-`, `if` or the end, found `%`"),
        ("n*2", 1, FACTOR),
        ("1 + n*n", 5, FACTOR),
        ("1.5*n", 3, FACTOR),
        ("square(n)*2", 9, FACTOR),
        ("2**n", 1, POWER),
        ("square**2", 6, POWER),
        ("n**", 3, EXPONENT),
        ("n**1001", 3, EXPONENT),
        ("n**-1", 3, EXPONENT),
        ("n**0.5", 3, EXPONENT),
        ("n**n", 3, EXPONENT),
        ("n**2**3", 3, EXPONENT),
        ("n**99999999999999999999999999999999999999999999", 3, EXPONENT),
        ("n & 1", 2, "`&` is not understood; a task is a sum of terms such as"),
        ("n**2 × 3", 5, "`×` is not understood"),
        ("n = 2", 2, "`=` is not understood"),
        ("1_000", 0, "`1_000` is not a number; write plain decimals such as 12, 1.5 or 1e3"),
        ("n + 0x10", 4, "`0x10` is not a number"),
        ("2n", 0, "`2n` is not a number"),
        ("1.2.3", 0, "`1.2.3` is not a number"),
        ("1e", 0, "`1e` is not a number"),
        ("007", 0, "a whole number does not start with a zero; write `7`"),
        (
            "n + foo(n)",
            4,
            "unknown name `foo`; known are n, x, square, cube, is_prime, collatz, sleep(S), exit(C), abort()",
        ),
        ("größe", 0, "unknown name `größe`"),
        ("square(2)", 7, "`square` takes n; write `square` or `square(n)`"),
        ("square()", 7, "`square` takes n"),
        ("square(n", 8, "`square` takes n"),
        ("abort", 0, "`abort` must be called; write `abort()`"),
        ("n + sleep", 4, "`sleep` must be called; write `sleep(0.5)`"),
        ("segv(1)", 5, "`segv` takes no argument; write `segv()`"),
        ("sleep()", 6, SECONDS),
        ("sleep(-1)", 6, SECONDS),
        ("sleep(n)", 6, SECONDS),
        ("sleep(1e10)", 6, SECONDS),
        ("sleep(1e999)", 6, SECONDS),
        ("sleep(1", 7, "expected `)`, found the end"),
        ("exit()", 5, STATUS),
        ("exit(256)", 5, STATUS),
        ("exit(1.5)", 5, STATUS),
        ("n if", 4, CONDITION),
        ("n if 3 == n else 0", 5, CONDITION),
        ("n if n > 3 else 0", 7, "`>` is not understood"),
        ("n if n % 3 else 0", 11, CONDITION),
        ("n if n == 1.5 else 0", 10, CONDITION),
        ("n if n % 0 == 1 else 0", 9, "nothing can be divided by 0"),
        ("n if n == 3", 11, "expected `else` and the sum for all other items, found the end"),
        ("n if n == 3 else 1 if n == 4 else 2", 19, "expected"),
        ("else", 0, TERM),
    ];
    for (text, position, message) in cases {
        let error = text.parse::<TaskSpec>().expect_err(text);
        assert_eq!(error.position(), position, "{text}: {error}");
        assert!(error.to_string().starts_with(message), "{text}: {error}");
        assert_eq!(error.is_unknown_name(), message.starts_with("unknown name"));
    }
}

#[test]
fn numbers_of_absurd_length_are_refused() {
    let text = "1".repeat(crate::value::parse::MAX_DIGITS + 1);
    let error = format!("n + {text}").parse::<TaskSpec>().unwrap_err();
    assert_eq!(error.position(), 4);
    assert_eq!(error.to_string(), "a whole number of a task may have at most 1000000 digits");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*") {
        if let Err(error) = text.parse::<TaskSpec>() {
            prop_assert!(text.is_char_boundary(error.position()));
        }
    }

    #[test]
    fn nor_do_pieces_of_the_language(pieces in proptest::collection::vec(prop_oneof![
        Just("n"), Just("if"), Just("else"), Just("=="), Just("%"), Just("*"), Just("**"), Just("+"), Just("-"), Just("("),
        Just(")"), Just("3"), Just("2.5"), Just("square"), Just("sleep"), Just("exit"), Just("1e"), Just("e5"), Just(" "),
    ], 0..12)) {
        let text = pieces.concat();
        match text.parse::<TaskSpec>() {
            Ok(task) => prop_assert_eq!(task.source().parse::<TaskSpec>().unwrap(), task),
            Err(error) => prop_assert!(text.is_char_boundary(error.position())),
        }
    }
}
