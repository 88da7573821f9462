//! A process that is still to be started.

use std::ffi::OsString;

use super::error::SpawnError;
use super::{Process, Task, order};
use crate::call::Value;

/// What there is to say about a process before it starts; from [`Process::builder`].
#[derive(Debug, Clone, Default)]
#[must_use = "nothing is started before `spawn`"]
pub struct Builder {
    name: Option<String>,
    environment: Vec<(OsString, OsString)>,
}

impl Builder {
    /// What the process is called: by [`Process::name`], in errors, and, cut to 15 bytes, by `top` and `ps`. Otherwise
    /// it is `process-1`, `process-2` and so on.
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Adds a variable to its environment, or gives it another value there.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// #     pmap::init();
    /// let read = |()| std::env::var("THREADS").unwrap_or_default();
    /// let process = pmap::Process::builder().env("THREADS", "2").spawn(read, ())?;
    /// assert_eq!(process.join()?, "2");
    /// #     Ok(())
    /// # }
    /// ```
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// As [`Process::spawn`].
    ///
    /// # Errors
    /// As there; and if the name holds a zero byte.
    pub fn spawn<F, A, R>(self, f: F, argument: A) -> Result<Process<R>, SpawnError>
    where
        F: Fn(A) -> R + 'static,
        A: Value,
        R: Value,
    {
        Ok(Process::new(order::start(self.name, self.environment, f, argument)?))
    }

    /// As [`Process::start`].
    ///
    /// # Errors
    /// As there; and if the name holds a zero byte.
    pub fn start<T: Task>(self, task: T) -> Result<Process<T::Output>, SpawnError> {
        self.spawn(T::run, task)
    }
}
