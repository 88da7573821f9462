//! Iterators in rayon's shape, whose closures run in other processes.
//!
//!     cargo run --example iterators

use std::collections::BTreeMap;

use pmap::prelude::*;

const TEXT: &str = "the quick brown fox jumps over the lazy dog and the dog does not mind the fox";

fn main() -> Result<(), TaskError> {
    pmap::init();

    // A chain runs in the workers as a whole. Only what leaves it comes back.
    let squares: Vec<u64> = (0..10_u64).into_proc_iter().map(|n| n * n).collect();
    println!("squares: {squares:?}");

    // One number comes back of each block of items.
    let sum: u64 = (0..1_000_000_u64).into_proc_iter().filter(|n| n % 3 == 0 || n % 5 == 0).sum();
    println!("sum of the multiples of 3 and 5: {sum}");

    // Each block of words is counted where it is; the counts are put together here.
    let words: Vec<String> = TEXT.split(' ').map(str::to_owned).collect();
    let counts: BTreeMap<String, u32> = words
        .into_proc_iter()
        .fold(BTreeMap::new, |mut counts, word| {
            *counts.entry(word).or_default() += 1;
            counts
        })
        .reduce(BTreeMap::new, |mut counts, others| {
            for (word, count) in others {
                *counts.entry(word).or_default() += count;
            }
            counts
        });
    let most = counts.iter().max_by_key(|(_, count)| **count);
    println!("the most frequent word: {most:?}");

    // What lies behind the answer is given up.
    let first = (1..10_000_u64).into_proc_iter().find_first(|n| n * n > 2_000);
    println!("the first whose square is above 2000: {first:?}");

    // Any iterator can be bridged. It is pulled a little ahead, so that it may be endless.
    let mut last = 1_u64;
    let powers = std::iter::from_fn(|| {
        last *= 2;
        Some(last)
    });
    let digits: Vec<usize> =
        powers.take(10).proc_bridge().map(|power| power.to_string().len()).collect();
    println!("digits of powers of two: {digits:?}");

    // An item that fails is an error in its place, if that is what is collected.
    let inverses: Vec<Result<u32, TaskError>> =
        (0..4_u32).into_proc_iter().map(|n| 12 / n).collect();
    for (n, inverse) in inverses.iter().enumerate() {
        match inverse {
            Ok(inverse) => println!("12 / {n} = {inverse}"),
            Err(error) => {
                let message = error.panic().map(|panic| panic.message.as_str());
                println!("12 / {n}: {}", message.unwrap_or("crashed"));
            }
        }
    }

    // Or the first one ends it all.
    let all: Vec<u32> =
        (1..4_u32).into_proc_iter().map(|n| 12 / n).collect::<Result<Vec<_>, _>>()?;
    println!("all of them: {all:?}");
    Ok(())
}
