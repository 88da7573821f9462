use std::cmp::Ordering;

use num_bigint::BigInt;
use proptest::prelude::*;

use super::doubles::{Doubles, LEAST};
use super::*;
use crate::task::{ItemError, Lanes, arithmetic};
use crate::value::{Number, Value};

/// The results in pieces of these lengths, in order, each with the index of its first.
fn pieces(results: &[Number], lengths: &[usize]) -> Vec<(u64, Vec<Number>)> {
    let (mut pieces, mut at, mut lengths) = (Vec::new(), 0, lengths.iter().cycle());
    while at < results.len() {
        let end = results.len().min(at + lengths.next().map_or(1, |length| *length.max(&1)));
        pieces.push((at as u64, results[at..end].to_vec()));
        at = end;
    }
    pieces
}

/// What comes out if partial results of these pieces are merged in this order.
fn reduce(
    reduction: Reduction,
    pieces: impl IntoIterator<Item = (u64, Vec<Number>)>,
) -> Result<Number, ItemError> {
    let mut total = Total::new(reduction);
    for (first, results) in pieces {
        let mut partial = Partial::new(reduction);
        let mut rest = results.as_slice();
        // Neighbours of one kind by lanes, half of the time.
        while let Some(number) = rest.first() {
            let floats: Vec<f64> = rest
                .iter()
                .map_while(
                    |number| if let Number::Float(value) = number { Some(*value) } else { None },
                )
                .collect();
            let ints: Vec<i64> = rest
                .iter()
                .map_while(|number| match number {
                    Number::Int(value) => i64::try_from(*value).ok(),
                    _ => None,
                })
                .collect();
            let lanes = if floats.is_empty() { Lanes::Ints(&ints) } else { Lanes::Floats(&floats) };
            if lanes.is_empty() || first % 2 == 0 {
                partial.add(&Value::Number(number.clone())).unwrap();
                rest = &rest[1..];
            } else {
                partial.add_lanes(lanes);
                rest = &rest[lanes.len()..];
            }
        }
        assert_eq!(total.merge(first, results.len() as u64, &partial), Ok(results.len() as u64));
    }
    total.result()
}

fn floats(values: &[f64]) -> Vec<Number> {
    values.iter().copied().map(Number::Float).collect()
}

fn all_at_once(reduction: Reduction, results: &[Number]) -> Result<Number, ItemError> {
    reduce(reduction, [(1, results.to_vec())])
}

#[test]
fn names() {
    for (reduction, name) in Reduction::ALL {
        assert_eq!(name.parse(), Ok(reduction));
        assert_eq!(reduction.to_string(), name);
    }
    for name in ["", "Sum", "average", "sum ", "product"] {
        assert_eq!(name.parse::<Reduction>(), Err(ReductionError(())));
    }
}

#[test]
fn nothing_is_reduced_as_in_python() {
    let value = |words: &'static str| Err(ItemError::value(words));
    for (reduction, want) in [
        (Reduction::Sum, Ok(Number::Int(0))),
        (Reduction::Count, Ok(Number::Int(0))),
        (Reduction::Min, value("min() arg is an empty sequence")),
        (Reduction::Max, value("max() arg is an empty sequence")),
        (Reduction::Mean, value("mean requires at least one data point")),
    ] {
        assert_eq!(all_at_once(reduction, &[]), want);
        // Items that all are dropped, or fail.
        let mut total = Total::new(reduction);
        assert_eq!(total.merge(0, 9, &Partial::new(reduction)), Ok(0));
        assert_eq!(total.result(), want);
    }
}

#[test]
fn integers_are_added_exactly() {
    let big = BigInt::from(10).pow(60);
    let results = [
        Number::Int(i128::MAX),
        Number::Int(i128::MAX),
        Number::Big(big.clone()),
        Number::Bool(true),
        Number::Int(i64::MIN.into()),
    ];
    let want = BigInt::from(i128::MAX) * 2 + big + 1 + i64::MIN;
    assert_eq!(all_at_once(Reduction::Sum, &results), Ok(Number::Big(want)));
    for lanes in [&[i64::MIN; 512][..], &[i64::MAX; 512], &[-1, 1, -1], &[]] {
        let ints: Vec<_> = lanes.iter().map(|value| Number::Int((*value).into())).collect();
        let want = lanes.iter().map(|value| i128::from(*value)).sum();
        assert_eq!(all_at_once(Reduction::Sum, &ints), Ok(Number::Int(want)));
    }
}

#[test]
fn floats_are_added_exactly_and_rounded_once() {
    let least = f64::from_bits(1);
    for (values, want) in [
        (&[0.1; 10][..], 1.0),
        (&[1e16, 1.0, 1e-16, -1e16], 1.0),
        (&[1e308, 1e308, -1e308], 1e308),
        (&[least, least], 2.0 * least),
        (&[f64::MAX, least, -f64::MAX], least),
        (&[1.0, 2f64.powi(-53)], 1.0),
        (&[1.0, 2f64.powi(-53), least], 1.0 + f64::EPSILON),
        (&[f64::MIN_POSITIVE, -least], f64::MIN_POSITIVE - least),
        (&[f64::INFINITY, 1.0], f64::INFINITY),
        (&[f64::NEG_INFINITY, f64::NEG_INFINITY], f64::NEG_INFINITY),
    ] {
        assert_eq!(all_at_once(Reduction::Sum, &floats(values)), Ok(Number::Float(want)));
    }
    let zero = all_at_once(Reduction::Sum, &floats(&[-0.0])).unwrap();
    assert_eq!(zero.to_string(), "0.0");
    let nan = all_at_once(Reduction::Sum, &floats(&[f64::NAN, f64::INFINITY])).unwrap();
    assert_eq!(nan.to_string(), "nan");
    let both = [f64::INFINITY, f64::NAN, f64::NEG_INFINITY];
    let error = all_at_once(Reduction::Sum, &floats(&both)).unwrap_err();
    assert_eq!(error.to_string(), "ValueError: -inf + inf in fsum");
    let error = all_at_once(Reduction::Sum, &floats(&[f64::MAX, f64::MAX])).unwrap_err();
    assert_eq!(error.to_string(), "OverflowError: intermediate overflow in fsum");
}

#[test]
fn a_mean_cannot_overflow_where_its_numbers_do_not() {
    let max = floats(&[f64::MAX, f64::MAX]);
    assert_eq!(all_at_once(Reduction::Mean, &max), Ok(Number::Float(f64::MAX)));
    let ints = [Number::Int(1), Number::Bool(true), Number::Int(0)];
    assert_eq!(all_at_once(Reduction::Mean, &ints), Ok(Number::Float(2.0 / 3.0)));
    let big = [Number::Big(BigInt::from(10).pow(400))];
    let error = all_at_once(Reduction::Mean, &big).unwrap_err();
    assert_eq!(error.to_string(), "OverflowError: integer division result too large for a float");
}

#[test]
fn of_equals_the_first_wins_whoever_comes_first() {
    let (one, truth, float) = (Number::Int(1), Number::Bool(true), Number::Float(1.0));
    for results in [
        [one.clone(), truth.clone(), float.clone()],
        [truth.clone(), float.clone(), one.clone()],
        [float, one, truth],
    ] {
        for reduction in [Reduction::Min, Reduction::Max] {
            let mut pieces = pieces(&results, &[1]);
            for _ in 0..3 {
                pieces.rotate_left(1);
                let found = reduce(reduction, pieces.clone()).unwrap();
                assert_eq!(found.to_string(), results[0].to_string());
            }
        }
    }
}

#[test]
fn nan_is_the_least_only_where_it_is_first() {
    for (values, min, max) in [
        (&[f64::NAN, 1.0, 2.0][..], "nan", "nan"),
        (&[1.0, f64::NAN, 0.5, f64::NAN, 2.0], "0.5", "2.0"),
        (&[f64::NAN, f64::NAN], "nan", "nan"),
        (&[2.0, f64::NAN], "2.0", "2.0"),
    ] {
        let mut pieces = pieces(&floats(values), &[1]);
        pieces.reverse();
        let text = |reduction| reduce(reduction, pieces.clone()).unwrap().to_string();
        assert_eq!((&*text(Reduction::Min), &*text(Reduction::Max)), (min, max), "{values:?}");
    }
}

#[test]
fn what_cannot_be_a_partial_result_is_refused() {
    let mut partial = Partial::new(Reduction::Sum);
    partial.add_lanes(Lanes::Ints(&[1, 2, 3]));
    for (reduction, items) in [(Reduction::Sum, 2), (Reduction::Mean, 3), (Reduction::Count, 3)] {
        let mut total = Total::new(reduction);
        assert_eq!(total.merge(0, items, &partial), Err(Garbled), "{reduction}");
        assert_eq!(total.count(), 0);
    }
    let pair = Value::Tuple(vec![Number::Int(1), Number::Int(2)]);
    assert!(partial.add(&pair).is_err());
    assert!(Partial::new(Reduction::Count).add(&pair).is_ok());
}

#[test]
fn any_digits_do_no_harm() {
    for digits in [vec![i64::MAX; 68], vec![i64::MIN; 68], vec![-1; 68]] {
        let mut sum = Doubles::from_digits(0, &digits).unwrap();
        sum.merge(&sum.clone());
        sum.add(-1.0);
        let _ = sum.scaled();
    }
    assert!(Doubles::from_digits(0, &[1; 69]).is_none());
    assert!(Doubles::from_digits(60, &[1; 9]).is_none());
    assert!(Doubles::from_digits(u32::MAX, &[1]).is_none());
    assert!(Doubles::from_digits(0, &[]).is_some_and(|sum| sum.scaled() == BigInt::ZERO));
}

/// An integer that a double is, times 2^1074.
fn scaled(value: f64) -> BigInt {
    let bits = value.to_bits();
    let exponent = bits >> 52 & 0x7ff;
    let significand = bits & ((1 << 52) - 1) | u64::from(exponent != 0) << 52;
    let magnitude = BigInt::from(significand) << (exponent.max(1) - 1);
    if value < 0.0 { -magnitude } else { magnitude }
}

fn any_number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        (-3_i64..3).prop_map(Number::from),
        any::<bool>().prop_map(Number::from),
        any::<i128>().prop_map(Number::from),
        any::<[u8; 20]>().prop_map(|bytes| Number::from(BigInt::from_signed_bytes_le(&bytes))),
        any::<f64>().prop_map(Number::from),
        (-3_i8..3).prop_map(|value| Number::from(f64::from(value))),
    ]
}

proptest! {
    #[test]
    fn sums_of_doubles_are_exact(bits: Vec<u64>) {
        let values = bits.into_iter().map(f64::from_bits).filter(|value| value.is_finite());
        let (mut sum, mut want) = (Doubles::default(), BigInt::ZERO);
        for value in values {
            sum.add(value);
            want += scaled(value);
        }
        let (first, digits) = sum.to_digits();
        prop_assert_eq!(sum.scaled(), want.clone());
        prop_assert_eq!(Doubles::from_digits(first, &digits).unwrap().scaled(), want);
        prop_assert_eq!(scaled(1.0), BigInt::from(1) << LEAST);
    }

    /// Neither who has which items, nor the order in which he is heard, changes anything.
    #[test]
    fn pieces_and_their_order_do_not_matter(
        results in prop::collection::vec(any_number(), 0..40),
        lengths in prop::collection::vec(1_usize..9, 1..5),
        order: u64,
    ) {
        for (reduction, _) in Reduction::ALL {
            let mut pieces = pieces(&results, &lengths);
            pieces.sort_by_key(|(first, _)| first.wrapping_mul(order | 1));
            let text = |found: Result<Number, ItemError>| match found {
                Ok(number) => number.to_string(),
                Err(error) => error.to_string(),
            };
            let at_once = all_at_once(reduction, &results);
            prop_assert_eq!(text(reduce(reduction, pieces)), text(at_once));
        }
    }

    #[test]
    fn the_least_is_what_python_would_find(results in prop::collection::vec(any_number(), 1..40)) {
        for (reduction, wanted) in
            [(Reduction::Min, Ordering::Less), (Reduction::Max, Ordering::Greater)]
        {
            let want = results[1..].iter().fold(&results[0], |best, next| {
                if arithmetic::compare(next, best) == Some(wanted) { next } else { best }
            });
            let found = all_at_once(reduction, &results).unwrap();
            prop_assert_eq!(found.to_string(), want.to_string());
        }
    }
}
