//! A C library with global state: threads spoil each other's answers, processes cannot.
//!
//!     cargo run --release --example not_thread_safe
//!
//! `srand48` and `drand48` of the C library keep one state for the whole process. A simulation that sets its seed and
//! then draws numbers gives the same answer each time, as long as nobody else draws in between.

#![expect(unsafe_code, reason = "C is called")]

use std::error::Error;
use std::thread;

use pmap::Pool;

const SIMULATIONS: i64 = 40;

/// Estimates pi by throwing darts: how many of 100,000 hit the circle.
fn hits(seed: i64) -> u32 {
    let throw = || {
        // SAFETY: it has no preconditions. Other threads that call it at the same time spoil its numbers, no more.
        unsafe { libc::drand48() }
    };
    // SAFETY: as above.
    unsafe { libc::srand48(seed) };
    (0..100_000).map(|_| u32::from(throw().hypot(throw()) < 1.0)).sum()
}

/// How many of the answers are as they should be.
fn right(answers: &[u32], expected: &[u32]) -> usize {
    answers.iter().zip(expected).filter(|(answer, expected)| answer == expected).count()
}

fn main() -> Result<(), Box<dyn Error>> {
    pmap::init();
    let expected: Vec<u32> = (0..SIMULATIONS).map(hits).collect();

    // Four threads, as rayon would have them: all draw from one state.
    let quarter = SIMULATIONS / 4;
    let answers: Vec<u32> = thread::scope(|scope| {
        let run = |at: i64| (at * quarter..(at + 1) * quarter).map(hits).collect::<Vec<u32>>();
        let threads: Vec<_> = (0..4).map(|at| scope.spawn(move || run(at))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("it does not panic")).collect()
    });
    println!("threads:   {} of {SIMULATIONS} right", right(&answers, &expected));

    // Four processes: each has a C library of its own.
    let pool = Pool::builder().workers(4).build()?;
    let answers: Result<Vec<u32>, _> = pool.map(hits, 0..SIMULATIONS).collect();
    println!("processes: {} of {SIMULATIONS} right", right(&answers?, &expected));
    Ok(())
}
