//! The last words of a worker whose program answers items: how that program ended, which the worker's own end cannot tell.

use serde::{Deserialize, Serialize};

use super::Mishap;
use crate::error::{Cause, Death, ProgramEnd};

/// Characters of a program's name that are told.
const LONGEST_NAME: usize = 200;

/// Why a worker ends itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parting {
    /// How its program ended, or why it had to be.
    pub end: Mishap,
    /// How far that was.
    pub moment: Moment,
}

/// When a program ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Moment {
    /// Before it had read anything; its name.
    Unread(String),
    /// When it had answered all that it had read.
    AtRest,
    /// When there was something that it had read and not answered.
    AtWork,
    /// It wrote something while it was asked for nothing.
    OutOfStep,
}

impl Parting {
    /// As the world is told of it: fit to be shown, whoever wrote it.
    #[must_use]
    pub fn into_death(self) -> Death {
        let end = match self.end.into_cause() {
            Cause::Exited(status) => ProgramEnd::Exited(status),
            Cause::Killed(signal) => ProgramEnd::Killed(signal),
            other => ProgramEnd::Stopped(other.to_string()),
        };
        match self.moment {
            Moment::Unread(program) => {
                let plain = program.chars().map(|c| if c.is_control() { '?' } else { c });
                Death::Stillborn { program: plain.take(LONGEST_NAME).collect(), end }
            }
            Moment::AtRest => Death::ProgramAtRest(end),
            Moment::AtWork => Death::Program(end),
            Moment::OutOfStep => Death::OutOfStep,
        }
    }
}
