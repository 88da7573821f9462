use super::RangeErrorKind::*;
use super::RangePart::{End, Start, Step};
use super::*;
use proptest::prelude::*;

/// The items, found by walking in a type in which nothing overflows.
fn naive(start: i64, end: i64, step: i64, inclusive: bool) -> impl Iterator<Item = i64> {
    let (end, step) = (i128::from(end), i128::from(step));
    std::iter::successors(Some(i128::from(start)), move |n| Some(n + step))
        .take_while(move |&n| {
            if inclusive && n == end {
                return true;
            }
            if step > 0 { n < end } else { n > end }
        })
        .map(|n| i64::try_from(n).expect("between two i64"))
}

fn items(range: &Range) -> Vec<i64> {
    (0..range.len()).map(|k| range.get(k)).collect()
}

#[test]
fn short_ranges() {
    let cases: &[(&str, &[i64])] = &[
        ("0..4", &[0, 1, 2, 3]),
        ("0..=4", &[0, 1, 2, 3, 4]),
        ("-2..2", &[-2, -1, 0, 1]),
        ("+1..+3", &[1, 2]),
        ("0..10:3", &[0, 3, 6, 9]),
        ("0..9:3", &[0, 3, 6]),
        ("0..=9:3", &[0, 3, 6, 9]),
        ("0..=10:3", &[0, 3, 6, 9]),
        ("3..0:-1", &[3, 2, 1]),
        ("3..=0:-1", &[3, 2, 1, 0]),
        ("0..1:9223372036854775807", &[0]),
        ("1e3..=1_002", &[1000, 1001, 1002]),
        ("5..5", &[]),
        ("5..=5", &[5]),
        ("5..=5:-3", &[5]),
        ("5..0", &[]),
        ("5..=4", &[]),
        ("0..5:-1", &[]),
        ("0..=5:-1", &[]),
        ("0..=0:0007", &[0]),
        ("9223372036854775806..=9223372036854775807", &[i64::MAX - 1, i64::MAX]),
        ("-9223372036854775808..=-9223372036854775808:-1", &[i64::MIN]),
        (
            "-9223372036854775808..=9223372036854775807:9223372036854775807",
            &[i64::MIN, -1, i64::MAX - 1],
        ),
        ("9223372036854775807..=-9223372036854775808:-9223372036854775808", &[i64::MAX, -1]),
    ];
    for (text, expected) in cases {
        let range: Range = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(items(&range), *expected, "{text}");
    }
}

#[test]
fn lengths_up_to_the_type() {
    let cases = [
        ("-9223372036854775808..9223372036854775807", u64::MAX),
        ("-9223372036854775807..=9223372036854775807", u64::MAX),
        ("9223372036854775807..-9223372036854775808:-1", u64::MAX),
        ("-9223372036854775808..=9223372036854775807:2", 1 << 63),
        ("0..=9223372036854775807", 1 << 63),
    ];
    for (text, len) in cases {
        let range: Range = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(range.len(), len, "{text}");
        let first = i128::from(range.start());
        let last = first + i128::from(range.step()) * i128::from(len - 1);
        assert_eq!(i128::from(range.get(len - 1)), last, "{text}");
    }
}

#[test]
fn refusals() {
    let cases = [
        ("", Empty),
        ("5", NoDots),
        ("1.2", NoDots),
        ("..", Missing(Start)),
        ("..5", Missing(Start)),
        ("5..", Missing(End)),
        ("5..=", Missing(End)),
        ("1..:2", Missing(End)),
        ("1..10:", Missing(Step)),
        ("a..b", NotWhole(Start)),
        ("1..b", NotWhole(End)),
        ("1..2:c", NotWhole(Step)),
        ("1..10:2:3", NotWhole(Step)),
        ("1...5", NotWhole(End)),
        ("1..=..5", NotWhole(End)),
        ("1 .. 5", NotWhole(Start)),
        ("1..5 ", NotWhole(End)),
        ("0.5..2", NotWhole(Start)),
        ("1..1e-3", NotWhole(End)),
        ("nan..1", NotWhole(Start)),
        ("0..inf", NotWhole(End)),
        ("9223372036854775808..0", OutOfBounds(Start)),
        ("-9223372036854775809..0", OutOfBounds(Start)),
        ("0..9223372036854775808", OutOfBounds(End)),
        ("0..1e19", OutOfBounds(End)),
        ("0..1e400", OutOfBounds(End)),
        ("0..1:-9223372036854775809", OutOfBounds(Step)),
        ("1..2:0", ZeroStep),
        ("1..2:-0", ZeroStep),
        ("-9223372036854775808..=9223372036854775807", TooManyItems),
        ("9223372036854775807..=-9223372036854775808:-1", TooManyItems),
    ];
    for (text, kind) in cases {
        let error = text.parse::<Range>().expect_err(text);
        assert_eq!(error.kind(), kind, "{text}");
    }
}

#[test]
fn displayed_as_typed() {
    let cases = [
        ("0..10", "0..10"),
        ("0..=9", "0..10"),
        ("-5..5", "-5..5"),
        ("0..10:3", "0..=9:3"),
        ("10..0:-1", "10..=1:-1"),
        ("5..0", "5..5"),
        ("0..5:-2", "0..0:-2"),
        ("0..=9223372036854775807", "0..=9223372036854775807"),
    ];
    for (typed, shown) in cases {
        assert_eq!(typed.parse::<Range>().map(|r| r.to_string()), Ok(shown.to_owned()));
    }
}

#[test]
fn parts_that_would_leave_the_type_are_refused() {
    let cases = [
        (0, 0, 1, ZeroStep),
        (0, 0, 0, ZeroStep),
        (i64::MAX, 1, 2, PastLimit),
        (i64::MIN, -1, 2, PastLimit),
        (i64::MIN, i64::MIN, u64::MAX, PastLimit),
        (i64::MAX, i64::MAX, u64::MAX, PastLimit),
        (i64::MIN + 2, 1, u64::MAX, PastLimit),
    ];
    for (start, step, count, kind) in cases {
        let parts = (start, step, count);
        assert_eq!(Range::new(start, step, count).map_err(|e| e.kind()), Err(kind), "{parts:?}");
        let bytes = postcard::to_allocvec(&parts).expect("three numbers");
        assert!(postcard::from_bytes::<Range>(&bytes).is_err(), "{parts:?} from the wire");
    }
    assert!(Range::new(i64::MAX, 1, 1).is_ok());
    assert!(Range::new(i64::MAX, 1, 0).is_ok());
    assert!(Range::new(i64::MIN, 1, u64::MAX).is_ok());
}

#[test]
#[should_panic(expected = "split beyond the range")]
fn split_beyond_the_end() {
    let range: Range = "0..3".parse().expect("a range");
    let _ = range.split_at(4);
}

/// Ends anywhere in `i64`, mostly near its limits and near each other.
fn an_end() -> impl Strategy<Value = i64> {
    prop_oneof![
        -100_i64..100,
        (0_i64..100).prop_map(|n| i64::MAX - n),
        (0_i64..100).prop_map(|n| i64::MIN + n),
        any::<i64>(),
    ]
}

fn a_step() -> impl Strategy<Value = i64> {
    prop_oneof![-7_i64..=7, an_end()].prop_filter("a step of 0", |&step| step != 0)
}

proptest! {
    #[test]
    fn agrees_with_a_walk(
        (start, end, step) in (an_end(), an_end(), a_step()),
        inclusive in any::<bool>(),
    ) {
        let text = format!("{start}..{}{end}:{step}", if inclusive { "=" } else { "" });
        let Ok(range) = text.parse::<Range>() else {
            prop_assert!(i128::from(start).abs_diff(end.into()) == u128::from(u64::MAX));
            prop_assert!(inclusive && step.abs() == 1);
            return Ok(());
        };
        // The walk is cut off after 300 items; a range that goes on must say so.
        let walk: Vec<i64> = naive(start, end, step, inclusive).take(300).collect();
        let shown: Vec<i64> = (0..range.len().min(300)).map(|k| range.get(k)).collect();
        prop_assert_eq!(shown, walk);

        // The last item is inside, and one step more would not be.
        if let Some(k) = range.len().checked_sub(1) {
            let last = i128::from(start) + i128::from(step) * i128::from(k);
            prop_assert_eq!(i128::from(range.get(k)), last);
            let next = last + i128::from(step);
            let end = i128::from(end);
            let beyond = if step > 0 { next > end } else { next < end };
            prop_assert!(beyond || (next == end && !inclusive));
        }
    }

    #[test]
    fn reads_back_what_it_shows(start in an_end(), end in an_end(), step in a_step()) {
        let range: Range = format!("{start}..{end}:{step}").parse().expect("exclusive");
        prop_assert_eq!(range.to_string().parse::<Range>(), Ok(range));
        let bytes = postcard::to_allocvec(&range).expect("three numbers");
        prop_assert_eq!(postcard::from_bytes::<Range>(&bytes), Ok(range));
    }

    #[test]
    fn a_cut_loses_nothing(start in an_end(), end in an_end(), step in a_step(), at in any::<u64>()) {
        let range: Range = format!("{start}..{end}:{step}").parse().expect("exclusive");
        let k = range.len().checked_add(1).map_or(at, |n| at % n);
        let (head, tail) = range.split_at(k);
        prop_assert_eq!((head.len(), tail.len()), (k, range.len() - k));
        for part in [head, tail] {
            prop_assert_eq!(Range::new(part.start(), part.step(), part.len()), Ok(part));
        }
        if !head.is_empty() {
            prop_assert_eq!(head.get(k - 1), range.get(k - 1));
        }
        if !tail.is_empty() {
            prop_assert_eq!(tail.get(0), range.get(k));
            prop_assert_eq!(tail.get(tail.len() - 1), range.get(range.len() - 1));
        }
    }

    #[test]
    fn never_panics(text in "[-+0-9_e.:= ]{0,40}") {
        let _ = text.parse::<Range>();
    }
}
