use num_bigint::BigInt;
use proptest::prelude::*;

use super::{MAX_DIGITS, NotANumber, number};
use crate::value::Number;

#[test]
fn integers() {
    let cases: &[(&str, i128)] = &[
        ("0", 0),
        ("-0", 0),
        ("+7", 7),
        (" \t\n\x0b\x0c\r-12\r\n", -12),
        ("000000000000000000000000000000000000000000000000001", 1),
        ("99999999999999999999999999999999999999", 10_i128.pow(38) - 1),
        ("170141183460469231731687303715884105727", i128::MAX),
        ("-170141183460469231731687303715884105728", i128::MIN),
    ];
    for (text, value) in cases {
        assert_eq!(number(text.as_bytes()), Ok(Number::Int(*value)), "{text:?}");
    }
    assert_eq!(
        number(b"170141183460469231731687303715884105728"),
        Ok(Number::Big(BigInt::from(1) << 127_u8))
    );
}

#[test]
fn floats() {
    let cases: &[(&str, f64)] = &[
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("-.5e1", -5.0),
        ("1e3", 1000.0),
        ("1E+3", 1000.0),
        ("1.e-3", 0.001),
        ("+inf", f64::INFINITY),
        ("-Infinity", f64::NEG_INFINITY),
        ("INF", f64::INFINITY),
        ("1e400", f64::INFINITY),
        ("-1e-400", -0.0),
        ("5e-324", 5e-324),
        ("2.4703282292062327e-324", 0.0),
        ("2.4703282292062328e-324", 5e-324),
        ("9007199254740993.0", 9007199254740992.0),
        ("1e000000000000000000003", 1000.0),
    ];
    for (text, value) in cases {
        let Ok(Number::Float(parsed)) = number(text.as_bytes()) else { panic!("{text:?}") };
        assert_eq!(parsed.to_bits(), value.to_bits(), "{text:?}");
    }
    for text in ["nan", "NaN", "-nan", " +NAN "] {
        let parsed = number(text.as_bytes());
        assert!(matches!(parsed, Ok(Number::Float(value)) if value.is_nan()), "{text:?}");
    }
}

#[test]
fn what_is_not_a_number() {
    let cases = [
        "",
        " ",
        "+",
        "-",
        ".",
        "+.",
        "e5",
        ".e5",
        "1e",
        "1e+",
        "1.5.",
        "--1",
        "+-1",
        "- 1",
        "1 2",
        "1_000",
        "1_0.5",
        "0x10",
        "1f",
        "0b1",
        "True",
        "infinit",
        "infinityx",
        "nanx",
        "nan(1)",
        "i",
        "١",
        "1\0",
        "½",
        "1,5",
        "in f",
    ];
    for text in cases {
        assert_eq!(number(text.as_bytes()), Err(NotANumber::Malformed), "{text:?}");
    }
    assert_eq!(number(b"\xff\xfe"), Err(NotANumber::Malformed));
}

#[test]
fn messages_are_fragments() {
    assert_eq!(NotANumber::Malformed.to_string(), "not a number");
    assert_eq!(NotANumber::TooManyDigits.to_string(), "has more than 1000000 digits");
}

#[test]
fn the_cap_counts_digits_and_not_the_sign() {
    let mut text = vec![b'0'; MAX_DIGITS];
    text[MAX_DIGITS - 1] = b'8';
    text.insert(0, b'-');
    assert_eq!(number(&text), Ok(Number::Int(-8)));
    text.push(b'8');
    assert_eq!(number(&text), Err(NotANumber::TooManyDigits));
}

#[test]
fn splitting_long_integers_changes_nothing() {
    // 7 * (10^d - 1) / 9 is d sevens.
    for digits in [39, 9_999, 10_000, 10_001, 20_001, 54_321] {
        let sevens = vec![b'7'; digits];
        let expected = (BigInt::from(10).pow(digits as u32) - 1) / 9 * 7;
        assert_eq!(number(&sevens), Ok(Number::from(expected)), "{digits} digits");
    }
}

proptest! {
    #[test]
    fn integers_of_any_size_come_back(text in "[+-]?[1-9][0-9]{0,120}") {
        let expected: BigInt = text.parse().unwrap();
        prop_assert_eq!(number(text.as_bytes()), Ok(Number::from(expected)));
    }

    #[test]
    fn floats_are_those_of_the_standard_library(text in "[+-]?[0-9]{0,20}[.]?[0-9]{0,20}([eE][+-]?[0-9]{0,3})?|[+-]?[iInNfFaAtTyY]{0,8}") {
        prop_assume!(!text.trim_start_matches(['+', '-']).chars().all(|c| c.is_ascii_digit()) || text.is_empty());
        let expected = text.parse::<f64>().ok().map(f64::to_bits);
        let parsed = match number(text.as_bytes()) {
            Ok(Number::Float(value)) => Some(value.to_bits()),
            Ok(other) => panic!("{other:?}"),
            Err(_) => None,
        };
        let both_nan = |bits: u64| f64::from_bits(bits).is_nan();
        prop_assert!(parsed == expected || parsed.is_some_and(both_nan) && expected.is_some_and(both_nan));
    }

    #[test]
    fn no_bytes_make_it_panic(text: Vec<u8>) {
        let _ = number(&text);
    }
}
