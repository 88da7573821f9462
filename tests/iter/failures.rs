//! One bad item costs one item.

use pmap::prelude::*;
use serde::{Deserialize, Serialize, Serializer, de::Error as _, ser::Error as _};

use super::adaptors::Case;

fn is_bad(n: i64) -> bool {
    n.rem_euclid(13) == 5
}

fn good(n: i64) -> i64 {
    assert!(!is_bad(n), "{n} is bad");
    n / 3
}

/// What an item comes to: `Err` with its index if it is bad.
fn expected(input: &[i64]) -> Vec<Result<i64, u64>> {
    let result = |(index, n): (usize, &i64)| if is_bad(*n) { Err(index as u64) } else { Ok(n / 3) };
    input.iter().enumerate().map(result).collect()
}

fn with_indices<T>(results: Vec<Result<T, TaskError>>) -> Vec<Result<T, u64>> {
    let checked = |error: TaskError| {
        assert!(error.panic().is_some(), "{error:?}");
        error.index()
    };
    results.into_iter().map(|result| result.map_err(checked)).collect()
}

/// Refuses to be written if it holds 1, and to be read if it holds 2.
#[derive(Debug, Clone, PartialEq)]
struct Moody(i64);

impl Serialize for Moody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            1 => Err(S::Error::custom("no")),
            other => other.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Moody {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match i64::deserialize(deserializer)? {
            2 => Err(D::Error::custom("no")),
            other => Ok(Self(other)),
        }
    }
}

pub(crate) const CASES: &[Case] = &[
    ("a panic fails its item", |input| {
        let found: Vec<Result<i64, TaskError>> = input.proc_iter().map(good).collect();
        assert_eq!(with_indices(found), expected(input));
        let found: Vec<Result<i64, TaskError>> =
            input.proc_iter().zip(0..u64::MAX).map(|(n, _)| good(n)).collect();
        assert_eq!(with_indices(found), expected(input));
        let found: Vec<Result<i64, TaskError>> = input
            .proc_iter()
            .map(good)
            .zip(input.proc_iter().map(|n| n.to_string()))
            .map(|(n, _)| n)
            .collect();
        assert_eq!(with_indices(found), expected(input));
    }),
    ("the first failure in order is the error", |input| {
        let found: Result<Vec<i64>, TaskError> = input.proc_iter().map(good).collect();
        let expected: Result<Vec<i64>, u64> = expected(input).into_iter().collect();
        assert_eq!(found.map_err(|error| error.index()), expected);
    }),
    ("an item that fails half-way has no values", |input| {
        let found: Vec<Result<i64, TaskError>> = input
            .proc_iter()
            .flat_map_iter(|n| (0..3).map(move |k| k + if k == 2 { good(n) } else { n / 3 }))
            .collect();
        let yielded = |result: Result<i64, u64>| match result {
            Ok(n) => vec![Ok(n), Ok(n + 1), Ok(n + 2)],
            Err(index) => vec![Err(index)],
        };
        let expected: Vec<_> = expected(input).into_iter().flat_map(yielded).collect();
        assert_eq!(with_indices(found), expected);
    }),
    ("failures behind a filter have their own index", |input| {
        let found: Vec<Result<i64, TaskError>> =
            input.proc_iter().filter(|n| n % 2 == 0).map(good).collect();
        let all = expected(input).into_iter().zip(input);
        let expected: Vec<_> = all.filter(|(_, n)| *n % 2 == 0).map(|(result, _)| result).collect();
        assert_eq!(with_indices(found), expected);
    }),
    ("a panic in a fold fails its item", |input| {
        let found: Vec<Result<i128, TaskError>> =
            input.proc_iter().map(good).fold(|| 0, |sum, n| sum + i128::from(n)).collect();
        let found = with_indices(found);
        let expected = expected(input);
        let sum = |results: &[Result<i128, u64>]| results.iter().flatten().sum::<i128>();
        let wide: Vec<_> = expected.iter().map(|result| result.map(i128::from)).collect();
        assert_eq!(sum(&found), sum(&wide));
        let failed = |results: &[Result<i128, u64>]| -> Vec<u64> {
            results.iter().filter_map(|result| result.err()).collect()
        };
        assert_eq!(failed(&found), failed(&wide));
    }),
    ("state is as it was at first after a panic", |input| {
        let found: Vec<Result<i64, TaskError>> = input
            .proc_iter()
            .map_init(
                || 0_i64,
                |count, n| {
                    let before = std::mem::replace(count, i64::MIN);
                    let n = good(n);
                    assert!(before >= 0, "state of an item that failed");
                    *count = before + 1;
                    n
                },
            )
            .collect();
        assert_eq!(with_indices(found), expected(input));
        let found: Vec<Result<i64, TaskError>> = input
            .proc_iter()
            .map_with(0_i64, |count, n| {
                let before = std::mem::replace(count, i64::MIN);
                let n = good(n);
                assert!(before >= 0, "state of an item that failed");
                *count = before + 1;
                n
            })
            .collect();
        assert_eq!(with_indices(found), expected(input));
    }),
    ("an argument that cannot be sent fails its item", |input| {
        let moody: Vec<Moody> = input.iter().map(|n| Moody(n.rem_euclid(5))).collect();
        let found: Vec<Result<i64, TaskError>> = moody.proc_iter().map(|Moody(n)| n).collect();
        assert_eq!(found.len(), moody.len());
        for ((index, Moody(n)), result) in moody.iter().enumerate().zip(found) {
            match result {
                Ok(found) => assert!(found == *n && *n != 1 && *n != 2),
                Err(error) => {
                    assert!(error.is_codec() && error.index() == index as u64, "{error:?}");
                    assert!(*n == 1 || *n == 2);
                }
            }
        }
        let pairs: Vec<Result<i64, TaskError>> =
            moody.proc_iter().zip(&moody).map(|(Moody(n), _)| n).collect();
        let good: Vec<i64> = pairs.into_iter().flatten().collect();
        let expected = input.iter().map(|n| n.rem_euclid(5)).filter(|n| *n != 1 && *n != 2);
        assert_eq!(good, expected.collect::<Vec<_>>());
    }),
    ("a result that cannot be sent fails its item", |input| {
        let found: Vec<Result<Moody, TaskError>> =
            input.proc_iter().map(|n| Moody(n.rem_euclid(5))).collect();
        assert_eq!(found.len(), input.len());
        for ((index, n), result) in input.iter().enumerate().zip(found) {
            match (n.rem_euclid(5), result) {
                (1 | 2, Err(error)) => {
                    assert!(error.is_codec() && error.index() == index as u64, "{error:?}");
                }
                (n, result) => assert_eq!(result, Ok(Moody(n))),
            }
        }
    }),
    ("state that cannot be sent fails every item", |input| {
        let found: Vec<Result<i64, TaskError>> =
            input.proc_iter().map_with(Moody(1), |_, n| n).collect();
        assert_eq!(found.len(), input.len());
        assert!(found.iter().all(|result| result.as_ref().is_err_and(TaskError::is_codec)));
    }),
    ("state that cannot be made fails every item", |input| {
        let found: Vec<Result<i64, TaskError>> =
            input.proc_iter().map_init(|| panic!("no"), |(), n| n).collect();
        assert_eq!(found.len(), input.len());
        assert!(found.iter().all(|result| result.as_ref().is_err_and(|e| e.panic().is_some())));
    }),
];
