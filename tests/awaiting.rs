//! Handles as futures, without a runtime.
#![cfg(feature = "future")]

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use pmap::Pool;

pmap::init_before_main!();

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future on this thread.
fn wait<F: Future>(future: F) -> F::Output {
    let waker: Waker = Arc::new(Unpark(thread::current())).into();
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            // Whoever is not woken waits for ever, and the test with him.
            Poll::Pending => thread::park(),
        }
    }
}

fn nap(milliseconds: u64) -> u64 {
    thread::sleep(Duration::from_millis(milliseconds));
    milliseconds
}

#[test]
fn handles_are_awaited() {
    let pool = Pool::builder().workers(2).build().unwrap();
    let (slow, fast) = (pool.submit(nap, 60), pool.submit(nap, 1));
    let sum = async { slow.await.unwrap() + fast.await.unwrap() };
    assert_eq!(wait(sum), 61);
    for n in 0..1000 {
        assert_eq!(wait(pool.submit(|n: u64| n + 1, n)), Ok(n + 1));
    }
    let panics = pool.submit(|(): ()| -> u64 { panic!("no") }, ());
    assert!(wait(panics).unwrap_err().panic().is_some());
}

#[test]
fn who_is_cancelled_is_woken() {
    let pool = Pool::builder().workers(1).build().unwrap();
    let handle = Arc::new(pool.submit(nap, 1_000_000));
    let canceller = {
        let handle = handle.clone();
        thread::spawn(move || handle.cancel())
    };
    canceller.join().unwrap();
    let handle = Arc::into_inner(handle).unwrap();
    assert!(wait(handle).unwrap_err().is_cancelled());
}
