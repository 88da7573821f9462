//! Memory that is made ready ahead of need. Memory that is new to a process is had page by page, each at its first touch;
//! for a collection of many megabytes that takes longer than everything else that its thread has to do. So another thread
//! touches what will be needed next.

use std::ops::Range;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use crate::sys::memory;

/// Bytes that are made ready at a time.
const PORTION: usize = 4 << 20;

/// Bytes that are ready, or soon will be, beyond those that are filled.
const AHEAD: usize = 2 * PORTION;

/// Room for fewer bytes is had faster than a thread.
const WORTH_A_THREAD: usize = 2 * PORTION;

/// Runs `fill`, which appends `expected` values to `values`. `fill` says after each part how far it has come, and must not
/// have the vector moved before; if it does, memory is made ready that nobody needs.
pub(super) fn of_need<T, R>(
    values: &mut Vec<T>,
    expected: Option<u64>,
    fill: impl FnOnce(&mut Vec<T>, &mut Ahead) -> R,
) -> R {
    let Some(additional) = expected.and_then(|count| usize::try_from(count).ok()) else {
        return fill(values, &mut Ahead::default());
    };
    // An input that is too large for this memory may end early, by a failure, and is not refused before.
    let is_reserved = values.try_reserve_exact(additional).is_ok();
    let room = size_of_val(values.spare_capacity_mut());
    if !is_reserved || room < WORTH_A_THREAD {
        return fill(values, &mut Ahead::default());
    }
    thread::scope(|scope| {
        let (wanted, asked) = mpsc::channel();
        let thread = thread::Builder::new().name("pmap-memory".to_owned());
        // Without a thread, memory is had when it is touched.
        let _ = thread.spawn_scoped(scope, || make_ready(asked));
        let mut ahead =
            Ahead { wanted: Some(wanted), next: address(values), end: address(values) + room };
        ahead.filled(values);
        fill(values, &mut ahead)
    })
}

fn make_ready(asked: Receiver<Range<usize>>) {
    for range in asked {
        memory::populate(range);
    }
}

/// Where the next value will be.
fn address<T>(values: &mut Vec<T>) -> usize {
    values.spare_capacity_mut().as_ptr().addr()
}

/// What another thread is asked for.
#[derive(Default)]
pub(super) struct Ahead {
    /// Nobody is asked once all has been asked for.
    wanted: Option<Sender<Range<usize>>>,
    /// The first address that was not asked for.
    next: usize,
    end: usize,
}

impl Ahead {
    /// Takes note that `values` are filled so far.
    pub(super) fn filled<T>(&mut self, values: &mut Vec<T>) {
        let Some(wanted) = &self.wanted else { return };
        while self.next < self.end && address(values) + AHEAD > self.next {
            let end = self.end.min(self.next + PORTION);
            // Whoever is not there makes nothing ready.
            let _ = wanted.send(self.next..end);
            self.next = end;
        }
        if self.next == self.end {
            self.wanted = None;
        }
    }
}

#[cfg(test)]
mod tests;
