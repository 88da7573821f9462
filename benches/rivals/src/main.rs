//! pmap's work, done with rayon: threads of one process instead of workers.
//!
//! ```text
//! rivals range A B             squares of A..B
//! rivals stdin                 squares of stdin's lines
//! rivals collatz TIMES A B     TIMES times the steps of the 3n + 1 problem, of A..B
//! rivals busy NANOS COUNT      squares of 0..COUNT, with NANOS ns of arithmetic spent on each
//! ```
//!
//! Results are printed in order. It is as fast as rayon makes it without much ado: it also formats in parallel, and
//! it reads all of stdin before it begins. What it cannot do is what pmap is for: survive an item, stream, report.
//! The number of threads is `RAYON_NUM_THREADS`.

use std::error::Error;
use std::hint::black_box;
use std::io::{self, Read, Write};
use std::str::FromStr;
use std::time::Instant;

use rayon::prelude::*;

/// Results that are formatted together: some hundred KiB of text, so that a write costs nothing beside it.
const TOGETHER: usize = 1 << 14;

/// Bytes of lines that are worked on together.
const PIECE: usize = 1 << 18;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["range", from, to] => print(&map(number(from)?..number(to)?, square)),
        ["stdin"] => stdin(),
        ["collatz", times, from, to] => {
            let times = number(times)?;
            print(&map(number(from)?..number(to)?, |n| repeated_collatz(n, times)))
        }
        ["busy", nanos, count] => {
            let rounds = rounds_in(number(nanos)?);
            print(&map(0..number(count)?, |n| {
                black_box(work(n, rounds));
                square(n)
            }))
        }
        _ => Err("usage: rivals range A B | stdin | collatz TIMES A B | busy NANOS COUNT".into()),
    }
}

fn number<T: FromStr<Err: Error + 'static>>(text: &str) -> Result<T, Box<dyn Error>> {
    text.parse().map_err(|error| format!("'{text}': {error}").into())
}

/// The task applied to a range, collected in order.
fn map(range: std::ops::Range<i64>, task: impl Fn(i64) -> i64 + Sync + Send) -> Vec<i64> {
    range.into_par_iter().map(task).collect()
}

/// Checked, as it is in pmap; what does not fit is no item of these benches.
fn square(n: i64) -> i64 {
    n.checked_mul(n).expect("squares fit i64")
}

/// As pmap's `collatz + collatz + …`, `times` terms of it, each of which is computed.
fn repeated_collatz(n: i64, times: u32) -> i64 {
    // Not to be seen through: that the terms are the same would make one of them do.
    (0..times).map(|_| black_box(collatz as fn(i64) -> Option<i64>)(n).expect("way fits u64")).sum()
}

/// The same steps as `src/task/kernels/collatz.rs` takes, in the same way.
fn collatz(n: i64) -> Option<i64> {
    if n < 1 {
        return None;
    }
    let mut n = n.unsigned_abs();
    let mut steps = i64::from(n.trailing_zeros());
    n >>= n.trailing_zeros();
    while n != 1 {
        n = n.checked_mul(3)?.checked_add(1)?;
        let halvings = n.trailing_zeros();
        n >>= halvings;
        steps += 1 + i64::from(halvings);
    }
    Some(steps)
}

/// `rounds` steps of arithmetic, each of which needs the one before it.
fn work(n: i64, rounds: u64) -> u64 {
    (0..rounds).fold(n.unsigned_abs() | 1, |n, _| {
        let n = n.wrapping_mul(3).wrapping_add(1);
        // Odd again, so that it never gets stuck at 0.
        (n >> n.trailing_zeros()) | 1
    })
}

/// How many rounds of [`work`] take `nanos`.
fn rounds_in(nanos: u64) -> u64 {
    const ROUNDS: u64 = 1_000_000;
    let fastest = (0..5)
        .map(|n| {
            let start = Instant::now();
            black_box(work(black_box(n), ROUNDS));
            start.elapsed().as_nanos()
        })
        .min();
    (u128::from(nanos * ROUNDS) / fastest.unwrap_or(1).max(1)) as u64
}

fn stdin() -> Result<(), Box<dyn Error>> {
    let mut text = Vec::new();
    io::stdin().lock().read_to_end(&mut text)?;
    let mut pieces = Vec::new();
    let mut rest = &text[..];
    while !rest.is_empty() {
        let end = rest.iter().skip(PIECE).position(|byte| *byte == b'\n');
        let (piece, after) = rest.split_at(end.map_or(rest.len(), |at| PIECE + at + 1));
        pieces.push(piece);
        rest = after;
    }
    let squared: Vec<Vec<u8>> = pieces
        .into_par_iter()
        .map(|piece| {
            let numbers = std::str::from_utf8(piece).expect("input is text").lines();
            let squares = numbers.map(|line| square(line.parse().expect("every line is a number")));
            formatted(squares, piece.len() * 2)
        })
        .collect();
    write(squared.iter())
}

fn print(results: &[i64]) -> Result<(), Box<dyn Error>> {
    let texts: Vec<Vec<u8>> = results
        .par_chunks(TOGETHER)
        .map(|results| formatted(results.iter().copied(), results.len() * 16))
        .collect();
    write(texts.iter())
}

fn formatted(results: impl Iterator<Item = i64>, capacity: usize) -> Vec<u8> {
    let mut text = Vec::with_capacity(capacity);
    for result in results {
        text.extend_from_slice(itoa::Buffer::new().format(result).as_bytes());
        text.push(b'\n');
    }
    text
}

fn write<'a>(texts: impl Iterator<Item = &'a Vec<u8>>) -> Result<(), Box<dyn Error>> {
    // Texts are large: each is a write of its own.
    let mut stdout = io::stdout().lock();
    for text in texts {
        stdout.write_all(text)?;
    }
    Ok(stdout.flush()?)
}
