use num_bigint::BigInt;
use proptest::prelude::*;

use super::{
    ItemError, add, bits_of_digits, compare, divide, multiply, negate, power, remainder, to_float,
    trunc,
};
use crate::value::Number;

fn number(text: &str) -> Number {
    crate::value::parse::number(text.as_bytes()).unwrap()
}

fn too_large_for_float() -> ItemError {
    ItemError::overflow("int too large to convert to float")
}

/// Whether two numbers are equal to Python.
fn equal(a: &Number, b: &Number) -> bool {
    compare(a, b).is_some_and(|order| order.is_eq())
}

fn two_to(exponent: u32) -> BigInt {
    BigInt::from(1) << exponent
}

#[test]
fn integers_leave_and_reenter_i128() {
    let above = add(Number::Int(i128::MAX), Number::Int(1)).unwrap();
    assert_eq!(above, Number::Big(two_to(127)));
    assert_eq!(add(above.clone(), Number::Int(-1)), Ok(Number::Int(i128::MAX)));
    assert_eq!(negate(above), Number::Int(i128::MIN));
    assert_eq!(negate(Number::Int(i128::MIN)), Number::Big(two_to(127)));
}

#[test]
fn large_integers_become_the_nearest_float() {
    // Around 2^200, neighbouring doubles are 2^148 apart.
    let base = two_to(200);
    let half_step = two_to(147);
    let cases = [
        (base.clone(), 0),
        (&base + &half_step - 1, 0),
        (&base + &half_step, 0), // a tie goes to the even one
        (&base + &half_step + 1, 1),
        (&base + 3 * &half_step, 2),
        (&base + 3 * &half_step - 1, 1),
    ];
    for (integer, steps) in cases {
        let expected = f64::from_bits(2_f64.powi(200).to_bits() + steps);
        assert_eq!(to_float(&Number::Big(integer.clone())), Ok(expected), "{integer}");
        assert_eq!(to_float(&Number::Big(-integer)), Ok(-expected));
    }
    let largest: BigInt = (two_to(53) - 1) << 971;
    assert_eq!(to_float(&Number::Big(largest.clone())), Ok(f64::MAX));
    assert_eq!(to_float(&Number::Big(&largest + two_to(970) - 1)), Ok(f64::MAX));
    for beyond in [&largest + two_to(970), two_to(1024), two_to(100_000)] {
        assert_eq!(to_float(&Number::Big(beyond)), Err(too_large_for_float()));
    }
}

#[test]
fn remainders_have_the_sign_of_the_modulus() {
    // a, modulus, a % modulus: from CPython.
    let cases = [
        ("7", "3", "1"),
        ("-7", "3", "2"),
        ("7", "-3", "-2"),
        ("-7", "-3", "-1"),
        ("6", "-3", "0"),
        ("-170141183460469231731687303715884105728", "-1", "0"),
        ("-1000000000000000000000000000000000000000000000001", "10", "9"),
        (
            "5",
            "-1000000000000000000000000000000000000000000000000",
            "-999999999999999999999999999999999999999999999995",
        ),
        ("-1000000000000000000000000000000000000000000000000", "-10", "0"),
        ("-7.5", "2", "0.5"),
        ("7.5", "-2", "-0.5"),
        ("inf", "2", "nan"),
        ("nan", "2", "nan"),
    ];
    for (a, modulus, expected) in cases {
        let result = remainder(number(a), number(modulus)).unwrap();
        assert_eq!(result.to_string(), expected, "{a} % {modulus}");
    }
    let huge = Number::Big(two_to(2000));
    assert_eq!(remainder(Number::Float(1.0), huge), Err(too_large_for_float()));
}

#[test]
fn equality_rounds_nothing() {
    let above_2_53 = Number::Int((1 << 53) + 1);
    assert!(!equal(&Number::Float(2_f64.powi(53)), &above_2_53));
    assert!(equal(&Number::Float(2_f64.powi(127)), &Number::Big(two_to(127))));
    assert!(!equal(&Number::Float(2_f64.powi(127)), &Number::Int(i128::MAX)));
    assert!(equal(&Number::Float(-(2_f64.powi(127))), &Number::Int(i128::MIN)));
    assert!(equal(&Number::Float(-0.0), &Number::Int(0)));
    assert!(equal(&Number::Bool(true), &Number::Int(1)));
    for never in [0.5, f64::NAN, f64::INFINITY] {
        assert!(!equal(&Number::Float(never), &Number::Int(0)));
    }
}

#[test]
fn digits_are_counted_as_bits_closely_enough_to_tell_one_more() {
    for digits in [1, 2, 3, 10, 1000, 4000, 30_000] {
        let largest: BigInt = BigInt::from(10).pow(digits) - 1;
        assert_eq!(largest.bits(), bits_of_digits(digits), "{digits} digits");
    }
}

#[test]
fn absurd_powers_are_refused_before_they_are_computed() {
    let exponent = || Number::Int(1000);
    let digits_1000 = number(&"9".repeat(1000));
    assert!(power(digits_1000, exponent()).is_ok());
    let digits_10_000 = number(&"9".repeat(10_000));
    assert_eq!(power(digits_10_000, exponent()), Err(ItemError::result_too_large()));
    let digits_100_000 = number(&"9".repeat(100_000));
    let factor = Number::Big(two_to(9_900_000));
    assert_eq!(multiply(factor, digits_100_000), Err(ItemError::result_too_large()));
}

proptest! {
    #[test]
    fn integers_and_floats_agree_on_what_is_whole(mantissa: i64, shift in 0_u32..960) {
        let exact = BigInt::from(mantissa >> 11) << shift;
        let float: f64 = to_float(&Number::from(exact.clone())).unwrap();
        prop_assert_eq!(trunc(float), Ok(Number::from(exact)));
    }

    #[test]
    fn floats_of_integers_are_what_their_text_means(text in "-?[1-9][0-9]{0,309}") {
        // The standard library rounds decimal text correctly.
        let expected: f64 = text.parse().unwrap();
        let expected = if expected.is_finite() { Ok(expected) } else { Err(too_large_for_float()) };
        prop_assert_eq!(to_float(&number(&text)), expected);
    }

    #[test]
    fn quotients_are_rounded_once(a in "-?[1-9][0-9]{0,60}", b in "-?[1-9][0-9]{0,60}") {
        let Ok(Number::Float(quotient)) = divide(number(&a), number(&b)) else {
            return Err(TestCaseError::fail("no quotient"));
        };
        // Nearer than both neighbours, in integers: |a - q b| for q = significand * 2^exponent.
        let distance = |quotient: f64| {
            let scaled: Number = trunc(quotient * 2_f64.powi(500)).unwrap();
            let (a, b): (BigInt, BigInt) = (a.parse().unwrap(), b.parse().unwrap());
            let difference: BigInt = (a << 500) - super::into_big(scaled) * b;
            difference.magnitude().clone()
        };
        let own = distance(quotient);
        prop_assert!(own <= distance(f64::from_bits(quotient.to_bits() + 1)));
        prop_assert!(own <= distance(f64::from_bits(quotient.to_bits() - 1)));
    }
}
