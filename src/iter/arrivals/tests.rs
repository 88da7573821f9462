use super::Arrivals;
use crate::call::Value;
use crate::iter::tests::executor;
use crate::iter::{
    IndexedProcIterator, IntoProcIterator, IntoProcRefIterator, ProcBridge, ProcIterator,
};

/// How many values a chain expects, and how many come.
fn counts<I: ProcIterator<Item: Value>>(chain: I) -> (Option<u64>, u64) {
    executor::use_with(1);
    let arrivals = Arrivals::of(chain);
    (arrivals.expected(), arrivals.values().count() as u64)
}

#[test]
fn a_chain_of_one_each_knows_how_many_values_will_come() {
    let range = || (0..1_000_u64).into_proc_iter();
    let numbers: Vec<u64> = (0..777).collect();
    for (expected, came) in [
        counts(range().map(|n| n * n)),
        counts(range().skip(7).step_by(3).take(20)),
        counts((5..=250_u8).rev().into_proc_iter().enumerate()),
        counts(numbers.proc_iter().skip(5).step_by(4).inspect(|_| {})),
        counts(numbers.proc_iter().step_by(4).skip(5).map_with(3, |by, n| n + *by)),
        counts(numbers.clone().into_proc_iter().skip(1_000)),
        counts(range().chunks(7).skip(2).step_by(3)),
        counts(range().zip(numbers.proc_iter()).map_init(|| 1, |_, (a, b)| a + b)),
    ] {
        assert_eq!(expected, Some(came));
    }
}

#[test]
fn a_chain_of_any_number_each_expects_none() {
    let range = || (0..1_000_u64).into_proc_iter();
    assert_eq!(counts(range().filter(|n| n % 3 == 0)), (None, 334));
    assert_eq!(counts(range().filter_map(|n| (n % 3 == 0).then_some(n))), (None, 334));
    assert_eq!(counts(range().flat_map_iter(|n| 0..n % 2)), (None, 500));
    assert_eq!(counts(range().map(|n| vec![n; 2]).flatten_iter()), (None, 2_000));
    assert_eq!(counts((0..5_u64).filter(|n| n % 2 == 0).proc_bridge()), (None, 3));
}
