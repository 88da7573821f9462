use num_bigint::BigInt;

use super::{FUNCTION, MAX_DIGITS, digits};
use crate::task::ItemError;
use crate::value::{Number, Value};

#[test]
fn published_digits() {
    // OEIS A000796.
    let first = "31415926535897932384626433832795028841971693993751058209749445923078164062862089986280348253421170679";
    for n in 1..=first.len() {
        assert_eq!(digits(n as u32).to_string(), first[..n], "{n}");
    }
    // Where a rounded digit would show: the six nines behind place 761.
    assert!(digits(768).to_string().ends_with("34999999"));
    // Places 993 to 1000.
    assert!(digits(1_001).to_string().ends_with("64201989"));
    assert!(digits(10_001).to_string().ends_with("5678"));
}

/// pi = 16 arctan(1/5) - 4 arctan(1/239) (Machin 1706), term by term.
#[test]
fn another_series_gives_the_same() {
    const PLACES: u32 = 3_000;
    let one = BigInt::from(10).pow(PLACES + 10);
    let arctan_of_inverse = |x: u32| -> BigInt {
        let mut power = &one / x;
        let mut sum = power.clone();
        for k in 1_u32.. {
            power /= x * x;
            let term = &power / (2 * k + 1);
            if term == BigInt::ZERO {
                break;
            }
            if k % 2 == 0 { sum += term } else { sum -= term }
        }
        sum
    };
    let pi: BigInt = arctan_of_inverse(5) * 16 - arctan_of_inverse(239) * 4;
    let expected = pi.to_string();
    for n in [1_u32, 2, 500, 999, 2_000, PLACES] {
        assert_eq!(digits(n).to_string(), expected[..n as usize], "{n}");
    }
}

#[test]
fn how_many_is_bounded() {
    let answer = |n: i128| FUNCTION.call(&[Number::Int(n)]);
    assert_eq!(answer(1), Ok(Value::Number(Number::Int(3))));
    for n in [0, -1, i128::MIN] {
        let said = "digits_of_pi needs an integer of at least 1";
        assert_eq!(answer(n), Err(ItemError::value(said)));
    }
    for n in [i128::from(MAX_DIGITS) + 1, i128::MAX] {
        let said = "digits_of_pi takes integers up to 100000";
        assert_eq!(answer(n), Err(ItemError::overflow(said)));
    }
}
