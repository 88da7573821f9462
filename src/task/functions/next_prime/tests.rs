use num_bigint::BigInt;

use super::{exact, small};
use crate::task::ItemError;
use crate::value::Number;

fn after(n: &str) -> String {
    exact(&n.parse::<BigInt>().unwrap()).unwrap().to_string()
}

#[test]
fn the_first_terms_of_a151800() {
    let published = [2, 2, 3, 5, 5, 7, 7, 11, 11, 11, 11, 13, 13, 17, 17, 17, 17, 19, 19, 23, 23];
    for (n, prime) in (0..).zip(published) {
        assert_eq!(small(n), Some(prime), "next_prime({n})");
        assert_eq!(after(&n.to_string()), prime.to_string());
    }
    assert_eq!(small(i64::MIN), Some(2));
    assert_eq!(after("-1000000000000000000000000000000"), "2");
}

#[test]
fn it_goes_on_beyond_the_types_of_the_machine() {
    // The primes next to 2^63 and 2^64: OEIS A014234 and A014210.
    let published = [
        ("9223372036854775782", "9223372036854775783"),
        ("9223372036854775783", "9223372036854775837"),
        ("9223372036854775807", "9223372036854775837"),
        ("18446744073709551556", "18446744073709551557"),
        ("18446744073709551557", "18446744073709551629"),
        ("1000000000000000000000000", "1000000000000000000000007"),
    ];
    for (n, prime) in published {
        assert_eq!(after(n), prime, "next_prime({n})");
    }
    assert_eq!(small(9_223_372_036_854_775_782), Some(9_223_372_036_854_775_783));
    assert_eq!(small(9_223_372_036_854_775_783), None);
    assert_eq!(small(i64::MAX), None);
    let googol: BigInt = BigInt::from(10).pow(100);
    assert_eq!(exact(&googol).unwrap(), Number::from(googol + 267));
}

/// Maximal gaps: OEIS A002386 and A005250.
#[test]
fn the_longest_gaps_are_crossed() {
    for (prime, gap) in
        [(1_327, 34), (31_397, 72), (20_831_323, 210), (1_693_182_318_746_371, 1132)]
    {
        assert_eq!(small(prime), Some(prime + gap));
    }
}

#[test]
fn more_than_300_digits_are_refused() {
    let many = BigInt::from(10).pow(301);
    assert_eq!(exact(&many), Err(ItemError::too_long("next_prime", 300)));
    assert_eq!(exact(&-many), Err(ItemError::too_long("next_prime", 300)));
}
