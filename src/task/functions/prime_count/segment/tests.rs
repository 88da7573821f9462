use proptest::prelude::*;

use super::super::up_to;
use super::{SIEVED_TO, odd_primes, primes, sieved, tested};

#[test]
fn primes_to_sieve_with() {
    for limit in 0..400 {
        let expected = (3..=limit).filter(|&n| machine_prime::is_prime(n as u64));
        assert!(odd_primes(limit).eq(expected), "{limit}");
    }
}

#[test]
fn all_small_segments() {
    for b in 0..130 {
        for a in 0..130 {
            let expected = (a..b).filter(|&n| machine_prime::is_prime(n)).count() as u64;
            assert_eq!([sieved(a, b), tested(a, b)], [expected; 2], "{a}..{b}");
        }
    }
}

/// From OEIS A006880, by way of several blocks.
#[test]
fn segments_side_by_side_make_up_the_range() {
    assert_eq!(primes(0, 10_000_000), 664_579);
    let parts = (0..100).map(|k| primes(k * 10_000, (k + 1) * 10_000));
    assert_eq!(parts.sum::<u64>(), 78_498);
}

/// How far the last primes of 64 bits lie below 2^64, from the PrimePages.
#[test]
fn the_end_of_the_type_s_range() {
    let below = [59, 83, 95, 179, 189, 257, 279, 323, 353, 363];
    assert_eq!(primes(u64::MAX - 362, u64::MAX), below.len() as u64);
    assert_eq!(primes(u64::MAX - 361, u64::MAX), below.len() as u64 - 1);
    assert_eq!(primes(u64::MAX - 58, u64::MAX), 1);
    assert_eq!(primes(u64::MAX - 57, u64::MAX), 0);
    assert_eq!(primes(u64::MAX, u64::MAX), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_sieve_the_tests_and_the_other_method_agree(b in 0_u64..50_000_000, length in 0_u64..200_000) {
        let a = b.saturating_sub(length);
        let expected = tested(a, b);
        prop_assert_eq!(sieved(a, b), expected);
        let before = |n: u64| n.checked_sub(1).map_or(0, up_to);
        prop_assert_eq!(before(b) - before(a), expected);
    }

    #[test]
    fn the_sieve_is_right_far_out(b in 0..SIEVED_TO, shift in 0_u32..40, length in 0_u64..5_000) {
        let b = b >> shift.max(14);
        let a = b.saturating_sub(length);
        prop_assert_eq!(sieved(a, b), tested(a, b));
    }
}
