//! Random tasks and items, evaluated by pmap, in blocks and one by one, and by CPython: what is printed, and what is
//! raised, has to be the same to the byte. `docs/EXPRESSIONS.md` lists what is deliberately different.
//!
//! `PMAP_SEED` sets another seed than the one of every day.

mod generator;
#[cfg(feature = "kernels")]
mod kernels;
mod reduce;

use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use generator::Generator;
use pmap::task::{Evaluator, Lanes, Results, TaskSpec};
use pmap::value::{Number, format, parse};

const ORACLE: &str = include_str!("oracle.py");

/// Other versions have other words for some errors, and other algorithms for some functions.
const VERSION: &str = "3.11";

/// For all of CPython's answers. A test that needs longer hangs.
const LIMIT: Duration = Duration::from_secs(1800);

/// Longer results are not worth CPython's time, which is quadratic.
const LONGEST: usize = 4_000;

/// What pmap says where it deliberately does not do as CPython does.
const DIFFERENCES: [&str; 4] = [
    // Where CPython goes on until memory or patience end.
    "OverflowError: the result has more than",
    "digits",
    "factors",
    // Where it gives a complex number.
    "ValueError: negative number cannot be raised to a fractional power",
];

/// The items of one task: those that fit `i64` first, then floats, then large integers.
struct Items {
    ints: Vec<i64>,
    floats: Vec<f64>,
    large: Vec<Number>,
}

impl Items {
    fn new(generator: &mut Generator, of_each: usize) -> Self {
        let ints = (0..of_each).map(|_| generator.small_int().parse().unwrap()).collect();
        let floats = (0..of_each).map(|_| generator.float()).collect();
        let large = (0..of_each / 2)
            .map(|_| parse::number(generator.large_int().as_bytes()).unwrap())
            .collect();
        Self { ints, floats, large }
    }

    /// All of them, at their index.
    fn all(&self) -> Vec<Number> {
        let ints = self.ints.iter().map(|item| Number::from(*item));
        let floats = self.floats.iter().map(|item| Number::from(*item));
        ints.chain(floats).chain(self.large.iter().cloned()).collect()
    }
}

struct Case {
    task: String,
    items: Vec<Number>,
    answers: Vec<String>,
}

fn exact(evaluator: &mut Evaluator, item: &Number, index: usize) -> String {
    match evaluator.exact(item, index as i64) {
        Ok(result) => result.to_string(),
        Err(error) => error.to_string(),
    }
}

/// Checks that the lanes of a block that are not missing print as `answers`; how many there are.
fn check_block(task: &str, results: &Results, items: &[Number], answers: &[String]) -> usize {
    let (mut at, mut found) = (0, 0);
    while at < answers.len() {
        let run = results.run(at);
        for offset in 0..run.len() {
            let mut text = Vec::new();
            match run {
                Lanes::Ints(values) => format::int(values[offset], &mut text),
                Lanes::Bools(values) => {
                    format::number(&Number::from(values[offset] != 0), &mut text);
                }
                Lanes::Floats(values) => format::float(values[offset], &mut text),
            }
            let text = String::from_utf8(text).unwrap();
            let lane = at + offset;
            assert_eq!(text, answers[lane], "a block's {task} of {}", items[lane]);
        }
        found += run.len();
        at += run.len().max(1);
    }
    found
}

#[derive(Default, Debug)]
struct Tally {
    tasks: usize,
    answers: usize,
    errors: usize,
    in_blocks: usize,
    set_aside: usize,
}

fn case(generator: &mut Generator, of_each: usize, tally: &mut Tally) -> Case {
    let task = generator.task();
    let spec: TaskSpec = task.parse().unwrap_or_else(|error| panic!("{task}: {error}"));
    let mut evaluator = spec.compile();
    let kinds = Items::new(generator, of_each);
    let items = kinds.all();
    let answers: Vec<String> =
        items.iter().enumerate().map(|(at, item)| exact(&mut evaluator, item, at)).collect();
    let mut results = Results::default();
    let ints = kinds.ints.len();
    if evaluator.block(&kinds.ints, 0, &mut results) {
        tally.in_blocks += check_block(&task, &results, &items[..ints], &answers[..ints]);
    }
    if evaluator.float_block(&kinds.floats, ints as i64, &mut results) {
        let range = ints..ints + kinds.floats.len();
        tally.in_blocks += check_block(&task, &results, &items[range.clone()], &answers[range]);
    }
    check_truth(&spec, &kinds, &items, &answers);
    Case { task, items, answers }
}

/// Checks that what a filter's block takes for true prints as something that CPython takes for true.
fn check_truth(spec: &TaskSpec, kinds: &Items, items: &[Number], answers: &[String]) {
    let mut filter = spec.compile_filter();
    let mut truth = Results::default();
    let ints = kinds.ints.len();
    let check = |truth: &Results, first: usize, count: usize| {
        for lane in 0..count {
            let Lanes::Bools(found) = truth.run_until(lane, lane + 1) else { panic!("{spec}") };
            let is_false = ["0", "0.0", "-0.0", "False", "[]"].contains(&&*answers[first + lane]);
            let want = i64::from(!is_false);
            // None: the exact form is asked. An answer that is an error must not be known here.
            assert!(
                found
                    .iter()
                    .all(|found| *found == want && !answers[first + lane].contains("Error: ")),
                "{spec} of {}",
                items[first + lane]
            );
        }
    };
    if filter.block(&kinds.ints, 0, &mut truth) {
        check(&truth, 0, ints);
    }
    if filter.float_block(&kinds.floats, ints as i64, &mut truth) {
        check(&truth, ints, kinds.floats.len());
    }
}

/// CPython at work.
struct Python {
    process: Child,
    stdin: BufWriter<ChildStdin>,
    /// The lines that it prints.
    answered: mpsc::Receiver<String>,
    reader: thread::JoinHandle<()>,
}

/// CPython, which prints its version and then answers the lines that it reads; `None` if there is none to compare with.
fn python(oracle: &str) -> Option<Python> {
    let started = Command::new("python3")
        .args(["-W", "ignore", "-c", oracle])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut process) = started else {
        eprintln!("NOT TESTED: there is no python3 to compare with");
        return None;
    };
    let stdin = BufWriter::new(process.stdin.take().unwrap());
    let stdout = BufReader::new(process.stdout.take().unwrap());
    let (answers, answered) = mpsc::channel();
    let reader = thread::spawn(move || {
        for line in stdout.lines() {
            if answers.send(line.unwrap()).is_err() {
                break;
            }
        }
    });
    let python = Python { process, stdin, answered, reader };
    let version = python.answered.recv_timeout(LIMIT).unwrap();
    if version != VERSION {
        eprintln!("NOT TESTED: tasks do as CPython {VERSION} does, and this is {version}");
        python.finish();
        return None;
    }
    Some(python)
}

impl Python {
    /// Waits for the next line.
    fn answer(&mut self) -> String {
        self.answered.recv_timeout(LIMIT).expect("CPython answers")
    }

    /// Waits for its end.
    fn finish(self) {
        let Self { mut process, stdin, reader, .. } = self;
        drop(stdin);
        assert!(process.wait().unwrap().success());
        reader.join().unwrap();
    }
}

fn seed(of_every_day: u64) -> u64 {
    std::env::var("PMAP_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(of_every_day)
}

fn compare(seed: u64, tasks: usize, of_each: usize) {
    let Some(mut python) = python(ORACLE) else { return };
    let mut generator = Generator::new(seed);
    let mut tally = Tally::default();
    let mut differences = Vec::new();
    for _ in 0..tasks {
        let case = case(&mut generator, of_each, &mut tally);
        tally.tasks += 1;
        let mut line = case.task.clone();
        let mut asked = Vec::new();
        for (at, (item, answer)) in case.items.iter().zip(&case.answers).enumerate() {
            let is_difference = DIFFERENCES.iter().any(|text| answer.contains(text));
            if is_difference || answer.len() > LONGEST {
                tally.set_aside += 1;
                // Its index still counts.
                line.push_str("\t-");
                continue;
            }
            let kind = if matches!(item, Number::Float(_)) { 'f' } else { 'i' };
            line.push_str(&format!("\t{kind}{item}"));
            asked.push(at);
        }
        line.push('\n');
        python.stdin.write_all(line.as_bytes()).unwrap();
        python.stdin.flush().unwrap();
        for at in asked {
            let Ok(expected) = python.answered.recv_timeout(LIMIT) else {
                python.process.kill().unwrap();
                panic!("CPython does not answer: {} of {}, seed {seed}", case.task, case.items[at]);
            };
            tally.answers += 1;
            tally.errors += usize::from(expected.contains("Error: "));
            if expected != case.answers[at] {
                differences.push(format!(
                    "{} of {} at {at}\n    pmap:    {}\n    CPython: {expected}",
                    case.task, case.items[at], case.answers[at]
                ));
            }
        }
    }
    python.finish();
    println!("seed {seed}: {tally:?}");
    let shown = differences.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(differences.is_empty(), "{} differences, seed {seed}\n{shown}", differences.len());
    // Else nothing much has been tested.
    assert!(tally.set_aside * 20 < tally.answers, "{tally:?}");
    assert!(tally.errors * 2 < tally.answers, "{tally:?}");
    assert!(tally.in_blocks * 4 > tally.answers, "{tally:?}");
}

#[test]
fn random_tasks_mean_what_they_mean_to_cpython() {
    compare(seed(20_261_123), 1_500, 6);
}

#[test]
#[ignore = "long: twenty thousand tasks"]
fn more_random_tasks_mean_what_they_mean_to_cpython() {
    compare(seed(1), 25_000, 12);
}

#[test]
fn random_lists_are_reduced_to_what_cpython_reduces_them_to() {
    reduce::compare(seed(20_261_124), 1_500);
}

#[test]
#[cfg(feature = "kernels")]
fn the_numeric_jobs_do_what_is_said_of_them() {
    kernels::compare();
}
