mod repr_table;

use std::io::Write as _;
use std::process::{Command, Stdio};

use num_bigint::BigInt;
use proptest::prelude::*;

use super::{float, int, number};
use crate::value::Number;

fn float_text(value: f64) -> String {
    let mut out = Vec::new();
    float(value, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn floats_are_laid_out_as_the_table_says() {
    for &(bits, repr) in repr_table::REPR {
        assert_eq!(float_text(f64::from_bits(bits)), repr, "bits {bits:#018x}");
    }
}

#[test]
fn nan_has_no_sign() {
    assert_eq!(float_text(-f64::NAN), "nan");
}

#[test]
fn everything_is_appended() {
    let mut out = b"x".to_vec();
    int(i64::MIN, &mut out);
    out.push(b' ');
    number(&Number::Bool(true), &mut out);
    out.push(b' ');
    number(&Number::Bool(false), &mut out);
    out.push(b' ');
    number(&Number::Int(i128::MIN), &mut out);
    out.push(b' ');
    number(&Number::from(BigInt::from(i128::MAX) + 1), &mut out);
    out.push(b' ');
    number(&Number::Float(-1e-7), &mut out);
    let expected = "x-9223372036854775808 True False -170141183460469231731687303715884105728 \
                    170141183460469231731687303715884105728 -1e-07";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

/// Asks the `python3` on the search path, if there is one, for the `repr` of 20,000 random doubles.
#[test]
fn floats_are_what_cpython_prints() {
    const SCRIPT: &str = "\
import struct, sys
bits = sys.stdin.buffer.read()
for (value,) in struct.iter_unpack('<d', bits): print(repr(value))";
    let python = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut python) = python else {
        println!("skipped: no python3 to compare with");
        return;
    };
    let values: Vec<f64> = doubles().take(20_000).collect();
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    // CPython reads to the end before it prints, so that neither side waits for the other.
    python.stdin.take().unwrap().write_all(&bytes).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed.lines().count(), values.len());
    for (value, expected) in values.iter().zip(printed.lines()) {
        assert_eq!(float_text(*value), expected, "bits {:#018x}", value.to_bits());
    }
}

/// Doubles of random bits, every other one with an exponent near those where the layout changes. The generator is
/// splitmix64 (Steele, Lea and Flood 2014), with a fixed seed.
fn doubles() -> impl Iterator<Item = f64> {
    let mut state = 0x0123_4567_89ab_cdef_u64;
    let bits = std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    });
    bits.enumerate().map(|(index, bits)| {
        let value = f64::from_bits(bits);
        if index % 2 == 0 {
            return value;
        }
        let fraction = f64::from_bits(bits >> 12 | 1_f64.to_bits());
        fraction * 10_f64.powi((bits % 26) as i32 - 7)
    })
}

proptest! {
    #[test]
    fn floats_read_back_as_the_same_bits(value in proptest::num::f64::ANY) {
        let read: f64 = float_text(value).parse().unwrap();
        prop_assert!(read.to_bits() == value.to_bits() || read.is_nan() && value.is_nan());
    }

    #[test]
    fn integers_are_decimal(value: i64, wide: i128) {
        let mut out = Vec::new();
        int(value, &mut out);
        out.push(b' ');
        number(&Number::Int(wide), &mut out);
        prop_assert_eq!(String::from_utf8(out).unwrap(), format!("{value} {wide}"));
    }
}
