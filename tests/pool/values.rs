//! What goes in and comes out.

use std::thread;
use std::time::Duration;

use pmap::pool::Shutdown;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{alone, of, square, still_works};

/// Refuses to be written, if it is 3, and to be read, if it is 7.
#[derive(Debug, PartialEq, Clone, Copy)]
struct Coy(u64);

impl Serialize for Coy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 == 3 {
            return Err(S::Error::custom("not a three"));
        }
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Coy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            7 => Err(D::Error::custom("not a seven")),
            n => Ok(Self(n)),
        }
    }
}

#[test]
fn row_11_arguments_and_results_that_refuse_to_travel_are_errors_of_their_items() {
    alone(|| {
        let pool = of(2).build().unwrap();
        let check = |n: u64, result: Result<u64, pmap::TaskError>| match result {
            Ok(result) => assert!(result == n && n != 3 && n != 7),
            Err(error) => {
                assert!((n == 3 || n == 7) && error.is_codec(), "{error}");
                assert_eq!(error.index(), n);
            }
        };
        for (n, result) in (0..).zip(pool.map(|coy: Coy| coy.0, (0..20).map(Coy))) {
            check(n, result);
        }
        for (n, result) in (0..).zip(pool.map(Coy, 0..20)) {
            check(n, result.map(|coy| coy.0));
        }
        for (n, result) in pool.map_unordered(Coy, 0..20).with_index() {
            check(n, result.map(|coy| coy.0));
        }
        let tasks: Vec<_> = (0..20).map(|n| pool.submit(Coy, n)).collect();
        for (n, task) in (0..).zip(tasks) {
            check(n, task.result().map(|coy| coy.0));
        }
        let tasks: Vec<_> = (0..20).map(|n| pool.submit(|coy: Coy| coy.0, Coy(n))).collect();
        for (n, task) in (0..).zip(tasks) {
            match task.result() {
                Ok(result) => assert_eq!(result, n),
                Err(error) => assert!((n == 3 || n == 7) && error.is_codec(), "{error}"),
            }
        }
        still_works(&pool);
    });
}

/// Bytes of a large item: in an optimised build, as many as the table asks for.
const LARGE: usize = if cfg!(debug_assertions) { 10 << 20 } else { 100 << 20 };

#[test]
fn row_14_large_arguments_and_results_survive() {
    alone(|| {
        let pool = of(2).build().unwrap();
        let negate = |text: String| -> String { text.chars().rev().collect() };
        let mut text = "x".repeat(LARGE);
        text.push('!');
        let there_and_back = pool.submit(negate, text.clone()).result().unwrap();
        assert!(there_and_back.len() == LARGE + 1 && there_and_back.starts_with("!x"));
        let lengths = pool.map(|text: String| text.len(), vec![text.clone(), "ab".into(), text]);
        assert!(lengths.map(Result::unwrap).eq([LARGE + 1, 2, LARGE + 1]));
        let made = pool.map(|n: usize| "y".repeat(n), [3, LARGE, 1]);
        assert!(made.map(|text| text.unwrap().len()).eq([3, LARGE, 1]));
        still_works(&pool);
    });
}

#[test]
fn row_15_a_pool_ends_while_something_large_is_on_its_way() {
    alone(|| {
        for millis in [0, 2, 5, 10, 20, 50] {
            let pool = of(1).build().unwrap();
            let there = pool.submit(|text: String| text.len(), "x".repeat(LARGE));
            let back = pool.submit(|n: usize| "x".repeat(n), LARGE);
            thread::sleep(Duration::from_millis(millis));
            pool.shutdown(Shutdown::Kill);
            assert!(there.result().map_or_else(|e| e.is_cancelled(), |len| len == LARGE));
            assert!(back.result().map_or_else(|e| e.is_cancelled(), |text| text.len() == LARGE));
        }
    });
}

#[test]
fn several_arguments_make_a_tuple_and_none_make_one_too() {
    alone(|| {
        let pool = of(1).build().unwrap();
        let repeat = |(text, times): (String, usize)| text.repeat(times);
        assert_eq!(pool.submit(repeat, ("ab".to_owned(), 3)).result().unwrap(), "ababab");
        assert_eq!(pool.submit(|()| 5_u8, ()).result(), Ok(5));
        assert_eq!(pool.submit(|()| (), ()).result(), Ok(()));
        assert_eq!(pool.map(|()| (), [(); 1000]).filter(Result::is_ok).count(), 1000);
        let fallible = |n: i32| -> Result<i32, String> { (n > 0).then_some(n).ok_or("no".into()) };
        assert_eq!(pool.submit(fallible, -1).result(), Ok(Err("no".to_owned())));
        still_works(&pool);
    });
}

#[test]
fn functions_are_told_apart() {
    alone(|| {
        let pool = of(2).build().unwrap();
        // More functions than are remembered without being called.
        macro_rules! each {
            ($($number:literal)*) => { $({
                let add = |n: u64| n + $number;
                assert_eq!(pool.submit(add, 1000).result(), Ok(1000 + $number));
                assert_eq!(pool.map(add, [1, 2]).map(Result::unwrap).sum::<u64>(), 3 + 2 * $number);
            })* };
        }
        for _ in 0..3 {
            each!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29);
        }
        assert_eq!(pool.submit(square, 3).result(), Ok(9));
        let handles: Vec<_> = (0..100)
            .map(|n| if n % 2 == 0 { pool.submit(square, n) } else { pool.submit(|n| n + 1, n) })
            .collect();
        for (n, handle) in (0..).zip(handles) {
            assert_eq!(handle.result(), Ok(if n % 2 == 0 { n * n } else { n + 1 }));
        }
    });
}
