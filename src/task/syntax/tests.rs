use proptest::prelude::*;

use crate::task::{MAX_DEPTH, TaskSpec};

#[test]
fn what_is_not_understood_and_what_is_said_of_it() {
    const OPERAND: &str = "expected a number, n, a function or `(`, found ";
    const OPERATOR: &str = "expected an operator or the end, found ";
    const PART: &str = "tasks have only a part of Python";
    // Text, the byte at which it goes wrong, and how the message begins.
    let cases = [
        ("", 0, "the task is empty; write an expression in n such as n**2 + 1"),
        ("  ", 2, "the task is empty"),
        ("n +", 3, "expected a number, n, a function or `(`, found the end"),
        ("n + * 2", 4, OPERAND),
        ("(n", 2, "expected an operator or `)`, found the end"),
        ("n)", 1, "expected an operator or the end, found `)`"),
        ("()", 1, "expected a number, n, a function or `(`, found `)`"),
        ("3*", 2, OPERAND),
        ("n + if", 4, OPERAND),
        ("n n", 2, "expected an operator or the end, found `n`"),
        ("2 2", 2, "expected an operator or the end, found a number"),
        ("n***2", 3, OPERAND),
        ("2(n)", 1, OPERATOR),
        ("n, 2", 1, "expected an operator or the end, found `,`"),
        ("1 + not n", 4, "expected parentheses around `not`"),
        ("1 == not n", 5, "expected parentheses around `not`"),
        ("-not n", 1, "expected parentheses around `not`"),
        ("n if", 4, OPERAND),
        ("n if n == 3", 11, "expected `else` and what it is otherwise, found the end"),
        ("else", 0, OPERAND),
        ("n not 3", 2, OPERATOR),
        ("n**2 × 3", 5, "`×` is not understood; a task is an expression in n"),
        ("n = 2", 2, "`=` is not understood; to compare, write `==`"),
        ("n && 1", 2, "`&&` is not understood; write `and`"),
        ("n || 1", 2, "`||` is not understood; write `or`"),
        ("!n", 0, "`!` is not understood; write `not`"),
        ("n ? 1 : 2", 2, "`?` is not understood; write `a if condition else b`"),
        ("'n'", 0, "`'` is not understood; tasks are about numbers"),
        ("[n]", 0, "`[` is not understood; there are no lists"),
        ("n @ n", 2, "`@` is not understood"),
        (
            "1__000",
            0,
            "`1__000` is not a number; write it as in 12, 1_000, 1.5, 1e3, 0xff or 0b101",
        ),
        ("1_", 0, "`1_` is not a number"),
        ("n + 0x", 4, "`0x` is not a number"),
        ("0b12", 0, "`0b12` is not a number"),
        ("0o8", 0, "`0o8` is not a number"),
        ("2n", 0, "`2n` is not a number"),
        ("1.2.3", 0, "`1.2.3` is not a number"),
        ("1e", 0, "`1e` is not a number"),
        ("n + 2j", 4, "`2j` is imaginary"),
        ("007", 0, "a whole number does not start with a zero; write `7`, or 0o for octal digits"),
        ("n + foo(n)", 4, "unknown name `foo`; the item is `n` and its index `i`"),
        ("größe", 0, "unknown name `größe`; the item"),
        ("sqr(n)", 0, "unknown name `sqr`; did you mean `sqrt`?"),
        ("n + is_pirme(n)", 4, "unknown name `is_pirme`; did you mean `is_prime`?"),
        ("fctorial(n)", 0, "unknown name `fctorial`; did you mean `factorial`?"),
        ("math.abs(n)", 0, "unknown name `math.abs`"),
        ("math.collatz(n)", 0, "unknown name `math.collatz`"),
        ("true", 0, "unknown name `true`; write `True`"),
        ("m", 0, "unknown name `m`; the item"),
        ("lambda", 0, PART),
        ("n in n", 2, "expected an operator or the end, found `in`"),
        ("n is n", 2, OPERATOR),
        ("None", 0, PART),
        ("n(2)", 1, "`n` is a number and can't be called; to multiply, write n*(...)"),
        ("pi (2)", 3, "`pi` is a number"),
        ("sqrt()", 0, "`sqrt` takes 1 argument, and got 0; write sqrt(x)"),
        ("1 + sqrt(n, 2)", 4, "`sqrt` takes 1 argument, and got 2"),
        ("max(n)", 0, "`max` takes 2 arguments or more, and got 1; write max(a, b, ...)"),
        ("log(n, 2, 3)", 0, "`log` takes 1 to 2 arguments, and got 3; write log(x[, base])"),
        ("abort(1)", 0, "`abort` takes no argument, and got 1; write abort()"),
        ("atan2", 0, "`atan2` must be called; write atan2(y, x)"),
        ("abort", 0, "`abort` must be called; write abort()"),
        ("n + sleep", 4, "`sleep` must be called; write sleep(seconds)"),
        ("sqrt(n", 6, "expected an operator, `,` or `)`, found the end"),
        ("sqrt(n 2)", 7, "expected an operator, `,` or `)`, found a number"),
        ("max(,)", 4, OPERAND),
        ("round(x=1)", 7, "`=` is not understood"),
        ("1 + divmod(n, 2)", 4, "`divmod` gives a tuple"),
        ("-divmod(n, 2)", 1, "`divmod` gives a tuple"),
        ("max(sigma(n), factor(n))", 14, "`factor` gives a list"),
        ("1 if divmod(n, 2) else 2", 5, "`divmod` gives a tuple"),
        ("divmod(n, 2) and 1", 0, "`divmod` gives a tuple"),
        ("max(1, divmod(n, 2))", 7, "`divmod` gives a tuple"),
    ];
    for (text, position, message) in cases {
        let error = text.parse::<TaskSpec>().expect_err(text);
        let said = error.to_string();
        assert_eq!(error.position(), position, "{text}: {said}");
        assert!(said.contains(message), "{text}: {said}");
        assert_eq!(error.is_unknown_name(), said.starts_with("unknown name"), "{text}: {said}");
    }
}

#[test]
fn numbers_of_absurd_length_are_refused() {
    let digits = "1".repeat(crate::value::parse::MAX_DIGITS + 1);
    for text in [format!("n + {digits}"), format!("n + 0x{digits}")] {
        let error = text.parse::<TaskSpec>().unwrap_err();
        assert_eq!(error.position(), 4);
        assert_eq!(error.to_string(), "a whole number of a task may have at most 1000000 digits");
    }
}

#[test]
fn depth_has_a_limit_and_length_has_none() {
    let depth = MAX_DEPTH as usize;
    let nested = |open: &str, close: &str, depth: usize| {
        (open.repeat(depth) + "n" + &close.repeat(depth)).parse::<TaskSpec>()
    };
    for (open, close) in [
        ("(", ")"),
        ("-", ""),
        ("not ", ""),
        ("2**", ""),
        ("abs(", ")"),
        ("1 if n else ", ""),
        ("1 or 2 and 3 < 4 | 5 ^ 6 & 7 << 8 + 9 * (", ")"),
    ] {
        assert!(nested(open, close, depth).is_ok(), "{open}");
        let error = nested(open, close, depth + 1).unwrap_err();
        assert_eq!(error.to_string(), "nested more than 100 deep", "{open}");
        assert!(nested(open, close, 5_000).is_err(), "{open}");
    }
    let tasks = ["n + ", "n - ", "n * ", "n and ", "n or ", "n < ", "n // ", "1 | "];
    for task in tasks {
        assert!((task.repeat(20_000) + "n").parse::<TaskSpec>().is_ok(), "{task}");
    }
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
        Just("n"), Just(" if "), Just(" else "), Just("=="), Just("<"), Just("%"), Just("*"), Just("**"), Just("+"),
        Just("-"), Just("~"), Just("("), Just(")"), Just(","), Just("3"), Just("2.5"), Just("0x1f"), Just("1e"),
        Just("e5"), Just(" "), Just(" and "), Just(" or "), Just(" not "), Just("sqrt"), Just("max("), Just("sleep"),
        Just("divmod("), Just("math."), Just("i"), Just("//"), Just("<<"),
    ], 0..14)) {
        let text = pieces.concat();
        match text.parse::<TaskSpec>() {
            Ok(task) => prop_assert_eq!(task.source().parse::<TaskSpec>().unwrap(), task),
            Err(error) => prop_assert!(text.is_char_boundary(error.position())),
        }
    }
}
