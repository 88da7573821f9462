//! What stands behind the points in a build for tests: orders, who they are for, and their execution.

use std::env;
use std::fmt;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::process::Command;
use std::str::FromStr;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::Signal;

use crate::ids::{Generation, Slot};

const ORDERS: &str = "PMAP_FAILPOINTS";
const LOG: &str = "PMAP_FAILPOINTS_LOG";
/// Who a worker is: `SLOT.GENERATION`.
const SELF: &str = "PMAP_FAILPOINTS_SELF";

/// Long enough for everybody else to go ahead.
const DELAY: Duration = Duration::from_millis(20);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Kill,
    Abort,
    Stop,
    Delay,
    Short,
    Refuse(Errno),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Anybody,
    Supervisor,
    Worker,
    Slot(u32),
    Generation(u32, u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Once(u64),
    Every(u64),
    From(u64),
}

/// An order, and how often somebody has come by its point.
#[derive(Debug)]
struct Order {
    text: String,
    point: String,
    action: Action,
    who: Who,
    when: When,
    passed: AtomicU64,
}

/// The orders of this process.
static PLAN: LazyLock<Vec<Order>> = LazyLock::new(|| {
    let me = env::var(SELF).ok();
    let orders = env::var(ORDERS).unwrap_or_default();
    let orders = orders.split(';').filter(|text| !text.is_empty());
    let orders = orders.map(|text| {
        text.parse::<Order>().unwrap_or_else(|wrong| panic!("{ORDERS}: {text}: no {wrong}"))
    });
    orders.filter(|order| order.who.is(me.as_deref())).collect()
});

pub(super) fn pass(point: &str) {
    let ordered = refusal(point);
    assert!(ordered.is_none(), "{ORDERS}: {point} is no system call, and cannot fail");
}

/// Does what is ordered for this point now; what the system call shall say, if that is what is ordered.
pub(super) fn refusal(point: &str) -> Option<Errno> {
    let mut refusal = None;
    for order in PLAN.iter().filter(|order| order.point == point && order.action != Action::Short) {
        if !order.is_due() {
            continue;
        }
        note(order);
        match order.action {
            Action::Kill => signal_ourselves(Signal::KILL),
            Action::Stop => signal_ourselves(Signal::STOP),
            Action::Abort => std::process::abort(),
            Action::Delay => thread::sleep(DELAY),
            Action::Short => {}
            Action::Refuse(errno) => refusal = Some(errno),
        }
    }
    refusal
}

/// Whether a write at this point shall take half of what there is.
pub(super) fn takes_half(point: &str) -> bool {
    let orders = PLAN.iter().filter(|order| order.point == point && order.action == Action::Short);
    orders.filter(|order| order.is_due()).inspect(|order| note(order)).count() > 0
}

fn signal_ourselves(signal: Signal) {
    // A process may always do that.
    let _ = rustix::process::kill_process(rustix::process::getpid(), signal);
}

pub(super) fn introduce(command: &mut Command, slot: Slot, generation: Generation) {
    command.env(SELF, format!("{}.{}", slot.0, generation.0));
}

/// Writes down that the order is carried out.
fn note(order: &Order) {
    let Some(path) = env::var_os(LOG) else { return };
    let line = format!("{}\n", order.text);
    let log = OpenOptions::new().append(true).create(true).open(path);
    log.and_then(|mut log| log.write_all(line.as_bytes())).expect("the log can be written");
}

impl Order {
    /// Counts one coming by.
    fn is_due(&self) -> bool {
        let nth = self.passed.fetch_add(1, Ordering::Relaxed) + 1;
        match self.when {
            When::Once(at) => nth == at,
            When::Every(step) => nth % step == 0,
            When::From(first) => nth >= first,
        }
    }
}

impl Who {
    /// Whether that is a process that was introduced like this, or not at all.
    fn is(self, me: Option<&str>) -> bool {
        let (slot, generation) = match me.and_then(|me| me.split_once('.')) {
            Some((slot, generation)) => (slot.parse().ok(), generation.parse().ok()),
            None => (None, None),
        };
        match self {
            Self::Anybody => true,
            Self::Supervisor => slot.is_none(),
            Self::Worker => slot.is_some(),
            Self::Slot(at) => slot == Some(at),
            Self::Generation(at, nth) => slot == Some(at) && generation == Some(nth),
        }
    }
}

/// What an order lacks.
#[derive(Debug, PartialEq, Eq)]
enum Wrong {
    Action,
    Who,
    Number,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Action => "such action",
            Self::Who => "such process",
            Self::Number => "such number",
        })
    }
}

impl FromStr for Order {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        let (rest, when) = match text.find(['#', '%', '+']) {
            Some(at) => {
                let nth = text[at + 1..].parse().ok();
                let nth = nth.filter(|nth| *nth > 0).ok_or(Wrong::Number)?;
                let when = match text.as_bytes()[at] {
                    b'#' => When::Once(nth),
                    b'%' => When::Every(nth),
                    _ => When::From(nth),
                };
                (&text[..at], when)
            }
            None => (text, When::Once(1)),
        };
        let (rest, who) = rest.split_once('@').unwrap_or((rest, ""));
        let (point, action) = rest.split_once('=').ok_or(Wrong::Action)?;
        Ok(Self {
            text: text.to_owned(),
            point: point.to_owned(),
            action: action.parse()?,
            who: who.parse()?,
            when,
            passed: AtomicU64::new(0),
        })
    }
}

impl FromStr for Action {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        Ok(match text {
            "kill" => Self::Kill,
            "abort" => Self::Abort,
            "stop" => Self::Stop,
            "delay" => Self::Delay,
            "short" => Self::Short,
            "EINTR" => Self::Refuse(Errno::INTR),
            "EAGAIN" => Self::Refuse(Errno::AGAIN),
            "ENOMEM" => Self::Refuse(Errno::NOMEM),
            "ENOSPC" => Self::Refuse(Errno::NOSPC),
            _ => return Err(Wrong::Action),
        })
    }
}

impl FromStr for Who {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        let number = |text: &str| text.parse::<u32>().map_err(|_| Wrong::Who);
        Ok(match text {
            "" => Self::Anybody,
            "supervisor" => Self::Supervisor,
            "worker" => Self::Worker,
            who => match who.split_once('.') {
                Some((slot, generation)) => Self::Generation(number(slot)?, number(generation)?),
                None => Self::Slot(number(who)?),
            },
        })
    }
}

#[cfg(test)]
mod tests;
