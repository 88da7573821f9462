//! Waiting for processes, asking how they are, and ending them.
//!
//!     cargo run --example join_and_status

use std::error::Error;
use std::thread::sleep;
use std::time::{Duration, Instant};

use pmap::Process;
use pmap::process::wait_any;

/// Sleeps, and returns for how long.
fn nap(milliseconds: u64) -> u64 {
    sleep(Duration::from_millis(milliseconds));
    milliseconds
}

fn main() -> Result<(), Box<dyn Error>> {
    pmap::init();

    println!("-- joined in the order in which they were started");
    let start = Instant::now();
    let naps = [
        Process::builder().name("long").spawn(nap, 300)?,
        Process::builder().name("short").spawn(nap, 100)?,
        Process::builder().name("middle").spawn(nap, 200)?,
    ];
    for process in &naps {
        let (name, slept) = (process.name(), process.join()?);
        println!("{name}: slept {slept} ms");
    }
    // They sleep side by side: this takes as long as the longest of them, not as long as all together.
    println!("all three took {} tenths of a second", start.elapsed().as_millis() / 100);

    println!("-- met in the order in which they end");
    let mut running = vec![Process::spawn(nap, 600)?, Process::spawn(nap, 50)?];
    while !running.is_empty() {
        // From the last place on, so that the places before it stay right.
        for at in wait_any(&running, None).into_iter().rev() {
            println!("slept {} ms", running.remove(at).join()?);
        }
    }

    println!("-- somebody who takes too long");
    let sleeper = Process::builder().name("sleeper").spawn(nap, 1_000_000)?;
    match sleeper.join_timeout(Duration::from_millis(100)) {
        None => println!("{}: no result after 100 ms", sleeper.name()),
        Some(result) => println!("{}: {result:?}, which nobody expected", sleeper.name()),
    }
    println!("{}: alive {}, status {:?}", sleeper.name(), sleeper.is_alive(), status(&sleeper));
    sleeper.terminate();
    let error = sleeper.join().expect_err("it was told to end");
    println!("{}: {}", sleeper.name(), if error.signal() == Some(15) { "SIGTERM" } else { "?" });
    println!("{}: alive {}, status {:?}", sleeper.name(), sleeper.is_alive(), status(&sleeper));

    println!("-- how others end");
    let returned = Process::builder().name("returned").spawn(|()| (), ())?;
    let exited = Process::builder().name("exited").spawn(|code| std::process::exit(code), 7)?;
    let aborted = Process::builder().name("aborted").spawn(|()| std::process::abort(), ())?;
    // This one says on standard error what every Rust program says.
    let panicked = Process::builder().name("panicked").spawn(|()| panic!("out of tea"), ())?;
    for process in [returned, exited, aborted, panicked] {
        let result: Result<(), _> = process.join();
        let status = status(&process).unwrap_or_default();
        match result {
            Ok(()) => println!("{}: {status}", process.name()),
            Err(error) if error.panic().is_some() => {
                let message = error.panic().map(|panic| panic.message.as_str());
                println!("{}: {status}: {}", process.name(), message.unwrap_or_default());
            }
            Err(_) => println!("{}: {status}", process.name()),
        }
    }
    Ok(())
}

fn status<R>(process: &Process<R>) -> Option<String> {
    process.exit_status().map(|status| status.to_string())
}
