//! A thousand items, nine of which do to their process what somebody else's code may do: a library's function, or a
//! program of its own for each item, compiled from the same lines.

use std::ffi::OsStr;
use std::process::Command;

use crate::library::{HEAD, ONE, include, library, sorted};
use crate::support::{Ended, anonymous, assert_same, pmap, squares};

/// What an item does, and how it is then said to have ended: one of these.
struct Poison {
    item: i64,
    body: &'static str,
    as_function: &'static [&'static str],
    /// None where there is nothing wrong with it.
    as_program: &'static [&'static str],
}

const POISONS: [Poison; 9] = [
    Poison {
        item: 100,
        body: "abort();",
        as_function: &["killed by SIGABRT"],
        as_program: &["killed by SIGABRT"],
    },
    Poison {
        item: 200,
        body: "*nowhere = 1;",
        as_function: &["killed by SIGSEGV"],
        as_program: &["killed by SIGSEGV"],
    },
    Poison {
        item: 300,
        body: "return fall(n);",
        // In a worker the standard library says what has happened, if it can, and aborts.
        as_function: &["killed by SIGABRT", "killed by SIGSEGV"],
        as_program: &["killed by SIGSEGV"],
    },
    Poison {
        item: 400,
        body: "exit(0);",
        as_function: &["its worker exited with status 0"],
        // A program that has ended well with nothing to say.
        as_program: &[],
    },
    Poison {
        item: 500,
        body: "exit(7);",
        as_function: &["its worker exited with status 7"],
        as_program: &["exited with code 7"],
    },
    // More than it may have, and it does not look whether it got it.
    Poison {
        item: 600,
        body: "*(nowhere = malloc(1ul << 30)) = 1;",
        as_function: &["killed by SIGSEGV"],
        as_program: &["killed by SIGSEGV"],
    },
    Poison {
        item: 700,
        body: "for (;;) spins++;",
        as_function: &["ran longer than --timeout 1s"],
        as_program: &["ran longer than --timeout 1s"],
    },
    // A worker's socket is among them: either that is noticed first, or its time is over.
    Poison {
        item: 800,
        body: "for (int fd = 0; fd < 4096; fd++) close(fd); for (;;) spins++;",
        as_function: &[
            "ran longer than --timeout 1s",
            "its worker broke the protocol: the control socket was closed",
        ],
        as_program: &["ran longer than --timeout 1s"],
    },
    Poison {
        item: 900,
        body: "kill(0, SIGKILL);",
        as_function: &["killed by SIGKILL"],
        as_program: &["killed by SIGKILL"],
    },
];

/// A function that squares, but for the poisons.
fn source() -> String {
    let cases = POISONS.map(|poison| format!("case {}: {} break;", poison.item, poison.body));
    format!(
        "static volatile long spins;
         static volatile int *volatile nowhere;
         static __attribute__((noinline)) int fall(int64_t n) {{
             volatile char frame[4096];
             frame[n % 4096] = 1;
             return fall(n + 1) + frame[n % 4096]; }}
         INTEGER {{
             int64_t n = arguments[0];
             (void)message;
             switch (n) {{ {} }}
             *result = n * n;
             return 0; }}",
        cases.join("\n")
    )
}

/// What every run is given.
const LIMITS: [&str; 6] = ["--range", "0..1000", "--timeout", "1s", "--memory-limit", "256M"];

/// All other items have their results, and these are told of, each with its end.
#[track_caller]
fn expect(ended: &Ended, ends: impl Fn(&Poison) -> &'static [&'static str]) {
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let want = squares((0..1000).filter(|n| !POISONS.iter().any(|poison| poison.item == *n)));
    assert_same(&ended.stdout, &want, &ended.stderr);
    // The standard library says something of stacks, too, and not in one piece: a line of ours may stand in it.
    let said = ended.stderr.lines().filter_map(|line| Some(&line[line.find("pmap: ")?..]));
    let said = sorted(said.map(anonymous).collect());
    let told: Vec<_> = POISONS.iter().filter(|poison| !ends(poison).is_empty()).collect();
    assert_eq!(said.len(), told.len(), "{said:?}");
    for (poison, said) in told.into_iter().zip(&said) {
        let item = poison.item;
        let is_its = |end| said.starts_with(&format!("pmap: item {item} (input {item}): {end}"));
        assert!(ends(poison).iter().any(is_its), "{said}");
    }
}

#[test]
fn nine_poisons_of_a_thousand_calls_cost_nine() {
    let library = library(&format!("{}\n{ONE}", source()));
    for flow in [&["--workers", "4"][..], &["--workers", "2", "--chunk-size", "64"]] {
        let ended = library.run(&[&LIMITS[..], flow, &["f(n)"]].concat());
        expect(&ended, |poison| poison.as_function);
    }
}

#[test]
fn nine_poisons_of_a_thousand_programs_cost_nine() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, program] = ["poison.c", "poison"].map(|name| folder.path().join(name));
    let main = "int main(int count, char **words) {
        int64_t n = atoll(words[count - 1]), result;
        char message[PMAP_MESSAGE];
        if (f(&n, &result, message) == 0) printf(\"%lld\\n\", (long long)result);
        return 0; }";
    std::fs::write(&file, format!("{HEAD}\n{}\n{main}\n", source())).expect("a file");
    let mut compiler = Command::new("cc");
    compiler.args(["-O1", "-w", "-I"]).arg(include()).arg("-o").args([&program, &file]);
    let made = compiler.output().expect("a C compiler, `cc`; .ci/setup installs one");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let words = LIMITS.map(OsStr::new).into_iter().chain(["--workers", "4", "--"].map(OsStr::new));
    let words: Vec<_> = words.chain([program.as_os_str()]).collect();
    expect(&pmap(&words).run(), |poison| poison.as_program);
}
