//! How threads get on with a pool. Whoever waits for a result does the pool's work himself, behind the lock: that saves
//! two changes of thread a result. The keeper, a thread of the pool, does it while nobody waits; only he starts and
//! removes workers, since they die with the thread that starts them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::state::State;
use crate::engine::{Heard, NAP};
use crate::sys::bell::Bell;

/// How long a thread that waits for one task looks before it sleeps: a few times as long as a worker needs for a
/// small one, and about as long as it takes to be woken.
const LOOKING: Duration = Duration::from_micros(50);

/// Bytes that come at once where results flow so fast that the rings would be full before somebody slept and was woken.
const FLOW: u64 = 32 << 10;

/// What somebody waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// One task, which may be done at once.
    Task,
    /// Whatever comes next of many items: enough that it pays, and the cores are the workers'.
    Some,
}

pub(super) struct Shared {
    state: Mutex<State>,
    /// Wakes the keeper.
    pub(super) bell: Bell,
    /// Whether there is a core on which a worker can get on while somebody looks.
    looks: bool,
    /// Threads that wait for the lock.
    queue: AtomicUsize,
}

impl Shared {
    pub(super) fn new(state: State, bell: Bell, looks: bool) -> Self {
        Self { state: Mutex::new(state), bell, looks, queue: AtomicUsize::new(0) }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        if let Ok(state) = self.state.try_lock() {
            return state;
        }
        self.queue.fetch_add(1, Ordering::Relaxed);
        let state = self.state.lock().expect("nothing in the pool panics");
        self.queue.fetch_sub(1, Ordering::Relaxed);
        state
    }

    /// Lets others have the lock that was just let go of: it goes to who comes first, and whoever was woken for it comes
    /// later than who has never slept. Among them may be the keeper, who has started a worker.
    fn step_aside(&self) {
        if self.queue.load(Ordering::Relaxed) > 0 {
            thread::yield_now();
        } else {
            std::hint::spin_loop();
        }
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

    /// Looks once; if `ready` finds nothing, `wait` says whom to wake when it is time to look again.
    #[cfg(feature = "future")]
    pub(super) fn poll<T>(
        &self,
        mut ready: impl FnMut(&mut State) -> Option<T>,
        wait: impl FnOnce(&mut State),
    ) -> Option<T> {
        let mut state = self.lock();
        if let Some(found) = ready(&mut state) {
            return Some(found);
        }
        wait(&mut state);
        state.turn(&Heard::default());
        let found = ready(&mut state);
        self.leave(state);
        found
    }

    /// Waits until `ready` finds something, or until the deadline. `wait` says, with `Some`, whom to wake when it is
    /// time to look again, and with `None`, that nobody waits any more.
    pub(super) fn wait<T>(
        &self,
        need: Need,
        deadline: Option<Instant>,
        mut ready: impl FnMut(&mut State) -> Option<T>,
        mut wait: impl FnMut(&mut State, Option<Waker>),
    ) -> Option<T> {
        let mut state = self.lock();
        if let Some(found) = ready(&mut state) {
            return Some(found);
        }
        let mut looks_until = None;
        let mut flows_until = None;
        loop {
            let before = state.mux.received;
            state.turn(&Heard::default());
            let received = state.mux.received - before;
            let found = ready(&mut state);
            let now = Instant::now();
            if found.is_some() || deadline.is_some_and(|deadline| now >= deadline) {
                self.leave(state);
                return found;
            }
            let until = *looks_until.get_or_insert(now + LOOKING);
            if need == Need::Task && self.looks && now < until {
                state = self.look_again(state);
                continue;
            }
            if received >= FLOW {
                flows_until = Some(now + LOOKING);
            }
            if need == Need::Some && flows_until.is_some_and(|until| now < until) {
                state = self.look_again(state);
                thread::yield_now();
                continue;
            }
            wait(&mut state, Some(Arc::new(Unpark(thread::current())).into()));
            // Of many items, some come without a word as long as no worker is idle.
            let nap = match need {
                Need::Task => None,
                Need::Some => Some(now + NAP),
            };
            self.leave(state);
            match deadline.into_iter().chain(nap).min() {
                Some(until) => thread::park_timeout(until - now),
                None => thread::park(),
            }
            state = self.lock();
            wait(&mut state, None);
            looks_until = None;
        }
    }

    /// Lets others have the lock for a moment, among them the keeper, who may be wanted to start a worker.
    fn look_again<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let to_wake = std::mem::take(&mut state.mux.to_wake);
        let wakes_keeper = !state.mux.wanted.is_empty();
        drop(state);
        to_wake.into_iter().for_each(Waker::wake);
        if wakes_keeper {
            self.bell.ring();
        }
        self.step_aside();
        self.lock()
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
