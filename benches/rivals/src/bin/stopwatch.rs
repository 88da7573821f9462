//! Wall times of whole commands that take turns: A B A B, so that what else the machine does hits all of them.
//!
//! ```text
//! stopwatch ROUNDS -- LABEL ITEMS COMMAND [ARGUMENT…] -- LABEL ITEMS COMMAND …
//! stopwatch spawn COUNT COMMAND [ARGUMENT…]
//! ```
//!
//! Prints a line for each: its label; median, fastest and slowest time in nanoseconds for each of its ITEMS; and how many
//! times as long the first command took, as the median over the rounds (which a machine that is busy for minutes does
//! not move as it moves the times) and as the quotient of the fastest; with tabs between. Commands read and write `/dev/null`; one that fails ends everything. The second form is a command to
//! be timed: it starts COUNT commands and waits for them.

use std::error::Error;
use std::process::{Command, Stdio};
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [word, count, command @ ..] if word == "spawn" => spawn(count.parse()?, command),
        [rounds, separator, rivals @ ..] if separator == "--" => {
            let rivals =
                rivals.split(|word| word == "--").map(Rival::new).collect::<Result<_, _>>()?;
            race(rounds.parse()?, rivals)
        }
        _ => Err("usage: stopwatch ROUNDS -- LABEL ITEMS COMMAND… [-- …]".into()),
    }
}

struct Rival<'a> {
    label: &'a str,
    items: u64,
    command: &'a [String],
    nanos: Vec<u64>,
}

impl<'a> Rival<'a> {
    fn new(words: &'a [String]) -> Result<Self, Box<dyn Error>> {
        let [label, items, command @ ..] = words else {
            return Err("a rival is a label, a number of items, and a command".into());
        };
        Ok(Self { label, items: items.parse::<u64>()?.max(1), command, nanos: Vec::new() })
    }

    /// The times for an item, round by round.
    fn each(&self) -> Vec<f64> {
        self.nanos.iter().map(|nanos| *nanos as f64 / self.items as f64).collect()
    }

    fn run(&mut self) -> Result<(), Box<dyn Error>> {
        let mut command = prepared(self.command)?;
        let start = Instant::now();
        let status = command.status()?;
        let elapsed = start.elapsed();
        if !status.success() {
            return Err(format!("{}: {status}", self.label).into());
        }
        self.nanos.push(u64::try_from(elapsed.as_nanos())?);
        Ok(())
    }
}

fn race(rounds: usize, mut rivals: Vec<Rival<'_>>) -> Result<(), Box<dyn Error>> {
    // The first time is for the caches; nobody measures it.
    for round in 0..=rounds.max(1) {
        for rival in &mut rivals {
            rival.run()?;
            if round == 0 {
                rival.nanos.clear();
            }
        }
    }
    let first = rivals[0].each();
    for rival in &rivals {
        let each = rival.each();
        let ratios = first.iter().zip(&each).map(|(first, this)| first / this).collect();
        let (times, ratios) = (sorted(each), sorted(ratios));
        let fastest = times[0];
        println!(
            "{}\t{}\t{fastest}\t{}\t{}\t{}",
            rival.label,
            median(&times),
            times[times.len() - 1],
            median(&ratios),
            sorted(first.clone())[0] / fastest,
        );
    }
    Ok(())
}

fn sorted(mut numbers: Vec<f64>) -> Vec<f64> {
    numbers.sort_unstable_by(f64::total_cmp);
    numbers
}

/// The middle one; of an even number the upper of two.
fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}

fn spawn(count: usize, command: &[String]) -> Result<(), Box<dyn Error>> {
    let children: Result<Vec<_>, _> =
        (0..count).map(|_| prepared(command)?.spawn().map_err(Box::<dyn Error>::from)).collect();
    for mut child in children? {
        child.wait()?;
    }
    Ok(())
}

fn prepared(words: &[String]) -> Result<Command, Box<dyn Error>> {
    let (program, arguments) = words.split_first().ok_or("a command has at least a program")?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    Ok(command)
}
