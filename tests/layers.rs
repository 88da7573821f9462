//! Imports point downward only, and what belongs to one place is named in that place only. The rules are the
//! tables below; a new module needs a line in the first one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules and their layers. A module may name those of lower layers, and itself.
const LAYERS: &[(&str, u8)] = &[
    ("main", 9),
    ("cli", 8),
    ("prelude", 8),
    ("iter", 7),
    ("pool", 6),
    ("process", 6),
    ("engine", 5),
    ("output", 5),
    ("entry", 5),
    ("worker", 4),
    ("supervise", 4),
    ("shared", 3),
    ("call", 3),
    ("wire", 3),
    ("shm", 2),
    ("task", 2),
    ("source", 2),
    ("sched", 2),
    ("journal", 2),
    ("sys", 1),
    ("digest", 1),
    ("value", 1),
    ("event", 1),
    ("error", 0),
    ("ids", 0),
];

/// Who may name somebody of its own layer.
const SIDEWAYS: &[(&str, &str)] = &[("error", "ids"), ("call", "wire")];

/// Who may name less than its layer allows.
const ONLY: &[(&str, &[&str])] = &[
    // Whatever is shown is made from events.
    ("output", &["event", "error", "ids"]),
    // Pure: no clock, no process, no payload. `value` reads the policy's numbers.
    ("sched", &["error", "ids", "value"]),
    ("value", &[]),
    ("digest", &[]),
    // Files, and nothing of a run but numbers of items.
    ("journal", &["sys", "digest", "ids"]),
];

/// What may be named in some modules only, and in tests: other packages, and the question which system this is.
const HOMES: &[(&str, &[&str])] = &[
    ("rustix", &["sys"]),
    ("libc", &["sys"]),
    ("target_os", &["sys"]),
    // `error` asks it for the names of signals.
    ("signal_hook", &["sys", "error"]),
    ("clap", &["cli"]),
    ("anyhow", &["cli"]),
    ("indicatif", &["output"]),
    ("shared_memory", &["shm"]),
    ("memmap2", &["shm", "sys"]),
    ("loom", &["shm"]),
    ("postcard", &["wire", "call", "journal"]),
    ("xxhash_rust", &["digest"]),
    ("landlock", &["sys"]),
    ("seccompiler", &["sys"]),
    ("winnow", &["task"]),
    ("matrixmultiply", &["task"]),
    ("rand_xoshiro", &["task"]),
    ("sha2", &["task"]),
    ("zerocopy", &["wire", "shared"]),
];

fn layer(module: &str) -> Option<u8> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, layer)| *layer)
}

/// Whether `from` may name `to`.
fn is_allowed(from: &str, to: &str) -> bool {
    let is_below = layer(to) < layer(from) || SIDEWAYS.contains(&(from, to));
    let only = ONLY.iter().find(|(name, _)| *name == from);
    from == to || (is_below && only.is_none_or(|(_, few)| few.contains(&to)))
}

/// The text as words and single punctuation characters, without comments.
fn tokens(text: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    for line in text.lines() {
        let mut rest = line.split("//").next().unwrap_or_default();
        while let Some(c) = rest.chars().next() {
            let length = rest.find(|c| !is_word(c)).filter(|length| *length > 0);
            let length = length.unwrap_or(if is_word(c) { rest.len() } else { c.len_utf8() });
            if !c.is_whitespace() {
                tokens.push(&rest[..length]);
            }
            rest = &rest[length..];
        }
    }
    tokens
}

/// What stands behind a `::`: one name, or the first names of a group.
fn names(tokens: &[&str]) -> Vec<String> {
    match tokens {
        ["{", group @ ..] => {
            let mut depth = 0;
            let mut begins = true;
            let mut found = Vec::new();
            for token in group {
                match *token {
                    "{" => depth += 1,
                    "}" if depth == 0 => break,
                    "}" => depth -= 1,
                    name if begins && depth == 0 => found.push(name.to_owned()),
                    _ => {}
                }
                begins = *token == ",";
            }
            found
        }
        [name, ..] => vec![(*name).to_owned()],
        [] => vec![],
    }
}

/// The modules that a text names whose own module lies `depth` below the package.
fn imports(tokens: &[&str], depth: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut supers = 0;
    for (at, token) in tokens.iter().enumerate() {
        let is_path = matches!(tokens[at + 1..], [":", ":", ..]);
        match *token {
            "super" if is_path => supers += 1,
            ":" => continue,
            _ => {}
        }
        let is_root = match *token {
            "crate" | "pmap" => true,
            "super" => supers >= depth,
            _ => false,
        };
        if is_path && is_root {
            found.extend(names(&tokens[at + 3..]));
        }
        if *token != "super" {
            supers = 0;
        }
    }
    found.retain(|name| layer(name).is_some());
    found
}

/// What is wrong with a file of `src`.
fn faults(path: &Path, text: &str) -> Vec<String> {
    let parts: Vec<_> =
        path.with_extension("").iter().map(|p| p.to_string_lossy().into_owned()).collect();
    let module = parts[0].as_str();
    if module == "lib" {
        return vec![];
    }
    if layer(module).is_none() {
        return vec![format!("{}: '{module}' has no layer", path.display())];
    }
    let depth =
        if parts.last().is_some_and(|last| last == "mod") { parts.len() - 1 } else { parts.len() };
    let tokens = tokens(text);
    let upward = imports(&tokens, depth)
        .into_iter()
        .filter(|to| !is_allowed(module, to))
        .map(|to| format!("{}: '{module}' must not name '{to}'", path.display()));
    let is_test = parts.iter().any(|part| part.ends_with("tests"));
    let strangers = HOMES
        .iter()
        .filter(|_| !is_test)
        .filter(|(name, homes)| tokens.contains(name) && !homes.contains(&module))
        .map(|(name, homes)| format!("{}: '{name}' belongs to {homes:?}", path.display()));
    upward.chain(strangers).collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn imports_point_downward() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut all = Vec::new();
    for path in &files {
        all.extend(faults(path.strip_prefix(&src).unwrap(), &fs::read_to_string(path).unwrap()));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
    let missing = |name: &&(&str, u8)| {
        !src.join(name.0).is_dir() && !src.join(name.0).with_extension("rs").is_file()
    };
    assert_eq!(LAYERS.iter().find(missing), None, "a layer without its module");
}

#[test]
fn the_rules_can_be_broken() {
    let broken = [
        ("worker/serve.rs", "use crate::supervise::Link;"),
        ("supervise/link.rs", "use crate::worker;"),
        ("sched/scheduler.rs", "use crate::sys::clock::Clock;"),
        ("sched/scheduler.rs", "fn f() { crate::wire::check(); }"),
        ("shm/ring.rs", "use crate::{error::{Cause, Death}, engine::run};"),
        ("shm/mod.rs", "use super::wire::Lease;"),
        ("shm/ring.rs", "use super::super::wire::Lease;"),
        ("error.rs", "use super::event::Event;"),
        ("ids.rs", "use crate::error::Cause;"),
        ("output/stats.rs", "use crate::sched::Policy;"),
        ("engine/run.rs", "use crate::output::Console;"),
        ("engine/run.rs", "use rustix::fs;"),
        ("engine/run.rs", "let x = libc::SIGTERM;"),
        ("wire/lease.rs", "#[cfg(target_os = \"linux\")]"),
        ("engine/run.rs", "#[derive(clap::Parser)]"),
        ("sched/tests/stories.rs", "use crate::wire::Lease;"),
        ("helpers.rs", ""),
    ];
    for (path, text) in broken {
        assert_eq!(faults(Path::new(path), text).len(), 1, "{path}: {text}");
    }
    let fine = [
        ("shm/ring.rs", "use super::words::Word; use crate::error::Violation;"),
        ("shm/ring.rs", "// crate::engine does this, and clap"),
        ("shm/tests/ring.rs", "use super::super::segment::Segment;"),
        ("shm/tests/ring.rs", "use super::super::ring::{Consumer, Producer};"),
        ("cli/run.rs", "use crate::{worker, supervise::Spawner}; use clap::Parser;"),
        ("main.rs", "pmap::cli::main()"),
        ("source/range/tests.rs", "postcard::to_stdvec(&range)"),
        ("sys/mod.rs", "#[cfg(not(target_os = \"linux\"))] use rustix::fs;"),
    ];
    for (path, text) in fine {
        assert_eq!(faults(Path::new(path), text), [""; 0], "{path}: {text}");
    }
}

/// What is for tests of pmap only is in nobody's program.
#[cfg(all(feature = "cli", not(feature = "failpoints")))]
#[test]
fn no_fail_point_is_in_an_ordinary_build() {
    let program = fs::read(env!("CARGO_BIN_EXE_pmap")).unwrap();
    let name = b"PMAP_FAILPOINTS";
    assert!(!program.windows(name.len()).any(|bytes| bytes == name));
}
