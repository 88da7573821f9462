//! Two ways to say what a process does: a function with an argument, and a struct with a method `run`.
//!
//!     cargo run --example process_two_ways
//!
//! Every process has an id of its own, and all of them have the same parent: this program.

use std::error::Error;
use std::os::unix::process::parent_id;
use std::process::id;

use pmap::Process;
use pmap::process::Task;
use serde::{Deserialize, Serialize};

/// The first way: a function. It can be any `fn`, or a closure that captures nothing.
fn square(n: i64) -> i64 {
    println!("square({n}): pid {}, parent {}", id(), parent_id());
    n * n
}

/// The second way: a struct. What it needs are its fields, which travel to the process.
#[derive(Serialize, Deserialize)]
struct Greeting {
    name: String,
    times: usize,
}

impl Task for Greeting {
    type Output = String;

    fn run(self) -> String {
        println!("Greeting: pid {}, parent {}", id(), parent_id());
        format!("hello, {}! ", self.name).repeat(self.times).trim_end().to_owned()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // A process is this program, started once more. This is where it turns off to its function.
    pmap::init();

    println!("the program: pid {}", id());

    let by_function = Process::spawn(square, 12)?;
    let by_struct = Process::start(Greeting { name: "process".into(), times: 2 })?;
    println!("started: pids {} and {}", by_function.id(), by_struct.id());

    // Both are running by now. `join` waits for the end and hands over what came out.
    println!("the function returned {}", by_function.join()?);
    println!("the struct returned {:?}", by_struct.join()?);
    Ok(())
}
