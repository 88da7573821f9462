//! Workers as the scheduler imagines them, without processes. The world does what the scheduler says, and
//! keeps books of its own, against which every action is checked.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use crate::error::{Class, Death};
use crate::ids::{Index, Slot};
use crate::sched::{
    Action, ChunkSize, Counted, Delay, Input, Now, Policy, Scheduler, Threshold, TimeLimit, When,
    Window,
};

const KILLED: Death = Death::Signal(9);

/// Turns without an event between them that a sensible scheduler may need.
const TURNS: usize = 64;

#[derive(Debug, Default)]
struct Worker {
    is_ready: bool,
    /// What is in its hands, first to run first.
    items: VecDeque<Index>,
    /// When its first item became the first one.
    since: Now,
    /// It was killed when this was its first item.
    overdue: Option<Index>,
    /// It was killed because somebody did not want an item of it.
    is_unwanted: bool,
    runs_suspect: bool,
    /// Something was to be taken from it, and all was begun.
    is_barren: bool,
    /// How many items it has had, less those that were taken back.
    used: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Done,
    Failed,
}

#[derive(Debug, Default, Clone)]
struct Item {
    fate: Option<Fate>,
    holder: Option<usize>,
    /// It was handed out before.
    is_known: bool,
    /// How often a worker has died of it.
    deaths: u32,
    /// A worker has died in a block that held it.
    is_unclear: bool,
}

impl Item {
    /// Whether it must not be run in a block.
    fn is_singly(&self) -> bool {
        self.is_unclear || self.deaths > 0
    }
}

pub(super) struct World {
    scheduler: Scheduler,
    policy: Policy,
    now: Now,
    workers: Vec<Option<Worker>>,
    items: Vec<Item>,
    has_ended: bool,
    delivered: u64,
    is_congested: bool,
    /// Known items in nobody's hands: those that nobody is to blame for, and those that somebody died of.
    innocents: BTreeSet<Index>,
    /// The latter with the earliest and the latest time at which they are due.
    suspects: BTreeMap<Index, (Now, Now)>,
    /// Items that nobody wants and that are not settled.
    cancelled: BTreeSet<Index>,
    /// Items of the commit that is being told, which are to be settled next.
    committing: VecDeque<Index>,
    /// The item whose failure is being told, how often it was started, and what kind of failure it is if it is for
    /// good.
    blamed: Option<(Index, u32, Option<Class>)>,
    done: u64,
    failed: u64,
    /// What decides by chance: whether starts fail, how much a take-back yields.
    luck: Vec<u8>,
    drawn: usize,
    took_back: bool,
    gave_up: bool,
    halted: bool,
    finished: bool,
    /// Everything that was ever done.
    log: Vec<Action>,
}

impl World {
    pub(super) fn new(policy: Policy, luck: Vec<u8>) -> Self {
        Self {
            scheduler: Scheduler::new(policy),
            policy,
            now: Now::ZERO,
            workers: (0..policy.workers).map(|_| None).collect(),
            items: Vec::new(),
            has_ended: false,
            delivered: 0,
            is_congested: false,
            innocents: BTreeSet::new(),
            suspects: BTreeMap::new(),
            cancelled: BTreeSet::new(),
            committing: VecDeque::new(),
            blamed: None,
            done: 0,
            failed: 0,
            luck,
            drawn: 0,
            took_back: false,
            gave_up: false,
            halted: false,
            finished: false,
            log: Vec::new(),
        }
    }

    /// A number below `limit`, by chance.
    fn draw(&mut self, limit: usize) -> usize {
        if self.luck.is_empty() {
            return limit - 1;
        }
        self.drawn += 1;
        usize::from(self.luck[self.drawn % self.luck.len()]) % limit
    }

    pub(super) fn is_over(&self) -> bool {
        self.finished || self.gave_up || self.halted
    }

    fn is_alive(&self, slot: u32) -> bool {
        self.workers[slot as usize].is_some()
    }

    // What may happen. Each does nothing where it cannot happen.

    pub(super) fn arrive(&mut self, items: u64) {
        if !self.has_ended && items > 0 {
            self.items.extend((0..items).map(|_| Item::default()));
            self.step(Input::Arrived { items, kind: 0 });
        }
    }

    pub(super) fn end(&mut self) {
        if !self.has_ended {
            self.has_ended = true;
            self.step(Input::Ended);
        }
    }

    pub(super) fn ready(&mut self, slot: u32) {
        if let Some(worker) = &mut self.workers[slot as usize] {
            if !worker.is_ready {
                worker.is_ready = true;
                self.step(Input::Ready { slot: Slot(slot) });
            }
        }
    }

    pub(super) fn commit(&mut self, slot: u32, items: u64) {
        let Some(worker) = &mut self.workers[slot as usize] else { return };
        let items = items.min(worker.items.len() as u64);
        if items > 0 {
            self.committing = worker.items.drain(..items as usize).collect();
            worker.since = self.now;
            worker.runs_suspect = false;
            worker.is_barren = false;
            for index in &self.committing {
                self.items[*index as usize].holder = None;
            }
            self.step(Input::Committed { slot: Slot(slot), items, dropped: 0 });
            assert!(self.committing.is_empty(), "every committed item is settled");
        }
    }

    /// The next item's outcome is an error.
    pub(super) fn err(&mut self, slot: u32) {
        if !self.scheduler.minds_errors() {
            return self.commit(slot, 1);
        }
        let Some(worker) = &mut self.workers[slot as usize] else { return };
        let Some(index) = worker.items.pop_front() else { return };
        worker.since = self.now;
        worker.runs_suspect = false;
        worker.is_barren = false;
        let item = &mut self.items[index as usize];
        item.holder = None;
        item.deaths += 1;
        let attempts = item.deaths;
        self.blamed = Some((index, attempts, self.verdict(Class::Error, attempts)));
        self.step(Input::Erred { slot: Slot(slot) });
        assert_eq!(self.blamed, None, "what has become of it is told");
    }

    /// A part of an outcome comes.
    pub(super) fn hear(&mut self, slot: u32) {
        let Some(worker) = &mut self.workers[slot as usize] else { return };
        if !worker.items.is_empty() {
            worker.since = self.now;
            self.step(Input::Heard { slot: Slot(slot) });
        }
    }

    /// Time passes, and nobody sees what happens in it.
    pub(super) fn look_away(&mut self, time: Duration) {
        self.now += time;
        for worker in self.workers.iter_mut().flatten() {
            worker.since = (worker.since + time).min(self.now);
        }
        self.step(Input::Unwatched { time });
    }

    /// `None` if an item that has failed so for the `attempts`th time is to be tried again.
    fn verdict(&self, class: Class, attempts: u32) -> Option<Class> {
        let Policy { retries, retry_on, .. } = self.policy;
        let again = attempts <= retries && retry_on.contains(class) && !self.is_halting();
        (!again).then_some(class)
    }

    /// Whether enough has happened for the run to be halted.
    fn is_halting(&self) -> bool {
        self.policy.halt.is_some_and(|halt| {
            let count = match halt.of {
                Counted::Failures => self.failed,
                Counted::Successes => self.done,
                Counted::Both => self.done + self.failed,
            };
            matches!(halt.limit, Threshold::Count(limit) if count >= limit)
        })
    }

    pub(super) fn die(&mut self, slot: u32, death: Death) {
        let Some(mut worker) = self.workers[slot as usize].take() else { return };
        let death = if worker.overdue.is_some() { KILLED } else { death };
        let first = worker.items.front().map(|first| &self.items[*first as usize]);
        let may_be_in_block = worker.overdue.is_none() && first.is_some_and(|i| !i.is_singly());
        let begun = self.draw(worker.items.len() + 1);
        let is_nobodys = death.is_nobodys();
        let first = if worker.is_unwanted || is_nobodys || (begun >= 2 && may_be_in_block) {
            for index in worker.items.range(..begun).filter(|_| !is_nobodys) {
                self.items[*index as usize].is_unclear = true;
            }
            None
        } else {
            worker.items.pop_front()
        };
        for index in worker.items.drain(..) {
            let item = &mut self.items[index as usize];
            item.holder = None;
            if item.deaths == 0 {
                self.innocents.insert(index);
            } else {
                self.suspects.insert(index, (self.now, self.now));
            }
        }
        self.blamed = first.and_then(|index| {
            let item = &mut self.items[index as usize];
            item.holder = None;
            item.deaths += 1;
            let is_spared = worker.overdue.is_some_and(|overdue| overdue != index);
            if is_spared && item.deaths <= self.policy.retries {
                // Killed for the item before it, which was done after all: as if nothing had happened.
                item.deaths -= 1;
                item.is_unclear |= item.deaths == 0;
                if item.deaths == 0 {
                    self.innocents.insert(index);
                } else {
                    self.suspects.insert(index, (self.now, self.now));
                }
                return None;
            }
            let attempts = item.deaths;
            let is_late = worker.overdue == Some(index);
            let class = if is_late { Class::Timeout } else { death.class() };
            Some((index, attempts, self.verdict(class, attempts)))
        });
        self.step(Input::Died { slot: Slot(slot), death, begun: begun as u64 });
        assert_eq!(self.blamed, None, "whoever had a dead worker's first item is told");
    }

    pub(super) fn cancel(&mut self, index: u64) {
        let Some(item) = self.items.get(index as usize) else { return };
        if item.fate.is_none() {
            self.cancelled.insert(index);
        }
        self.step(Input::Cancel { index });
    }

    /// Delivers up to so many settled items.
    pub(super) fn deliver(&mut self, items: u64) {
        let ready = if self.policy.ordered {
            self.items.iter().take_while(|item| item.fate.is_some()).count()
        } else {
            self.items.iter().filter(|item| item.fate.is_some()).count()
        };
        self.delivered = self.delivered.saturating_add(items).min(ready as u64);
        self.step(Input::Delivered { next: self.delivered });
    }

    pub(super) fn congest(&mut self, is_congested: bool) {
        self.is_congested = is_congested;
        self.step(Input::Congested(is_congested));
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    /// Lets time pass until the scheduler wants a turn, if it does.
    pub(super) fn pass_until_due(&mut self) {
        if let Some(due) = self.scheduler.wake_at() {
            self.now = self.now.max(due);
        }
    }

    /// A turn of the engine: until nothing more is to be done at once.
    pub(super) fn turn(&mut self) {
        for _ in 0..TURNS {
            if self.is_over() {
                return;
            }
            let (due, done) = (self.scheduler.wake_at(), self.log.len());
            self.took_back = false;
            self.step(Input::Turn);
            let next = self.scheduler.wake_at();
            let is_due = next.is_some_and(|next| next <= self.now);
            if !self.took_back && !is_due {
                return;
            }
            let moved = self.log.len() > done || next != due;
            assert!(moved, "due at {next:?}, it is {:?}, and nothing is done", self.now);
        }
        panic!("the scheduler finds no rest");
    }

    /// From here on every worker gets on with its work. Whatever has happened before, the run comes to its end.
    pub(super) fn run_to_the_end(&mut self) {
        self.end();
        self.congest(false);
        for _ in 0..10 * (self.items.len() + 10) {
            for slot in 0..self.policy.workers {
                if self.is_over() {
                    return;
                }
                self.ready(slot);
                match &self.workers[slot as usize] {
                    Some(worker) if worker.overdue.is_some() || worker.is_unwanted => {
                        self.die(slot, KILLED);
                    }
                    _ => self.commit(slot, u64::MAX),
                }
            }
            self.deliver(u64::MAX);
            self.turn();
            if self.is_over() {
                return;
            }
            self.pass_until_due();
        }
        panic!("the run does not end");
    }

    fn step(&mut self, input: Input) {
        if self.is_over() && input != Input::Turn {
            return;
        }
        let mut actions = Vec::new();
        self.scheduler.step(input, self.now, &mut actions);
        for action in actions {
            self.log.push(action.clone());
            self.perform(action);
        }
    }

    fn perform(&mut self, action: Action) {
        assert!(!self.finished, "nothing comes after the end: {action:?}");
        match action {
            Action::Spawn { slot } => self.spawn(slot),
            Action::Lease { slot, first, items, attempt, singly } => {
                self.lease(slot.at(), first, items, attempt, singly);
            }
            Action::TakeBack { slot, items } => self.take_back(slot, items),
            Action::Settle { first, items, attempts, .. } => {
                if let Some(blamed) = self.blamed.take() {
                    assert_eq!((first, items), (blamed.0, 1));
                    assert_eq!(blamed, (first, attempts, Some(Class::Error)));
                    return self.settle(first, Fate::Failed);
                }
                for index in first..first + items {
                    assert_eq!(self.committing.pop_front(), Some(index), "in the order of running");
                    assert_eq!(self.items[index as usize].deaths + 1, attempts);
                    self.settle(index, Fate::Done);
                }
            }
            Action::Fail { index, cause: crate::error::Cause::Cancelled, attempts, .. } => {
                assert!(self.cancelled.remove(&index), "somebody wants it");
                let item = &self.items[index as usize];
                assert_eq!((item.holder, item.deaths), (None, attempts));
                self.innocents.remove(&index);
                self.suspects.remove(&index);
                self.settle(index, Fate::Failed);
            }
            Action::Fail { index, cause, attempts, .. } => {
                assert_eq!(self.blamed.take(), Some((index, attempts, Some(cause.class()))));
                self.settle(index, Fate::Failed);
            }
            Action::Retry { index, attempts, .. } => {
                assert_eq!(self.blamed.take(), Some((index, attempts, None)));
                let (least, most) = match self.policy.retry_delay {
                    Delay::None => (Duration::ZERO, Duration::ZERO),
                    Delay::Fixed(delay) => (delay, delay),
                    Delay::Doubling { first, longest } => {
                        let most = longest.min(first * 2_u32.pow(attempts - 1));
                        (most / 2, most)
                    }
                };
                self.suspects.insert(index, (self.now + least, self.now + most));
            }
            Action::Retire { slot } => {
                let worker = self.workers[slot.at()].take().expect("somebody to end");
                assert!(worker.is_ready && worker.items.is_empty() && worker.overdue.is_none());
                assert_eq!(Some(worker.used), self.policy.tasks_per_worker.map(|most| most.get()));
            }
            Action::Kill { slot } => {
                let worker = self.workers[slot.at()].as_mut().expect("somebody to kill");
                assert!(worker.is_ready && worker.overdue.is_none(), "nobody is killed twice");
                assert!(!worker.is_unwanted, "nobody is killed twice");
                if worker.items.iter().any(|index| self.cancelled.contains(index)) {
                    worker.is_unwanted = true;
                    return;
                }
                let limit = match self.policy.timeout.expect("a limit") {
                    TimeLimit::Fixed(limit) => limit,
                    TimeLimit::OfMedian(_) => {
                        assert!(self.done + self.failed >= 5, "too few to know a median");
                        Duration::from_millis(10)
                    }
                };
                assert!(self.now >= worker.since + limit, "it has had its time");
                worker.overdue = Some(*worker.items.front().expect("something that takes long"));
            }
            Action::GiveUp { deaths, .. } => {
                assert!(deaths >= 5, "one does not give up so soon");
                self.gave_up = true;
            }
            Action::Finish => {
                let all_settled = self.items.iter().all(|item| item.fate.is_some());
                let none_runs = self.workers.iter().flatten().all(|w| w.items.is_empty());
                assert!((self.has_ended && all_settled) || (self.is_halting() && none_runs));
                self.finished = true;
            }
            Action::Halt => {
                assert_eq!(self.policy.halt.map(|halt| halt.when), Some(When::Now));
                assert!(self.is_halting());
                // More of the same commit may follow.
                self.halted = true;
            }
        }
    }

    fn spawn(&mut self, slot: Slot) {
        assert!(!self.is_alive(slot.0), "one worker a slot");
        if !self.luck.is_empty() && self.draw(8) == 0 {
            self.step(Input::SpawnFailed { slot });
        } else {
            self.workers[slot.at()] = Some(Worker::default());
        }
    }

    fn lease(&mut self, slot: usize, first: Index, items: u64, attempt: u32, singly: bool) {
        assert!(items >= 1 && !self.is_halting(), "nothing is begun that is not to be finished");
        let new = self.items[first as usize].clone();
        if new.is_known && attempt > 0 {
            assert!(attempt <= self.policy.retries, "no item is run too often");
            let (earliest, _) = self.suspects.remove(&first).expect("it waits to be tried again");
            assert!(earliest <= self.now, "it waits so long");
            assert_eq!(items, 1, "suspects run alone");
        } else {
            let is_due = |(_, latest): &(Now, Now)| *latest <= self.now;
            assert!(!self.suspects.values().any(is_due), "suspects come first");
            if let ChunkSize::Items(chunk) = self.policy.chunk {
                assert!(items <= chunk.get());
            }
        }
        for index in first..first + items {
            let item = &mut self.items[index as usize];
            assert_eq!((item.fate, item.holder), (None, None), "in one place at a time");
            assert_eq!(item.deaths, attempt, "innocents are not blamed");
            assert_eq!(item.is_singly(), singly, "one by one if need be");
            item.holder = Some(slot);
            if std::mem::replace(&mut item.is_known, true) {
                assert!(self.innocents.remove(&index) || attempt > 0);
            } else {
                let back = self.innocents.iter().any(|back| !self.cancelled.contains(back));
                assert!(!back, "what came back goes first");
                self.check_window(index);
            }
        }
        let worker = self.workers[slot].as_mut().expect("somebody to run it");
        assert!(worker.is_ready && worker.overdue.is_none() && !worker.runs_suspect);
        if worker.items.is_empty() {
            worker.since = self.now;
        } else {
            assert_eq!(attempt, 0, "a suspect runs alone");
        }
        worker.runs_suspect = attempt > 0;
        worker.is_barren = false;
        worker.used += items;
        assert!(self.policy.tasks_per_worker.is_none_or(|most| worker.used <= most.get()));
        worker.items.extend(first..first + items);
    }

    /// Whether an item that nobody has had may be started.
    fn check_window(&self, index: Index) {
        let settled = self.items.iter().filter(|item| item.fate.is_some()).count() as u64;
        let base = if self.policy.ordered { self.delivered } else { settled };
        match self.policy.window {
            Window::Items(window) => {
                assert!(index.saturating_sub(base) < window.get(), "{index} from {base}");
            }
            Window::Auto => assert!(!self.is_congested),
        }
    }

    fn take_back(&mut self, slot: Slot, items: u64) {
        let idle = self.workers.iter().flatten().any(|w| w.is_ready && w.items.is_empty());
        let worker = self.workers[slot.at()].as_ref().expect("somebody to take from");
        let first = worker.items.len().saturating_sub(items as usize);
        let is_unwanted = worker.items.get(first).is_some_and(|it| self.cancelled.contains(it));
        assert!(idle || is_unwanted || self.is_halting(), "nothing is taken back for nobody");
        assert!(worker.is_ready && worker.overdue.is_none());
        assert!(!worker.is_barren, "what was begun cannot be taken");
        assert!((1..worker.items.len() as u64).contains(&items), "the first one is begun");
        let taken = self.draw(items as usize + 1) as u64;
        let worker = self.workers[slot.at()].as_mut().unwrap();
        for index in worker.items.split_off(worker.items.len() - taken as usize) {
            self.items[index as usize].holder = None;
            self.innocents.insert(index);
        }
        worker.is_barren = taken == 0;
        worker.used -= taken;
        self.took_back |= taken > 0;
        self.step(Input::TakenBack { slot, items: taken });
    }

    fn settle(&mut self, index: Index, fate: Fate) {
        self.cancelled.remove(&index);
        let before = self.items[index as usize].fate.replace(fate);
        assert_eq!(before, None, "item {index} is settled once");
        match fate {
            Fate::Done => self.done += 1,
            Fate::Failed => self.failed += 1,
        }
    }
}
