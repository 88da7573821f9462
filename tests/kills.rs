//! Whoever is killed, whenever, and by whatever: a dead worker costs nothing but time, an item that kills its
//! workers costs itself, and of a dead supervisor nothing is left.

mod support;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use support::{Input, Random, Run, assert_same, lines, pmap, squares};

/// Kills in a run under random kills.
const KILLS: usize = 50;

/// Items of such a run for each of them.
const PORTION: usize = 2000;

/// A way to kill a worker.
#[derive(Debug, Clone, Copy)]
enum By {
    Signal(Signal),
    /// It is stopped for a while first.
    StopThenKill,
}

const WAYS: [By; 5] = [
    By::Signal(Signal::KILL),
    By::Signal(Signal::SEGV),
    By::Signal(Signal::ABORT),
    By::Signal(Signal::BUS),
    By::StopThenKill,
];

/// Kills one of the workers at hand; whether there was one.
fn kill_one(run: &Run, random: &mut Random, by: By) -> bool {
    let workers = run.workers();
    let Some(worker) = random.pick(&workers) else { return false };
    match by {
        By::Signal(signal) => worker.kill_by(signal),
        By::StopThenKill => {
            let was_there = worker.signal(Signal::STOP);
            thread::sleep(random.time(Duration::from_millis(5)));
            worker.kill_by(Signal::KILL);
            was_there
        }
    }
}

/// A run whose workers are killed at random. A kill goes with each portion of the input, so that however fast the
/// run is, it cannot be over before the last one.
fn random_kills(by: By, retries: Option<&str>) {
    let mut random = Random::new();
    let what = format!("{by:?}, retries {retries:?}, PMAP_SEED={}", random.seed);
    eprintln!("{what}");
    let workers = (4 + random.below(5)).to_string();
    let chunk = *random.pick(&["auto", "1", "100"]).expect("three");
    let mut arguments = vec!["--workers", &workers, "--chunk-size", chunk];
    arguments.extend(retries.iter().flat_map(|retries| ["--retries", retries]));
    arguments.push("n**2 + sleep(0.00001)");
    let mut run = pmap(&arguments).input(Input::Open).start();
    let mut stdin = run.stdin.take().expect("a pipe");
    for kill in 0..KILLS {
        let fed = kill * PORTION;
        let portion = i64::try_from(fed).expect("few")..i64::try_from(fed + PORTION).expect("few");
        stdin.write_all(&lines(portion)).expect("a reader");
        let after = fed + random.below(PORTION / 2);
        run.until("more output", |run| run.lines() >= after);
        run.until("somebody to kill", |run| kill_one(run, &mut random, by));
    }
    drop(stdin);
    let ended = run.finish();
    assert_eq!(ended.stderr, "", "{what}");
    assert!(ended.status.success(), "{what}: {}", ended.status);
    let items = i64::try_from(KILLS * PORTION).expect("few");
    assert_same(&ended.stdout, &squares(0..items), &what);
}

/// So many that no item can use them up by bad luck.
const PLENTY: Option<&str> = Some("1000");

#[test]
fn workers_die_of_kill() {
    random_kills(WAYS[0], PLENTY);
}

#[test]
fn workers_die_of_segv_with_the_usual_retries() {
    random_kills(WAYS[1], None);
}

#[test]
fn workers_are_stopped_then_killed() {
    random_kills(WAYS[4], PLENTY);
}

#[test]
#[ignore = "long: 20 runs, each with 50 random deaths of workers"]
fn workers_die_in_every_way() {
    for (at, by) in WAYS.into_iter().cycle().take(20).enumerate() {
        random_kills(by, if at < 15 { PLENTY } else { None });
    }
}

/// What a supervisor is doing when it is killed.
#[derive(Debug, Clone, Copy)]
enum Doing {
    /// Its workers compute.
    Computing,
    /// Its workers sleep in their tasks.
    Sleeping,
    /// It waits for input, and its workers for it.
    Waiting,
    /// Its workers have programs, and those have children.
    Programs,
    /// Each worker has one program, which has a child.
    Coprocesses,
}

impl Doing {
    const ALL: [Self; 5] =
        [Self::Computing, Self::Sleeping, Self::Waiting, Self::Programs, Self::Coprocesses];
}

/// Kills supervisors at random moments, many of them while they start.
fn kill_supervisors(times: usize, group: bool) {
    let mut random = Random::new();
    let what = format!("group: {group}, PMAP_SEED={}", random.seed);
    let mut worst = Duration::ZERO;
    let mut names = Vec::new();
    let mut early = 0;
    for nth in 0..times {
        let endless = format!("0..{}", i64::MAX);
        let with_child = "sleep 1000 & sleep 1000";
        let run = match Doing::ALL[nth % Doing::ALL.len()] {
            Doing::Computing => pmap(&["--workers", "4", "--range", &endless]),
            Doing::Sleeping => pmap(&["--workers", "4", "--range", &endless, "sleep(1000)"]),
            Doing::Waiting => pmap(&["--workers", "4"]).input(Input::Open),
            Doing::Programs => {
                pmap(&["--workers", "4", "--range", &endless, "--shell", "--", with_child])
            }
            Doing::Coprocesses => pmap(
                &[
                    &["--workers", "4", "--range", &endless][..],
                    &["--coproc", "--shell", "--", with_child],
                ]
                .concat(),
            ),
        };
        let run = run.stdout(std::process::Stdio::null()).start();
        let longest = Duration::from_millis([10, 60, 300][random.below(3)]);
        let moment = Instant::now() + random.time(longest);
        while Instant::now() < moment {
            std::hint::spin_loop();
        }
        early += usize::from(run.workers().len() < 4);
        if group {
            run.signal_group(Signal::KILL)
        } else {
            run.signal(Signal::KILL)
        }
        let (took, left) = run.finish_killed();
        worst = worst.max(took);
        names.extend(left);
    }
    eprintln!(
        "{what}: {times} supervisors killed, {early} of them while they started; the last process was gone after \
         at most {worst:?}; names left: {}",
        names.len()
    );
    assert_eq!(names, [""; 0], "{what}: names in /dev/shm");
}

#[test]
fn nothing_is_left_of_a_killed_supervisor() {
    kill_supervisors(20, false);
}

#[test]
fn nothing_is_left_of_a_killed_process_group() {
    kill_supervisors(20, true);
}

#[test]
#[ignore = "long: 100 supervisors killed alone, 100 with their process group"]
fn nothing_is_left_of_a_hundred_killed_supervisors() {
    kill_supervisors(100, false);
    kill_supervisors(100, true);
}

/// In the moments in which segments are made, one after the other.
#[test]
#[ignore = "long: 1500 supervisors killed in their first 12 ms"]
fn no_name_is_left_of_supervisors_killed_while_they_start() {
    let mut random = Random::new();
    let what = format!("PMAP_SEED={}", random.seed);
    let mut names = Vec::new();
    for _ in 0..1500 {
        let run = pmap(&["--workers", "16", "--range", "0..1000000000", "sleep(1000)"]).start();
        let moment = Instant::now() + random.time(Duration::from_millis(12));
        while Instant::now() < moment {
            std::hint::spin_loop();
        }
        run.signal(Signal::KILL);
        names.extend(run.finish_killed().1);
    }
    assert_eq!(names, [""; 0], "{what}: names in /dev/shm");
}

/// A task that ends whoever runs it on item 17, and what is said of that item.
struct Poison {
    task: &'static str,
    arguments: &'static [&'static str],
    cause: &'static str,
    /// Behind the cause; empty where the worker survives.
    who: &'static str,
}

const POISONS: [Poison; 10] = [
    Poison {
        task: "abort()",
        arguments: &[],
        cause: "killed by SIGABRT",
        who: " (worker _, pid _, attempt 3 of 3)",
    },
    Poison {
        task: "segv()",
        arguments: &[],
        cause: "killed by SIGSEGV",
        who: " (worker _, pid _, attempt 3 of 3)",
    },
    Poison {
        task: "exit(3)",
        arguments: &[],
        cause: "its worker exited with status 3",
        who: " (worker _, pid _, attempt 3 of 3)",
    },
    Poison {
        task: "exit(0)",
        arguments: &[],
        cause: "its worker exited with status 0",
        who: " (worker _, pid _, attempt 3 of 3)",
    },
    Poison {
        task: "exit(255)",
        arguments: &["--retries", "5"],
        cause: "its worker exited with status 255",
        who: " (worker _, pid _, attempt 6 of 6)",
    },
    Poison {
        task: "segv()",
        arguments: &["--retries", "0"],
        cause: "killed by SIGSEGV",
        who: " (worker _, pid _, attempt 1 of 1)",
    },
    Poison {
        task: "abort()",
        arguments: &["--retries", "0"],
        cause: "killed by SIGABRT",
        who: " (worker _, pid _, attempt 1 of 1)",
    },
    Poison {
        task: "exit(0)",
        arguments: &["--retries", "0"],
        cause: "its worker exited with status 0",
        who: " (worker _, pid _, attempt 1 of 1)",
    },
    // An item that runs too long once does so again: it is not retried.
    Poison {
        task: "hang()",
        arguments: &["--timeout", "700ms"],
        cause: "ran longer than --timeout 700ms",
        who: " (worker _, pid _, attempt 1 of 1)",
    },
    Poison {
        task: "panic()",
        arguments: &[],
        cause: "panicked at src/task/effects.rs:_: the task called panic()",
        who: "",
    },
];

/// How items are given out.
const FLOWS: [&[&str]; 4] = [
    &["--workers", "1", "--chunk-size", "30"],
    &["--workers", "4", "--chunk-size", "7"],
    &["--workers", "3", "--chunk-size", "1", "--window", "8"],
    &["--workers", "8"],
];

/// Replaces the number of the line of source code, which is not for a test to know.
fn without_line(said: &str) -> String {
    let Some(at) = said.find(".rs:") else { return said.to_owned() };
    let at = at + ".rs:".len();
    let digits = said[at..].bytes().take_while(u8::is_ascii_digit).count();
    assert!(digits > 0, "no line number: {said}");
    format!("{}_{}", &said[..at], &said[at + digits..])
}

#[test]
fn a_poison_item_costs_itself() {
    let mut report = String::new();
    for Poison { task, arguments, cause, who } in POISONS {
        for flow in FLOWS {
            let task = format!("{task} if n == 17 else n**2");
            let words = [&["--range", "0..60"], flow, arguments, &[&task]].concat();
            let ended = pmap(&words).run();
            let want = squares((0..60).filter(|n| *n != 17));
            let said: Vec<String> = ended.said().iter().map(|line| without_line(line)).collect();
            let says = [format!("pmap: item 17 (input 17): {cause}{who}")];
            if ended.status.code() != Some(1) || ended.stdout != want || said != says {
                let _ = writeln!(
                    report,
                    "{words:?}\n  {}, output right: {}\n  {said:?}\n  instead of\n  {says:?}",
                    ended.status,
                    ended.stdout == want
                );
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn items_that_are_all_poison_are_all_reported() {
    for (task, arguments, cause, tries) in [
        ("segv()", &[][..], "killed by SIGSEGV", 3),
        ("abort()", &["--retries", "0"][..], "killed by SIGABRT", 1),
        ("exit(0)", &["--retries", "1"][..], "its worker exited with status 0", 2),
        (
            "exit(3)",
            &["--retries", "0", "--chunk-size", "20"][..],
            "its worker exited with status 3",
            1,
        ),
    ] {
        for workers in ["1", "4", "8"] {
            let words = [&["--range", "0..20", "--workers", workers], arguments, &[task]].concat();
            let ended = pmap(&words).run();
            assert_eq!(ended.status.code(), Some(1), "{words:?}: {}", ended.stderr);
            assert_eq!(ended.stdout, b"", "{words:?}");
            let mut said = ended.said();
            said.sort_unstable();
            let who = format!("(worker _, pid _, attempt {tries} of {tries})");
            let mut says: Vec<String> =
                (0..20).map(|n| format!("pmap: item {n} (input {n}): {cause} {who}")).collect();
            says.sort_unstable();
            assert_eq!(said, says, "{words:?}");
        }
    }
}

/// Every third item kills its worker, in input that comes as text.
#[test]
fn a_storm_of_poison_in_text() {
    for flow in FLOWS {
        let words = [flow, &["--retries", "0", "abort() if n % 3 == 0 else n + 1"]].concat();
        let ended = pmap(&words).text(lines(0..100)).run();
        assert_eq!(ended.status.code(), Some(1), "{words:?}: {}", ended.stderr);
        let want = lines((0..100).filter(|n| n % 3 != 0).map(|n| n + 1));
        assert_same(&ended.stdout, &want, &format!("{words:?}"));
        let mut said = ended.said();
        said.sort_unstable();
        let mut says: Vec<String> = (0..100)
            .step_by(3)
            .map(|n| {
                format!(
                    "pmap: item {n} (line {}, input {n}): killed by SIGABRT (worker _, pid _, attempt 1 of 1)",
                    n + 1
                )
            })
            .collect();
        says.sort_unstable();
        assert_eq!(said, says, "{words:?}");
    }
}

/// The limit is an item's, not a chunk's, and other items go on meanwhile.
#[test]
fn items_that_hang_cost_themselves() {
    let words = [
        "--range",
        "0..400",
        "--workers",
        "4",
        "--chunk-size",
        "50",
        "--timeout",
        "500ms",
        "hang() if n % 100 == 0 else n",
    ];
    let ended = pmap(&words).run();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert_same(&ended.stdout, &lines((0..400).filter(|n| n % 100 != 0)), &ended.stderr);
    assert_eq!(ended.said().len(), 4, "{}", ended.stderr);
}

/// Where the system refuses memory files, a segment has a name for a moment, and a SIGKILL leaves it. It says whose it
/// was; the next run removes it, and nobody else's.
#[test]
fn names_of_dead_supervisors_are_removed_by_the_next_run() {
    let user = rustix::process::getuid().as_raw();
    let namespace = rustix::fs::stat("/proc/self/ns/pid").expect("Linux").st_ino;
    let us = std::process::id();
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields = stat.rsplit_once(')').expect("a name").1;
    let start = fields.split_ascii_whitespace().nth(19).expect("a time");
    let random = format!("{:032x}", Random::new().seed);
    // The numbers of processes end far below this one.
    let nobody = 1 << 30;
    for (name, stays) in [
        (format!("pmap-{user}-{namespace}-{nobody}-1-{random}"), false),
        // Our number, of a process that was before us.
        (format!("pmap-{user}-{namespace}-{us}-1-{random}"), false),
        (format!("pmap-{user}-{namespace}-{us}-{start}-{random}"), true),
        // Somebody else's.
        (format!("pmap-{}-{namespace}-{nobody}-1-{random}", user + 1), true),
        (format!("pmap-{user}-{}-{nobody}-1-{random}", namespace + 1), true),
        (format!("pmap-{user}-{namespace}-{random}"), true),
        (format!("other-{user}-{namespace}-{nobody}-1-{random}"), true),
    ] {
        let path = Path::new("/dev/shm").join(&name);
        std::fs::write(&path, b"").expect("/dev/shm is there");
        pmap(&["--range", "0..3"]).run().expect(0, b"0\n1\n4\n", "");
        let is_there = path.exists();
        let _ = std::fs::remove_file(&path);
        assert_eq!(is_there, stays, "{name}");
    }
}
