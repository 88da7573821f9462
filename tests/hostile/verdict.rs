//! What came of a case, and whether that is what must come of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::cases::{Behaviour, Case, Ends, Fails, Load, Who};
use super::{CASE, NOTES};

/// When a supervisor is taken to hang. Far beyond what a case takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(100);

/// How long a process that was killed may take to be gone.
const BURIAL: Duration = Duration::from_secs(10);

macro_rules! must {
    ($holds:expr, $($otherwise:tt)+) => {
        if !$holds {
            return Err(format!($($otherwise)+));
        }
    };
}

/// What the processes of a case have told.
#[derive(Default)]
struct Told {
    /// Every worker's process id, with its slot.
    spawned: Vec<(u32, u32)>,
    hostile: BTreeSet<u32>,
    /// Processes that hostile workers have started.
    others: Vec<u32>,
    /// Who died, and how.
    died: Vec<(u32, String)>,
    /// When somebody began to do what no correct worker does, and when those who did were buried, in nanoseconds.
    wrong: BTreeMap<u32, u64>,
    buried: BTreeMap<u32, u64>,
    /// Which item has no result, and why.
    failed: BTreeMap<u64, String>,
    /// How many items each slot has settled.
    settled: BTreeMap<u32, u64>,
    /// Items with and without a result.
    end: Option<(u64, u64)>,
    error: Option<String>,
}

impl Told {
    fn read(path: &Path) -> Result<Self, String> {
        let mut told = Self::default();
        let notes = fs::read_to_string(path).map_err(|error| error.to_string())?;
        for line in notes.lines() {
            let mut words = line.splitn(3, ' ');
            let mut word = || words.next().unwrap_or_default();
            let (what, first, rest) = (word(), word(), word());
            let number = |word: &str| word.parse().map_err(|_| format!("odd note {line:?}"));
            match what {
                "spawned" => told.spawned.push((number(rest)? as u32, number(first)? as u32)),
                "hostile" => drop(told.hostile.insert(number(first)? as u32)),
                "process" => told.others.push(number(first)? as u32),
                "died" => told.died.push((number(first)? as u32, rest.into())),
                "wrong" => drop(told.wrong.insert(number(first)? as u32, number(rest)?)),
                "buried" => drop(told.buried.insert(number(first)? as u32, number(rest)?)),
                "failed" => {
                    let before = told.failed.insert(number(first)?, rest.into());
                    must!(before.is_none(), "item {first} failed twice");
                }
                "settled" => {
                    *told.settled.entry(number(first)? as u32).or_default() += number(rest)?
                }
                "taken" => {}
                "end" => told.end = Some((number(first)?, number(rest)?)),
                "error" => told.error = Some(line.into()),
                _ => return Err(format!("odd note {line:?}")),
            }
        }
        Ok(told)
    }
}

/// Plays a case and judges it; from the violation to the burial, how long each violator had.
pub(crate) fn of(case: &Case) -> Result<Vec<Duration>, String> {
    let notes = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let (pid, output) = play(case, notes.path())?;
    let told = Told::read(notes.path())?;
    let judged = judge(case, &told, &output).and_then(|()| nothing_is_left(pid, &told));
    let buried = told.buried.iter().filter_map(|(pid, end)| Some(end - told.wrong.get(pid)?));
    judged.map(|()| buried.map(Duration::from_nanos).collect()).map_err(|why| {
        let notes = fs::read_to_string(notes.path()).unwrap_or_default();
        let last: Vec<_> = notes.lines().filter(|line| !line.starts_with("settled")).collect();
        format!("{why}\n{}", last.join("\n"))
    })
}

/// Runs the supervisor; its process id and what it wrote.
fn play(case: &Case, notes: &Path) -> Result<(u32, Vec<u8>), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut child = Command::new(program)
        .env(CASE, &case.name)
        .env(NOTES, notes)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut stdin = child.stdin.take().expect("it was piped");
    let mut stdout = child.stdout.take().expect("it was piped");
    let mut stderr = child.stderr.take().expect("it was piped");
    let load = case.load;
    let feeds = thread::spawn(move || {
        if let Load::Lines(items) = load {
            let text: String = (0..items).map(|n| format!("{n}\n")).collect();
            let _ = stdin.write_all(text.as_bytes());
        }
    });
    let reads = thread::spawn(move || {
        let mut output = Vec::new();
        stdout.read_to_end(&mut output).map(|_| output)
    });
    let listens = thread::spawn(move || {
        let mut text = Vec::new();
        let _ = stderr.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        if start.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            let notes = fs::read_to_string(notes).unwrap_or_default();
            return Err(format!("the supervisor hangs\n{notes}"));
        }
        thread::sleep(Duration::from_millis(5));
    };
    let _ = feeds.join();
    let output = reads.join().expect("no panic").map_err(|error| error.to_string())?;
    let said = listens.join().expect("no panic");
    must!(status.success(), "the supervisor ended by {status}\n{said}");
    Ok((child.id(), output))
}

fn judge(case: &Case, told: &Told, output: &[u8]) -> Result<(), String> {
    if case.gives_up {
        must!(told.end.is_none(), "the run came to an end");
        let error = told.error.as_deref().unwrap_or_default();
        must!(error.contains("Pool(Breaker"), "not the error of a pool: {error}");
        return deaths(case, told);
    }
    let Some((done, failed)) = told.end else {
        return Err(format!("no end: {}", told.error.as_deref().unwrap_or_default()));
    };
    let items = case.load.items();
    must!(done + failed == items, "{done} + {failed} items are not {items}");
    must!(
        failed == told.failed.len() as u64,
        "{failed} items failed, {} by name",
        told.failed.len()
    );
    failures(case, told)?;
    results(case, told, output)?;
    deaths(case, told)
}

fn failures(case: &Case, told: &Told) -> Result<(), String> {
    let items = case.load.items();
    must!(told.failed.keys().all(|index| *index < items), "an item that is none has failed");
    let wanted = match case.fails {
        Fails::Any => return Ok(()),
        Fails::None => (0, ""),
        Fails::Just(count, cause) => (count, cause),
    };
    let all_so = told.failed.values().all(|cause| cause == wanted.1);
    let count = told.failed.len() as u64;
    must!(count == wanted.0 && all_so, "not {wanted:?}: {:?}", told.failed);
    Ok(())
}

/// Every item that has not failed has its line or cell, in order; wrong ones are no more than a liar has told.
fn results(case: &Case, told: &Told, output: &[u8]) -> Result<(), String> {
    let mut results: Box<dyn Iterator<Item = &[u8]>> = if let Load::Cells(_) = case.load {
        must!(output.len() % 8 == 0, "the last cell has no end");
        Box::new(output.chunks(8))
    } else {
        must!(output.last().is_none_or(|last| *last == b'\n'), "the last line has no end");
        Box::new(output.split_inclusive(|byte| *byte == b'\n'))
    };
    let mut wrong = 0;
    for n in (0..case.load.items()).filter(|n| !told.failed.contains_key(n)) {
        let Some(result) = results.next() else { return Err(format!("no result of item {n}")) };
        let is_right = match case.load {
            Load::Cells(_) => result == (n * n).to_le_bytes(),
            _ => result == format!("{}\n", n * n).as_bytes(),
        };
        if !is_right {
            let result = String::from_utf8_lossy(result);
            must!(case.lies, "item {n} has the result {result:?}");
            wrong += 1;
        }
    }
    must!(results.next().is_none(), "there are results of no item");
    let liars = match case.who {
        Who::First | Who::FirstSlot => told.settled.get(&0).copied().unwrap_or(0),
        Who::All => u64::MAX,
    };
    must!(wrong <= liars, "{wrong} wrong results, of which {liars} may be a liar's");
    Ok(())
}

fn deaths(case: &Case, told: &Told) -> Result<(), String> {
    // Where everything is left to chance, or over at once, perhaps nobody came to it.
    let is_chance = case.behaviour == Behaviour::Anything || !matches!(case.load, Load::Slow(_));
    must!(!told.hostile.is_empty() || is_chance, "nobody misbehaved");
    for (pid, death) in &told.died {
        let fits = match case.ends {
            Ends::Anyhow => true,
            Ends::Never => false,
            Ends::For(violation) => *death == format!("Protocol({violation})"),
            Ends::ForAnyViolation => death.starts_with("Protocol("),
            Ends::Exit(status) => *death == format!("Exit({status})"),
            Ends::Refused(reason) => *death == format!("Refused({reason:?})"),
            Ends::Signal(signal) => *death == format!("Signal({signal})"),
        };
        must!(fits, "{pid} died by {death}, which is not {:?}", case.ends);
        must!(told.hostile.contains(pid), "{pid} did nothing and died by {death}");
    }
    let must_die = !matches!(case.ends, Ends::Anyhow | Ends::Never);
    let is_certain = case.who == Who::First;
    must!(!told.died.is_empty() || !must_die || !is_certain, "nobody died");
    Ok(())
}

/// No process and no name of shared memory.
fn nothing_is_left(supervisor: u32, told: &Told) -> Result<(), String> {
    let workers = told.spawned.iter().map(|(pid, _)| *pid);
    for pid in workers.chain(told.others.iter().copied()) {
        let start = Instant::now();
        while lives(pid) {
            must!(start.elapsed() < BURIAL, "process {pid} lives on");
            thread::sleep(Duration::from_millis(5));
        }
    }
    let names = fs::read_dir("/dev/shm").into_iter().flatten().flatten();
    let infix = format!("-{supervisor}-");
    for name in names.filter_map(|name| name.file_name().into_string().ok()) {
        must!(!(name.starts_with("pmap-") && name.contains(&infix)), "{name} is left");
    }
    Ok(())
}

/// Whether there is such a process that has not ended. (One that was left to somebody else is that one's to bury.)
fn lives(pid: u32) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    let state = stat.rsplit_once(") ").map(|(_, rest)| rest.as_bytes()[0]);
    state.is_some_and(|state| !matches!(state, b'Z' | b'X'))
}
