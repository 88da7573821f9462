//! Processes that have processes: a tree, which ends as a whole.
//!
//!     cargo run --example grandchildren
//!     cargo run --example grandchildren -- stay
//!
//! With `stay`, the tree stays as it is until somebody ends it. Look at it from another terminal with `ps -ejH`, then
//! end any of its processes with `kill -9`, the topmost one for example: nothing below it is left.

use std::error::Error;
use std::os::unix::process::parent_id;
use std::process::id;
use std::thread::sleep;
use std::time::Duration;

use pmap::Process;

/// How many levels there are below the program.
const LEVELS: u32 = 2;

/// How many children everybody has who has any.
const CHILDREN: u32 = 2;

/// What one process does: says who it is, has children, and counts whom it has below itself.
fn branch((level, stays): (u32, bool)) -> u32 {
    println!("{:1$}level {level}: pid {2}, parent {3}", "", level as usize * 2, id(), parent_id());
    if level == LEVELS {
        if stays {
            sleep(Duration::from_secs(u32::MAX.into()));
        }
        return 0;
    }
    let children: Vec<_> = (0..CHILDREN)
        .map(|_| Process::spawn(branch, (level + 1, stays)).expect("a child"))
        .collect();
    children.iter().map(|child| 1 + child.join().expect("a number")).sum()
}

fn main() -> Result<(), Box<dyn Error>> {
    pmap::init();
    let stays = std::env::args().nth(1).is_some_and(|argument| argument == "stay");

    println!("{} processes below this one", branch((0, stays)));

    // A function that starts itself without end comes to an end: there may be so many levels and no more.
    fn descend(level: u32) -> u32 {
        match Process::spawn(descend, level + 1) {
            Ok(process) => process.join().unwrap_or(0),
            Err(_) => level,
        }
    }
    println!("at most {} levels", descend(0));
    Ok(())
}
