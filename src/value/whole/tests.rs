use super::WholeError::{Empty, NotWhole, TooLarge};
use super::*;
use proptest::prelude::*;

#[test]
fn forms() {
    let cases: &[(&str, Result<i128, WholeError>)] = &[
        ("0", Ok(0)),
        ("-0", Ok(0)),
        ("007", Ok(7)),
        ("+5", Ok(5)),
        ("-5", Ok(-5)),
        ("1_000", Ok(1000)),
        ("1__0_", Ok(10)),
        ("1e6", Ok(1_000_000)),
        ("1E6", Ok(1_000_000)),
        ("-2e+3", Ok(-2000)),
        ("1_0e2", Ok(1000)),
        ("0e999999999999999999999999999999999999999999", Ok(0)),
        ("9007199254740993", Ok(9_007_199_254_740_993)),
        ("170141183460469231731687303715884105727", Ok(i128::MAX)),
        ("170141183460469231731687303715884105728", Err(TooLarge)),
        ("1e38", Ok(10_i128.pow(38))),
        ("1e39", Err(TooLarge)),
        ("1e4294967296", Err(TooLarge)),
        ("", Err(Empty)),
        ("-", Err(NotWhole)),
        ("+", Err(NotWhole)),
        ("--5", Err(NotWhole)),
        ("_1", Err(NotWhole)),
        ("-_1", Err(NotWhole)),
        ("e6", Err(NotWhole)),
        ("1e", Err(NotWhole)),
        ("1e+", Err(NotWhole)),
        ("1e-6", Err(NotWhole)),
        ("1e1e1", Err(NotWhole)),
        ("1e1_0", Err(NotWhole)),
        ("1.5", Err(NotWhole)),
        ("1.", Err(NotWhole)),
        (" 1", Err(NotWhole)),
        ("1 ", Err(NotWhole)),
        ("0x10", Err(NotWhole)),
        ("nan", Err(NotWhole)),
        ("\u{0663}", Err(NotWhole)), // ARABIC-INDIC DIGIT THREE
        ("999999999999999999999999999999999999999999x", Err(NotWhole)),
    ];
    for (text, expected) in cases {
        assert_eq!(parse_whole(text), *expected, "{text:?}");
    }
}

proptest! {
    #[test]
    fn reads_what_rust_prints(value in -i128::MAX..=i128::MAX) {
        prop_assert_eq!(parse_whole(&value.to_string()), Ok(value));
    }

    #[test]
    fn never_panics(text in "[-+0-9_eE.x]{0,50}") {
        let _ = parse_whole(&text);
    }
}
