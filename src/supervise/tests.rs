//! A link whose worker is this test, which writes into its half of the segment whatever comes to its mind, between
//! any two things that the supervisor does. Nothing may panic, and no count may exceed what is outstanding, as the
//! scheduler relies on it. Violations are fine: they end a worker.
//!
//! `tests/hostile` does the same from outside, with real processes and at the same time instead of in between.

mod scribbler;

use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

use self::scribbler::{Random, Scribbler};
use super::limits::Limits;
use super::link::{Link, News};
use crate::error::{Death, Violation};
use crate::shm::{Backing, Capacity, Depth, Layout, Segment, WorkerEnd};
use crate::source::{Content, Piece};
use crate::sys::poll::{Interest, Watch};
use crate::sys::process::Child;
use crate::sys::socket;
use crate::wire::packet::Kind;
use crate::wire::{
    self, Batch, Encoding, FromWorker, Line, Mishap, Moment, PROTOCOL, Parting, cells, packet,
};

const LAYOUT: Layout = Layout { down: Capacity::MIN, up: Capacity::MIN };
const LIMITS: Limits =
    Limits { handshake: Duration::MAX, result: 3 * 4096, hang_up: Duration::from_secs(1) };

/// What a run of the supervisor's operations came to.
#[derive(Default)]
struct Tally {
    committed: u64,
    taken_back: u64,
    mutations: u64,
    violations: Vec<Violation>,
}

/// A link to us. The process that it stands for has nothing to do with it.
#[expect(clippy::zombie_processes, reason = "the link reaps it")]
fn link(backing: Backing, encoding: Encoding) -> (Link, WorkerEnd, OwnedFd) {
    let segment = Segment::create_in(LAYOUT, backing).unwrap();
    let end = WorkerEnd::attach(segment.fd, LAYOUT).unwrap();
    let (ours, theirs) = socket::pair().unwrap();
    let process = Command::new("true").process_group(0).spawn().unwrap();
    let child = Child::adopt(process.id()).unwrap();
    (Link::new(child, ours, segment.end, encoding, LIMITS, Duration::ZERO), end, theirs)
}

/// One worker's life: so many mutations at most, fewer if one is found out.
fn live(backing: Backing, encoding: Encoding, seed: u64, mutations: u64, tally: &mut Tally) {
    let (mut link, end, socket) = link(backing, encoding);
    let mut scribbler = Scribbler { end, socket, random: Random(seed), encoding };
    scribbler.fill();
    let mut outstanding = 0;
    let mut first = 0;
    for _ in 0..mutations {
        scribbler.act();
        tally.mutations += 1;
        let outcome = operate(&mut link, &mut scribbler, &mut outstanding, &mut first, tally);
        if let Err(violation) = outcome {
            tally.violations.push(violation);
            link.condemn(violation);
        }
        if link.is_condemned() {
            break;
        }
    }
}

/// Some of what the engine does in a turn.
fn operate(
    link: &mut Link,
    scribbler: &mut Scribbler,
    outstanding: &mut u64,
    first: &mut u64,
    tally: &mut Tally,
) -> Result<(), Violation> {
    let random = &mut scribbler.random;
    if random.below(3) == 0 && *outstanding < 4000 {
        let magnitude = random.below(10);
        let items = 1 + random.below(2 << magnitude);
        let text = b"1234567\n".repeat(usize::try_from(items).unwrap());
        let content = match random.below(2) {
            0 => Content::Range { start: 0, step: 1 },
            _ => Content::Lines(&text),
        };
        link.lease(Piece { first: *first, items, content }, 0, false);
        *first += items;
        *outstanding += items;
    }
    match random.below(6) {
        0 => link.pump()?,
        1 if *outstanding >= 2 => {
            let taken = link.take_back(outstanding.div_ceil(2), *outstanding)?;
            assert!(taken <= *outstanding, "{taken} of {outstanding} were taken back");
            *outstanding -= taken;
            tally.taken_back += taken;
        }
        2 => drop(link.announce(Depth::Nap)?),
        3 => drop(link.announce(Depth::Sleep)?),
        4 => {
            link.check_claims(*outstanding)?;
            link.nudge();
            link.listen(Duration::ZERO);
        }
        _ => link.ring(),
    }
    let mut outcomes = Vec::new();
    let items = link.drain(*outstanding, &mut outcomes)?.unwrap_or(0);
    assert!(items <= *outstanding, "{items} of {outstanding} were committed");
    *outstanding -= items;
    tally.committed += items;
    match scribbler.encoding {
        Encoding::Lines => check_lines(&outcomes, items, random),
        Encoding::Packets | Encoding::Partials => check_packets(&outcomes, items),
        Encoding::Cells { may_drop } => {
            check_packets(&outcomes, items);
            check_cells(&outcomes, may_drop);
        }
    }
    Ok(())
}

fn check_lines(outcomes: &[u8], items: u64, random: &mut Random) {
    let (head, rest) = Batch::new(outcomes).split(random.below(items + 1));
    let lines = |batch: Batch<'_>| batch.lines().count() as u64;
    assert_eq!(lines(head) + lines(rest), items);
    let failures = Batch::new(outcomes).lines().filter(|line| matches!(line, Line::Failure(_)));
    let all = Batch::new(outcomes).all_results();
    assert!(all.is_none() || failures.count() == 0, "a failure was taken for a result");
}

fn check_packets(mut outcomes: &[u8], items: u64) {
    let mut counted = 0;
    while let Some((packet, rest)) = packet::split_first(outcomes) {
        counted += u64::from(packet.items);
        outcomes = rest;
    }
    assert_eq!((outcomes, counted), (&[][..], items));
}

fn check_cells(mut outcomes: &[u8], may_drop: bool) {
    while let Some((packet, rest)) = packet::split_first(outcomes) {
        if packet.kind == Kind::Values {
            let cells = cells::count(&packet).expect("whole cells, and no more of them than items");
            assert!(may_drop || cells == u64::from(packet.items), "a cell is missing");
        }
        outcomes = rest;
    }
}

const ENCODINGS: [Encoding; 5] = [
    Encoding::Lines,
    Encoding::Packets,
    Encoding::Partials,
    Encoding::Cells { may_drop: false },
    Encoding::Cells { may_drop: true },
];

/// Lives of workers of each kind, until so many mutations were made.
fn scribble(mutations: u64, in_a_life: u64) -> Tally {
    let mut tally = Tally::default();
    let mut seed = 0;
    while tally.mutations < mutations {
        let backing = if seed % 2 == 0 { Backing::Named } else { Backing::Sealed };
        let encoding = ENCODINGS[usize::try_from(seed).unwrap() % ENCODINGS.len()];
        live(backing, encoding, seed, in_a_life, &mut tally);
        seed += 1;
    }
    eprintln!("{} mutations in {seed} lives; {} violations", mutations, tally.violations.len());
    tally
}

#[test]
fn no_scribbling_makes_the_supervisor_panic_or_miscount() {
    let tally = scribble(5_000, 60);
    // The test itself must come about: right commits and take-backs, and wrong ones of every kind.
    assert!(tally.committed > 1000 && tally.taken_back > 1000);
    let all = [Violation::Position, Violation::ItemCount, Violation::Framing, Violation::Claim];
    for violation in all {
        assert!(tally.violations.contains(&violation), "{violation:?} never happened");
    }
}

/// Run it with `cargo test --release -- --ignored`.
#[test]
#[ignore = "long: a million mutations"]
fn no_scribbling_does_so_for_long() {
    scribble(1_000_000, 100);
}

/// What a worker commits is what it was granted, not what waits for it in the outbox: of that, leases are taken
/// back whole, and with them more than was left.
#[test]
fn what_is_not_granted_cannot_be_committed() {
    let (mut link, mut end, _socket) = link(Backing::Sealed, Encoding::Lines);
    let text = b"1234567\n".repeat(1000);
    let granted = Piece { first: 0, items: 2, content: Content::Range { start: 0, step: 1 } };
    link.lease(granted, 0, false);
    link.lease(Piece { first: 2, items: 1000, content: Content::Lines(&text) }, 0, false);

    let mut outcomes = Vec::new();
    end.uplink.push(b"1\n2\n");
    end.uplink.publish(2);
    assert_eq!(link.drain(1002, &mut outcomes), Ok(Some(2)));
    end.uplink.push(b"3\n");
    end.uplink.publish(1);
    assert_eq!(link.drain(1000, &mut outcomes), Err(Violation::ItemCount));
}

/// Whoever has no program cannot end the run in its name.
#[test]
fn last_words_are_those_of_who_has_a_program() {
    for (has_program, news, death) in
        [(false, News::Ready, Death::Exit(0)), (true, News::Begun, Death::OutOfStep)]
    {
        let (link, _end, theirs) = link(Backing::Sealed, Encoding::Packets);
        let mut link = link.with_program(has_program);
        let parting = Parting { end: Mishap::Exited(0), moment: Moment::OutOfStep };
        for message in [
            FromWorker::Ready { protocol: PROTOCOL, pid: link.pid() },
            FromWorker::Begun,
            FromWorker::Parting(parting),
        ] {
            assert!(socket::send_now(&theirs, &wire::encode(&message).unwrap()).unwrap());
        }
        assert_eq!(link.listen(Duration::ZERO), news);
        let mut watch = Watch::with_capacity(1);
        watch.add(link.death(), Interest::Read);
        watch.sleep(None).unwrap();
        drop(watch);
        assert_eq!(link.post_mortem(), Some(death));
    }
}

/// It would wait for the next lease, whose grant waits for its claims.
#[test]
fn who_commits_without_claiming_is_found_out() {
    let (mut link, mut end, _socket) = link(Backing::Sealed, Encoding::Lines);
    let lease = Piece { first: 0, items: 2, content: Content::Range { start: 0, step: 1 } };
    link.lease(lease, 0, false);
    assert_eq!(link.check_claims(2), Ok(()));

    let mut outcomes = Vec::new();
    end.uplink.push(b"1\n");
    end.uplink.publish(1);
    assert_eq!(link.drain(2, &mut outcomes), Ok(Some(1)));
    assert_eq!(link.check_claims(1), Err(Violation::Claim));
}
