use super::{FUNCTION, MAX, up_to};
use crate::task::ItemError;
use crate::value::{Number, Value};

/// OEIS A006880: the primes below powers of ten.
#[test]
fn published_counts() {
    let published = [4, 25, 168, 1_229, 9_592, 78_498, 664_579, 5_761_455, 50_847_534];
    for (exponent, count) in (1..).zip(published) {
        assert_eq!(up_to(10_u64.pow(exponent)), count, "10^{exponent}");
    }
}

#[test]
fn every_small_number() {
    let mut count = 0;
    for n in 0..20_000 {
        count += u64::from(machine_prime::is_prime(n));
        assert_eq!(up_to(n), count, "{n}");
    }
}

#[test]
fn bad_arguments() {
    let answer = |arguments: &[i128]| {
        FUNCTION.call(&arguments.iter().map(|n| Number::Int(*n)).collect::<Vec<_>>())
    };
    assert_eq!(answer(&[10]), Ok(Value::Number(Number::Int(4))));
    assert_eq!(answer(&[7, 11]), Ok(Value::Number(Number::Int(1))));
    assert_eq!(answer(&[11, 7]), Ok(Value::Number(Number::Int(0))));
    let negative = ItemError::value("prime_count needs an integer of at least 0");
    for arguments in [&[-1][..], &[-5, 10], &[0, -1], &[i128::MIN]] {
        assert_eq!(answer(arguments), Err(negative.clone()));
    }
    let too_large = ItemError::overflow("prime_count takes integers up to 1000000000000");
    assert_eq!(answer(&[i128::from(MAX) + 1]), Err(too_large));
    let beyond = ItemError::overflow("prime_count takes integers up to 18446744073709551615");
    assert_eq!(answer(&[0, 1 << 64]), Err(beyond));
    let long = |most| {
        let said = format!("prime_count takes segments of at most {most} numbers there");
        Err(ItemError::Overflow(said.into()))
    };
    assert_eq!(answer(&[0, 1_000_000_001]), long(1_000_000_000));
    assert_eq!(answer(&[0, (1 << 64) - 1]), long(100_000_000));
}
