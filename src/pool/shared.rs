//! How threads get on with a pool. Whoever waits for a result does the pool's work himself, behind the lock: that saves
//! two changes of thread a result. The keeper, a thread of the pool, does it while nobody waits; only he starts and
//! removes workers, since they die with the thread that starts them.

use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::state::State;
use crate::engine::Heard;
use crate::sys::bell::Bell;

/// How long a waiting thread goes on looking before it sleeps: a few times as long as a worker needs for a
/// small item, and about as long as it takes to be woken.
const LOOKING: Duration = Duration::from_micros(50);

pub(super) struct Shared {
    state: Mutex<State>,
    /// Wakes the keeper.
    pub(super) bell: Bell,
    /// Whether there is a core on which a worker can get on while somebody looks.
    looks: bool,
}

impl Shared {
    pub(super) fn new(state: State, bell: Bell, looks: bool) -> Self {
        Self { state: Mutex::new(state), bell, looks }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing in the pool panics")
    }

    /// Does something to the state, and leaves it so that what follows from it happens by itself.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let changed = change(&mut state);
        state.turn(&Heard::default());
        self.leave(state);
        changed
    }

    /// Lets go of the state after a turn.
    fn leave(&self, mut state: MutexGuard<'_, State>) {
        let wakes_keeper = state.leave();
        let to_wake = std::mem::take(&mut state.mux.to_wake);
        drop(state);
        to_wake.into_iter().for_each(Waker::wake);
        if wakes_keeper {
            self.bell.ring();
        }
    }

    /// Waits until `ready` finds something, or until the deadline. `wait` says, with `Some`, whom to wake when it is
    /// time to look again, and with `None`, that nobody waits any more.
    pub(super) fn wait<T>(
        &self,
        deadline: Option<Instant>,
        mut ready: impl FnMut(&mut State) -> Option<T>,
        mut wait: impl FnMut(&mut State, Option<Waker>),
    ) -> Option<T> {
        let mut state = self.lock();
        if let Some(found) = ready(&mut state) {
            return Some(found);
        }
        let mut looking_since = None;
        loop {
            let progress = state.turn(&Heard::default());
            let found = ready(&mut state);
            let now = Instant::now();
            if found.is_some() || deadline.is_some_and(|deadline| now >= deadline) {
                self.leave(state);
                return found;
            }
            let since = *looking_since.get_or_insert(now);
            if self.looks && (progress || now - since < LOOKING) {
                if progress {
                    looking_since = None;
                }
                // Others may want the lock, among them the keeper, who has started a worker.
                let to_wake = std::mem::take(&mut state.mux.to_wake);
                let wakes_keeper = !state.mux.wanted.is_empty();
                drop(state);
                to_wake.into_iter().for_each(Waker::wake);
                if wakes_keeper {
                    self.bell.ring();
                }
                std::hint::spin_loop();
                state = self.lock();
                continue;
            }
            wait(&mut state, Some(Arc::new(Unpark(thread::current())).into()));
            state.sleepers += 1;
            self.leave(state);
            match deadline {
                Some(deadline) => thread::park_timeout(deadline - now),
                None => thread::park(),
            }
            state = self.lock();
            state.sleepers -= 1;
            wait(&mut state, None);
            looking_since = None;
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
