use num_bigint::{BigInt, BigUint};

use super::{LAST_SMALL, by_doubling, exact, small};
use crate::task::ItemError;
use crate::value::Number;

#[test]
fn each_is_the_sum_of_the_two_before_it() {
    let (mut this, mut next) = (BigUint::ZERO, BigUint::from(1_u32));
    for n in 0..1_000 {
        assert_eq!(by_doubling(n), this, "fib({n})");
        assert_eq!(small(n).map(Into::into), i64::try_from(&this).ok().map(i128::from));
        (this, next) = (next.clone(), this + next);
    }
    assert!(small(LAST_SMALL).is_some() && small(LAST_SMALL + 1).is_none());
}

/// The first and last digits are CPython's, by addition alone.
#[test]
fn a_large_one() {
    let digits = by_doubling(100_000).to_string();
    assert_eq!(digits.len(), 20899);
    assert!(digits.starts_with("25974069347221724166"));
    assert!(digits.ends_with("49895374653428746875"));
}

#[test]
fn what_is_no_index_or_too_large_is_refused() {
    let negative = ItemError::value("fib needs an integer of at least 0");
    assert_eq!(exact(&BigInt::from(-1)), Err(negative.clone()));
    assert_eq!(exact(&-(BigInt::from(1) << 100_u32)), Err(negative));
    for n in [BigInt::from(14_355_000), BigInt::from(u64::MAX), BigInt::from(1) << 100_u32] {
        assert_eq!(exact(&n), Err(ItemError::result_too_large()));
    }
    assert_eq!(exact(&BigInt::from(12)), Ok(Number::Int(144)));
}
