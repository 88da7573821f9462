//! The pool's own thread: starts workers, buries them, and does the pool's work while nobody else does.

use std::sync::Arc;
use std::task::Waker;

use super::shared::Shared;
use super::state::{Stage, State, Watched};
use crate::engine::Heard;
use crate::error::PoolError;
use crate::supervise::Spawner;
use crate::sys::poll::{Interest, Watch};

/// Keeps a pool until its end.
pub(super) fn keep(shared: &Arc<Shared>, spawner: &Spawner) {
    let mut heard = Heard::default();
    loop {
        let mut state = shared.lock();
        let progress = state.turn(&heard);
        if !state.mux.wanted.is_empty() {
            drop(state);
            start_wanted(shared, spawner);
            heard = Heard::default();
            continue;
        }
        if state.is_over() {
            end(state);
            return;
        }
        let limit = state.plan_sleep(progress);
        let watched = state.watched();
        let to_wake = std::mem::take(&mut state.mux.to_wake);
        drop(state);
        to_wake.into_iter().for_each(Waker::wake);
        heard = listen(shared, &watched, limit);
    }
}

/// Starts the workers that are wanted. That takes its time, in which others get on.
fn start_wanted(shared: &Shared, spawner: &Spawner) {
    let mut state = shared.lock();
    let wanted = std::mem::take(&mut state.mux.wanted);
    let crews = state.crews;
    for wanted in wanted {
        if state.crews != crews {
            return;
        }
        let now = state.now();
        drop(state);
        let started = spawner.spawn(wanted.slot, wanted.generation, now);
        state = shared.lock();
        if state.crews == crews {
            state.started(wanted, started);
        }
    }
}

/// Sleeps until a worker rings or dies, the keeper is rung for, or the time is over.
fn listen(shared: &Shared, watched: &Watched, limit: Option<std::time::Duration>) -> Heard {
    use std::os::fd::AsFd;
    let mut watch = Watch::with_capacity(1 + 2 * watched.workers.len() + watched.retired.len());
    let bell = watch.add(shared.bell.as_fd(), Interest::Read);
    for process in &watched.retired {
        watch.add(process.as_fd(), Interest::Read);
    }
    let places: Vec<_> = watched
        .workers
        .iter()
        .map(|(slot, socket, process)| {
            let socket = socket.as_ref().map(|fd| watch.add(fd.as_fd(), Interest::Read));
            (*slot, socket, watch.add(process.as_fd(), Interest::Read))
        })
        .collect();
    let mut heard = Heard::default();
    // Without memory for the wait it is a busy one.
    if watch.sleep(limit).is_err() {
        std::thread::yield_now();
        return heard;
    }
    if watch.found(bell).readable {
        shared.bell.silence();
    }
    for (slot, socket, process) in places {
        let rang = socket.is_some_and(|socket| watch.found(socket).readable);
        heard.note(slot, rang, watch.found(process).readable);
    }
    heard
}

/// Nobody is served any more, and no worker is left.
fn end(mut state: std::sync::MutexGuard<'_, State>) {
    state.stage = Stage::Ended;
    state.abandon(&Arc::new(PoolError::ShutDown));
    let to_wake = std::mem::take(&mut state.mux.to_wake);
    drop(state);
    to_wake.into_iter().for_each(Waker::wake);
}
