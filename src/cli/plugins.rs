//! What `--plugin` names: libraries, and the functions that they declare.
//!
//! A library's file is copied into a sealed memory file at once, and never looked at again: what a process that was
//! started for it has described is what every worker loads, whatever becomes of the file during the run. This
//! process loads none of it, and believes nothing that it has not checked.

use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::environment::Variable;
use super::quote::{NotUtf8, quote};
use super::usage::UsageError;
use crate::digest::{Digest, Fingerprint};
use crate::error::Death;
use crate::plugin::{self, Declared, LoadError, MOST_FUNCTIONS, Signature};
use crate::process::{Passed, Process, ProcessError};
use crate::sys::{allocator, limits, sealed, signals, stdio};
use crate::task::is_taken;

/// How long it may take to load a library and read its table: as long as a worker has for its start.
const PATIENCE: Duration = Duration::from_secs(10);

/// The largest library, in bytes: the copy is memory.
const LARGEST: u64 = 1 << 30;

/// The most libraries: their descriptors go with one message.
const MOST: usize = 64;

/// Libraries, and what they declare.
#[derive(Clone, Debug, Default)]
pub struct Plugins {
    files: Vec<Arc<OwnedFd>>,
    contents: Vec<Fingerprint>,
    functions: Vec<Declared>,
}

/// What a process is told that describes a library.
#[derive(Serialize, Deserialize)]
struct Request {
    library: Passed<OwnedFd>,
    memory: Option<u64>,
}

/// Why a library is of no use. Each message fits behind `for --plugin: `.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("it cannot be read: {0}; give the path of a shared library")]
    Unreadable(#[source] std::io::Error),
    #[error("it {0}")]
    Load(LoadError),
    #[error("it was {0} when it was loaded")]
    Killed(Death),
    #[error("it called exit({0}) when it was loaded")]
    Exited(i32),
    #[error("it was not loaded within {} seconds", PATIENCE.as_secs())]
    Slow,
    #[error("{0}")]
    Process(String),
    #[error("its function '{0}' is called as a word that tasks know already; give it another name")]
    Taken(Box<str>),
    #[error("its function '{0}' is declared twice; give one of them another name")]
    Twice(Box<str>),
}

impl Plugins {
    /// Looks at these libraries, each in a process of its own, which may use so much memory and finds these variables in its
    /// environment, as workers do.
    pub(super) fn describe(
        paths: &[PathBuf],
        memory: Option<u64>,
        environment: &[Variable],
    ) -> Result<Self, UsageError> {
        let mut all = Self::default();
        if paths.is_empty() {
            return Ok(all);
        }
        if paths.len() > MOST {
            return Err(UsageError::many_plugins(MOST));
        }
        // Else nobody could be waited for.
        signals::sanitize();
        for path in paths {
            all.add(path, memory, environment).map_err(|fault| {
                let shown =
                    path.to_str().map_or_else(|| NotUtf8::new(path.as_os_str()).quoted(), quote);
                UsageError::bad_plugin(&shown, &fault)
            })?;
        }
        Ok(all)
    }

    fn add(
        &mut self,
        path: &Path,
        memory: Option<u64>,
        environment: &[Variable],
    ) -> Result<(), Fault> {
        let file = OwnedFd::from(sealed::copy(path, LARGEST).map_err(Fault::Unreadable)?);
        let library = Passed::new(file.try_clone().map_err(Fault::Unreadable)?);
        let functions = described(Request { library, memory }, environment)?;
        for declared in functions {
            let name = declared.signature.name();
            if is_taken(name) {
                return Err(Fault::Taken(name.into()));
            }
            if self.functions.iter().any(|known| known.signature.name() == name) {
                return Err(Fault::Twice(name.into()));
            }
            self.functions.push(declared);
        }
        let copy = file.try_clone().and_then(|file| sealed::Mapping::of(file.into()));
        let mut contents = Digest::default();
        contents.update(&copy.map_err(Fault::Unreadable)?);
        self.contents.push(contents.fingerprint());
        self.files.push(Arc::new(file));
        Ok(())
    }

    /// As if such a library had been looked at.
    #[cfg(test)]
    pub(super) fn declaring(signature: Signature) -> Self {
        let functions = vec![Declared { signature, help: String::new() }];
        Self { functions, ..Self::default() }
    }

    /// The functions.
    #[must_use]
    pub fn functions(&self) -> &[Declared] {
        &self.functions
    }

    /// How they are called.
    pub(super) fn signatures(&self) -> Vec<Signature> {
        self.functions.iter().map(|declared| declared.signature.clone()).collect()
    }

    /// What is in the libraries, one behind the other; `None` if there are none.
    pub(super) fn contents(&self) -> Option<String> {
        let each = self.contents.iter().map(|it| format!("{:016x}", it.value));
        each.reduce(|all, one| format!("{all} {one}"))
    }

    /// The libraries, for those who load them.
    pub(super) fn files(&self) -> Vec<Arc<OwnedFd>> {
        self.files.clone()
    }
}

/// Has a process say what a library declares. Its report is the library's as much as ours: it is only taken for what it
/// has been checked to be.
fn described(request: Request, environment: &[Variable]) -> Result<Vec<Declared>, Fault> {
    let failed = |error: &dyn std::fmt::Display| Fault::Process(error.to_string());
    let builder = environment.iter().fold(Process::builder(), |builder, variable| {
        builder.env(variable.name.clone(), variable.value.clone())
    });
    let process = builder.name("pmap: plugin").spawn(describe, request);
    let process = process.map_err(|error| failed(&error))?;
    let functions = process.join_timeout(PATIENCE).ok_or(Fault::Slow)?;
    let functions =
        functions.map_err(|error: ProcessError| match (error.signal(), error.exit_code()) {
            (Some(signal), _) => Fault::Killed(Death::Signal(signal)),
            (None, Some(status)) => Fault::Exited(status),
            (None, None) => failed(&error),
        })?;
    let functions: Vec<Declared> = functions.map_err(Fault::Load)?;
    match u32::try_from(functions.len()) {
        Ok(1..=MOST_FUNCTIONS) => Ok(functions),
        count => Err(Fault::Load(LoadError::Count(count.unwrap_or(u32::MAX)))),
    }
}

/// What that process does.
fn describe(Request { library, memory }: Request) -> Result<Vec<Declared>, LoadError> {
    let refused = |error: std::io::Error| LoadError::Refused(error.to_string());
    // A library that prints when it is loaded does not print into the results.
    stdio::mute_stdout().map_err(refused)?;
    if let Some(bytes) = memory {
        limits::memory(bytes).map_err(refused)?;
        allocator::watch();
    }
    let functions = plugin::load(library.into_inner().as_fd())?;
    Ok(functions.into_iter().map(|(_, declared)| declared).collect())
}
