//! pmap's library beside rayon, in turn, in one run: medians and their ratios. Every answer is checked.
//!
//!     cargo run --release --bin library

use std::hint::black_box;
use std::time::{Duration, Instant};

use pmap::prelude::*;
use rayon::prelude::*;

const ROUNDS: usize = 15;

fn main() {
    pmap::init();
    let pool = pmap::Pool::builder().build().expect("a pool");
    // Workers and threads are there before anything is timed.
    let _: u64 = pool.install(|| (0..1_000_000_u64).into_proc_iter().map(spin).sum());
    let _: u64 = (0..1_000_000_u64).into_par_iter().sum();

    race("10^7 squares, collected", ROUNDS, || {
        let squares: Vec<u64> =
            pool.install(|| (0..10_000_000_u64).into_proc_iter().map(|n| n * n).collect());
        squares.len() as u64 + squares[9_999_999]
    }, || {
        let squares: Vec<u64> = (0..10_000_000_u64).into_par_iter().map(|n| n * n).collect();
        squares.len() as u64 + squares[9_999_999]
    });
    race("sum of 10^9 cheap terms", 5, || {
        pool.install(|| (0..1_000_000_000_u64).into_proc_iter().map(|n| n ^ (n >> 3)).sum())
    }, || (0..1_000_000_000_u64).into_par_iter().map(|n| n ^ (n >> 3)).sum());
    race("10^4 items of 100 us", 5, || {
        pool.install(|| (0..10_000_u64).into_proc_iter().map(busy).sum())
    }, || (0..10_000_u64).into_par_iter().map(busy).sum());

    let tasks = 100_000_u64;
    let each = time(|| {
        (0..tasks).map(|n| pool.submit(|n: u64| n * n, n).result().expect("a result")).sum()
    });
    println!("submit and result, one by one   {:?} each", each.0 / 100_000);
    let all = time(|| {
        let handles: Vec<_> = (0..tasks).map(|n| pool.submit(|n: u64| n * n, n)).collect();
        handles.into_iter().map(|handle| handle.result().expect("a result")).sum()
    });
    assert_eq!(all.1, each.1);
    println!("10^5 submitted at once          {:?} each", all.0 / 100_000);
}

fn spin(n: u64) -> u64 {
    black_box(n)
}

/// Work of 100 us.
fn busy(n: u64) -> u64 {
    let start = Instant::now();
    while start.elapsed() < Duration::from_micros(100) {
        std::hint::spin_loop();
    }
    n
}

fn time(f: impl FnOnce() -> u64) -> (Duration, u64) {
    let start = Instant::now();
    let answer = f();
    (start.elapsed(), answer)
}

fn race(name: &str, rounds: usize, ours: impl Fn() -> u64, theirs: impl Fn() -> u64) {
    assert_eq!(ours(), theirs(), "{name}");
    let mut times: Vec<(Duration, Duration)> =
        (0..rounds).map(|_| (time(&ours).0, time(&theirs).0)).collect();
    times.sort_by(|a, b| a.0.cmp(&b.0));
    let ours = times[rounds / 2].0;
    times.sort_by(|a, b| a.1.cmp(&b.1));
    let theirs = times[rounds / 2].1;
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("{name:<30}  pmap {ours:>9.2?}  rayon {theirs:>9.2?}  ratio {ratio:.3}");
}
