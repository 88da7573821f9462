//! Ten tasks of a second on four workers: submitted and waited for one by one, and all at once.
//!
//!     cargo run --example pool_sync_async
//!     cargo run --example pool_sync_async 100    # tasks of 100 ms

use std::error::Error;
use std::thread;
use std::time::{Duration, Instant};

use pmap::{Pool, TaskError};

/// A task that takes its time. It runs in a worker; what it needs comes in its argument.
fn slow_square((n, millis): (u64, u64)) -> u64 {
    thread::sleep(Duration::from_millis(millis));
    n * n
}

fn main() -> Result<(), Box<dyn Error>> {
    pmap::init();
    let millis = std::env::args().nth(1).map_or(Ok(1000), |millis| millis.parse())?;
    let pool = Pool::builder().workers(4).build()?;

    // `result` waits. Called at once, it leaves three of the four workers without work.
    let start = Instant::now();
    let squares: Result<Vec<u64>, TaskError> =
        (0..10).map(|n| pool.submit(slow_square, (n, millis)).result()).collect();
    println!("one by one:  {:?} in {:.1?}", squares?, start.elapsed());

    // `submit` does not wait: it gives a handle to the result. So all tasks are with the pool before anybody waits, and
    // four of them run at a time. The handles are asked in order, so the results are in order.
    let start = Instant::now();
    let handles: Vec<_> = (0..10).map(|n| pool.submit(slow_square, (n, millis))).collect();
    let squares: Result<Vec<u64>, TaskError> =
        handles.into_iter().map(|handle| handle.result()).collect();
    println!("all at once: {:?} in {:.1?}", squares?, start.elapsed());

    // The same without handles: `map` gives the results in order, each as soon as it is next.
    let start = Instant::now();
    let squares: Result<Vec<u64>, TaskError> =
        pool.map(slow_square, (0..10).map(|n| (n, millis))).collect();
    println!("as a map:    {:?} in {:.1?}", squares?, start.elapsed());
    Ok(())
}
