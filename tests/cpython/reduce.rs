//! Random lists of numbers, reduced in pieces that are merged in any order, and by CPython.

use std::io::Write as _;

use pmap::task::{Lanes, Partial, Reduction, Total};
use pmap::value::{Number, Value, parse};

use super::generator::Generator;
use super::python;

const ORACLE: &str = include_str!("reduce.py");

const REDUCTIONS: [&str; 5] = ["sum", "mean", "min", "max", "count"];

/// Numbers of one kind or of several, near each other or not.
fn numbers(generator: &mut Generator) -> Vec<Number> {
    let kinds = generator.below(16);
    let count = generator.below(30);
    (0..count)
        .map(|_| {
            let kind = if kinds < 4 { kinds } else { generator.below(5) };
            match kind {
                0 => parse::number(generator.small_int().as_bytes()).unwrap(),
                1 => parse::number(generator.large_int().as_bytes()).unwrap(),
                2 => Number::Bool(generator.below(2) == 1),
                // Without infinities and nans, most of the time.
                _ => std::iter::repeat_with(|| generator.float())
                    .find(|float| float.is_finite() || kinds > 12)
                    .map(Number::Float)
                    .unwrap(),
            }
        })
        .collect()
}

/// Reduced in up to four pieces, of which any may come first.
fn reduce(reduction: Reduction, numbers: &[Number], generator: &mut Generator) -> String {
    let end = numbers.len() as u64 + 1;
    let mut borders: Vec<usize> = (0..3).map(|_| generator.below(end) as usize).collect();
    borders.extend([0, numbers.len()]);
    borders.sort_unstable();
    let mut pieces: Vec<_> = borders.windows(2).map(|pair| pair[0]..pair[1]).collect();
    pieces.sort_by_cached_key(|_| generator.below(100));
    let mut total = Total::new(reduction);
    for piece in pieces {
        let mut partial = Partial::new(reduction);
        for number in &numbers[piece.clone()] {
            match number {
                Number::Float(float) if generator.below(2) == 0 => {
                    partial.add_lanes(Lanes::Floats(&[*float]));
                }
                number => partial.add(&Value::Number(number.clone())).unwrap(),
            }
        }
        total.merge(piece.start as u64, piece.len() as u64, &partial).unwrap();
    }
    match total.result() {
        Ok(number) => number.to_string(),
        Err(error) => error.to_string(),
    }
}

pub(super) fn compare(seed: u64, lists: usize) {
    let Some(mut python) = python(ORACLE) else { return };
    let mut generator = Generator::new(seed);
    let (mut differences, mut errors) = (Vec::new(), 0);
    for _ in 0..lists {
        let numbers = numbers(&mut generator);
        for name in REDUCTIONS {
            let found = reduce(name.parse().unwrap(), &numbers, &mut generator);
            let texts: String = numbers.iter().map(|number| format!("\t{number}")).collect();
            writeln!(python.stdin, "{name}{texts}").unwrap();
            python.stdin.flush().unwrap();
            let expected = python.answer();
            errors += usize::from(expected.contains("Error: "));
            if found != expected {
                differences
                    .push(format!("{name}{texts}\n    pmap:    {found}\n    CPython: {expected}"));
            }
        }
    }
    python.finish();
    let answers = lists * REDUCTIONS.len();
    println!("seed {seed}: {answers} answers, {errors} of them errors");
    let shown = differences.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(differences.is_empty(), "{} differences, seed {seed}\n{shown}", differences.len());
    assert!(errors * 2 < answers && errors > 0, "{errors} errors");
}
