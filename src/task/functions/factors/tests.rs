use proptest::prelude::*;

use super::{ALL, divisors, factors, mobius, sigma, totient};
use crate::task::ItemError;
use crate::value::Number;

/// By their definitions, with nothing but division.
#[test]
fn every_small_number() {
    let gcd = |mut a: u64, mut b: u64| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    for n in 1..1_500_u64 {
        let factors = factors(n);
        let dividing: Vec<u64> = (1..=n).filter(|d| n % d == 0).collect();
        assert_eq!(sigma(&factors), i128::from(dividing.iter().sum::<u64>()), "sigma({n})");
        assert_eq!(divisors(&factors), dividing, "divisors({n})");
        let coprime = (1..=n).filter(|&k| gcd(k, n) == 1).count() as u64;
        assert_eq!(totient(&factors), coprime, "totient({n})");
        let squarefree = (2..=n).all(|d| n % (d * d) != 0);
        let primes = dividing.iter().filter(|&&d| machine_prime::is_prime(d)).count();
        let expected = if !squarefree {
            0
        } else if primes % 2 == 0 {
            1
        } else {
            -1
        };
        assert_eq!(mobius(&factors), expected, "mobius({n})");
    }
}

#[test]
fn published_values() {
    // Sums up to 10^4: OEIS A064018, A084237 and A049000.
    let sum =
        |to: u64, f: fn(&[(u64, u32)]) -> i128| (1..=to).map(|n| f(&factors(n))).sum::<i128>();
    assert_eq!(sum(10_000, |f| totient(f).into()), 30_397_486);
    assert_eq!(sum(10_000, |f| mobius(f).into()), -23);
    assert_eq!(sum(10_000, sigma), 82_256_014);
    // The `u64` with the most divisors: OEIS A002182 and A002183.
    assert_eq!(divisors(&factors(897_612_484_786_617_600)).len(), 103_680);
    // Perfect numbers, OEIS A000396.
    for n in [6, 28, 496, 8_128, 33_550_336, 2_305_843_008_139_952_128_u64] {
        assert_eq!(sigma(&factors(n)), 2 * i128::from(n));
    }
}

#[test]
fn the_end_of_the_type() {
    let largest = factors(u64::MAX);
    assert_eq!(totient(&largest), 2 * 4 * 16 * 256 * 640 * 65_536 * 6_700_416);
    let by_hand = 4 * 6 * 18 * 258 * 642 * 65_538 * 6_700_418_i128;
    assert_eq!((sigma(&largest), mobius(&largest)), (by_hand, -1));
    assert_eq!(divisors(&largest).len(), 128);
    let power = factors(1 << 63);
    assert_eq!((sigma(&power), mobius(&power)), ((1 << 64) - 1, 0));
    assert_eq!((totient(&power), divisors(&power).len()), (1 << 62, 64));
}

#[test]
fn bad_arguments() {
    for function in &ALL {
        let name = function.name;
        for n in [0, -1, i128::MIN] {
            let said = format!("{name} needs an integer of at least 1");
            assert_eq!(function.call(&[Number::Int(n)]), Err(ItemError::Value(said.into())));
        }
        for n in [1 << 64, i128::MAX] {
            let said = format!("{name} takes integers up to 18446744073709551615");
            assert_eq!(function.call(&[Number::Int(n)]), Err(ItemError::Overflow(said.into())));
        }
    }
}

proptest! {
    #[test]
    fn divisors_divide_and_add_up(n in 1..=u64::MAX) {
        let factors = factors(n);
        let divisors = divisors(&factors);
        prop_assert!(divisors.iter().all(|d| n % d == 0));
        prop_assert!(divisors.is_sorted_by(|a, b| a < b));
        prop_assert_eq!(divisors.into_iter().map(i128::from).sum::<i128>(), sigma(&factors));
    }

    /// Gauss's theorem.
    #[test]
    fn totients_of_the_divisors_add_up_to_the_number(n in 1..1_000_000_000_000_u64) {
        let sum: u64 = divisors(&factors(n)).into_iter().map(|d| totient(&factors(d))).sum();
        prop_assert_eq!(sum, n);
    }
}
