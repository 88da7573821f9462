use num_bigint::BigInt;
use proptest::prelude::*;

use super::*;

const ALL: [CellForm; 3] = [CellForm::Integers, CellForm::Floats, CellForm::ExactFloats];

fn big(exponent: u32) -> Number {
    BigInt::from(2).pow(exponent).into()
}

/// The cell of a number, as bits, or what is said of it.
fn cell(form: CellForm, number: &Number) -> Result<u64, String> {
    let mut cells = Vec::new();
    match form.append_number(number, &mut cells) {
        Ok(()) => Ok(u64::from_le_bytes(cells.try_into().expect("eight bytes"))),
        Err(misfit) => {
            assert_eq!(cells, b"", "{number}");
            Err(misfit.to_string())
        }
    }
}

fn float(value: f64) -> Result<u64, &'static str> {
    Ok(value.to_bits())
}

#[test]
fn what_fits_and_what_is_said_of_the_rest() {
    let int = |value: i128| Number::Int(value);
    #[rustfmt::skip] // one line a case
    let cases: &[(Number, [Result<u64, &str>; 3])] = &[
        (true.into(), [Ok(1), float(1.0), float(1.0)]),
        (int(-1), [Ok(u64::MAX), float(-1.0), float(-1.0)]),
        (int(i64::MIN.into()), [Ok(1 << 63), float(-(2_f64.powi(63))), float(-(2_f64.powi(63)))]),
        (int(1 << 53), [Ok(1 << 53), float(2_f64.powi(53)), float(2_f64.powi(53))]),
        (int((1 << 53) + 1), [Ok((1 << 53) + 1), float(2_f64.powi(53)), Err("9007199254740993 would be rounded")]),
        (int((1 << 53) + 3), [Ok((1 << 53) + 3), float(2_f64.powi(53) + 4.0), Err("would be rounded to a float; --format npy:i64")]),
        (int(i64::MAX.into()), [Ok(i64::MAX as u64), float(2_f64.powi(63)), Err("9223372036854775807 would be")]),
        (int(1 << 63), [Err("9223372036854775808 does not fit 64 bits; --format plain"), float(2_f64.powi(63)), float(2_f64.powi(63))]),
        (int(-(1 << 63) - 1), [Err("-9223372036854775809 does not"), float(-(2_f64.powi(63))), Err("-9223372036854775809 would")]),
        (big(200), [Err("16069380442589902755... (an integer of 201 bits) does not"), float(2_f64.powi(200)), float(2_f64.powi(200))]),
        (BigInt::from(10).pow(50).into(), [Err("1000"), float(1e50), Err("10000000000000000000... (an integer of 167 bits) would be")]),
        (big(1024), [Err("bits) does not"), Err("OverflowError: int too large to convert to float"), Err("OverflowError: int too large to convert to float")]),
        (big(100_000), [Err("an integer of 100001 bits does not fit"), Err("OverflowError"), Err("OverflowError")]),
        (0.5.into(), [Err("0.5 is a float; --format f64le, npy:f64 and plain"), float(0.5), float(0.5)]),
        (3.0.into(), [Err("3.0 is a float"), float(3.0), float(3.0)]),
        ((-0.0).into(), [Err("-0.0 is a float"), float(-0.0), float(-0.0)]),
        (f64::NEG_INFINITY.into(), [Err("-inf is a float"), float(f64::NEG_INFINITY), float(f64::NEG_INFINITY)]),
        (f64::from_bits(u64::MAX).into(), [Err("nan is a float"), Ok(0x7ff8 << 48), Ok(0x7ff8 << 48)]),
    ];
    for (number, wanted) in cases {
        for (form, wanted) in ALL.into_iter().zip(wanted) {
            match (cell(form, number), wanted) {
                (Ok(got), Ok(wanted)) => assert_eq!(got, *wanted, "{form:?} of {number}"),
                (Err(got), Err(wanted)) => assert!(got.contains(wanted), "{form:?}: {got}"),
                (got, wanted) => panic!("{form:?} of {number}: {got:x?} instead of {wanted:x?}"),
            }
        }
    }
}

#[test]
fn there_is_room_for_one_number() {
    for (value, says) in [
        (Value::Tuple(vec![Number::Int(1)]), "the result is a tuple and not a number"),
        (Value::List(vec![]), "the result is a list and not a number"),
    ] {
        for form in ALL {
            let said = form.append(&value, &mut Vec::new()).unwrap_err().to_string();
            assert!(said.starts_with(says), "{said}");
        }
    }
}

proptest! {
    /// What is done with many results at once is what is done with each of them.
    #[test]
    fn lanes_are_their_numbers(
        ints in prop::collection::vec(
            prop_oneof![
                any::<i64>(),
                -9..9_i64,
                (0..63_u32, -2..2_i64).prop_map(|(bits, more)| (1_i64 << bits).wrapping_add(more)),
            ],
            0..40,
        ),
    ) {
        let floats: Vec<f64> = ints.iter().map(|bits| f64::from_bits(*bits as u64)).collect();
        let bools: Vec<i64> = ints.iter().map(|number| number & 1).collect();
        for form in ALL {
            for lanes in [Lanes::Ints(&ints), Lanes::Floats(&floats), Lanes::Bools(&bools)] {
                let (mut cells, mut wanted, mut rest) = (Vec::new(), Vec::new(), lanes);
                let mut fit = 0;
                while let Some(first) = rest.first() {
                    if form.append_number(&first, &mut wanted).is_err() {
                        break;
                    }
                    (fit, rest) = (fit + 1, rest.behind(1));
                }
                prop_assert_eq!(form.append_lanes(lanes, &mut cells), fit);
                prop_assert_eq!(cells, wanted);
            }
        }
    }
}
