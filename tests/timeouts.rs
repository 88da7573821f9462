//! How exact a limit on an item's time is, for every way to use it up, and what dies with the item.

mod support;

use std::time::{Duration, Instant};

use rustix::process::Signal;
use support::{Run, assert_same, lines, pmap};

const LIMIT: Duration = Duration::from_millis(200);

/// Runs until the only item has failed; how long that took.
fn time_of(run: Run, start: Instant) -> Duration {
    let ended = run.finish();
    let took = start.elapsed();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let says =
        "pmap: item 0 (input 0): ran longer than --timeout 200ms (worker _, pid _, attempt 1 of 1)";
    assert_eq!(ended.said(), [says]);
    assert!(took >= LIMIT, "nobody dies before his time: {took:?}");
    took
}

#[test]
fn who_hangs_dies_in_time() {
    let words = ["--workers", "1", "--range", "0..1", "--timeout", "200ms", "hang()"];
    // It sleeps.
    let start = Instant::now();
    let took = time_of(pmap(&words).start(), start);
    eprintln!("one that sleeps: {took:?}");

    // It is stopped, and would get no signal but SIGKILL.
    let start = Instant::now();
    let mut run = pmap(&words).start();
    run.until_workers(1);
    assert!(run.workers()[0].signal(Signal::STOP));
    let took = time_of(run, start);
    eprintln!("one that is stopped: {took:?}");
}

/// The limit is each item's, whatever it shares a chunk with: so many items of 50 ms take far longer together.
#[test]
fn a_chunk_may_take_as_long_as_its_items_do() {
    let words = ["--workers", "2", "--range", "0..40", "--chunk-size", "20", "--timeout", "200ms"];
    let ended = pmap(&[&words[..], &["n + sleep(0.05)"]].concat()).run();
    ended.expect(0, &lines(0..40), "");
}

/// Those behind it in the chunk are run by others; those before it stay done.
#[test]
fn whoever_shares_a_chunk_with_it_is_none_the_worse() {
    let words = ["--workers", "1", "--range", "0..40", "--chunk-size", "40", "--timeout", "200ms"];
    let ended = pmap(&[&words[..], &["hang() if n % 10 == 3 else n"]].concat()).run();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert_same(&ended.stdout, &lines((0..40).filter(|n| n % 10 != 3)), &ended.stderr);
    assert_eq!(ended.said().len(), 4);
}
