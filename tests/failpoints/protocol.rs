//! The points of the protocol between supervisor and workers, and of the programs that workers start.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use self::Side::{Supervisor, Worker};
use crate::cases::Error::{Eagain, Eintr, Enomem};
use crate::cases::{DEADLY, Error, Expected, ended_by, try_all, until_carried_out};
use crate::support::{Dead, Ended, Input, Pmap, Process, Random, Run, lines, pmap, squares};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Supervisor,
    Worker,
}

/// What a run does, so that it comes by a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scene {
    /// Small chunks of lines.
    Text,
    /// Leases larger than the ring, whose readers hesitate.
    Wide,
    /// Some items take so long that everybody else falls asleep; of one, the neighbours are taken away.
    Uneven,
    /// Leases come so late that the workers are asleep.
    Late,
    /// A worker dies.
    Death,
    /// Workers are replaced.
    Shares,
    /// A program for each item, which reads it.
    Programs,
}

const SCENES: [Scene; 7] = [
    Scene::Text,
    Scene::Wide,
    Scene::Uneven,
    Scene::Late,
    Scene::Death,
    Scene::Shares,
    Scene::Programs,
];

/// Items of every scene.
const ITEMS: i64 = 96;

impl Scene {
    fn run(self) -> Pmap {
        let few = ["--workers", "2", "--chunk-size", "4"];
        let many = ["--workers", "2", "--chunk-size", "48"];
        match self {
            Self::Text | Self::Death => {
                pmap(&[&few[..], &["n**2 + sleep(0.0002)"]].concat()).text(lines(0..ITEMS))
            }
            Self::Wide => {
                // Blanks before a number mean nothing.
                let text: String = (0..ITEMS).map(|n| format!("{n:>25000}\n")).collect();
                pmap(&many).text(text)
            }
            Self::Uneven => {
                let task = "n**2 + sleep(0.04 if n == 0 else 0.01 if n % 16 == 0 else 0.0002)";
                pmap(&[&many[..], &["--range", "0..96", task]].concat())
            }
            Self::Late => pmap(&[&many[..], &["--range", "0..96"]].concat()),
            Self::Shares => {
                let words = ["--max-tasks-per-worker", "12", "n**2 + sleep(0.0002)"];
                pmap(&[&few[..], &words].concat()).text(lines(0..ITEMS))
            }
            Self::Programs => {
                let words = ["--retries", "2", "--retry-on", "death", "--pipe", "--shell", "--"];
                let words = [&few[..], &words, &["read n; echo $((n * n))"]].concat();
                pmap(&words).text(lines(0..ITEMS))
            }
        }
    }

    /// What makes it what it is, beside its arguments.
    fn order(self) -> &'static str {
        match self {
            Self::Death => "committed=kill@0.0#2;",
            Self::Late => "lease=delay@supervisor%1;",
            Self::Wide => "inbox=delay@worker%1;",
            _ => "",
        }
    }
}

struct Point {
    name: &'static str,
    side: Side,
    scene: Scene,
    /// What its system call may say, and the exit code if that happens once.
    errors: &'static [(Error, i32)],
}

const fn point(name: &'static str, side: Side, scene: Scene) -> Point {
    Point { name, side, scene, errors: &[] }
}

const fn system_call(
    name: &'static str,
    side: Side,
    scene: Scene,
    errors: &'static [(Error, i32)],
) -> Point {
    Point { name, side, scene, errors }
}

const POINTS: [Point; 55] = [
    // A worker is started.
    point("start", Supervisor, Scene::Text),
    system_call("memory", Supervisor, Scene::Text, &[(Enomem, 0)]),
    system_call("reserve", Supervisor, Scene::Text, &[(Eintr, 0), (Enomem, 0)]),
    system_call("map", Supervisor, Scene::Text, &[(Eagain, 0), (Enomem, 0)]),
    system_call("pair", Supervisor, Scene::Text, &[(Enomem, 0)]),
    system_call("send", Supervisor, Scene::Text, &[(Eintr, 0), (Eagain, 0), (Enomem, 0)]),
    point("welcome", Supervisor, Scene::Text),
    system_call("spawn", Supervisor, Scene::Text, &[(Eintr, 0), (Eagain, 0), (Enomem, 0)]),
    system_call("adopt", Supervisor, Scene::Text, &[(Enomem, 0)]),
    point("enter", Worker, Scene::Text),
    system_call("take_over", Worker, Scene::Text, &[(Enomem, 0)]),
    system_call("receive", Worker, Scene::Text, &[(Eintr, 0), (Enomem, 0)]),
    system_call("attach", Worker, Scene::Text, &[(Eagain, 0), (Enomem, 0)]),
    system_call("guard", Worker, Scene::Text, &[(Eagain, 0), (Enomem, 0)]),
    system_call("poll", Worker, Scene::Text, &[(Eintr, 0), (Eagain, 0), (Enomem, 0)]),
    point("ready", Worker, Scene::Text),
    system_call("send", Worker, Scene::Text, &[(Eintr, 0), (Eagain, 0), (Enomem, 0)]),
    point("attached", Worker, Scene::Text),
    point("listen", Supervisor, Scene::Text),
    system_call("receive", Supervisor, Scene::Text, &[(Eintr, 0), (Eagain, 0), (Enomem, 0)]),
    point("welcomed", Supervisor, Scene::Text),
    // Items go down.
    system_call("read", Supervisor, Scene::Text, &[(Eintr, 0), (Eagain, 0), (Enomem, 74)]),
    point("lease", Supervisor, Scene::Text),
    point("grant", Supervisor, Scene::Text),
    point("pump", Supervisor, Scene::Wide),
    point("doorbell", Supervisor, Scene::Late),
    point("announce", Supervisor, Scene::Text),
    system_call("poll", Supervisor, Scene::Text, &[(Eintr, 0), (Eagain, 0), (Enomem, 3)]),
    point("asleep", Worker, Scene::Late),
    point("inbox", Worker, Scene::Text),
    point("claim", Worker, Scene::Text),
    point("claimed", Worker, Scene::Text),
    point("take_back", Supervisor, Scene::Uneven),
    // Results go up.
    point("evaluated", Worker, Scene::Text),
    point("pushed", Worker, Scene::Text),
    point("committed", Worker, Scene::Text),
    point("bell", Worker, Scene::Uneven),
    point("drain", Supervisor, Scene::Text),
    point("drained", Supervisor, Scene::Text),
    point("deliver", Supervisor, Scene::Text),
    system_call("write", Supervisor, Scene::Text, &[(Eintr, 0), (Eagain, 0), (Enomem, 74)]),
    point("finish", Supervisor, Scene::Text),
    // A program is started, given its item, and heard.
    system_call("program", Worker, Scene::Programs, &[(Eagain, 1), (Enomem, 1)]),
    point("program_started", Worker, Scene::Programs),
    system_call("poll", Worker, Scene::Programs, &[(Eintr, 0), (Eagain, 0), (Enomem, 0)]),
    system_call("program_input", Worker, Scene::Programs, &[(Eintr, 0), (Eagain, 0), (Enomem, 1)]),
    system_call("program_output", Worker, Scene::Programs, &[(Eintr, 0), (Enomem, 1)]),
    point("program_wait", Worker, Scene::Programs),
    point("program_ended", Worker, Scene::Programs),
    // Workers end.
    point("kill", Supervisor, Scene::Text),
    system_call("wait", Supervisor, Scene::Death, &[(Eintr, 0)]),
    point("post_mortem", Supervisor, Scene::Death),
    point("reap", Supervisor, Scene::Death),
    point("respawn", Supervisor, Scene::Death),
    point("retire", Supervisor, Scene::Shares),
];

#[derive(Debug)]
struct Case {
    scene: Scene,
    orders: String,
    expected: Expected,
    /// Whether the orders must have been carried out.
    must_happen: bool,
}

impl Point {
    /// Everything that can be ordered here, with `when` behind it, and how a run with that shall end.
    fn cases(&self, who: &str, when: &str) -> Vec<Case> {
        let case = |action: &str, expected| {
            let order = format!("{}={action}@{who}{when}", self.name);
            let orders = format!("{}{order}", self.scene.order());
            Case { scene: self.scene, orders, expected, must_happen: true }
        };
        let deadly = DEADLY.map(|(action, signal)| {
            case(
                action,
                match self.side {
                    Supervisor => Expected::Dead(signal),
                    Worker => Expected::Code(0),
                },
            )
        });
        let errors = self
            .errors
            .iter()
            .map(|(error, code)| case(&format!("{error:?}").to_uppercase(), Expected::Code(*code)));
        deadly.into_iter().chain([case("delay", Expected::Code(0))]).chain(errors).collect()
    }
}

/// Says what is wrong with how a run ended.
fn fault(ended: &Ended, expected: Expected) -> Option<String> {
    let Some(code) = ended.status.code() else {
        return Some(format!("ended: {}", ended.status));
    };
    if let Expected::Code(wanted) = expected {
        if code != wanted {
            return Some(format!("exit code {code} instead of {wanted}"));
        }
    }
    let all = squares(0..ITEMS);
    // What a worker says who cannot tell its supervisor.
    let said =
        ended.stderr.lines().filter(|line| !line.starts_with("pmap: a worker cannot start: "));
    let said: Vec<&str> = said.collect();
    let is_prefix = all.starts_with(&ended.stdout)
        && (ended.stdout.is_empty() || ended.stdout.ends_with(b"\n"));
    let is_fine = match code {
        0 => ended.stdout == all && said.is_empty(),
        1 => {
            let lost: BTreeSet<i64> = said.iter().copied().filter_map(failed_item).collect();
            lost.len() == said.len()
                && ended.stdout == squares((0..ITEMS).filter(|n| !lost.contains(n)))
        }
        3 => said.len() == 1 && said[0].starts_with("pmap: cannot ") && is_prefix,
        74 => {
            let says = ["pmap: cannot write results", "pmap: cannot read standard input"];
            said.len() == 1 && says.iter().any(|says| said[0].starts_with(says)) && is_prefix
        }
        _ => false,
    };
    (!is_fine).then(|| format!("exit code {code} with {} bytes", ended.stdout.len()))
}

/// The item that a line on stderr says failed.
fn failed_item(line: &str) -> Option<i64> {
    line.strip_prefix("pmap: item ")?.split(' ').next()?.parse().ok()
}

/// Runs a case; what is wrong with it.
fn try_case(case: &Case, log: &Path) -> Option<String> {
    until_carried_out(&case.orders, log, case.must_happen, || try_once(case, log))
}

fn try_once(case: &Case, log: &Path) -> Option<String> {
    let run = case.scene.run();
    let run = run.env("PMAP_FAILPOINTS", &case.orders).env("PMAP_FAILPOINTS_LOG", log);
    let mut run = run.start();
    match (case.expected, ended_by(&mut run)) {
        (Expected::Dead(wanted), Some(by)) if wanted == by => fault_of_dead(run, by, false),
        (Expected::Anything, Some(by)) => {
            // What dies with its worker time and again fails, and so does what is refused its program. It may not have
            // been said yet. One death costs no item.
            let may_fail = case.orders.split(';').any(|order| {
                let is_of_one = order.contains("@0.0") || order.contains("@1.1");
                let is_of_workers = !order.is_empty() && !order.contains("@supervisor");
                is_of_workers
                    && !order.contains("=delay")
                    && (!is_of_one || order.starts_with("program"))
            });
            fault_of_dead(run, by, may_fail)
        }
        (_, Some(by)) => Some(format!("dead by {by:?}")),
        (Expected::Dead(_), None) => Some(format!("lives: {}", run.said())),
        (expected, None) => {
            let ended = run.finish();
            fault(&ended, expected).map(|fault| format!("{fault}\n{:.1000}", ended.stderr))
        }
    }
}

/// Says what is wrong with what a supervisor that died by this signal has left; items may have failed before.
fn fault_of_dead(run: Run, by: Signal, may_fail: bool) -> Option<String> {
    let Dead { names, stdout, .. } = run.finish_dead(by);
    let is_right = match may_fail {
        true => are_some_squares(&stdout),
        false => squares(0..ITEMS).starts_with(&stdout),
    };
    if !is_right {
        return Some(format!("wrong output: {}", String::from_utf8_lossy(&stdout)));
    }
    (!names.is_empty()).then(|| format!("left {names:?}"))
}

/// Whether these are results of some of the items in their order, the last one perhaps cut short.
fn are_some_squares(mut output: &[u8]) -> bool {
    for n in 0..ITEMS {
        let square = squares(n..n + 1);
        if square.starts_with(output) {
            return true;
        }
        output = output.strip_prefix(&square[..]).unwrap_or(output);
    }
    output.is_empty()
}

/// The first worker of the first slot, or the supervisor, once.
fn first(side: Side) -> &'static str {
    match side {
        Supervisor => "supervisor",
        Worker => "0.0",
    }
}

#[test]
fn every_point_with_every_action() {
    let cases: Vec<Case> =
        POINTS.iter().flat_map(|point| point.cases(first(point.side), "")).collect();
    try_all(&cases, try_case);
}

/// Whatever kills every worker, again and again, is told, and ends.
#[test]
fn workers_who_all_meet_the_same_end() {
    let mut cases = Vec::new();
    for point in POINTS.iter().filter(|point| point.side == Worker) {
        for case in point.cases("worker", "") {
            if ["=abort", "=delay"].iter().any(|action| case.orders.contains(action)) {
                continue;
            }
            cases.push(Case { expected: Expected::Documented, must_happen: false, ..case });
        }
    }
    try_all(&cases, try_case);
}

#[test]
#[ignore = "long: every point with every action at other times, then a thousand pairs"]
fn points_and_actions_in_many_ways() {
    let mut cases = Vec::new();
    for point in &POINTS {
        for when in ["#2", "#3", "#7", "%3"] {
            for case in point.cases(first(point.side), when) {
                // It may not come by so often; and what is survived once need not be, over and over.
                let expected = match case.expected {
                    Expected::Dead(_) => Expected::Anything,
                    _ => Expected::Documented,
                };
                cases.push(Case { expected, must_happen: false, ..case });
            }
        }
    }
    let mut random = Random::new();
    eprintln!("PMAP_SEED={}", random.seed);
    for _ in 0..1000 {
        let scene = *random.pick(&SCENES).expect("some");
        let mut orders = scene.order().to_owned();
        for _ in 0..2 {
            let point = random.pick(&POINTS).expect("some");
            let workers = ["0", "1", "worker", "0.0", "1.1"];
            let who = match point.side {
                Supervisor => "supervisor",
                Worker => random.pick(&workers).expect("some"),
            };
            let when = format!("#{}", 1 + random.below(12));
            let all = point.cases(who, &when);
            let case = random.pick(&all).expect("some");
            let order = case.orders.rsplit(';').next().expect("one");
            let _ = write!(orders, "{order};");
        }
        cases.push(Case { scene, orders, expected: Expected::Anything, must_happen: false });
    }
    try_all(&cases, try_case);
}

/// Where memory files are refused, there is `/dev/shm`; where that is full as well, a line says so.
#[test]
fn no_memory_files() {
    let refused = || Scene::Text.run().env("PMAP_FAILPOINTS", "memory=ENOMEM@supervisor%1");
    refused().run().expect(0, &squares(0..ITEMS), "");
    let interrupted = Scene::Text.run().env("PMAP_FAILPOINTS", "reserve=ENOMEM@supervisor%1");
    let ended = interrupted.input(Input::Bytes(lines(0..ITEMS))).run();
    assert_eq!(fault(&ended, Expected::Code(3)), None, "{}", ended.stderr);
}

/// At moments in which it neither sleeps nor works, too: nobody is blamed for a time in which everybody stood still.
#[test]
fn a_supervisor_that_is_stopped_anywhere() {
    thread::scope(|scope| {
        for order in ["listen#20", "drain#20", "deliver#20", "announce#70", "slept#40"] {
            scope.spawn(move || stand_still_at(order));
        }
    });
}

fn stand_still_at(point: &str) {
    let words = ["--workers", "3", "--range", "0..60", "--timeout", "800ms"];
    let (name, nth) = point.split_once('#').expect("a point and a number");
    let order = format!("{name}=stop@supervisor#{nth}");
    let run = pmap(&[&words[..], &["n**2 + sleep(0.05)"]].concat());
    let mut run = run.env("PMAP_FAILPOINTS", order).start();
    until_state(&mut run, 'T');
    let since = Instant::now();
    let workers = run.workers();
    let signal_all = |signal| workers.iter().filter(|worker| worker.signal(signal)).count();
    assert_eq!(signal_all(Signal::STOP), 3, "{point}");
    // Longer than an item may take, and not so long that the supervisor sees by itself that it was frozen.
    run.until("a while", |_| since.elapsed() > Duration::from_millis(900));
    // It looks at workers that stand still, and have items.
    run.signal(Signal::CONT);
    until_state(&mut run, 'S');
    signal_all(Signal::CONT);
    let ended = run.finish();
    assert_eq!(ended.stderr, "", "{point}");
    ended.expect(0, &squares(0..60), "");
}

/// Waits until the supervisor sleeps or is stopped, or is no more.
fn until_state(run: &mut Run, state: char) {
    run.until("another state", |run| {
        Process::of(run.pid()).is_none_or(|it| it.state == state || it.is_zombie())
    });
}
