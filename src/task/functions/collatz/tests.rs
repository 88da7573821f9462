use num_bigint::BigInt;

use super::{exact, small};
use crate::task::ItemError;
use crate::value::Number;

#[test]
fn the_first_terms_of_a006577() {
    let published = [
        0, 1, 7, 2, 5, 8, 16, 3, 19, 6, 14, 9, 9, 17, 17, 4, 12, 20, 20, 7, 7, 15, 15, 10, 23, 10,
        111, 18, 18, 18, 106, 5, 26, 13, 13, 21, 21, 21, 34, 8, 109, 8, 29, 16, 16, 16, 104, 11,
        24, 24, 24, 11, 11, 112, 112, 19, 32, 19, 32, 19, 19, 107, 107, 6,
    ];
    for (n, steps) in (1..).zip(published) {
        assert_eq!(small(n), Some(steps), "collatz({n})");
    }
}

#[test]
fn published_records() {
    // Most steps below a power of ten; OEIS A284668 and A284669.
    let records = [
        (97, 118),
        (871, 178),
        (6_171, 261),
        (77_031, 350),
        (837_799, 524),
        (8_400_511, 685),
        (63_728_127, 949),
        (670_617_279, 986),
        (9_780_657_630, 1132),
        (75_128_138_247, 1228),
        (989_345_275_647, 1348),
    ];
    for (n, steps) in records {
        assert_eq!(small(n), Some(steps), "collatz({n})");
        assert_eq!(exact(&BigInt::from(n)), Ok(Number::from(steps)));
    }
}

#[test]
fn ways_that_lead_beyond_the_machine_are_followed() {
    // 2^n - 1 rises to 3^n - 1 first: beyond 64 bits from n = 41 on.
    let n = (1_i64 << 62) - 1;
    assert_eq!(small(n), None);
    let Ok(Number::Int(steps)) = exact(&BigInt::from(n)) else { panic!("collatz({n})") };
    let mut current = u128::from(n.unsigned_abs());
    for _ in 0..steps {
        assert_ne!(current, 1);
        current = if current % 2 == 0 { current / 2 } else { 3 * current + 1 };
    }
    assert_eq!(current, 1);
    assert_eq!(exact(&(BigInt::from(1) << 1000)), Ok(Number::Int(1000)));
}

#[test]
fn undefined_below_one() {
    for n in [0, -1, i64::MIN] {
        assert_eq!(small(n), None);
        assert_eq!(
            exact(&BigInt::from(n)),
            Err(ItemError::value("collatz needs an integer of at least 1"))
        );
    }
}
