//! `sha256_chain(seed, rounds)`: SHA-256 of SHA-256 of … of the seed's 8 bytes, the highest first. The result is the last
//! 32 bytes as an integer, the highest first; the seed itself for no rounds.

use num_bigint::{BigInt, Sign};
use sha2::{Digest, Sha256};

use super::{Body, Function, ItemError, Number, kernel, kernel_word};

const MOST: u64 = 30_000_000;

pub(super) const FUNCTION: Function = kernel(
    ("sha256_chain", "seed, rounds"),
    2,
    Body::Number(exact),
    "SHA-256 of the seed's 8 bytes, of that again, and so on, as an integer",
    ("sha256_chain(0, 1) >> 224", "2941612277"),
);

fn exact(arguments: &[Number]) -> Result<Number, ItemError> {
    let seed = kernel_word("sha256_chain", &arguments[0], 0..=u64::MAX)?;
    let rounds = kernel_word("sha256_chain", &arguments[1], 0..=MOST)?;
    if rounds == 0 {
        return Ok(Number::Int(seed.into()));
    }
    let mut digest = Sha256::digest(seed.to_be_bytes());
    for _ in 1..rounds {
        digest = Sha256::digest(digest);
    }
    Ok(Number::from(BigInt::from_bytes_be(Sign::Plus, &digest)))
}
