//! Libraries, compiled from a few lines of C.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::support::{Ended, Pmap, pmap};

/// What every library begins with.
pub(crate) const HEAD: &str = r#"
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "pmap_plugin.h"
#define CONSTRUCTOR __attribute__((constructor)) static void construct(void)
#define INTEGER static int f(const int64_t *arguments, int64_t *result, char *message)
#define REAL static int f(const double *arguments, double *result, char *message)
"#;

/// The table of a library with one function of an integer.
pub(crate) const ONE: &str = r#"
static const pmap_function functions[] = {{.name = "f", .arity = 1, .integer = f}};
PMAP_PLUGIN(functions)
"#;

/// A function without anything wrong.
pub(crate) const GOOD: &str = r"INTEGER { (void)message; *result = 2 * arguments[0]; return 0; }";

/// A library in a folder of its own.
pub(crate) struct Library {
    pub(crate) folder: TempDir,
    pub(crate) path: PathBuf,
}

/// Compiles `body`, between the common head and nothing.
pub(crate) fn library(body: &str) -> Library {
    compiled(body, &[])
}

/// The same, with further arguments for the compiler.
pub(crate) fn compiled(body: &str, arguments: &[&str]) -> Library {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("mine.c");
    std::fs::write(&source, format!("{HEAD}\n{body}\n")).expect("a file");
    let path = folder.path().join("libmine.so");
    compile(&source, &path, &[&["-w"], arguments].concat());
    Library { folder, path }
}

/// A library whose function of an integer has this body, `n` being its argument.
pub(crate) fn function(body: &str) -> Library {
    let f = "INTEGER { int64_t n = arguments[0]; (void)message; *result = n;";
    library(&format!("{f} {body} return 0; }} {ONE}"))
}

/// Where the header is.
pub(crate) fn include() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("include")
}

/// Has the C compiler make a shared library.
pub(crate) fn compile(source: &Path, library: &Path, arguments: &[&str]) {
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-std=c11", "-I"]);
    compiler.arg(include()).arg("-o").arg(library).arg(source);
    compiler.args(arguments).arg("-lm");
    let made = compiler.output().expect("a C compiler, `cc`; .ci/setup installs one");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

impl Library {
    /// pmap with this plugin and these arguments.
    pub(crate) fn pmap(&self, arguments: &[&str]) -> Pmap {
        let mut all: Vec<OsString> = vec!["--plugin".into(), self.path.clone().into()];
        all.extend(arguments.iter().map(OsString::from));
        pmap(&all)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.pmap(arguments).run()
    }

    /// Runs it where children of workers are left over: they are dead when the run is, and their remains are ours to
    /// bury, as those of all orphans are `init`'s.
    pub(crate) fn run_with_children(&self, arguments: &[&str]) -> Ended {
        let mut run = self.pmap(arguments).start();
        run.until("nobody lives", |run| run.has_ended() && run.workers().is_empty());
        run.reap_orphans();
        run.finish()
    }
}

/// Failures are told as they come; here, in the order of the items.
pub(crate) fn sorted(said: Vec<String>) -> Vec<String> {
    let mut said = said;
    let item =
        |line: &str| line.split_whitespace().nth(2).and_then(|item| item.parse::<u64>().ok());
    said.sort_by_key(|line| item(line));
    said
}
