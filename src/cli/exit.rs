//! The exit codes: a promise to scripts, so every one of them is named here and nowhere else.

use std::process::ExitCode;

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Every item has a result; or help was asked for, and given.
    Done = 0,
    /// The run finished, and some items failed.
    ItemsFailed = 1,
    /// The command line cannot be understood. Nothing was started, stdout is empty.
    Usage = 2,
    /// The pool cannot run: no processes, no memory, workers that die at their start.
    Pool = 3,
    /// Output could not be written: disk full, stdout closed. `EX_IOERR` of `sysexits.h`.
    Output = 74,
    /// Ended by SIGHUP, after the finished ordered prefix was written whole: 128 + 1.
    Hangup = 129,
    /// Ended by SIGINT, after the finished ordered prefix was written whole: 128 + 2.
    Interrupt = 130,
    /// Ended by SIGQUIT, after the finished ordered prefix was written whole: 128 + 3.
    Quit = 131,
    /// The reader of stdout went away; said with a code and not a word, as `seq` does: 128 + SIGPIPE.
    ReaderGone = 141,
    /// Ended by SIGTERM, after the finished ordered prefix was written whole: 128 + 15.
    Terminate = 143,
}

impl Exit {
    /// The number the parent process sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
