//! A thousand items, nine of which do to their process whatever comes to mind.

use std::process;
use std::time::Duration;

use pmap::TaskError;
use rustix::process::Signal;

use super::deaths::{overflow, segfault};
use super::{alone, of, still_works};

/// Closes whatever is open, its socket to the supervisor included, and then does not come back: nobody in the process
/// can hear any more that the supervisor is gone, and nobody outside hears from the process.
#[expect(unsafe_code, reason = "it is what is tested")]
fn close_everything() -> u64 {
    for descriptor in 0..4096 {
        // SAFETY: none; whoever has one of them finds that out.
        unsafe { libc::close(descriptor) };
    }
    spin()
}

fn spin() -> u64 {
    loop {
        std::hint::spin_loop();
    }
}

fn kill_own_group() -> u64 {
    rustix::process::kill_current_process_group(Signal::KILL).unwrap();
    0
}

fn poison(n: u64) -> u64 {
    match n {
        100 => process::abort(),
        200 => segfault(),
        300 => overflow(n),
        400 => process::exit(0),
        500 => process::exit(7),
        600 => vec![1_u8; 1 << 30].len() as u64,
        700 => spin(),
        800 => close_everything(),
        900 => kill_own_group(),
        n => n * n,
    }
}

/// Whether that is how item `n` fails.
fn is_its_end(n: u64, error: &TaskError) -> bool {
    let by = |signals: &[Signal]| {
        error.signal().is_some_and(|it| signals.iter().any(|signal| signal.as_raw() == it))
    };
    match n {
        100 => by(&[Signal::ABORT]),
        200 => by(&[Signal::SEGV]),
        // With a message or without: see `init_before_main!`.
        300 => by(&[Signal::SEGV, Signal::ABORT]),
        400 => error.exit_code() == Some(0),
        500 => error.exit_code() == Some(7),
        600 => error.is_out_of_memory(),
        700 | 800 => error.is_timed_out(),
        900 => by(&[Signal::KILL]),
        _ => false,
    }
}

#[test]
fn nine_poisons_of_a_thousand_items_cost_nine() {
    alone(|| {
        for chunk in [1, 64] {
            let pool = of(4).retries(1).timeout(Duration::from_secs(1)).memory_limit(512 << 20);
            let pool = pool.chunk_size(chunk).build().unwrap();
            let mut right = 0;
            for (n, result) in (0..).zip(pool.map(poison, 0..1000)) {
                match result {
                    Ok(square) => {
                        assert_eq!(square, n * n);
                        right += 1;
                    }
                    Err(error) => assert!(is_its_end(n, &error), "{n}: {error}"),
                }
            }
            assert_eq!(right, 991);
            still_works(&pool);
        }
    });
}
