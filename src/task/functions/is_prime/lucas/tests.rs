use num_bigint::BigUint;

use super::{jacobi, passes_strong_test};

#[test]
fn primes_and_the_published_pseudoprimes_pass() {
    // OEIS A217255, all below 60,000.
    let pseudoprimes = [5459, 5777, 10877, 16109, 18971, 22499, 24569, 25199, 40309, 58519];
    for n in (1001_u64..60_000).step_by(2) {
        let expected = machine_prime::is_prime(n) || pseudoprimes.contains(&n);
        assert_eq!(passes_strong_test(&BigUint::from(n)), expected, "{n}");
    }
}

#[test]
fn the_jacobi_symbol_over_a_prime_tells_squares() {
    for prime in [3_i64, 5, 7, 11, 13, 17, 101, 997] {
        for a in (-25_i64..=25).filter(|a| a % 2 != 0) {
            let residue = a.rem_euclid(prime);
            let expected = match residue {
                0 => 0,
                _ if (1..prime).any(|root| root * root % prime == residue) => 1,
                _ => -1,
            };
            assert_eq!(jacobi(a, &BigUint::from(prime.unsigned_abs())), expected, "({a}/{prime})");
        }
    }
}
