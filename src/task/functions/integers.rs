//! `gcd`, `lcm` and `isqrt`.

use num_bigint::{BigInt, BigUint};

use super::{Body, Column, Function, MANY};
use crate::task::{ItemError, arithmetic};
use crate::value::Number;

/// Euclid's algorithm on two numbers of so many digits takes some 2 s, which grows with the square of the digits.
const GCD_DIGITS: u32 = 30_000;

/// The root of a number of so many digits takes some 2 s, which grows with the square of the digits.
const ROOT_DIGITS: u32 = 1_000_000;

pub(super) static ALL: [Function; 3] = [
    Function {
        name: "gcd",
        parameters: "a, b, ...",
        arguments: (0, MANY),
        help: "greatest common divisor",
        example: ("gcd(12, 18)", "6"),
        body: Body::Number(gcd),
        columns: &[
            Column::Int(i64::checked_abs),
            Column::IntFold(|a, b| {
                i64::try_from(gcd_of_words(a.unsigned_abs().into(), b.unsigned_abs().into())).ok()
            }),
        ],
    },
    Function {
        name: "lcm",
        parameters: "a, b, ...",
        arguments: (0, MANY),
        help: "least common multiple",
        example: ("lcm(4, 6, 10)", "60"),
        body: Body::Number(lcm),
        columns: &[
            Column::Int(i64::checked_abs),
            Column::IntFold(|a, b| {
                if a == 0 || b == 0 {
                    return Some(0);
                }
                let (a, b) = (u128::from(a.unsigned_abs()), u128::from(b.unsigned_abs()));
                i64::try_from(a / gcd_of_words(a, b) * b).ok()
            }),
        ],
    },
    Function {
        name: "isqrt",
        parameters: "n",
        arguments: (1, 1),
        help: "square root, rounded down to an integer",
        example: ("isqrt(10**20 - 1)", "9999999999"),
        body: Body::Number(isqrt),
        columns: &[Column::Int(i64::checked_isqrt)],
    },
];

fn gcd(arguments: &[Number]) -> Result<Number, ItemError> {
    let mut result = BigUint::ZERO;
    for argument in arguments {
        let next = arithmetic::to_integer(argument)?.into_parts().1;
        result = gcd_of(result, next)?;
    }
    Ok(Number::from(BigInt::from(result)))
}

fn lcm(arguments: &[Number]) -> Result<Number, ItemError> {
    let mut result = BigUint::from(1_u32);
    for argument in arguments {
        let next = arithmetic::to_integer(argument)?.into_parts().1;
        if result == BigUint::ZERO || next == BigUint::ZERO {
            result = BigUint::ZERO;
            continue;
        }
        let divisor = gcd_of(result.clone(), next.clone())?;
        let factor = next / divisor;
        arithmetic::check_bits((result.bits() + factor.bits()).saturating_sub(1))?;
        result *= factor;
    }
    Ok(Number::from(BigInt::from(result)))
}

fn gcd_of(mut a: BigUint, mut b: BigUint) -> Result<BigUint, ItemError> {
    if a.bits().min(b.bits()) > arithmetic::bits_of_digits(GCD_DIGITS) {
        return Err(ItemError::too_long("gcd", GCD_DIGITS));
    }
    loop {
        if let (Ok(a), Ok(b)) = (u128::try_from(&a), u128::try_from(&b)) {
            return Ok(gcd_of_words(a, b).into());
        }
        if b == BigUint::ZERO {
            return Ok(a);
        }
        let rest = &a % &b;
        (a, b) = (b, rest);
    }
}

/// Euclid's algorithm, in 64 bits as soon as that is enough.
fn gcd_of_words(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        if let (Ok(mut a), Ok(mut b)) = (u64::try_from(a), u64::try_from(b)) {
            while b != 0 {
                (a, b) = (b, a % b);
            }
            return a.into();
        }
        (a, b) = (b, a % b);
    }
    a
}

fn isqrt(arguments: &[Number]) -> Result<Number, ItemError> {
    let value = arithmetic::to_integer(&arguments[0])?;
    match value.to_biguint() {
        Some(value) if value.bits() > arithmetic::bits_of_digits(ROOT_DIGITS) => {
            Err(ItemError::too_long("isqrt", ROOT_DIGITS))
        }
        Some(value) => Ok(Number::from(BigInt::from(value.sqrt()))),
        None => Err(ItemError::value("isqrt() argument must be nonnegative")),
    }
}
