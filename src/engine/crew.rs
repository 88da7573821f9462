//! The workers of a run or of a pool, and the scheduler that directs them: what is told to the scheduler, and what it
//! then wants done. Where items come from, where outcomes go and how workers are started is the [`Host`]'s.

use std::time::Duration;

use super::workers::Workers;
use crate::error::{Cause, Failure, PoolError};
use crate::event::Event;
use crate::ids::{Generation, Index, Slot};
use crate::sched::{Action, Classes, Input, Now, Policy, Scheduler};
use crate::source::Piece;
use crate::supervise::Link;
use crate::sys::process::Kill;

/// Whom a crew works for.
pub(crate) trait Host {
    /// Starts a worker.
    ///
    /// # Errors
    /// Processes, descriptors or shared memory are used up.
    fn start(
        &mut self,
        slot: Slot,
        generation: Generation,
        now: Now,
    ) -> Result<Option<Link>, PoolError>;

    /// Hands the items `first..first + items` to `take`, in order.
    fn cut(&mut self, first: Index, items: u64, take: &mut dyn FnMut(Piece<'_>));

    /// The next outcomes of `commit` are those of `first..first + items`, each of which was started so often.
    fn settle(
        &mut self,
        author: Author,
        first: Index,
        items: u64,
        attempts: u32,
        commit: &mut Commit,
        now: Now,
    );

    /// What the next outcomes of `commit` are. Asked only where errors are told apart.
    fn next_outcomes(&self, commit: &Commit) -> Next;

    /// The next outcome of `commit` is thrown away: its item is run again.
    fn skip(&mut self, commit: &mut Commit);

    /// An item that died, or ran too long, has no result, for good; it had run since then.
    fn fail(&mut self, failure: Failure, since: Now, now: Now);

    /// Something has happened.
    fn hear(&mut self, event: &Event<'_>, now: Now);

    /// No worker can be kept alive. Nothing is started any more, and those that live are being killed.
    fn give_up(&mut self, error: PoolError, now: Now);

    /// Every item is settled and there will be no more, or the run is halted.
    fn finish(&mut self);
}

/// Outcomes at the begin of what is left of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// No errors, of so many items, at least one; how many of them are not wanted.
    Good { items: u64, dropped: u64 },
    /// One error.
    Error,
}

/// Who has run an item.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Author {
    pub(crate) slot: Slot,
    pub(crate) pid: u32,
    /// How often an item may be started that fails in one of these ways; in others, once.
    pub(crate) attempts_allowed: u32,
    pub(crate) retry_on: Classes,
    /// Since when the first item in its hands had run, when it was last heard of.
    pub(crate) since: Now,
}

impl Author {
    /// An item of theirs without a result, as the world is told of it.
    pub(crate) fn failure(self, index: Index, cause: Cause, attempts: u32) -> Failure {
        let is_tried_again = self.retry_on.contains(cause.class());
        let attempts_allowed = if is_tried_again { self.attempts_allowed } else { attempts };
        Failure { index, cause, slot: self.slot, pid: self.pid, attempts, attempts_allowed }
    }
}

/// The outcomes of a commit, copied out of the ring and measured, and how many of them are settled.
#[derive(Debug, Default)]
pub(crate) struct Commit {
    /// All of them.
    pub(crate) bytes: Vec<u8>,
    /// Where the first one begins that is not settled.
    pub(crate) at: usize,
    /// How many items are not settled.
    pub(crate) left: u64,
    /// How many items there were.
    pub(crate) items: u64,
}

/// Workers at work.
pub(crate) struct Crew {
    pub(super) workers: Workers,
    pub(super) scheduler: Scheduler,
    /// The time of this turn.
    pub(super) now: Now,
    actions: Vec<Action>,
    /// A used buffer.
    pub(super) spare: Vec<u8>,
    /// The commit that is being settled.
    commit: Commit,
    /// Items came back from a slow worker in this turn.
    pub(super) took_back: bool,
    /// Since when nothing has moved, or nobody was nudged for it.
    pub(super) quiet_since: Now,
    /// Workers have died, and what they left behind may live on.
    pub(super) has_buried: bool,
    /// It is ending: who dies now dies of that.
    pub(super) is_ending: bool,
    /// How long workers that are not needed any more get to end by themselves; `None`: they are killed.
    grace: Option<Duration>,
}

impl Crew {
    /// Workers as the policy wants them, none of whom is started yet.
    pub(crate) fn new(policy: Policy) -> Self {
        Self {
            workers: Workers::new(&policy),
            scheduler: Scheduler::new(policy),
            now: Now::ZERO,
            actions: Vec::new(),
            spare: Vec::new(),
            commit: Commit::default(),
            took_back: false,
            quiet_since: Now::ZERO,
            has_buried: false,
            is_ending: false,
            grace: None,
        }
    }

    /// Lets workers that are not needed any more end by themselves, and kills those who take longer than `grace`.
    pub(crate) fn with_grace(self, grace: Option<Duration>) -> Self {
        Self { grace, ..self }
    }

    /// Whether some of them are about to.
    pub(super) fn is_taking_leave(&self) -> bool {
        self.grace.is_some() && !self.workers.are_gone()
    }

    /// By when workers must have ended that are told to now, if they are told so.
    pub(super) fn leave(&self) -> Option<Now> {
        self.grace.map(|grace| self.now + grace)
    }

    /// The same, given up to so many items at once.
    pub(crate) fn with_largest_chunk(self, items: u64) -> Self {
        Self { scheduler: self.scheduler.with_largest_chunk(items), ..self }
    }

    /// The scheduler, to ask it something.
    pub(crate) fn scheduler(&self) -> &Scheduler {
        &self.scheduler
    }

    /// Whether workers have died since it was last said that nothing is left of those who had.
    pub(crate) fn has_buried(&self) -> bool {
        self.has_buried
    }

    /// Nothing is left of those who have died, if `is_over`.
    pub(crate) fn forget_buried(&mut self, is_over: bool) {
        self.has_buried &= !is_over;
    }

    /// The process ids of all workers that are not buried.
    pub(crate) fn pids(&self) -> Vec<u32> {
        let retired = self.workers.retired().iter();
        self.workers.slots().map(|(_, link)| link).chain(retired).map(Link::pid).collect()
    }

    /// A new turn begins.
    pub(crate) fn begin_turn(&mut self, now: Now) {
        self.now = now;
    }

    /// Takes note of something, and does what follows from it.
    pub(crate) fn step(&mut self, host: &mut impl Host, input: Input) {
        self.scheduler.step(input, self.now, &mut self.actions);
        self.act(host);
    }

    /// Hands out work and does all else that a turn asks for; whether there was anything.
    pub(crate) fn direct(&mut self, host: &mut impl Host) -> bool {
        let mut progress = false;
        self.tell_busy(host);
        self.tell_condemned(host);
        // What comes back from a slow worker is handed out in the same turn: nobody would wake us for it.
        self.took_back = true;
        while std::mem::take(&mut self.took_back) {
            self.scheduler.step(Input::Turn, self.now, &mut self.actions);
            progress |= !self.actions.is_empty();
            self.act(host);
        }
        self.tell_busy(host);
        self.serve_workers();
        progress
    }

    /// Settles a commit of `items` items.
    pub(super) fn settle(&mut self, host: &mut impl Host, slot: Slot, bytes: Vec<u8>, items: u64) {
        self.workers.note_since(slot, self.scheduler.running(slot));
        self.commit = Commit { bytes, at: 0, left: items, items };
        let items = self.settle_all(host, slot, items);
        let commit = std::mem::take(&mut self.commit);
        self.give_back(commit.bytes);
        host.hear(&Event::Settled { slot, items }, self.now);
    }

    /// Tells the scheduler what has become of the items of the commit; how many are settled by that. Errors are
    /// told one by one, where it minds them.
    fn settle_all(&mut self, host: &mut impl Host, slot: Slot, items: u64) -> u64 {
        if !self.scheduler.minds_errors() {
            self.step(host, Input::Committed { slot, items, dropped: 0 });
            return items;
        }
        let mut settled = items;
        while self.commit.left > 0 {
            if let Next::Good { items, dropped } = host.next_outcomes(&self.commit) {
                self.step(host, Input::Committed { slot, items, dropped });
                continue;
            }
            let before = self.commit.left;
            self.step(host, Input::Erred { slot });
            if self.commit.left == before {
                host.skip(&mut self.commit);
                settled -= 1;
            }
        }
        settled
    }

    /// Takes a buffer back.
    pub(super) fn give_back(&mut self, mut buffer: Vec<u8>) {
        buffer.clear();
        self.spare = buffer;
    }

    /// Starts nothing any more, and asks or makes everybody end.
    pub(crate) fn end(&mut self, kill: Kill) {
        self.is_ending = true;
        self.scheduler.step(Input::Stop, self.now, &mut Vec::new());
        self.workers.kill_all(kill);
        if let Some(deadline) = self.leave() {
            // The signal may come to one that is about to sleep; this is what it looks for then.
            self.workers.dismiss_all(deadline);
        }
    }

    /// Does what the scheduler has said.
    fn act(&mut self, host: &mut impl Host) {
        let mut actions = std::mem::take(&mut self.actions);
        for action in actions.drain(..) {
            self.perform(host, action);
        }
        self.actions = actions;
    }

    fn perform(&mut self, host: &mut impl Host, action: Action) {
        match action {
            Action::Spawn { slot } => self.spawn(host, slot),
            Action::Lease { slot, first, items, attempt, singly } => {
                self.workers.lease(host, slot, first, items, attempt, singly);
            }
            Action::TakeBack { slot, items } => self.take_back(host, slot, items),
            Action::Settle { slot, first, items, attempts } => {
                let author = self.workers.author(slot);
                host.settle(author, first, items, attempts, &mut self.commit, self.now);
            }
            Action::Fail { slot, index, cause, attempts } => {
                let author = self.workers.author(slot);
                host.fail(author.failure(index, cause, attempts), author.since, self.now);
                host.hear(&Event::Settled { slot, items: 1 }, self.now);
            }
            Action::Retry { slot, index, attempts, class } => {
                let Author { pid, since, .. } = self.workers.author(slot);
                let event = Event::Retried { slot, pid, index, attempts, class, since };
                host.hear(&event, self.now);
            }
            Action::Retire { slot } => self.retire(host, slot),
            Action::Kill { slot } => self.kill_overdue(host, slot),
            Action::GiveUp { deaths, last } => {
                let error = self.workers.give_up(deaths, last);
                self.end(Kill::Kill);
                host.give_up(error, self.now);
            }
            Action::Finish | Action::Halt => {
                // They end while the last results are written.
                self.is_ending = true;
                match self.leave().filter(|_| action == Action::Finish) {
                    Some(deadline) => self.workers.dismiss_all(deadline),
                    None => self.workers.kill_all(Kill::Kill),
                }
                host.finish();
            }
        }
    }
}
