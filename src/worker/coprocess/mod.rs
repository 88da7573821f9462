//! One program for all items of a worker: an item is a line that it reads, its result the line that it answers.
//!
//! The program's death is the worker's death. So all that is known of workers holds for it: what it had answered is
//! committed, what it had begun is looked into, the rest goes to others, and a fresh one takes its place. It belongs to the
//! worker's process group, so that whoever ends the worker ends it, too.
//!
//! It is given lines ahead of its answers ([`depth`]), and nothing here waits for one of its pipes alone: it may write as
//! much as it likes before it reads.
//!
//! What this cannot do: tell which line an answer is for. They are counted ([`flow`]); a program that answers one line
//! with two and another with none stays in step.

mod depth;
mod desk;
mod flow;
mod patience;
mod program;

use std::os::fd::AsFd;
use std::thread;
use std::time::{Duration, Instant};

use super::commit::Link;
use super::relay;
use super::serve::Stop;
use crate::call::Outcomes;
use crate::sys::poll::{Interest, Watch};
use crate::sys::signals;
use crate::wire::{Command, FromWorker, Mishap, Moment, Parting, Welcome};
use depth::Depth;
use desk::Desk;
use flow::{Fault, Flow, MOST_ANSWER};
use patience::{Patience, TICK};
use program::{Program, Written, mishap};

/// How long a program that does not read any more, or cannot answer, may take to end: the kernel closes a dying process's
/// descriptors shortly before it tells of the death.
const HANG_UP: Duration = Duration::from_secs(1);

/// How long to wait for more, once, behind the first answer of a program, and behind each one that is to be given exactly:
/// two lines that are written one after the other are two writes.
const SETTLE: Duration = Duration::from_millis(2);

/// How long a program may be at its first line before its user is told what may be wrong with it.
const SILENCE: Duration = Duration::from_secs(5);

/// Characters of the program's name that are told: all of it fits into one message.
const LONGEST_NAME: usize = 200;

/// The exit status of a worker whose program has ended; what counts is what it says before.
const PARTED: i32 = 1;

/// Works until the supervisor wants no more. Does not return where the program ends before that.
pub(super) fn serve(link: Link, command: &Command, end: u8, welcome: &Welcome) {
    // From here on a request to end waits until the program has heard it, too.
    let _busy = signals::Busy::begin();
    let name = String::from_utf8_lossy(command.spec.program().unwrap_or_default());
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let is_first = welcome.slot.0 == 0 && welcome.generation.0 == 0;
    let started = Program::start(command, welcome.slot);
    let (link, parting) = match started {
        Ok(program) => Coprocess {
            link,
            program,
            name,
            desk: Desk::new(command.separator),
            flow: Flow::new(end, command.tags),
            depth: Depth::new(welcome.one_by_one),
            outcomes: Outcomes::default(),
            was_full: false,
            is_hungry: false,
            is_alone: false,
            is_deaf: false,
            has_answered: false,
            has_begun: false,
            since: Instant::now(),
            closing: Patience::new(HANG_UP),
            silence: is_first.then(|| Patience::new(SILENCE)),
        }
        .run(),
        Err(end) => (link, Some(Parting { end: end.shortened(), moment: Moment::Unread(name) })),
    };
    if let Some(parting) = parting {
        // If nobody hears it, nobody is left who would care.
        let _ = link.say(&FromWorker::Parting(parting));
        std::process::exit(PARTED);
    }
}

/// Why there is no further turn.
enum End {
    /// The supervisor wants no more.
    Dismissed,
    /// The program has ended by itself.
    Ended,
    /// It has to be ended, why, and how far it was.
    AtFault(String, Moment),
}

impl From<Stop> for End {
    fn from(_: Stop) -> Self {
        Self::Dismissed
    }
}

struct Coprocess {
    link: Link,
    program: Program,
    name: String,
    desk: Desk,
    flow: Flow,
    depth: Depth,
    outcomes: Outcomes,
    /// It has been given as many lines as it may, and not yet answered half of them.
    was_full: bool,
    /// It could be given more, and there is nothing.
    is_hungry: bool,
    /// It has been given an item that must be run with nothing beside it.
    is_alone: bool,
    /// It does not read any more.
    is_deaf: bool,
    has_answered: bool,
    /// It has read something, and the supervisor was told.
    has_begun: bool,
    /// When it answered last, or was given a line with nothing to answer.
    since: Instant,
    /// Its waiting for its end, once it cannot go on.
    closing: Patience,
    /// Ours for its first answer, if anybody is to be told of it.
    silence: Option<Patience>,
}

impl Coprocess {
    /// Gives and takes until one side has had enough; the program is buried then.
    fn run(mut self) -> (Link, Option<Parting>) {
        let end = loop {
            if let Err(end) = self.turn() {
                break end;
            }
        };
        let parting = match end {
            End::Dismissed => {
                self.take_leave();
                let _ = self.program.bury();
                return (self.link, None);
            }
            End::Ended => {
                let moment = self.moment();
                Parting { end: mishap(self.program.bury()), moment }
            }
            End::AtFault(why, moment) => {
                let _ = self.program.bury();
                Parting { end: Mishap::Failed(why), moment }
            }
        };
        (self.link, Some(parting))
    }

    /// How far the program is.
    fn moment(&self) -> Moment {
        if !self.has_answered && !self.program.has_read() {
            Moment::Unread(self.name.clone())
        } else if self.unread() >= self.flow.given() {
            Moment::AtRest
        } else {
            Moment::AtWork
        }
    }

    /// Bytes of lines that it has not read.
    fn unread(&self) -> u64 {
        self.flow.unwritten().len() as u64 + self.program.unread()
    }

    fn turn(&mut self) -> Result<(), End> {
        self.refill()?;
        if self.is_hungry {
            self.link.announce();
            if self.refill()? {
                self.link.rise();
            } else {
                // Whatever there is to come, the supervisor has to do something for it.
                self.link.ring(true)?;
            }
        }
        let slept = self.sleep();
        self.link.rise();
        slept
    }

    /// Gives the program lines as far as there are some and it may have them; whether it got any.
    fn refill(&mut self) -> Result<bool, End> {
        let mut any = false;
        self.is_hungry = false;
        while !self.is_closing() {
            let waits = self.flow.waiting() > 0;
            self.is_alone &= waits;
            self.was_full = !self.flow.has_room(self.depth.lines(), self.was_full);
            if self.was_full || self.is_alone {
                break;
            }
            if !waits
                && self.has_answered
                && self.program.has_more(Duration::ZERO).map_err(Stop::from)?
            {
                // What it has written since belongs to nobody.
                self.hear_answers()?;
            }
            let is_single = self.desk.look(&mut self.link)? && self.desk.is_single();
            if is_single && waits {
                break;
            }
            let Some(item) = self.desk.claim(&mut self.link)? else {
                self.is_hungry = true;
                break;
            };
            self.flow.give(item);
            self.flow.fail_first(&mut self.outcomes);
            self.is_alone = is_single;
            if !waits {
                self.since = Instant::now();
            }
            any = true;
        }
        self.write();
        self.commit()?;
        Ok(any)
    }

    /// It takes no further line, or cannot answer any.
    fn is_closing(&self) -> bool {
        self.is_deaf || self.program.stdout.is_none()
    }

    fn write(&mut self) {
        if !self.is_deaf && !self.flow.unwritten().is_empty() {
            match self.program.give(self.flow.unwritten()) {
                Written::Bytes(bytes) => self.flow.wrote(bytes),
                Written::Deaf => self.is_deaf = true,
            }
        }
    }

    fn commit(&mut self) -> Result<(), Stop> {
        if self.outcomes.ends().is_empty() { Ok(()) } else { self.link.commit(&mut self.outcomes) }
    }

    /// Sleeps until something happens, and deals with it.
    fn sleep(&mut self) -> Result<(), End> {
        if let Some(nap) = self.depth.nap(self.flow.waiting()) {
            thread::sleep(nap);
        }
        let wants_room = !self.flow.unwritten().is_empty();
        let end = self.program.end();
        let mut watch = Watch::with_capacity(5);
        let bell = watch.add(self.link.socket(), Interest::Read);
        let ended = watch.add(end.as_fd(), Interest::Read);
        let Program { stdin, stdout, stderr, .. } = &self.program;
        let room = if wants_room { Interest::Write } else { Interest::HangUp };
        let stdin = stdin.as_ref().filter(|_| !self.is_deaf);
        let stdin = stdin.map(|pipe| watch.add(pipe.as_fd(), room));
        let stdout = stdout.as_ref().map(|pipe| watch.add(pipe.as_fd(), Interest::Read));
        let stderr = stderr.as_ref().map(|pipe| watch.add(pipe.as_fd(), Interest::Read));
        let is_awaited = !self.has_answered && self.flow.waiting() > 0;
        let limit = (self.closing.is_waiting() || is_awaited).then_some(TICK);
        if signals::is_asked_to_end() {
            return Err(End::Dismissed);
        }
        watch.sleep(limit).map_err(Stop::from)?;
        let has_news = |place: Option<usize>| {
            place.is_some_and(|place| watch.found(place).readable || watch.found(place).gone)
        };
        let (has_bell, has_ended) = (has_news(Some(bell)), has_news(Some(ended)));
        let (is_deaf, has_answers, has_said) = (
            stdin.is_some_and(|place| watch.found(place).gone),
            has_news(stdout),
            has_news(stderr),
        );
        drop(watch);

        self.is_deaf |= is_deaf;
        if has_said {
            self.program.pass_on();
        }
        if has_answers {
            self.hear_answers()?;
        }
        if has_ended {
            while self.hear_answers()? {}
            return Err(End::Ended);
        }
        if has_bell {
            self.link.hear_bell()?;
        }
        if signals::is_asked_to_end() {
            return Err(End::Dismissed);
        }
        self.look_at_clock()
    }

    /// Takes what the program has written, and commits it; whether there was anything.
    fn hear_answers(&mut self) -> Result<bool, End> {
        let mut any = false;
        let given = self.flow.given();
        loop {
            let length = self.program.read_output();
            if length == 0 {
                break;
            }
            any = true;
            // Looked at after the reading: what it has written was written before it had read anything.
            if !self.has_answered && !self.program.has_read() {
                let name = self.name.clone();
                let why =
                    format!("'{name}' wrote to its standard output before it had read a line");
                return Err(End::AtFault(why, Moment::Unread(name)));
            }
            let taken = self.flow.take(self.program.read(length), &mut self.outcomes);
            let answers = taken.map_err(|fault| self.at_fault(&fault, given))?;
            if self.unread() > self.flow.given() {
                // A line has its answer that was not read.
                return Err(self.at_fault(&Fault::Surplus, given));
            }
            let is_exact = answers > 0 && (!self.has_answered || self.is_alone);
            if answers > 0 {
                let now = Instant::now();
                self.depth.note(answers, now.saturating_duration_since(self.since));
                (self.since, self.has_answered, self.silence) = (now, true, None);
            }
            if !is_exact || !self.program.has_more(SETTLE).map_err(Stop::from)? {
                break;
            }
        }
        self.commit()?;
        Ok(any)
    }

    /// What it has just written is thrown away. Before, lines of so many bytes were `given` and unanswered.
    fn at_fault(&mut self, fault: &Fault, given: u64) -> End {
        self.outcomes.clear();
        let why = match fault {
            Fault::Surplus => "its program answered with more lines than it was given".to_owned(),
            Fault::TooLong => {
                format!("its program's answer exceeds {MOST_ANSWER} bytes, which is the most")
            }
        };
        // If it had read none of them, what it has written belongs to a line whose answer is committed.
        let moment = if self.unread() < given { Moment::AtWork } else { Moment::OutOfStep };
        End::AtFault(why, moment)
    }

    /// Has one who can neither go on nor end wait no longer, and his user none the wiser.
    fn look_at_clock(&mut self) -> Result<(), End> {
        let now = Instant::now();
        let is_mute = self.program.stdout.is_none();
        // What it had read before, it may still answer.
        let is_stuck = self.is_deaf && (self.flow.waiting() == 0 || self.unread() > 0);
        if self.closing.is_over(is_mute || is_stuck, now) {
            let which = if is_mute { "output" } else { "input" };
            let why = format!("its program has closed its standard {which}");
            return Err(End::AtFault(why, self.moment()));
        }
        if !self.has_answered && !self.has_begun && self.program.has_read() {
            // What it did until now was its start, and no item's time.
            self.has_begun = true;
            self.link.say(&FromWorker::Begun)?;
        }
        let is_silent = self.has_begun && !self.has_answered && self.flow.waiting() > 0;
        if self.silence.as_mut().is_some_and(|silence| silence.is_over(is_silent, now)) {
            self.silence = None;
            relay::say(format!(
                "pmap: the program has read its first line and not answered it for {SILENCE:?}; one that keeps its output \
                 back has to flush it behind each line (python3 -u, awk's fflush(), mawk -W interactive, stdbuf -oL)\n"
            ).as_bytes());
        }
        Ok(())
    }

    /// Lets the program end by itself, now that it gets no further line. The supervisor sees to it that this does not take
    /// for ever.
    fn take_leave(&mut self) {
        self.program.stdin = None;
        let mut late = 0;
        while !self.program.has_ended() {
            let end = self.program.end();
            let Program { stdout, stderr, .. } = &self.program;
            let mut watch = Watch::with_capacity(3);
            watch.add(end.as_fd(), Interest::Read);
            for pipe in [stdout.as_ref().map(AsFd::as_fd), stderr.as_ref().map(AsFd::as_fd)] {
                pipe.map(|pipe| watch.add(pipe, Interest::Read));
            }
            if watch.sleep(None).is_err() {
                return;
            }
            // Nobody has asked for what it writes now.
            late += self.program.read_output();
            self.program.pass_on();
        }
        while let more @ 1.. = self.program.read_output() {
            late += more;
        }
        if late > 0 {
            // At the end of its input, or too much before: nobody can tell, but its user.
            relay::say(format!(
                "pmap: '{}' has written {late} bytes behind its last answer, which are not in the output; if it has answered \
                 a line with two, results are not where they belong\n",
                self.name
            ).as_bytes());
        }
    }
}
