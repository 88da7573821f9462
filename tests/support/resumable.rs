//! Runs that can be gone on with.

use std::fs::{self, File};
use std::path::PathBuf;

use tempfile::TempDir;

use super::{Ended, Input, Pmap, Run, pmap};

/// A run in a folder of its own, with `-o` and `--joblog` there.
pub(crate) struct Resumable {
    folder: TempDir,
    arguments: Vec<String>,
    /// What is on its stdin, each time from its begin.
    input: Option<Vec<u8>>,
}

impl Resumable {
    pub(crate) fn new(arguments: &[&str], input: Option<&[u8]>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let input = input.map(<[u8]>::to_vec);
        if let Some(input) = &input {
            fs::write(folder.path().join("input"), input).expect("a file");
        }
        Self { folder, arguments: arguments.iter().map(|it| (*it).to_owned()).collect(), input }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// All arguments; what a program is given comes last.
    pub(crate) fn words(&self, more: &[&str]) -> Vec<String> {
        let output = self.path("output");
        self.words_to_stdout(&[&["-o", output.to_str().unwrap()], more].concat())
    }

    /// Without those for the file of results.
    fn words_to_stdout(&self, more: &[&str]) -> Vec<String> {
        let log = self.path("log");
        let log = ["--joblog", log.to_str().unwrap()];
        let more = log.into_iter().chain(more.iter().copied()).map(str::to_owned);
        let program = self.arguments.iter().position(|word| word == "--" || word == ":::");
        let (head, tail) = self.arguments.split_at(program.unwrap_or(self.arguments.len()));
        head.iter().cloned().chain(more).chain(tail.iter().cloned()).collect()
    }

    /// The run, ready to be started.
    pub(crate) fn pmap(&self, more: &[&str]) -> Pmap {
        self.with_input(pmap(&self.words(more)))
    }

    /// The same, with results on stdout.
    pub(crate) fn pmap_to_stdout(&self, more: &[&str]) -> Pmap {
        self.with_input(pmap(&self.words_to_stdout(more)))
    }

    fn with_input(&self, run: Pmap) -> Pmap {
        match self.input {
            Some(_) => run.input(Input::From(File::open(self.path("input")).unwrap().into())),
            None => run,
        }
    }

    pub(crate) fn start(&self, more: &[&str]) -> Run {
        self.pmap(more).start()
    }

    pub(crate) fn run(&self, more: &[&str]) -> Ended {
        self.start(more).finish()
    }

    pub(crate) fn output(&self) -> Vec<u8> {
        fs::read(self.path("output")).expect("a file")
    }
}
