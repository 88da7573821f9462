//! The points of a journal: what is finished is noted, or an earlier run is gone on with, and something happens. Going on
//! after that, undisturbed, gives the bytes of a run to which nothing has happened.

use std::fs;
use std::path::Path;

use rustix::process::Signal;

use crate::cases::Error::{Eagain, Eintr, Enomem, Enospc};
use crate::cases::{DEADLY, Error, Expected, ended_by, try_all, until_carried_out};
use crate::support::{Ended, Pmap, Resumable, lines, squares};

/// Items of every scene. They take long enough to be noted in several parts.
const ITEMS: i64 = 96;

/// What is disturbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scene {
    /// A run from its begin.
    Begun,
    /// A run that goes on where one was halted, which has left results that wait for others.
    Halted,
    /// A run that goes on where one was killed, which had written what it had not noted.
    Killed,
    /// A run from its begin, to a pipe: what is written there cannot be cut off.
    Stream,
}
use self::Scene::{Begun, Halted, Killed, Stream};

const SCENES: [Scene; 4] = [Begun, Halted, Killed, Stream];

/// A run, and those that come before and after it.
struct Stage {
    scene: Scene,
    run: Resumable,
}

impl Stage {
    /// Up to where the run is to be disturbed.
    fn new(scene: Scene) -> Self {
        let words = ["--workers", "2", "--chunk-size", "4"];
        let run = match scene {
            Halted => {
                let task = "n**2 + sleep(0.2 if n == 0 else 0.002)";
                Resumable::new(&[&words[..], &["--range", "0..96", task]].concat(), None)
            }
            _ => {
                let words = [&words[..], &["n**2 + sleep(0.003)"]].concat();
                Resumable::new(&words, Some(&lines(0..ITEMS)))
            }
        };
        let stage = Self { scene, run };
        match scene {
            Begun | Stream => {}
            Halted => {
                let ended = stage.run.run(&["--halt", "soon,done=40"]);
                assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
            }
            Killed => {
                let killed = stage.pmap(&[]).env("PMAP_FAILPOINTS", "note=kill@supervisor#2");
                killed.start().finish_dead(Signal::KILL);
            }
        }
        stage
    }

    fn pmap(&self, more: &[&str]) -> Pmap {
        match self.scene {
            Stream => self.run.pmap_to_stdout(more),
            _ => self.run.pmap(more),
        }
    }

    /// What the file of results holds; nothing, where there is none.
    fn output(&self) -> Vec<u8> {
        fs::read(self.run.path("output")).unwrap_or_default()
    }
}

struct Point {
    name: &'static str,
    scenes: &'static [Scene],
    /// Up to the how manieth time something is ordered there.
    times: u32,
    /// What its system call may say, and the exit code if that happens once.
    errors: &'static [(Error, i32)],
}

const fn point(name: &'static str, scenes: &'static [Scene], times: u32) -> Point {
    Point { name, scenes, times, errors: &[] }
}

const fn system_call(
    name: &'static str,
    scenes: &'static [Scene],
    times: u32,
    errors: &'static [(Error, i32)],
) -> Point {
    Point { name, scenes, times, errors }
}

const POINTS: [Point; 13] = [
    // A journal is put in its place, and the file of results cut to what it tells.
    system_call("lock", &SCENES, 1, &[(Eintr, 0), (Eagain, 2), (Enomem, 74)]),
    point("install", &SCENES, 1),
    system_call("rename", &SCENES, 1, &[(Enomem, 74), (Enospc, 74)]),
    point("installed", &SCENES, 1),
    system_call("cut", &[Begun, Halted, Killed], 1, &[(Eintr, 0), (Enomem, 74), (Enospc, 74)]),
    point("go_on", &SCENES, 1),
    // Results are written, and what is finished is noted. The first time that something is appended or put on the disk is
    // when a journal is put in its place; the file of results comes before the journal.
    point("writing", &[Stream], 2),
    system_call("write", &[Begun, Killed, Stream], 2, &[(Eintr, 0), (Eagain, 0), (Enospc, 74)]),
    point("note", &SCENES, 1),
    system_call("append", &SCENES, 2, &[(Eintr, 0), (Eagain, 74), (Enospc, 74)]),
    point("noted", &SCENES, 1),
    // The run ends.
    point("close", &SCENES, 1),
    system_call("sync", &SCENES, 2, &[(Eintr, 0), (Enospc, 74)]),
];

/// Disks that are full in the middle of a write, for a moment or for good; and deaths in the middle of one.
const TORN: [(&str, Expected); 9] = [
    ("append=short#2", Expected::Code(0)),
    ("append=short#1;append=ENOSPC#2", Expected::Code(74)),
    ("append=short#2;append=ENOSPC#3", Expected::Code(74)),
    ("append=short#2;append=ENOSPC+3", Expected::Code(74)),
    ("append=short#2;append=kill#3", Expected::Dead(Signal::KILL)),
    ("write=short#2", Expected::Code(0)),
    ("write=short#2;write=ENOSPC+3", Expected::Code(74)),
    ("write=short#2;write=kill#3", Expected::Dead(Signal::KILL)),
    ("sync=ENOSPC+2", Expected::Code(74)),
];

#[derive(Debug)]
struct Case {
    scene: Scene,
    orders: String,
    expected: Expected,
}

fn all_cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for Point { name, scenes, times, errors } in POINTS {
        let deadly = DEADLY.map(|(action, signal)| (action.to_owned(), Expected::Dead(signal)));
        let errors = errors
            .iter()
            .map(|(error, code)| (format!("{error:?}").to_uppercase(), Expected::Code(*code)));
        let actions = deadly.into_iter().chain([("delay".to_owned(), Expected::Code(0))]);
        for (action, expected) in actions.chain(errors) {
            for (scene, nth) in
                scenes.iter().flat_map(|scene| (1..=times).map(move |nth| (*scene, nth)))
            {
                let orders = format!("{name}={action}@supervisor#{nth}");
                cases.push(Case { scene, orders, expected });
            }
        }
    }
    for (orders, expected) in TORN {
        for scene in [Begun, Killed, Stream] {
            cases.push(Case { scene, orders: orders.to_owned(), expected });
        }
    }
    cases
}

#[test]
fn whatever_happens_to_a_journal_the_run_can_go_on() {
    try_all(&all_cases(), |case, log| {
        until_carried_out(&case.orders, log, true, || try_once(case, log))
    });
}

/// Disturbs a run, goes on with it, and once more when nothing is left to do; what is wrong with that.
fn try_once(case: &Case, log: &Path) -> Option<String> {
    let stage = Stage::new(case.scene);
    let run = stage.pmap(&["--resume"]);
    let run = run.env("PMAP_FAILPOINTS", &case.orders).env("PMAP_FAILPOINTS_LOG", log);
    let before = stage.output();
    let mut run = run.start();
    let disturbed = match (case.expected, ended_by(&mut run)) {
        (Expected::Dead(wanted), Some(by)) if wanted == by => run.finish_dead(by).stdout,
        (Expected::Code(code), None) => {
            let ended = run.finish();
            if let Some(fault) = fault(&ended, code) {
                return Some(fault);
            }
            ended.stdout
        }
        (_, by) => return Some(format!("dead by {by:?}: {}", run.said())),
    };
    let all = squares(0..ITEMS);
    let after = stage.output();
    // What a halted run has written behind a gap is cut off, and written again where it belongs.
    if after != before && !all.starts_with(&after) {
        return Some(format!("{} wrong bytes in the file", after.len()));
    }
    let ended = stage.pmap(&["--resume"]).run();
    let got = if case.scene == Stream {
        if let Some(fault) = fault_of_parts(&disturbed, &ended, &all) {
            return Some(fault);
        }
        &all
    } else if ended.stderr.is_empty() {
        &stage.output()
    } else {
        return Some(format!("going on says: {}", ended.stderr));
    };
    if ended.status.code() != Some(0) || *got != all {
        return Some(format!("going on: {}, {} bytes: {}", ended.status, got.len(), ended.stderr));
    }
    let ended = stage.pmap(&["--resume"]).run();
    let is_done = ended.status.code() == Some(0) && ended.stdout.is_empty();
    (!is_done).then(|| format!("it goes on for ever: {}", ended.stderr))
}

/// What is wrong with how a run has ended that shall end with this code.
fn fault(ended: &Ended, code: i32) -> Option<String> {
    let says: &[&str] = match code {
        0 => &[],
        2 => &["is in use by another run"],
        _ => &["cannot keep the journal", "cannot write results"],
    };
    let is_said = if says.is_empty() {
        ended.stderr.is_empty()
    } else {
        ended.stderr.lines().count() == 1 && says.iter().any(|says| ended.stderr.contains(says))
    };
    let is_fine = ended.status.code() == Some(code) && is_said;
    (!is_fine).then(|| format!("{} instead of {code}: {}", ended.status, ended.stderr))
}

/// What is wrong with what two runs have written to pipes that together shall have written all: something is missing, or is
/// there twice without a word.
fn fault_of_parts(first: &[u8], second: &Ended, all: &[u8]) -> Option<String> {
    let second_part = &second.stdout;
    let both = first.len() + second_part.len();
    let is_whole = all.starts_with(first) && all.ends_with(second_part) && both >= all.len();
    let says_twice = second.stderr.contains("may be there already");
    let is_fine = is_whole && (both == all.len() || says_twice);
    (!is_fine).then(|| {
        let parts = [first.len(), second_part.len(), all.len()];
        format!("{parts:?} bytes in the first part, the second, and all: {}", second.stderr)
    })
}
