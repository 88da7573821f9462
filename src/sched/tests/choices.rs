//! What is chosen by what is known of items and workers.

use super::run::{
    MS, Run, again, count, fail, lease, leases, policy, retry, settle, settle_at_last, spawn,
};
use crate::error::{Cause, Class};
use crate::ids::Slot;
use crate::sched::dispatch::LEASES;
use crate::sched::{Action, ChunkSize, Classes, Input, Kind, Now, Policy, Scheduler, TimeLimit};

/// Items of a kind have come, and more may come.
fn flowing(items: u64, kind: Kind, scheduler: Scheduler) -> Run {
    let mut run = Run { scheduler, now: Now::ZERO };
    run.tell(Input::Arrived { items, kind });
    run
}

/// And the first worker waits for them.
fn ready(items: u64, kind: Kind, scheduler: Scheduler) -> Run {
    let mut run = flowing(items, kind, scheduler);
    run.turn();
    run.tell(Input::Ready { slot: Slot(0) });
    run
}

fn auto(workers: u32) -> Policy {
    Policy { chunk: ChunkSize::Auto, ..policy(workers) }
}

#[test]
fn no_more_workers_than_cores_start_before_that_pays_off() {
    let tasks_per_worker = Some(count(8));
    let mut run = Run::before_ready(100, Policy { cores: 2, tasks_per_worker, ..policy(4) });
    assert_eq!(run.turn(), [spawn(0), spawn(1)]);
    run.tell(Input::Ready { slot: Slot(0) });
    assert_eq!(run.turn(), [lease(0, 0, 4), lease(0, 4, 4)]);
    run.tell(Input::Ready { slot: Slot(1) });
    assert_eq!(run.turn(), [lease(1, 8, 4), lease(1, 12, 4)]);
    run.now = MS / 100;
    run.commits(0, 4);
    assert_eq!(run.turn(), [], "what is left takes less than a start");
    assert_eq!(run.turn_at(MS * 99 / 100), []);
    assert_eq!(run.turn_at(MS), [spawn(2), spawn(3)], "somebody keeps everybody waiting");
}

#[test]
fn appetite_is_for_what_workers_would_take() {
    let mut run = flowing(12, 0, Scheduler::new(policy(3)));
    assert_eq!(run.scheduler.appetite(0), 3, "one for each that could be started");
    run.turn();
    assert_eq!(run.scheduler.appetite(0), 3, "or is on its way");
    run.tell(Input::Ready { slot: Slot(0) });
    assert_eq!(run.scheduler.appetite(0), 8 + 2, "two chunks for who is there");
    assert_eq!(run.turn(), [lease(0, 0, 4), lease(0, 4, 4)]);
    assert_eq!(run.scheduler.appetite(0), 2);
    run.dies(0);
    assert_eq!(run.restarts(0), [again(0, 0, 1)]);
    assert_eq!(run.scheduler.appetite(0), 2, "nothing for who is alone with a suspect");
}

#[test]
fn it_is_known_who_runs_what_since_when() {
    let mut run = Run::of(8, policy(1));
    assert_eq!(run.scheduler.running(Slot(0)), None);
    run.turn_at(3 * MS);
    assert_eq!(run.scheduler.running(Slot(0)), Some((0, 1, 3 * MS)));
    run.now = 5 * MS;
    run.commits(0, 1);
    assert_eq!(run.scheduler.running(Slot(0)), Some((1, 1, 5 * MS)));
    assert_eq!(run.dies(0), [retry(0, 1, 1)]);
    assert_eq!(run.scheduler.running(Slot(0)), None);
    assert_eq!(run.restarts(0), [again(0, 1, 1)]);
    assert_eq!(run.scheduler.running(Slot(0)), Some((1, 2, 5 * MS)));
    assert_eq!(run.commits(0, 1), [settle_at_last(0, 1, 2)]);
}

#[test]
fn a_worker_holds_only_so_many_leases() {
    let chunk = ChunkSize::Items(count(1));
    let mut run = Run::of(10_000, Policy { chunk, ..policy(1) });
    run.turn();
    run.now = MS / 1000;
    run.commits(0, 1);
    assert_eq!(leases(&run.turn()).len() + 1, LEASES);
}

#[test]
fn a_chunk_is_half_of_a_fair_share_at_most() {
    let mut run = Run::of(97, auto(4));
    assert_eq!(leases(&run.turn()), [1; 8]);
    run.now = MS / 100;
    run.commits(0, 2);
    assert_eq!(leases(&run.turn())[0], (97 - 8) / (2 * 4));
}

#[test]
fn a_chunk_is_chosen_by_the_cost_of_its_kind_and_a_limit() {
    for (kind, largest, want) in [(0, 1000, 98), (7, 1000, 98), (7, 3, 3)] {
        let mut run = ready(100, kind, Scheduler::new(auto(1)).with_largest_chunk(largest));
        assert_eq!(leases(&run.turn()), [1, 1]);
        run.now = MS / 100;
        run.commits(0, 2);
        assert_eq!(leases(&run.turn())[0], want, "kind {kind}, {largest} at most");
    }
}

/// What a worker of its own has when it is looked at so often, and has each time done all that it had: in each turn, how
/// many items it is given.
fn given_in_turns(run: &mut Run, turns: usize, between: Now) -> Vec<u64> {
    let turns = (0..turns).map(|_| {
        let given = leases(&run.turn()).iter().sum();
        run.now += between;
        run.commits(0, given);
        given
    });
    turns.collect()
}

#[test]
fn who_is_looked_at_seldom_is_given_more_each_time() {
    for policy in [auto(1), policy(1)] {
        let mut run = ready(1_000_000, 0, Scheduler::new(policy));
        let given = given_in_turns(&mut run, 10, 50 * MS);
        assert!(given.windows(2).all(|pair| pair[1] >= 2 * pair[0]), "{given:?}");
        let appetite = run.scheduler.appetite(0);
        let next: u64 = leases(&run.turn()).iter().sum();
        assert!(appetite <= next && next < appetite * 6 / 5 + 1, "{appetite}, {next}");
    }
}

#[test]
fn who_waits_for_room_has_not_waited_for_us() {
    let mut run = ready(1000, 0, Scheduler::new(auto(1)));
    assert_eq!(given_in_turns(&mut run, 2, 50 * MS), [2, 4]);
    run.turn();
    run.tell(Input::Congested(true));
    run.now += 50 * MS;
    run.commits(0, 8);
    assert_eq!(run.turn(), []);
    run.tell(Input::Congested(false));
    assert_eq!(leases(&run.turn()).iter().sum::<u64>(), 8);
}

#[test]
fn there_is_an_end_to_what_is_given() {
    let mut run = ready(1000, 0, Scheduler::new(auto(1)).with_largest_chunk(10));
    assert_eq!(given_in_turns(&mut run, 7, 50 * MS), [2, 4, 8, 18, 20, 20, 20]);
}

#[test]
fn who_runs_long_is_given_no_more() {
    let mut run = ready(1000, 0, Scheduler::new(auto(1)));
    assert_eq!(given_in_turns(&mut run, 5, 101 * MS), [2; 5]);
}

/// Two turns in which it has waited for us, and then others in which it has not.
#[test]
fn who_is_never_found_waiting_has_less_in_its_hands_again() {
    let mut run = ready(1_000_000, 0, Scheduler::new(auto(1)));
    given_in_turns(&mut run, 8, 50 * MS);
    run.turn();
    let most = run.scheduler.outstanding(Slot(0));
    assert!(most >= 2 << 8, "{most}");
    let mut now = most;
    for _ in 0..most {
        run.now += 10 * MS;
        run.commits(0, 1);
        run.turn();
        let before = std::mem::replace(&mut now, run.scheduler.outstanding(Slot(0)));
        assert!(now <= before);
    }
    assert_eq!(now, 2, "of {most}");
}

#[test]
fn what_one_kind_has_shown_is_nothing_to_another() {
    let mut run = ready(6, 0, Scheduler::new(auto(1)));
    assert_eq!(given_in_turns(&mut run, 2, 50 * MS), [2, 4]);
    run.tell(Input::Arrived { items: 100, kind: 1 });
    assert_eq!(leases(&run.turn()), [1, 1]);
}

#[test]
fn what_a_worker_has_shown_is_nothing_to_its_successor() {
    let mut run = ready(100, 0, Scheduler::new(auto(1)));
    assert_eq!(given_in_turns(&mut run, 3, 50 * MS), [2, 4, 8]);
    run.turn();
    run.dies(0);
    assert_eq!(leases(&run.restarts(0)), [1], "the suspect");
    run.commits(0, 1);
    assert_eq!(leases(&run.turn()), [1, 1]);
}

#[test]
fn who_has_less_than_half_of_its_reach_keeps_it() {
    let mut run = ready(100, 0, Scheduler::new(auto(1)));
    assert_eq!(given_in_turns(&mut run, 3, 50 * MS), [2, 4, 8]);
    run.turn();
    let most = run.scheduler.outstanding(Slot(0));
    run.now += 50 * MS;
    run.commits(0, most - 7);
    assert_eq!(run.scheduler.appetite(0), 16 - 7);
    run.commits(0, 6);
    assert_eq!(run.scheduler.appetite(0), 16 - 1);
}

#[test]
fn what_was_taken_back_shows_nothing() {
    let mut run = ready(100, 0, Scheduler::new(auto(1)));
    assert_eq!(given_in_turns(&mut run, 2, 50 * MS), [2, 4]);
    assert_eq!(leases(&run.turn()).iter().sum::<u64>(), 8);
    run.tell(Input::TakenBack { slot: Slot(0), items: 1 });
    run.commits(0, 7);
    assert_eq!(run.scheduler.appetite(0), 14);

    let mut run = ready(100, 0, Scheduler::new(auto(1)));
    assert_eq!(given_in_turns(&mut run, 3, 50 * MS), [2, 4, 8]);
    let most: u64 = leases(&run.turn()).iter().sum();
    run.tell(Input::TakenBack { slot: Slot(0), items: most - 3 });
    run.now += 50 * MS;
    run.commits(0, 3);
    assert_eq!(leases(&run.turn()).iter().sum::<u64>(), most, "as before, and no more");
}

#[test]
fn what_is_known_to_take_long_is_taken_back_at_once() {
    let mut run = flowing(8, 7, Scheduler::new(policy(2)));
    run.tell(Input::Ended);
    run.turn();
    run.tell(Input::Ready { slot: Slot(0) });
    run.tell(Input::Ready { slot: Slot(1) });
    assert_eq!(run.turn(), [lease(0, 0, 4), lease(1, 4, 4)]);
    run.now = 4 * MS;
    run.commits(0, 1);
    run.commits(1, 4);
    assert_eq!(run.turn(), [Action::TakeBack { slot: Slot(0), items: 2 }]);
}

#[test]
fn what_is_taken_back_is_nothing_that_a_worker_has_had() {
    let tasks_per_worker = Some(count(8));
    let mut run = Run::of(40, Policy { tasks_per_worker, ..policy(1) });
    assert_eq!(run.turn(), [lease(0, 0, 4), lease(0, 4, 4)]);
    run.tell(Input::TakenBack { slot: Slot(0), items: 3 });
    assert_eq!(run.turn(), [lease(0, 5, 3)]);
    run.now = MS;
    run.commits(0, 5);
    assert_eq!(run.turn(), [], "it has its eight");
}

#[test]
fn a_suspect_that_nobody_wants_has_been_tried_all_the_same() {
    let mut run = Run::of(4, policy(1));
    run.turn();
    assert_eq!(run.dies(0), [retry(0, 0, 1)]);
    assert_eq!(run.restarts(0), [again(0, 0, 1)]);
    run.tell(Input::Cancel { index: 0 });
    assert_eq!(run.turn(), [Action::Kill { slot: Slot(0) }]);
    assert_eq!(run.dies(0), []);
    assert_eq!(run.turn(), [fail(0, 0, Cause::Cancelled, 1), spawn(0)]);
}

#[test]
fn the_time_of_a_block_is_that_of_all_its_items() {
    let timeout = Some(TimeLimit::OfMedian(300));
    let mut run = Run::of(12, Policy { timeout, ..policy(1) });
    run.turn();
    for nth in 1..=2_u32 {
        run.now = nth * 80 * MS;
        run.commits(0, 4);
        run.turn();
    }
    let due = run.scheduler.wake_at().unwrap() - run.now;
    assert!(due > 59 * MS && due < 61 * MS, "{due:?} is three times 20 ms");
}

#[test]
fn what_is_dropped_is_no_success_that_a_halt_waits_for() {
    let halt = Some("now,success=2".parse().unwrap());
    let mut run = Run::of(20, Policy { halt, ..policy(1) });
    run.turn();
    let dropped = Input::Committed { slot: Slot(0), items: 3, dropped: 2 };
    assert_eq!(run.tell(dropped), [settle(0, 0, 3)]);
    assert!(!run.scheduler.has_halted());
    assert_eq!(run.commits(0, 1), [settle(0, 3, 1), Action::Halt]);
    assert!(run.scheduler.has_halted());
}

#[test]
fn errors_are_told_apart_where_that_matters() {
    let halt = Some("soon,fail=1".parse().unwrap());
    let retry_on = Classes::NONE.with(Class::Error);
    for (policy, minds) in [
        (policy(1), false),
        (Policy { halt, ..policy(1) }, true),
        (Policy { retry_on, ..policy(1) }, true),
    ] {
        assert_eq!(Scheduler::new(policy).minds_errors(), minds);
    }
}
