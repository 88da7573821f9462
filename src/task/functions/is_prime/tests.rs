use num_bigint::BigInt;

use super::{BASES, PROVEN_BELOW, exact, passes_strong_test, small};
use crate::value::Number;

fn is_prime(n: &BigInt) -> bool {
    match exact(n) {
        Ok(Number::Bool(answer)) => answer,
        other => panic!("is_prime({n}): {other:?}"),
    }
}

fn parsed(text: &str) -> BigInt {
    text.parse().unwrap()
}

#[test]
fn small_numbers_are_as_a_sieve_finds_them() {
    const LIMIT: usize = 1_000_000;
    let mut composite = vec![false; LIMIT];
    for n in (2..).take_while(|n| n * n < LIMIT) {
        if !composite[n] {
            (n * n..LIMIT).step_by(n).for_each(|multiple| composite[multiple] = true);
        }
    }
    let mut count = 0;
    for (n, &composite) in composite.iter().enumerate() {
        let expected = n >= 2 && !composite;
        assert_eq!(small(n as i64), Some(i64::from(expected)), "is_prime({n})");
        count += usize::from(expected);
    }
    assert_eq!(count, 78_498); // the primes below 10^6: OEIS A006880
}

#[test]
fn negative_numbers_are_not_prime() {
    assert_eq!(small(-7), Some(0));
    assert_eq!(small(i64::MIN), Some(0));
    let mersenne: BigInt = (BigInt::from(1) << 127_u8) - 1;
    assert!(!is_prime(&-mersenne));
}

#[test]
fn known_primes_and_composites() {
    let primes = [
        "9223372036854775783",       // the largest below 2^63
        "18446744073709551557",      // the largest below 2^64
        "18446744073709551629",      // the smallest above 2^64
        "1000000000000000000000007", // the smallest above 10^24
        "10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000267",
    ];
    for text in primes {
        assert!(is_prime(&parsed(text)), "{text}");
    }
    let composites = [
        "3215031751",                // passes the strong test to 2, 3, 5 and 7
        "3825123056546413051",       // to the first nine primes
        "18446744073709551617",      // 2^64 + 1 = 274177 * 67280421310721
        "318665857834031151167461",  // to the first twelve primes
        "3317044064679887385961981", // to all of BASES
    ];
    for text in composites {
        assert!(!is_prime(&parsed(text)), "{text}");
    }
    // OEIS A000043: exponents of Mersenne primes.
    let mersenne = [89_u32, 107, 127, 521, 607];
    for exponent in 65..620_u32 {
        let n: BigInt = (BigInt::from(1) << exponent) - 1;
        assert_eq!(is_prime(&n), mersenne.contains(&exponent), "2^{exponent} - 1");
    }
}

#[test]
fn squares_and_products_of_large_primes_are_composite() {
    let p: BigInt = (BigInt::from(1) << 89_u8) - 1;
    let q: BigInt = (BigInt::from(1) << 107_u8) - 1;
    assert!(!is_prime(&(&p * &p)));
    assert!(!is_prime(&(&p * &q)));
}

#[test]
fn the_proven_limit_is_the_first_number_that_fools_all_bases() {
    let n = PROVEN_BELOW.into();
    assert!(BASES.iter().all(|&base| passes_strong_test(&n, base)));
}
