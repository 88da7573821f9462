//! A thread that has the system put files on the disk, since that takes as long as it takes and the loop of a run waits
//! for nothing.

use std::io;
use std::sync::mpsc::{self, SyncSender};
use std::thread::{self, JoinHandle};

/// The files of a run, put on the disk when asked for.
#[derive(Debug)]
pub struct Keeper {
    /// One request may wait; it stands for all that come until it is heard.
    ask: SyncSender<()>,
    thread: JoinHandle<io::Result<()>>,
}

impl Keeper {
    /// Starts the thread, which calls `sync` for each request.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn start(mut sync: impl FnMut() -> io::Result<()> + Send + 'static) -> io::Result<Self> {
        let (ask, asked) = mpsc::sync_channel(1);
        let keep = move || asked.iter().try_for_each(|()| sync());
        let thread = thread::Builder::new().name("pmap: journal".to_owned()).spawn(keep)?;
        Ok(Self { ask, thread })
    }

    /// What is written by now shall be put on the disk soon; does not wait for that. False: an earlier time has failed.
    #[must_use]
    pub fn request(&self) -> bool {
        !matches!(self.ask.try_send(()), Err(mpsc::TrySendError::Disconnected(())))
    }

    /// Puts on the disk what is written by now, and waits for that.
    ///
    /// # Errors
    /// The system could not, this time or an earlier one.
    pub fn finish(self) -> io::Result<()> {
        // If it has failed, it has stopped listening, and says how.
        let _ = self.ask.send(());
        drop(self.ask);
        self.thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread has panicked")))
    }
}
