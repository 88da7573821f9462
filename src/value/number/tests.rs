use num_bigint::BigInt;

use super::Number;

#[test]
fn integers_that_fit_i128_are_never_big() {
    for edge in [i128::MIN, -1, 0, 1, i128::MAX] {
        assert_eq!(Number::from(BigInt::from(edge)), Number::Int(edge));
    }
    for outside in
        [BigInt::from(i128::MAX) + 1, BigInt::from(i128::MIN) - 1, BigInt::from(u128::MAX)]
    {
        assert_eq!(Number::from(outside.clone()), Number::Big(outside));
    }
}

#[test]
fn display_is_repr_and_honours_a_width() {
    assert_eq!(format!("{:>6}|", Number::from(false)), " False|");
    assert_eq!(Number::from(-7_i64).to_string(), "-7");
    assert_eq!(Number::from(f64::NAN).to_string(), "nan");
}
