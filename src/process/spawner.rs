//! The thread that starts all processes and buries the dead.
//!
//! It is one thread, and it lives as long as the program: the kernel tells a child of the end of the *thread* that
//! started it. It sleeps in one `poll` over its bell and its children, and so knows of every death at once;
//! while nothing happens it uses no time.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::sys::poll::{Interest, Watch};
use crate::sys::process::Child;
use crate::sys::socket::{self, Received};

/// How long to wait where the kernel refuses a wait: it has no memory, or the limit on descriptors was lowered below
/// what is open.
const RESPITE: Duration = Duration::from_millis(10);

/// A child in the spawner's care.
pub(crate) trait Ward: Send + Sync {
    /// Readable once it has ended.
    fn death(&self) -> BorrowedFd<'_>;

    /// Whether it has ended, where nobody could wait for that.
    fn has_ended(&self) -> bool;

    /// It has ended: reaps it. Called once, on the spawner's thread.
    fn bury(&self);
}

/// What the thread is asked to do; it may take somebody into its care.
type Order = Box<dyn FnOnce(&mut Vec<Arc<dyn Ward>>) + Send>;

/// The thread, from outside.
#[derive(Debug)]
pub(crate) struct Spawner {
    orders: Sender<Order>,
    bell: OwnedFd,
    /// Of the process in which the thread runs.
    pid: u32,
    started: AtomicU32,
}

/// The running process's own. A `fork` copies this, but not the thread.
static SPAWNER: Mutex<Option<Arc<Spawner>>> = Mutex::new(None);

impl Spawner {
    /// The running process's, which is started if there is none yet.
    ///
    /// # Errors
    /// No thread or no descriptor is left.
    pub(crate) fn get() -> io::Result<Arc<Self>> {
        let pid = std::process::id();
        let mut known = SPAWNER.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(spawner) = known.as_ref().filter(|spawner| spawner.pid == pid) {
            return Ok(Arc::clone(spawner));
        }
        let (bell, rung) = socket::pair()?;
        let (orders, taken) = channel();
        thread::Builder::new()
            .name("pmap: spawner".into())
            .spawn(move || Thread { orders: taken, bell: rung, wards: Vec::new() }.run())?;
        let spawner = Arc::new(Self { orders, bell, pid, started: AtomicU32::new(0) });
        *known = Some(Arc::clone(&spawner));
        Ok(spawner)
    }

    /// A number for the next process: 1, 2, …
    pub(crate) fn next_number(&self) -> u32 {
        self.started.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Starts `command`, and takes what `make` makes of the child into the thread's care.
    ///
    /// # Errors
    /// It could not be started.
    pub(crate) fn start<W: Ward + 'static>(
        &self,
        mut command: Command,
        make: impl FnOnce(Child) -> W + Send + 'static,
    ) -> io::Result<Arc<W>> {
        let (answer, answered) = channel();
        let order: Order = Box::new(move |wards| {
            let started = Child::start(&mut command).map(|child| Arc::new(make(child)));
            // With it the child's descriptors: nobody may be left who has them, or the child's end would not be theirs.
            drop(command);
            if let Ok(ward) = &started {
                wards.push(Arc::clone(ward) as Arc<dyn Ward>);
            }
            // Whoever asked waits for this.
            let _ = answer.send(started);
        });
        let is_gone = || io::Error::other("the thread that starts processes is gone");
        self.orders.send(order).map_err(|_| is_gone())?;
        // Refused where so many bells are unread that it is awake.
        socket::send_now(&self.bell, &[0])?;
        answered.recv().map_err(|_| is_gone())?
    }
}

/// The thread, from inside.
struct Thread {
    orders: Receiver<Order>,
    bell: OwnedFd,
    wards: Vec<Arc<dyn Ward>>,
}

impl Thread {
    fn run(mut self) {
        loop {
            let ended = self.sleep();
            let mut ended = ended.into_iter();
            self.wards.retain(|ward| {
                let has_ended = ended.next() == Some(true);
                if has_ended {
                    ward.bury();
                }
                !has_ended
            });
            while let Ok(order) = self.orders.try_recv() {
                order(&mut self.wards);
            }
        }
    }

    /// Sleeps until somebody rings or dies; for each ward, whether it has ended.
    fn sleep(&self) -> Vec<bool> {
        let mut watch = Watch::with_capacity(self.wards.len() + 1);
        let bell = watch.add(self.bell.as_fd(), Interest::Read);
        let places: Vec<_> =
            self.wards.iter().map(|ward| watch.add(ward.death(), Interest::Read)).collect();
        if watch.sleep(None).is_err() {
            thread::sleep(RESPITE);
            return self.wards.iter().map(|ward| ward.has_ended()).collect();
        }
        if watch.found(bell).readable {
            let mut message = [0; 1];
            while let Ok(Received::Message(_)) = socket::receive_now(&self.bell, &mut message) {}
        }
        places.into_iter().map(|place| watch.found(place).readable).collect()
    }
}
