//! Starting a worker: its segment, its control socket, its process; in an order in which nothing is left
//! behind if we are killed in between.

use std::ffi::OsString;
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use super::limits::Limits;
use super::link::Link;
use crate::error::PoolError;
use crate::ids::{Generation, Slot};
use crate::shm::{Capacity, Layout, Segment};
use crate::sys::process::Child;
use crate::sys::{failpoint, identity, passing, socket};
use crate::value::Cell;
use crate::value::record::RecordForm;
use crate::wire::{self, Bounds, Encoding, PROTOCOL, Welcome, Work};

/// What is started as a worker.
#[derive(Debug, Clone)]
pub struct WorkerProgram {
    /// The program.
    pub path: PathBuf,
    /// Its arguments, behind the name that `ps` shows.
    pub arguments: Vec<OsString>,
}

impl WorkerProgram {
    /// The running program again, asked to be a worker by `argument`.
    #[must_use]
    pub fn this_program(argument: &str) -> Self {
        Self { path: identity::program(), arguments: vec![argument.into()] }
    }
}

/// Starts workers, all of one kind.
///
/// They die with the *thread* that starts them; so a spawner belongs to a thread that lives as long as the run.
#[derive(Debug)]
pub struct Spawner {
    program: WorkerProgram,
    work: Work,
    layout: Layout,
    spins: u32,
    one_by_one: bool,
    bounds: Bounds,
    environment: Vec<(OsString, OsString)>,
    file: Option<File>,
    cells: Option<Cell>,
    records: Option<RecordForm>,
    build: identity::Build,
    limits: Limits,
    plugins: Vec<Arc<OwnedFd>>,
}

impl Spawner {
    /// For workers that do `work` over rings of the sizes of `layout`, and look `spins` times for work
    /// before they sleep.
    ///
    /// # Errors
    /// The running program cannot be looked at.
    pub fn new(
        program: WorkerProgram,
        work: impl Into<Work>,
        layout: Layout,
        spins: u32,
    ) -> Result<Self, PoolError> {
        let build = identity::Build::current().map_err(PoolError::Spawn)?;
        Ok(Self {
            program,
            work: work.into(),
            layout,
            spins,
            one_by_one: false,
            bounds: Bounds::default(),
            environment: Vec::new(),
            file: None,
            cells: None,
            records: None,
            build,
            limits: Limits::default(),
            plugins: Vec::new(),
        })
    }

    /// Has workers claim and commit every item by itself, as they must where items are timed, or must not run twice.
    #[must_use]
    pub fn one_by_one(self, one_by_one: bool) -> Self {
        Self { one_by_one, ..self }
    }

    /// Lets workers use up no more than this.
    #[must_use]
    pub fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// Adds variables to the environment of workers, or gives them other values there.
    #[must_use]
    pub fn with_environment(self, environment: Vec<(OsString, OsString)>) -> Self {
        Self { environment, ..self }
    }

    /// Has workers load these libraries before they begin, and look there for the functions that the task calls beside
    /// ours.
    #[must_use]
    pub fn with_plugins(self, plugins: Vec<Arc<OwnedFd>>) -> Self {
        Self { plugins, ..self }
    }

    /// Gives each worker this file, of which leases name parts.
    #[must_use]
    pub fn with_file(self, file: Option<File>) -> Self {
        Self { file, ..self }
    }

    /// Has workers take items for binary numbers, if of any type, and else for lines.
    #[must_use]
    pub fn with_cells(self, cells: Option<Cell>) -> Self {
        Self { cells, ..self }
    }

    /// Has workers make records of their results, if of any form.
    #[must_use]
    pub fn with_records(self, records: Option<RecordForm>) -> Self {
        Self { records, ..self }
    }

    /// With other limits than the usual ones.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The form of its workers' outcomes.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.work.encoding()
    }

    /// Starts a worker, whose handshake is still to come.
    ///
    /// # Errors
    /// Processes, descriptors or shared memory are used up.
    pub fn spawn(
        &self,
        slot: Slot,
        generation: Generation,
        now: Duration,
    ) -> Result<Link, PoolError> {
        failpoint::pass(if generation.0 == 0 { "start" } else { "respawn" });
        let segment = self.segment()?;
        let (ours, theirs) = socket::pair().map_err(PoolError::Spawn)?;
        let welcome = Welcome {
            protocol: PROTOCOL,
            build: self.build.clone(),
            slot,
            generation,
            layout: self.layout,
            spins: self.spins,
            one_by_one: self.one_by_one || self.bounds.item_seconds.is_some(),
            bounds: self.bounds,
            plugins: u32::try_from(self.plugins.len()).expect("descriptors are counted in u32"),
            cells: self.cells,
            records: self.records,
            work: self.work.clone(),
        };
        // It waits in the socket for a worker that does not exist yet.
        let message = wire::encode(&welcome)
            .map_err(|error| PoolError::Spawn(std::io::Error::other(error)))?;
        let plugins = self.plugins.iter().map(|plugin| plugin.as_fd());
        let descriptors: Vec<_> = plugins.chain(self.file.iter().map(AsFd::as_fd)).collect();
        passing::send_now(&ours, &message, &descriptors).map_err(PoolError::Spawn)?;
        failpoint::pass("welcome");
        let child = self.start(slot, generation, theirs, segment.fd).map_err(PoolError::Spawn)?;
        let link = Link::new(child, ours, segment.end, self.work.encoding(), self.limits, now);
        Ok(link.with_program(self.work.is_coprocess()))
    }

    fn segment(&self) -> Result<Segment, PoolError> {
        let full = Segment::create(self.layout);
        full.map_err(|source| PoolError::Memory { bytes: self.layout.len(), source })
    }

    fn start(
        &self,
        slot: Slot,
        generation: Generation,
        socket: OwnedFd,
        segment: OwnedFd,
    ) -> std::io::Result<Child> {
        let mut command = Command::new(&self.program.path);
        command
            .arg0(format!("pmap: worker {slot}"))
            .args(&self.program.arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(socket)
            .stdout(segment)
            .stderr(Stdio::inherit())
            .process_group(0);
        failpoint::introduce(&mut command, slot, generation);
        Child::start(&mut command)
    }
}

/// Rings for a run of so many items, if that is known: as large as pays off for many, small for few, since
/// every byte of a segment is given a page when the worker starts.
#[must_use]
pub fn layout_for(items: Option<u64>) -> Layout {
    match items {
        Some(0..=1000) => {
            Layout { down: Capacity::at_least(16 << 10), up: Capacity::at_least(32 << 10) }
        }
        _ => Layout { down: Capacity::at_least(512 << 10), up: Capacity::at_least(512 << 10) },
    }
}
