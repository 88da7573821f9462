//! Every adaptor, and every way to end a chain, beside the sequential iterator's answer. The chains run wherever the
//! including test has them run.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use pmap::prelude::*;

/// A chain's name, and what compares it with the sequential one over some numbers.
pub(crate) type Case = (&'static str, fn(&[i64]));

/// What two sides of `std`'s shape come to, over `$input`; functions capture nothing on one of them.
macro_rules! same {
    (|$name:ident| $chain:expr, $proc:expr, $seq:expr) => {{
        let expected = {
            let $name = $seq;
            $chain
        };
        let found = {
            let $name = $proc;
            $chain
        };
        assert_eq!(found, expected, "{}", stringify!($chain));
    }};
}

/// Both over a slice's numbers, over a vector, over the indices, and over an iterator.
macro_rules! all_sources {
    ($input:expr, |$name:ident| $chain:expr) => {{
        let input: &[i64] = $input;
        let length = i64::try_from(input.len()).unwrap();
        same!(|$name| $chain, input.proc_iter(), input.iter().copied());
        same!(|$name| $chain, input.to_vec().into_proc_iter(), input.to_vec().into_iter());
        same!(|$name| $chain, (-3..length).into_proc_iter(), -3..length);
        same!(|$name| $chain, (1..=length).rev().into_proc_iter(), (1..=length).rev());
        let strided = || input.iter().map(|n| n / 3).step_by(2);
        same!(|$name| $chain, strided().proc_bridge(), strided());
    }};
}

fn mixed(n: i64) -> i64 {
    n.wrapping_mul(n) ^ (n >> 3)
}

fn words(n: i64) -> Vec<String> {
    (0..n.rem_euclid(4)).map(|k| format!("{n}/{k}")).collect()
}

pub(crate) const CASES: &[Case] = &[
    ("map", |input| all_sources!(input, |it| it.map(mixed).collect::<Vec<i64>>())),
    ("map to text", |input| {
        all_sources!(input, |it| it.map(|n| n.to_string()).collect::<Vec<String>>());
    }),
    ("map from text", |input| {
        let texts: Vec<String> = input.iter().map(i64::to_string).collect();
        same!(|it| it.map(|s| s.len()).collect::<Vec<usize>>(), texts.proc_iter(), texts.iter());
    }),
    ("filter", |input| all_sources!(input, |it| it.filter(|n| n % 3 == 0).collect::<Vec<i64>>())),
    ("filter_map", |input| {
        all_sources!(input, |it| it
            .filter_map(|n| Some(words(n)).filter(|words| words.len() != 2))
            .collect::<Vec<Vec<String>>>());
    }),
    ("inspect", |input| {
        all_sources!(input, |it| it
            .inspect(|n| assert!(n ^ 1 != *n))
            .map(mixed)
            .collect::<Vec<i64>>());
    }),
    ("flat_map_iter", |input| {
        let expected: Vec<String> = input.iter().copied().flat_map(words).collect();
        assert_eq!(input.proc_iter().flat_map_iter(words).collect::<Vec<String>>(), expected);
        assert_eq!(input.proc_iter().map(words).flatten_iter().collect_vec(), expected);
    }),
    ("enumerate", |input| {
        all_sources!(input, |it| it
            .enumerate()
            .map(|(i, n)| (n, i))
            .collect::<Vec<(i64, usize)>>());
        all_sources!(input, |it| it.map(mixed).enumerate().filter(|(i, _)| i % 7 < 3).count());
    }),
    ("skip, take, step_by", |input| {
        all_sources!(input, |it| it
            .skip(3)
            .enumerate()
            .step_by(2)
            .map(|(i, n)| (i, mixed(n)))
            .skip(1)
            .step_by(3)
            .take(50)
            .collect::<Vec<(usize, i64)>>());
        all_sources!(input, |it| it.take(usize::MAX).step_by(1).skip(1).collect::<Vec<i64>>());
        all_sources!(input, |it| it.take(0).count());
        all_sources!(input, |it| it.skip(usize::MAX).count());
    }),
    ("chunks", |input| {
        let vectors = |size| input.chunks(size).map(<[i64]>::to_vec);
        for size in [1, 2, 7, 1_000, usize::MAX] {
            let chunks: Vec<Vec<i64>> = input.proc_iter().chunks(size).collect();
            assert!(chunks.into_iter().eq(vectors(size)), "{size}");
        }
        let numbers: Vec<usize> = (0..input.len()).collect();
        let found: Vec<(usize, Vec<(usize, i64)>)> = (0..input.len())
            .into_proc_iter()
            .zip(input.proc_iter().map(mixed))
            .chunks(3)
            .skip(1)
            .step_by(2)
            .enumerate()
            .skip(1)
            .step_by(3)
            .take(20)
            .collect();
        let expected = numbers
            .chunks(3)
            .zip(input.chunks(3))
            .map(|(a, b)| a.iter().copied().zip(b.iter().copied().map(mixed)).collect())
            .skip(1)
            .step_by(2)
            .enumerate()
            .skip(1)
            .step_by(3)
            .take(20);
        assert!(found.into_iter().eq(expected));
        let nested: Vec<usize> = (0..input.len())
            .into_proc_iter()
            .enumerate()
            .chunks(2)
            .take(9)
            .chunks(4)
            .map(|chunks| chunks.concat().into_iter().map(|(at, n)| at * n).sum())
            .collect();
        let pairs: Vec<(usize, usize)> = numbers.iter().map(|n| (*n, *n)).collect();
        let pairs: Vec<_> = pairs.chunks(2).take(9).collect();
        let expected = pairs
            .chunks(4)
            .map(|four| four.concat().into_iter().map(|(at, n)| at * n).sum::<usize>());
        assert!(nested.into_iter().eq(expected));
    }),
    ("zip", |input| {
        let (other, short) = (input.to_vec(), &input[..input.len() / 2]);
        same!(
            |pair| pair.map(|(a, b)| a.wrapping_sub(b)).collect::<Vec<i64>>(),
            input.proc_iter().map(mixed).zip(other.proc_iter().map(i64::wrapping_neg)),
            input.iter().copied().map(mixed).zip(other.iter().map(|n| n.wrapping_neg()))
        );
        same!(
            |pairs| pairs.enumerate().collect::<Vec<(usize, (u64, i64))>>(),
            (10..u64::MAX).into_proc_iter().zip(short),
            (10..u64::MAX).zip(short.iter().copied())
        );
        same!(
            |pairs| pairs
                .skip(2)
                .step_by(3)
                .map(|(n, text)| format!("{n}{text}"))
                .collect::<Vec<String>>(),
            (0..40_u8).into_proc_iter().zip(input.proc_iter().map(|n| n.to_string())),
            (0..40_u8).zip(input.iter().map(|n| n.to_string()))
        );
        same!(
            |pairs| pairs.map(|((a, b), c)| (a ^ b, c)).collect::<Vec<(i64, i16)>>(),
            input.proc_iter().zip(other.proc_iter()).zip(0..1000_i16),
            input.iter().copied().zip(other.iter().copied()).zip(0..1000_i16)
        );
    }),
    ("map_with", |input| {
        let state = vec![3, 5, 7];
        let expected: Vec<bool> =
            input.iter().map(|n| [3, 5, 7].iter().any(|d| n % d == 0)).collect();
        let found: Vec<bool> = input
            .proc_iter()
            .map_with(state, |divisors: &mut Vec<i64>, n| divisors.iter().any(|d| n % d == 0))
            .collect();
        assert_eq!(found, expected);
    }),
    ("map_init", |input| {
        let expected: Vec<String> = input.iter().map(|n| format!("<{n}>")).collect();
        let found: Vec<String> = input
            .proc_iter()
            .map_init(
                || String::from("left over"),
                |text, n| {
                    text.clear();
                    text.push('<');
                    text.push_str(&n.to_string());
                    text.push('>');
                    text.clone()
                },
            )
            .collect();
        assert_eq!(found, expected);
    }),
    ("fold", |input| {
        let sum: i128 = input.iter().map(|n| i128::from(*n)).sum();
        let folded = || input.proc_iter().fold(|| 0_i128, |sum, n| sum + i128::from(n));
        assert_eq!(folded().sum::<i128>(), sum);
        assert_eq!(folded().map(|n| -n).reduce(|| 0, |a, b| a + b), -sum);
        let texts = input.proc_iter().fold(String::new, |text, n| text + &format!("{n} "));
        let all: String = input.iter().map(|n| format!("{n} ")).collect();
        assert_eq!(texts.collect_vec().concat(), all);
    }),
    ("reduce", |input| {
        let text: String = input.iter().map(i64::to_string).collect();
        let texts = || input.proc_iter().map(|n| n.to_string());
        assert_eq!(texts().reduce(String::new, |a, b| a + &b), text);
        assert_eq!(texts().reduce_with(|a, b| a + &b), (!input.is_empty()).then_some(text));
    }),
    ("sum, product, count", |input| {
        all_sources!(input, |it| it.map(i128::from).sum::<i128>());
        all_sources!(input, |it| it.map(|n| n.rem_euclid(3) - 1).product::<i64>());
        all_sources!(input, |it| it.filter(|n| n % 2 == 0).count());
    }),
    ("min, max", |input| {
        all_sources!(input, |it| it.map(mixed).min());
        all_sources!(input, |it| it.map(mixed).max());
        all_sources!(input, |it| it.enumerate().min_by_key(|(_, n)| n.rem_euclid(5)));
        all_sources!(input, |it| it.enumerate().max_by_key(|(_, n)| n.rem_euclid(5)));
        all_sources!(input, |it| it.enumerate().min_by(|a, b| (a.1 / 9).cmp(&(b.1 / 9))));
        all_sources!(input, |it| it.enumerate().max_by(|a, b| (a.1 / 9).cmp(&(b.1 / 9))));
    }),
    ("any, all, find, position", |input| {
        let is_it = |n: i64| n.rem_euclid(101) == 7;
        let sought = input.iter().copied().find(|n| is_it(*n));
        assert_eq!(input.proc_iter().any(|n| n.rem_euclid(101) == 7), sought.is_some());
        assert_eq!(input.proc_iter().all(|n| n.rem_euclid(101) != 7), sought.is_none());
        assert_eq!(input.proc_iter().find_first(|n| n.rem_euclid(101) == 7), sought);
        assert_eq!(input.proc_iter().find_any(|n| n.rem_euclid(101) == 7), sought);
        let at = input.iter().position(|n| is_it(*n));
        assert_eq!(input.proc_iter().position_first(|n| n.rem_euclid(101) == 7), at);
        assert_eq!(input.proc_iter().position_any(|n| n.rem_euclid(101) == 7), at);
        let mapped = input.proc_iter().find_map_first(|n| (n % 50 == 0).then(|| n.to_string()));
        assert_eq!(mapped, input.iter().find_map(|n| (n % 50 == 0).then(|| n.to_string())));
    }),
    ("endless", |_| {
        let first = (0..).proc_bridge().map(|n: u64| n * n).find_first(|n| n % 1009 == 5);
        assert_eq!(first, (0..).map(|n: u64| n * n).find(|n| n % 1009 == 5));
        let taken: Vec<u64> = (7..).proc_bridge().step_by(3).take(100).collect();
        assert_eq!(taken, (7..).step_by(3).take(100).collect::<Vec<u64>>());
    }),
    ("for_each, try_for_each", |input| {
        input.proc_iter().for_each(|n| assert!(n ^ 1 != n));
        input.proc_iter().for_each_with(1, |one, n| assert!(n ^ *one != n));
        input.proc_iter().for_each_init(|| 1, |one, n| assert!(n ^ *one != n));
        let result = input.proc_iter().filter(|n| n % 2 == 0).try_for_each(|n| match n % 20 {
            0 => Err(n.to_string()),
            _ => Ok(()),
        });
        let at = input.iter().position(|n| n % 20 == 0);
        let found = result.map_err(|error| (error.index(), error.into_error().unwrap()));
        assert_eq!(found.err(), at.map(|at| (at as u64, input[at].to_string())));
    }),
    ("collections", |input| {
        let it = || input.proc_iter().map(mixed);
        let seq = || input.iter().copied().map(mixed);
        assert_eq!(it().collect::<VecDeque<_>>(), seq().collect::<VecDeque<_>>());
        assert_eq!(it().collect::<BTreeSet<_>>(), seq().collect::<BTreeSet<_>>());
        assert_eq!(it().collect::<HashSet<_>>(), seq().collect::<HashSet<_>>());
        all_sources!(input, |it| it.map(|n| (n % 100, n)).collect::<BTreeMap<_, _>>());
        all_sources!(input, |it| it.map(|n| (n % 100, n)).collect::<HashMap<_, _>>());
        all_sources!(input, |it| it.map(|n| n.to_string()).collect::<String>());
        all_sources!(input, |it| it.map(|n| (n, n.to_string())).unzip::<_, _, Vec<_>, Vec<_>>());
        let (even, odd): (Vec<i64>, BTreeSet<i64>) = it().partition(|n| n % 2 == 0);
        assert_eq!(even, seq().filter(|n| n % 2 == 0).collect::<Vec<_>>());
        assert_eq!(odd, seq().filter(|n| n % 2 != 0).collect());
        let set: BTreeSet<i64> = input.iter().copied().collect();
        same!(|it| it.collect::<Vec<i64>>(), set.proc_iter(), set.iter().copied());
        let map: BTreeMap<i64, String> = input.iter().map(|n| (*n, n.to_string())).collect();
        same!(
            |it| it.collect::<Vec<(i64, String)>>(),
            map.clone().into_proc_iter(),
            map.clone().into_iter()
        );
    }),
    ("collect_into_vec", |input| {
        let mut values = vec![1, 2, 3];
        input.proc_iter().map(mixed).collect_into_vec(&mut values);
        assert_eq!(values, input.iter().copied().map(mixed).collect::<Vec<_>>());
    }),
    ("lengths", |input| {
        let it = || input.proc_iter().with_min_len(10).map(mixed);
        let expected: Vec<i64> = input.iter().copied().map(mixed).collect();
        assert_eq!(it().with_max_len(7).collect_vec(), expected);
        assert_eq!(it().with_max_len(0).with_min_len(0).enumerate().count(), expected.len());
    }),
    ("results", |input| {
        let it = || input.proc_iter().map(mixed);
        let values: Vec<i64> = input.iter().copied().map(mixed).collect();
        let all: Result<Vec<_>, _> = it().collect();
        assert_eq!(all, Ok(values.clone()));
        let each: Vec<Result<_, TaskError>> = it().collect();
        assert_eq!(each, values.iter().map(|n| Ok(*n)).collect::<Vec<_>>());

        let halve = |n: i64| if n % 2 == 0 { Ok(n / 2) } else { Err(format!("{n} is odd")) };
        let halves: Vec<Result<i64, String>> = input.proc_iter().map(halve).collect();
        assert_eq!(halves, input.iter().map(|n| halve(*n)).collect::<Vec<_>>());
        let each: Vec<Result<i64, TaskError<String>>> = input.proc_iter().map(halve).collect();
        assert_eq!(each.len(), input.len());
        for ((index, n), result) in input.iter().enumerate().zip(each) {
            let own = result.map_err(|e| (e.index(), e.into_error().unwrap()));
            assert_eq!(own, halve(*n).map_err(|e| (index as u64, e)));
        }
        let all: Result<Vec<i64>, TaskError<String>> = input.proc_iter().map(halve).collect();
        let expected: Result<Vec<i64>, String> = input.iter().map(|n| halve(*n)).collect();
        assert_eq!(all.map_err(|error| error.into_error().unwrap()), expected);
    }),
];
