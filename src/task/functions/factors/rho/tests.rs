use proptest::prelude::*;

use super::{SMALL, TRIED_BELOW, prime_factors};

/// The primes next below 2^32, 2^64.
const P32: u64 = 4_294_967_291;
const P64: u64 = 18_446_744_073_709_551_557;

#[test]
fn the_trial_divisors_are_the_primes_below_the_bound() {
    let primes = (2..TRIED_BELOW).filter(|&n| machine_prime::is_prime(n));
    assert!(primes.eq(SMALL));
    assert!(machine_prime::is_prime(TRIED_BELOW));
}

#[test]
fn small_numbers_as_by_division() {
    for n in 1..200_000 {
        let (mut rest, mut expected) = (n, Vec::new());
        for p in (2..).take_while(|p| p * p <= n) {
            while rest % p == 0 {
                expected.push(p);
                rest /= p;
            }
        }
        expected.extend((rest > 1).then_some(rest));
        assert_eq!(prime_factors(n), expected, "{n}");
    }
}

#[test]
fn known_factors() {
    let cases: [&[u64]; 13] = [
        &[],
        &[2; 63],
        &[3; 40],
        &[257, 257],
        &[257; 7],
        &[65_537, 65_537, 65_537],
        &[3, 5, 17, 257, 641, 65_537, 6_700_417], // 2^64 - 1
        &[P64],
        // Products of two primes of 32 bits, which take the most steps.
        &[P32, P32],
        &[4_294_967_279, P32],
        // Strong pseudoprimes to the bases 2, 3, 5, 7; to those up to 17; to those up to 23: OEIS A014233.
        &[151, 751, 28_351],
        &[10_670_053, 32_010_157],
        &[149_491, 747_451, 34_233_211],
    ];
    for factors in cases {
        let n = factors.iter().product();
        assert_eq!(prime_factors(n), factors, "{n}");
    }
}

proptest! {
    #[test]
    fn primes_that_multiply_to_the_number(n in (1..=u64::MAX, 0_u32..64).prop_map(|(n, less)| (n >> less).max(1))) {
        let primes = prime_factors(n);
        prop_assert_eq!(primes.iter().product::<u64>(), n);
        prop_assert!(primes.iter().all(|&p| machine_prime::is_prime(p)));
        prop_assert!(primes.is_sorted());
    }
}
