use std::time::Duration;

use super::run::{
    MS, Run, SEGV, again, count, fail, lease, leases, policy, retry, settle, settle_at_last, spawn,
};
use crate::error::{Cause, Class, Death, ProgramEnd};
use crate::ids::Slot;
use crate::sched::{
    Action, ChunkSize, Classes, Delay, Input, Now, Policy, Scheduler, TimeLimit, Window,
};

#[test]
fn a_run_without_trouble() {
    let mut run = Run::before_ready(6, policy(2));
    assert_eq!(run.turn(), [spawn(0), spawn(1)]);
    assert_eq!(run.turn(), [], "they are on their way");
    run.tell(Input::Ready { slot: Slot(1) });
    assert_eq!(run.turn(), [lease(1, 0, 4), lease(1, 4, 2)]);
    assert_eq!(run.commits(1, 5), [settle(1, 0, 4), settle(1, 4, 1)]);
    assert_eq!(run.turn(), []);
    assert_eq!(run.commits(1, 1), [settle(1, 5, 1)]);
    assert_eq!(run.turn(), [Action::Finish]);
    assert_eq!(run.turn(), [], "a run ends once");
    assert_eq!(run.scheduler.wake_at(), None);
}

#[test]
fn a_run_of_nothing_ends_at_once() {
    assert_eq!(Run::before_ready(0, policy(4)).turn(), [Action::Finish]);
}

/// A program ends that a worker needs for its items: between two of them, and before it has read any.
#[test]
fn what_was_not_begun_is_not_blamed() {
    let stillborn = || Death::Stillborn { program: "x".into(), end: ProgramEnd::Exited(1) };
    for death in [Death::ProgramAtRest(ProgramEnd::Exited(0)), stillborn()] {
        let mut run = Run::of(6, policy(1));
        assert_eq!(run.turn(), [lease(0, 0, 4), lease(0, 4, 2)]);
        let died = Input::Died { slot: Slot(0), death, begun: 3 };
        assert_eq!(run.tell(died), []);
        run.now += MS * 100;
        // In one piece, and not one by one: it is known of each that it had not begun.
        assert_eq!(run.restarts(0), [lease(0, 0, 4), lease(0, 4, 2)]);
        run.dies(0);
        assert!(run.restarts(0).contains(&again(0, 0, 1)));
        // A suspect keeps the attempts that it has had.
        let died = Input::Died { slot: Slot(0), death: stillborn(), begun: 1 };
        assert_eq!(run.tell(died), []);
        run.now += MS * 100;
        assert!(run.restarts(0).contains(&again(0, 0, 1)));
    }
}

#[test]
fn programs_that_end_before_they_begin_end_the_run() {
    let mut run = Run::of(6, policy(1));
    let death = Death::Stillborn { program: "x".into(), end: ProgramEnd::Exited(1) };
    for _ in 0..2 {
        run.turn();
        let died = Input::Died { slot: Slot(0), death: death.clone(), begun: 1 };
        assert_eq!(run.tell(died), []);
        run.now += MS * 1000;
        run.restarts(0);
    }
    let died = Input::Died { slot: Slot(0), death: death.clone(), begun: 1 };
    assert_eq!(run.tell(died), [Action::GiveUp { deaths: 3, last: Some(death) }]);
}

#[test]
fn results_that_cannot_be_trusted_end_the_run_at_once() {
    let mut run = Run::of(6, policy(2));
    run.turn();
    let died = Input::Died { slot: Slot(0), death: Death::OutOfStep, begun: 0 };
    let last = Some(Death::OutOfStep);
    assert_eq!(run.tell(died), [Action::GiveUp { deaths: 1, last }]);
}

/// What a worker starts before its first item is no time of the item's, but for ever it may not take.
#[test]
fn the_start_of_a_program_is_not_timed() {
    let timed = Policy { timeout: Some((MS * 10).into()), warm_up: MS * 1000, ..policy(1) };
    for begins in [true, false] {
        let mut run = Run::of(6, timed);
        run.turn();
        assert_eq!(run.turn_at(MS * 500), []);
        assert_eq!(run.scheduler.wake_at(), Some(MS * 1010));
        if begins {
            run.tell(Input::Begun { slot: Slot(0) });
        }
        let due = if begins { MS * 510 } else { MS * 1010 };
        assert_eq!(run.scheduler.wake_at(), Some(due));
        assert_eq!(run.turn_at(due - MS), []);
        assert_eq!(run.turn_at(due), [Action::Kill { slot: Slot(0) }]);
    }
    let mut run = Run::of(6, timed);
    run.turn();
    run.now = MS * 20;
    run.commits(0, 1);
    assert_eq!(run.turn_at(MS * 30), [Action::Kill { slot: Slot(0) }]);
}

#[test]
fn few_items_start_few_workers() {
    let mut run = Run::before_ready(2, policy(8));
    assert_eq!(run.turn(), [spawn(0), spawn(1)]);
    assert_eq!(run.turn(), []);
}

#[test]
fn a_poison_item_is_tried_so_often_and_no_oftener() {
    let mut run = Run::of(1, policy(1));
    assert_eq!(run.turn(), [lease(0, 0, 1)]);
    assert_eq!(run.dies(0), [retry(0, 0, 1)]);
    assert_eq!(run.restarts(0), [again(0, 0, 1)]);
    assert_eq!(run.dies(0), [retry(0, 0, 2)]);
    assert_eq!(run.restarts(0), [again(0, 0, 2)]);
    assert_eq!(run.dies(0), [fail(0, 0, Cause::Died(SEGV), 3)]);
    assert_eq!(run.turn(), [Action::Finish]);
}

#[test]
fn innocents_of_a_death_go_first_and_unblamed() {
    let mut run = Run::of(20, policy(1));
    assert_eq!(run.turn(), [lease(0, 0, 4), lease(0, 4, 4)]);
    assert_eq!(run.commits(0, 1), [settle(0, 0, 1)]);
    assert_eq!(run.dies(0), [retry(0, 1, 1)], "the first uncommitted item is the suspect");
    assert_eq!(run.restarts(0), [again(0, 1, 1)], "which runs alone");
    assert_eq!(run.turn(), []);
    assert_eq!(run.commits(0, 1), [settle_at_last(0, 1, 2)]);
    let next = run.turn();
    assert_eq!(next[..2], [lease(0, 2, 2), lease(0, 4, 4)], "then what came back, then the rest");
}

#[test]
fn a_death_in_a_block_blames_nobody_until_its_items_have_run_one_by_one() {
    let singly = |first, items| {
        let slot = Slot(0);
        Action::Lease { slot, first, items, attempt: 0, singly: true }
    };
    let mut run = Run::of(8, policy(1));
    assert_eq!(run.turn(), [lease(0, 0, 4), lease(0, 4, 4)]);
    assert_eq!(run.commits(0, 1), [settle(0, 0, 1)]);
    let in_block = Input::Died { slot: Slot(0), death: SEGV, begun: 2 };
    assert_eq!(run.tell(in_block), [], "any of the two may have done it");
    assert_eq!(run.restarts(0), [singly(1, 2), lease(0, 3, 1), lease(0, 4, 4)]);
    assert_eq!(run.commits(0, 1), [settle(0, 1, 1)]);
    // It says that it was in a block, which it must not be.
    let in_block = Input::Died { slot: Slot(0), death: SEGV, begun: 2 };
    assert_eq!(run.tell(in_block), [retry(0, 2, 1)], "one by one, there is no doubt");
    assert_eq!(run.restarts(0), [again(0, 2, 1)]);
}

#[test]
fn a_suspect_gets_the_first_idle_worker_and_keeps_it_to_itself() {
    let mut run = Run::of(40, policy(2));
    run.turn();
    assert_eq!(run.dies(0), [retry(0, 0, 1)]);
    run.now = MS;
    assert_eq!(run.turn(), [spawn(0)], "nobody is idle yet");
    assert_eq!(run.commits(1, 8).len(), 2);
    assert_eq!(run.turn()[0], again(1, 0, 1), "whoever is idle first");
    run.tell(Input::Ready { slot: Slot(0) });
    let turn = run.turn();
    assert!(turn.iter().all(|action| !matches!(action, Action::Lease { slot: Slot(1), .. })));
    assert_eq!(run.commits(1, 1), [settle_at_last(1, 0, 2)]);
    assert!(!leases(&run.turn()).is_empty(), "then it is a worker as any other");
}

#[test]
fn with_no_retries_nothing_runs_twice() {
    let mut run = Run::of(8, Policy { retries: 0, ..policy(1) });
    run.turn();
    assert_eq!(run.dies(0), [fail(0, 0, Cause::Died(SEGV), 1)]);
    assert_eq!(run.restarts(0), [lease(0, 1, 3), lease(0, 4, 4)]);
}

#[test]
fn an_item_that_runs_too_long_is_killed_and_not_retried() {
    let limit = 10 * MS;
    let mut run = Run::of(4, Policy { timeout: Some(limit.into()), ..policy(1) });
    run.turn();
    assert_eq!(run.scheduler.wake_at(), Some(limit));
    assert_eq!(run.turn_at(limit - MS), []);
    assert_eq!(run.turn_at(limit), [Action::Kill { slot: Slot(0) }]);
    assert_eq!(run.turn_at(limit + MS), [], "once");
    assert_eq!(run.scheduler.wake_at(), None);
    let killed = Death::Signal(9);
    let died = run.tell(Input::Died { slot: Slot(0), death: killed, begun: 1 });
    assert_eq!(died, [fail(0, 0, Cause::TimedOut(limit), 1)]);
    assert_eq!(run.restarts(0), [lease(0, 1, 3)]);
}

#[test]
fn every_item_has_all_of_its_time() {
    let limit = 10 * MS;
    let mut run = Run::of(4, Policy { timeout: Some(limit.into()), ..policy(1) });
    run.turn();
    run.now = 9 * MS;
    run.commits(0, 1);
    assert_eq!(run.turn_at(18 * MS), []);
    assert_eq!(run.turn_at(19 * MS), [Action::Kill { slot: Slot(0) }]);
}

#[test]
fn who_commits_before_the_kill_comes_leaves_the_next_item_unblamed_for_the_time() {
    let limit = 10 * MS;
    let mut run = Run::of(4, Policy { timeout: Some(limit.into()), ..policy(1) });
    run.turn();
    assert_eq!(run.turn_at(limit), [Action::Kill { slot: Slot(0) }]);
    assert_eq!(run.commits(0, 1), [settle(0, 0, 1)]);
    assert_eq!(run.turn_at(3 * limit), [], "no second kill");
    let killed = Death::Signal(9);
    let died = run.tell(Input::Died { slot: Slot(0), death: killed, begun: 1 });
    assert_eq!(died, [], "it is as if it had not been begun");
    assert_eq!(run.restarts(0), [again(0, 1, 0), lease(0, 2, 2)], "and others follow it");
}

#[test]
fn who_is_condemned_gets_nothing_that_its_death_could_be_blamed_on() {
    let mut run = Run::of(8, Policy { retries: 0, ..policy(2) });
    run.tell(Input::Condemned { slot: Slot(0) });
    let turn = run.turn();
    assert!(
        !turn.is_empty()
            && turn.iter().all(|action| !matches!(action, Action::Lease { slot: Slot(0), .. }))
    );
    assert_eq!(run.dies(0), [], "no item fails");
}

#[test]
fn who_is_condemned_at_the_handshake_has_failed_to_start() {
    let mut run = Run::before_ready(8, policy(1));
    assert_eq!(run.turn(), [spawn(0)]);
    run.tell(Input::Condemned { slot: Slot(0) });
    assert_eq!(run.dies(0), []);
    assert_eq!(run.turn(), [], "its successor waits");
    let due = run.scheduler.wake_at().unwrap();
    assert_eq!(run.turn_at(due), [spawn(0)]);
}

#[test]
fn an_idle_worker_gets_half_of_what_another_has_not_begun() {
    let mut run = Run::of(8, policy(2));
    assert_eq!(run.turn(), [lease(0, 0, 4), lease(1, 4, 4)]);
    run.now = MS / 4;
    run.commits(1, 4);
    assert_eq!(run.turn(), [], "it may be done any moment");
    let due = run.scheduler.wake_at().unwrap();
    assert_eq!(due, MS);
    assert_eq!(run.turn_at(due), [Action::TakeBack { slot: Slot(0), items: 2 }]);
    assert_eq!(run.tell(Input::TakenBack { slot: Slot(0), items: 2 }), []);
    assert_eq!(run.turn(), [lease(1, 2, 2)]);
    assert_eq!(run.commits(0, 2), [settle(0, 0, 2)]);
    assert_eq!(run.commits(1, 2), [settle(1, 2, 2)]);
    assert_eq!(run.turn(), [Action::Finish]);
}

/// A large lease that is not on its way yet comes back whole, and leaves its owner as idle as the other one.
#[test]
fn what_came_back_and_was_given_again_is_not_taken_back_in_the_same_turn() {
    let mut run = Run::of(8, policy(2));
    run.turn();
    run.now = 4 * MS;
    run.commits(1, 4);
    assert_eq!(run.turn(), [Action::TakeBack { slot: Slot(0), items: 2 }]);
    run.tell(Input::TakenBack { slot: Slot(0), items: 4 });
    assert_eq!(run.turn(), [lease(0, 0, 4)]);
    assert_eq!(run.turn(), []);
    let due = run.scheduler.wake_at().unwrap();
    assert!(due > run.now);
    assert_eq!(run.turn_at(due), [Action::TakeBack { slot: Slot(0), items: 2 }]);
}

#[test]
fn a_take_back_in_vain_is_not_repeated_before_something_changes() {
    let mut run = Run::of(8, policy(2));
    run.turn();
    run.commits(1, 4);
    assert_eq!(run.turn_at(MS), [Action::TakeBack { slot: Slot(0), items: 2 }]);
    run.tell(Input::TakenBack { slot: Slot(0), items: 0 });
    assert_eq!(run.turn_at(9 * MS), []);
    assert_eq!(run.scheduler.wake_at(), None);
    run.commits(0, 1);
    assert_eq!(run.turn_at(19 * MS), [Action::TakeBack { slot: Slot(0), items: 2 }]);
}

#[test]
fn an_ordered_run_starts_nothing_beyond_the_window_of_what_is_delivered() {
    let mut run = Run::of(20, Policy { window: Window::Items(count(6)), ..policy(1) });
    assert_eq!(run.turn(), [lease(0, 0, 4), lease(0, 4, 2)]);
    run.commits(0, 6);
    assert_eq!(run.turn(), [], "settled is not delivered");
    run.tell(Input::Delivered { next: 3 });
    assert_eq!(run.scheduler.wake_at(), Some(Now::ZERO), "what has become free is due at once");
    assert_eq!(run.turn(), [lease(0, 6, 3)]);
}

#[test]
fn an_unordered_run_starts_nothing_beyond_the_window_of_what_is_settled() {
    let window = Window::Items(count(6));
    let mut run = Run::of(20, Policy { window, ordered: false, ..policy(1) });
    assert_eq!(leases(&run.turn()).iter().sum::<u64>(), 6);
    run.commits(0, 2);
    assert_eq!(leases(&run.turn()).iter().sum::<u64>(), 2);
}

#[test]
fn what_an_earlier_run_has_settled_is_passed_over() {
    let mut run = Run { scheduler: Scheduler::new(policy(1)), now: Now::ZERO };
    run.tell(Input::Passed { items: 3 });
    run.tell(Input::Arrived { items: 2, kind: 0 });
    run.tell(Input::Passed { items: 5 });
    run.tell(Input::Arrived { items: 1, kind: 0 });
    run.tell(Input::Passed { items: 2 });
    assert_eq!(run.scheduler.waiting(), 3);
    run.turn();
    run.tell(Input::Ended);
    run.tell(Input::Ready { slot: Slot(0) });
    assert_eq!(run.turn(), [lease(0, 3, 2), lease(0, 10, 1)]);
    assert_eq!(run.commits(0, 3), [settle(0, 3, 2), settle(0, 10, 1)]);
    assert_eq!(run.turn(), [Action::Finish]);
    assert_eq!(run.scheduler.settled(), 3);
}

#[test]
fn a_run_of_nothing_but_what_is_settled_ends_at_once() {
    let mut run = Run { scheduler: Scheduler::new(policy(2)), now: Now::ZERO };
    run.tell(Input::Passed { items: 1000 });
    run.tell(Input::Ended);
    assert_eq!(run.turn(), [Action::Finish]);
}

#[test]
fn the_window_of_an_unordered_run_does_not_count_what_is_passed_over() {
    let policy = Policy { ordered: false, window: Window::Items(count(2)), ..policy(1) };
    let mut run = Run { scheduler: Scheduler::new(policy), now: Now::ZERO };
    run.tell(Input::Passed { items: 7 });
    run.tell(Input::Arrived { items: 10, kind: 0 });
    run.tell(Input::Passed { items: 100 });
    run.tell(Input::Ended);
    run.turn();
    run.tell(Input::Ready { slot: Slot(0) });
    assert_eq!(leases(&run.turn()), [2]);
}

#[test]
fn what_came_back_is_within_the_window_already() {
    let mut run = Run::of(20, Policy { window: Window::Items(count(4)), ..policy(1) });
    run.turn();
    run.dies(0);
    assert_eq!(run.restarts(0), [again(0, 0, 1)]);
    run.commits(0, 1);
    assert_eq!(run.turn(), [lease(0, 1, 3)]);
}

#[test]
fn nothing_new_is_started_while_results_wait() {
    let mut run = Run::of(40, policy(1));
    run.tell(Input::Congested(true));
    assert_eq!(run.turn(), []);
    assert_eq!(run.scheduler.wake_at(), None);
    run.tell(Input::Congested(false));
    assert_eq!(run.scheduler.wake_at(), Some(Now::ZERO));
    assert_eq!(leases(&run.turn()), [4, 4]);
}

#[test]
fn a_fixed_chunk_is_kept_to_the_end() {
    let mut run = Run::of(10, Policy { chunk: ChunkSize::Items(count(3)), ..policy(1) });
    assert_eq!(leases(&run.turn()), [3, 3]);
    run.now = MS;
    run.commits(0, 6);
    assert_eq!(leases(&run.turn()), [3, 1]);
}

#[test]
fn chosen_chunks_grow_with_what_is_learned_and_shrink_towards_the_end() {
    let mut run = Run::of(10_000, Policy { chunk: ChunkSize::Auto, ..policy(2) });
    assert_eq!(leases(&run.turn()), [1, 1, 1, 1], "nothing is known yet");
    let mut sizes = Vec::new();
    while run.scheduler.is_busy() {
        // The engine looks at least so often at workers that get on.
        run.now += MS / 2;
        for slot in [0, 1] {
            // An item takes a microsecond.
            let items = run.scheduler.outstanding(Slot(slot)).min(500);
            if items > 0 {
                run.commits(slot, items);
            }
        }
        sizes.extend(leases(&run.turn()));
    }
    let most = *sizes.iter().max().unwrap();
    let at = sizes.iter().position(|size| *size == most).unwrap();
    assert!(most >= 100, "{sizes:?}");
    assert!(sizes[at..].is_sorted_by(|a, b| a >= b), "{sizes:?}");
    assert_eq!(sizes.last(), Some(&1));
}

#[test]
fn a_slot_whose_workers_die_of_nothing_waits_longer_each_time() {
    // Before they are ready, and idle.
    for is_ready in [false, true] {
        let mut run = Run::before_ready(1, policy(1));
        let mut waits = Vec::new();
        for _ in 0..4 {
            assert_eq!(run.turn(), [spawn(0)]);
            if is_ready {
                run.tell(Input::Ready { slot: Slot(0) });
            }
            assert_eq!(run.dies(0), []);
            assert_eq!(run.turn(), [], "not at once");
            let due = run.scheduler.wake_at().unwrap();
            waits.push((due - run.now).as_millis());
            run.now = due;
        }
        assert_eq!(waits, [10, 100, 1000, 1000], "ready: {is_ready}");
    }
}

#[test]
fn a_death_that_an_item_is_blamed_for_delays_nothing() {
    let mut run = Run::of(8, policy(1));
    run.turn();
    run.dies(0);
    assert_eq!(run.turn(), [spawn(0)]);
}

#[test]
fn failed_starts_end_the_run_if_nobody_works() {
    let mut run = Run::before_ready(1, policy(1));
    for _ in 0..4 {
        assert_eq!(run.turn(), [spawn(0)]);
        assert_eq!(run.tell(Input::SpawnFailed { slot: Slot(0) }), []);
        run.now = run.scheduler.wake_at().unwrap();
    }
    run.turn();
    let last = run.tell(Input::SpawnFailed { slot: Slot(0) });
    assert_eq!(last, [Action::GiveUp { deaths: 5, last: None }]);
    run.tell(Input::Stop);
    assert_eq!((run.turn(), run.scheduler.wake_at()), (vec![], None));
}

#[test]
fn failed_starts_end_nothing_while_somebody_works() {
    let mut run = Run::before_ready(40, policy(2));
    run.turn();
    run.tell(Input::Ready { slot: Slot(1) });
    run.turn();
    for _ in 0..8 {
        assert_eq!(run.tell(Input::SpawnFailed { slot: Slot(0) }), []);
        run.now += Duration::from_secs(1);
        run.commits(1, 1);
        run.turn();
    }
}

#[test]
fn deaths_without_a_settled_item_end_the_run() {
    let mut run = Run::before_ready(1, Policy { retries: 1, ..policy(1) });
    let given_up = (0..20).find_map(|deaths| {
        run.now += Duration::from_secs(1);
        run.turn();
        run.tell(Input::Ready { slot: Slot(0) });
        // Before it gets anything.
        let actions = run.dies(0);
        actions.contains(&Action::GiveUp { deaths: 11, last: Some(SEGV) }).then_some(deaths + 1)
    });
    assert_eq!(given_up, Some(11));
}

#[test]
fn poison_alone_does_not_end_the_run() {
    let mut run = Run::of(100, Policy { retries: 0, ..policy(1) });
    run.turn();
    for index in 0..100 {
        assert_eq!(run.dies(0), [fail(0, index, Cause::Died(SEGV), 1)]);
        if index < 99 {
            assert!(!leases(&run.restarts(0)).is_empty());
        }
    }
    assert_eq!(run.turn(), [Action::Finish]);
}

#[test]
fn who_is_dead_is_not_waited_for_while_nothing_is_to_do() {
    let mut run = Run::before_ready(2, policy(3));
    run.turn();
    run.tell(Input::Ready { slot: Slot(0) });
    run.turn();
    run.dies(1);
    assert_eq!(run.turn(), []);
    assert_eq!(run.scheduler.wake_at(), None, "somebody else has it all");
}

#[test]
fn a_suspect_waits_as_long_as_it_is_told() {
    let mut run = Run::of(2, Policy { retry_delay: Delay::Fixed(50 * MS), ..policy(1) });
    run.turn();
    assert_eq!(run.dies(0), [retry(0, 0, 1)]);
    assert_eq!(run.restarts(0), [lease(0, 1, 1)], "others do not wait");
    run.commits(0, 1);
    assert_eq!(run.turn(), []);
    assert_eq!(run.scheduler.wake_at(), Some(50 * MS));
    assert_eq!(run.turn_at(49 * MS), []);
    assert_eq!(run.turn_at(50 * MS), [again(0, 0, 1)]);
}

#[test]
fn an_error_is_tried_again_if_that_is_wanted() {
    let retry_on = Classes::NONE.with(Class::Error);
    let mut run = Run::of(3, Policy { retry_on, retries: 1, ..policy(1) });
    run.turn();
    assert!(run.scheduler.minds_errors());
    let errs = |run: &mut Run| run.tell(Input::Erred { slot: Slot(0) });
    let again_later = Action::Retry { slot: Slot(0), index: 0, attempts: 1, class: Class::Error };
    assert_eq!(errs(&mut run), [again_later]);
    assert_eq!(run.commits(0, 2), [settle(0, 1, 2)]);
    assert_eq!(run.turn(), [again(0, 0, 1)]);
    assert_eq!(errs(&mut run), [settle_at_last(0, 0, 2)], "as an error, for good");
    assert_eq!(run.turn(), [Action::Finish]);
    // A death is not among what is tried again.
    let mut run = Run::of(1, Policy { retry_on, ..policy(1) });
    run.turn();
    assert_eq!(run.dies(0), [fail(0, 0, Cause::Died(SEGV), 1)]);
}

#[test]
fn a_timeout_is_tried_again_if_that_is_wanted() {
    let limit = 10 * MS;
    let retry_on = Classes::default().with(Class::Timeout);
    let mut run = Run::of(1, Policy { retry_on, timeout: Some(limit.into()), ..policy(1) });
    run.turn();
    run.turn_at(limit);
    let died = run.tell(Input::Died { slot: Slot(0), death: Death::Signal(9), begun: 1 });
    let again_later = Action::Retry { slot: Slot(0), index: 0, attempts: 1, class: Class::Timeout };
    assert_eq!(died, [again_later]);
}

#[test]
fn a_worker_makes_room_when_it_has_run_what_it_may() {
    let most = Some(count(6));
    let mut run = Run::of(10, Policy { tasks_per_worker: most, ..policy(1) });
    assert_eq!(run.turn(), [lease(0, 0, 4), lease(0, 4, 2)]);
    run.commits(0, 5);
    assert_eq!(run.turn(), []);
    run.commits(0, 1);
    assert_eq!(run.turn(), [Action::Retire { slot: Slot(0) }, spawn(0)], "in the same turn");
    run.tell(Input::Ready { slot: Slot(0) });
    assert_eq!(run.turn(), [lease(0, 6, 4)]);
    run.commits(0, 4);
    assert_eq!(run.turn(), [Action::Finish]);
}

#[test]
fn what_waits_for_us_and_what_nobody_saw_counts_for_no_item() {
    let limit = 10 * MS;
    let mut run = Run::of(1, Policy { timeout: Some(limit.into()), ..policy(1) });
    run.turn();
    run.now = 9 * MS;
    run.tell(Input::Heard { slot: Slot(0) });
    assert_eq!(run.turn_at(18 * MS), [], "it waits for us since then");
    run.now = 26 * MS;
    run.tell(Input::Unwatched { time: 8 * MS });
    assert_eq!(run.turn(), []);
    // Since 17 ms: 9 ms, and the 8 ms that were not seen.
    assert_eq!(run.turn_at(27 * MS), [Action::Kill { slot: Slot(0) }]);
}

#[test]
fn a_share_of_the_median_is_no_limit_before_there_is_a_median() {
    let timeout = Some(TimeLimit::OfMedian(300));
    let mut run = Run::of(12, Policy { timeout, chunk: ChunkSize::Items(count(1)), ..policy(1) });
    run.turn();
    for nth in 1..=4_u32 {
        run.now = nth * 20 * MS;
        run.commits(0, 1);
        assert_eq!(run.turn().iter().filter(|a| matches!(a, Action::Kill { .. })).count(), 0);
    }
    assert_eq!(run.turn_at(1000 * MS), [], "four are too few");
    run.commits(0, 1);
    run.turn();
    let due = run.scheduler.wake_at().unwrap() - run.now;
    assert!(due > 59 * MS && due < 61 * MS, "{due:?} is three times 20 ms");
    assert_eq!(run.turn_at(1062 * MS), [Action::Kill { slot: Slot(0) }]);
}

#[test]
fn a_halt_finishes_what_is_begun_and_begins_nothing() {
    let halt = Some("soon,fail=1".parse().unwrap());
    let mut run = Run::of(20, Policy { halt, retries: 0, ..policy(2) });
    run.turn();
    assert_eq!(run.dies(0), [fail(0, 0, Cause::Died(SEGV), 1)]);
    assert_eq!(run.turn(), [Action::TakeBack { slot: Slot(1), items: 7 }]);
    run.tell(Input::TakenBack { slot: Slot(1), items: 7 });
    assert_eq!(run.turn(), [], "it runs its last one");
    run.commits(1, 1);
    assert_eq!(run.turn(), [Action::Finish]);
}

#[test]
fn a_halt_at_once_waits_for_nobody() {
    let halt = Some("now,success=2".parse().unwrap());
    let mut run = Run::of(20, Policy { halt, ..policy(1) });
    run.turn();
    assert_eq!(run.commits(0, 1), [settle(0, 0, 1)]);
    assert_eq!(run.commits(0, 1), [settle(0, 1, 1), Action::Halt]);
    assert_eq!(run.turn(), []);
}

/// Where there is room for one worker only, that one goes on, however often others cannot start meanwhile.
#[test]
fn starts_that_fail_are_no_reason_to_end_those_who_work() {
    let mut run = Run::before_ready(80, policy(2));
    run.turn();
    run.tell(Input::Ready { slot: Slot(0) });
    for second in 0..100 {
        let actions = run.tell(Input::SpawnFailed { slot: Slot(1) });
        assert_eq!(actions, [], "after {second} s");
        run.now += 1000 * MS;
        assert!(run.turn().contains(&spawn(1)), "it may be possible by now");
    }
}

#[test]
fn what_is_not_begun_can_be_cancelled_without_anybodys_death() {
    let mut run = Run::of(4, policy(1));
    assert_eq!(run.turn(), [lease(0, 0, 4)]);
    run.tell(Input::Cancel { index: 2 });
    assert_eq!(run.scheduler.wake_at(), Some(Now::ZERO), "nobody else asks for the next turn");
    assert_eq!(run.turn(), [Action::TakeBack { slot: Slot(0), items: 2 }]);
    run.tell(Input::TakenBack { slot: Slot(0), items: 2 });
    assert_eq!(run.turn(), [fail(0, 2, Cause::Cancelled, 0), lease(0, 3, 1)]);
    assert_eq!(run.commits(0, 3), [settle(0, 0, 2), settle(0, 3, 1)]);
    assert_eq!(run.turn(), [Action::Finish]);
}

#[test]
fn what_is_begun_in_a_block_dies_with_it_and_the_others_come_back() {
    let mut run = Run::of(4, policy(1));
    run.turn();
    run.tell(Input::Cancel { index: 1 });
    assert_eq!(run.turn(), [Action::TakeBack { slot: Slot(0), items: 3 }]);
    run.tell(Input::TakenBack { slot: Slot(0), items: 0 });
    assert_eq!(run.turn(), [Action::Kill { slot: Slot(0) }]);
    run.tell(Input::Died { slot: Slot(0), death: SEGV, begun: 4 });
    let actions = run.turn();
    assert_eq!(actions, [fail(0, 1, Cause::Cancelled, 0), spawn(0)]);
}

#[test]
fn any_number_of_cancelled_items_are_no_reason_to_give_up() {
    let mut run = Run::of(101, policy(1));
    for index in 0..100 {
        run.turn();
        run.tell(Input::Cancel { index });
        assert_eq!(run.turn(), [Action::Kill { slot: Slot(0) }]);
        assert_eq!(run.tell(Input::Died { slot: Slot(0), death: SEGV, begun: 1 }), []);
        run.turn();
        run.tell(Input::Ready { slot: Slot(0) });
    }
    assert_eq!(run.turn(), [lease(0, 100, 1)]);
    assert_eq!(run.commits(0, 1), [settle(0, 100, 1)]);
    assert_eq!(run.turn(), [Action::Finish]);
}
