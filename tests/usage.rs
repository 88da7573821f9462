//! Every way to type a wrong command line that we could think of, on the real process.
//!
//! Of each: the exit code is 2, stdout is empty, and stderr is one to three short lines that begin
//! with `pmap: `, name the argument, and say what to do instead.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A wrong command line, and what its message must have in it.
struct Bad {
    words: Vec<OsString>,
    /// The argument at fault, as the user knows it.
    names: &'static str,
    /// What to do instead.
    remedy: &'static str,
}

fn bad(words: &[&str], names: &'static str, remedy: &'static str) -> Bad {
    let words = words.iter().map(OsString::from).collect();
    Bad { words, names, remedy }
}

const COUNT: &str = "give 1 to 1024, a share of the cores such as 50%, or auto";
const FORMS: &str = "give A..B, A..=B, A..B:STEP or A..=B:STEP";
const BOUNDS: &str = "-9223372036854775808..=9223372036854775807; give one inside";
const CHUNK: &str = "give 'auto' or a number of items from 1 to 1000000000";
const WINDOW: &str = "give 'auto' or a number of items from 1 to 18446744073709551615";
const RETRIES: &str = "give a whole number from 0 to 1000";
const TIME: &str = "give a number with ms, s, m or h";
const HELP: &str = "try 'pmap --help'";
const SIZE: &str = "give a number with K, M, G or T";
const KINDS: &str = "give one or more of death, oom, timeout and error";
const HALT: &str = "as in now,fail=1 or soon,fail=10%";
const FILL: &str = "give skip, or fill= and one line of text";
/// A task's remedy is the place of the fault, under a caret on the last line.
const CARET: &str = "^";

#[rustfmt::skip] // one line a case
fn counts() -> Vec<Bad> {
    vec![
        bad(&["--workers", "0"], "'0' for --workers", COUNT),
        bad(&["--workers", "-1"], "'-1' for --workers", COUNT),
        bad(&["-w-1"], "'-1' for --workers", COUNT),
        bad(&["--workers", "1.5"], "'1.5' for --workers", COUNT),
        bad(&["--workers", "abc"], "'abc' for --workers", COUNT),
        bad(&["--workers", ""], "'' for --workers", COUNT),
        bad(&["--workers="], "'' for --workers", COUNT),
        bad(&["--workers", " 4"], "' 4' for --workers", COUNT),
        bad(&["--workers", "1025"], "'1025' for --workers", COUNT),
        bad(&["--workers", "1e4"], "'1e4' for --workers", COUNT),
        bad(&["--workers", "4294967297"], "'4294967297' for --workers", COUNT),
        bad(&["--workers", "18446744073709551617"], "for --workers", COUNT),
        bad(&["--workers", "0%"], "'0%' for --workers", "outside 1% to 1000%"),
        bad(&["--workers", "1001%"], "'1001%' for --workers", "outside 1% to 1000%"),
        bad(&["--workers", "%"], "'%' for --workers", COUNT),
        bad(&["--workers", "half"], "'half' for --workers", COUNT),
        bad(&["--jobs", "0"], "'0' for --workers", COUNT),
        bad(&["-j", "0"], "'0' for --workers", COUNT),
        bad(&["-P0"], "'0' for --workers", COUNT),
        bad(&["--memory-limit", "1G0"], "'1G0' for --memory-limit", SIZE),
        bad(&["--memory-limit", "-1G"], "'-1G' for --memory-limit", SIZE),
        bad(&["--memory-limit", "1M"], "below 8M, which a worker needs for itself", SIZE),
        bad(&["--max-tasks-per-worker", "0"], "'0' for --max-tasks-per-worker", "give a whole number from 1 to"),
        bad(&["--threads-per-worker", "0"], "'0' for --threads-per-worker", "give a whole number from 1 to 1024"),
        bad(&["--nice", "20"], "'20' for --nice", "give a whole number from 0 to 19"),
        bad(&["--nice", "-5"], "'-5' for --nice", "give a whole number from 0 to 19"),
        bad(&["--env", "A"], "'A' for --env", "as in LANG=C"),
        bad(&["--env", "=b"], "'=b' for --env", "as in LANG=C"),
        bad(&["--cpu-time", "0"], "'0' for --cpu-time", TIME),
        bad(&["--cpu-time", "500ms"], "'500ms' for --cpu-time", "as in 10s or 2m"),
        bad(&["--retries", "-1"], "'-1' for --retries", RETRIES),
        bad(&["--retries", "1001"], "'1001' for --retries", RETRIES),
        bad(&["--retries", "1.5"], "'1.5' for --retries", RETRIES),
        bad(&["--retries", "4294967296"], "'4294967296' for --retries", RETRIES),
        bad(&["--retries", "auto"], "'auto' for --retries", RETRIES),
        bad(&["--retries", ""], "'' for --retries", RETRIES),
    ]
}

#[rustfmt::skip] // one line a case
fn ranges() -> Vec<Bad> {
    vec![
        bad(&["--range", ""], "'' for --range", FORMS),
        bad(&["--range", ".."], "the start is missing", FORMS),
        bad(&["--range", "..5"], "the start is missing", FORMS),
        bad(&["--range", "5.."], "the end is missing", FORMS),
        bad(&["--range", "5..="], "the end is missing", FORMS),
        bad(&["--range", "5"], "'5' for --range", FORMS),
        bad(&["--range", "1-5"], "'1-5' for --range", FORMS),
        bad(&["--range", "a..b"], "the start is not a whole number", FORMS),
        bad(&["--range", "NaN..1"], "the start is not a whole number", FORMS),
        bad(&["--range", "0..inf"], "the end is not a whole number", FORMS),
        bad(&["--range", "0.5..2"], "the start is not a whole number", FORMS),
        bad(&["--range", "1...5"], "'1...5' for --range", FORMS),
        bad(&["--range", "1 .. 5"], "'1 .. 5' for --range", FORMS),
        bad(&["--range", "1..5 "], "'1..5 ' for --range", FORMS),
        bad(&["--range", "1..10:"], "the step is missing", FORMS),
        bad(&["--range", "1..10:x"], "the step is not a whole number", FORMS),
        bad(&["--range", "1..10:2:3"], "the step is not a whole number", FORMS),
        bad(&["--range", "1..2:0"], "'1..2:0' for --range", "give one above 0 to count up, or below 0"),
        bad(&["--range", "0..9223372036854775808"], "the end is outside", BOUNDS),
        bad(&["--range", "-9223372036854775809..0"], "the start is outside", BOUNDS),
        bad(&["--range", "0..1:9223372036854775808"], "the step is outside", BOUNDS),
        bad(&["--range", "0..1e400"], "the end is outside", BOUNDS),
        bad(&["--range", "-9223372036854775808..=9223372036854775807"], "for --range: too many items",
            "give a shorter range or a wider step"),
        bad(&["--range=9223372036854775807..=-9223372036854775808:-1"], "for --range: too many items",
            "give a shorter range or a wider step"),
        bad(&["--range", "--workers", "4"], "'--workers' for --range", FORMS),
    ]
}

#[rustfmt::skip] // one line a case
fn flow() -> Vec<Bad> {
    vec![
        bad(&["--chunk-size", "0"], "'0' for --chunk-size", CHUNK),
        bad(&["--chunk-size", "-1"], "'-1' for --chunk-size", CHUNK),
        bad(&["--chunk-size", "1.5"], "'1.5' for --chunk-size", CHUNK),
        bad(&["--chunk-size", "1k"], "'1k' for --chunk-size", CHUNK),
        bad(&["--chunk-size", "1000000001"], "'1000000001' for --chunk-size", CHUNK),
        bad(&["--chunk-size", "1e40"], "'1e40' for --chunk-size", CHUNK),
        bad(&["--chunk-size", ""], "'' for --chunk-size", CHUNK),
        bad(&["--window", "0"], "'0' for --window", WINDOW),
        bad(&["--window", "-5"], "'-5' for --window", WINDOW),
        bad(&["--window", "all"], "'all' for --window", WINDOW),
        bad(&["--window", "18446744073709551616"], "'18446744073709551616' for --window", WINDOW),
        bad(&["--window", ""], "'' for --window", WINDOW),
    ]
}

#[rustfmt::skip] // one line a case
fn durations() -> Vec<Bad> {
    vec![
        bad(&["--timeout", "0"], "'0' for --timeout", "or leave it out for no limit"),
        bad(&["--timeout", "0ms"], "'0ms' for --timeout", "or leave it out for no limit"),
        bad(&["--timeout", "0.0000000001s"], "for --timeout", "or leave it out for no limit"),
        bad(&["--timeout", "-1s"], "'-1s' for --timeout", TIME),
        bad(&["--timeout", "5x"], "'5x' for --timeout", TIME),
        bad(&["--timeout", "5 s"], "'5 s' for --timeout", TIME),
        bad(&["--timeout", "1h30m"], "'1h30m' for --timeout", TIME),
        bad(&["--timeout", "s"], "'s' for --timeout", TIME),
        bad(&["--timeout", "inf"], "'inf' for --timeout", TIME),
        bad(&["--timeout", "nan"], "'nan' for --timeout", TIME),
        bad(&["--timeout", "1e400"], "'1e400' for --timeout", TIME),
        bad(&["--timeout", "99999999999999999999"], "longer than 10000h", TIME),
        bad(&["--timeout", ""], "'' for --timeout", TIME),
        bad(&["--timeout", "100%"], "'100%' for --timeout", "give a whole number from 101% to 100000%"),
        bad(&["--timeout", "300.5%"], "'300.5%' for --timeout", "give a whole number from 101% to 100000%"),
        bad(&["--retry-delay", "-1s"], "'-1s' for --retry-delay", TIME),
        bad(&["--retry-delay", "1s.."], "'1s..' for --retry-delay", TIME),
        bad(&["--retry-delay", "2s..1s"], "'2s..1s' for --retry-delay", "as in 1s..1m"),
        bad(&["--retry-on", ""], "'' for --retry-on", KINDS),
        bad(&["--retry-on", "death,timeouts"], "'death,timeouts' for --retry-on", KINDS),
        bad(&["--halt", "1"], "'1' for --halt", HALT),
        bad(&["--halt", "now,fail=0"], "'now,fail=0' for --halt", HALT),
        bad(&["--halt", "soon,done=10%"], "'soon,done=10%' for --halt", HALT),
        bad(&["--on-error", "fill"], "'fill' for --on-error", FILL),
        bad(&["--on-error", "fill=a\nb"], "'fill=a\\nb' for --on-error", FILL),
        bad(&["--grace", "-1ms"], "'-1ms' for --grace", TIME),
        bad(&["--grace", "10001h"], "'10001h' for --grace", TIME),
        bad(&["--grace", "soon"], "'soon' for --grace", TIME),
        bad(&["--grace", ""], "'' for --grace", TIME),
    ]
}

#[rustfmt::skip] // one line a case
fn words() -> Vec<Bad> {
    vec![
        bad(&["--progress", "yes"], "'yes' for --progress", "give auto, always or never"),
        bad(&["--progress", "Auto"], "'Auto' for --progress", "give auto, always or never"),
        bad(&["--progress", ""], "'' for --progress", "give auto, always or never"),
        bad(&["--color", "sometimes"], "'sometimes' for --color", "give auto, always or never"),
        bad(&["--color", "--quiet"], "'--quiet' for --color", "give auto, always or never"),
        bad(&["--stats=xml"], "'xml' for --stats", "give text or json"),
        bad(&["--stats="], "'' for --stats", "give text or json"),
    ]
}

#[rustfmt::skip] // one line a case
fn arguments() -> Vec<Bad> {
    vec![
        bad(&["--wrokers", "4"], "unexpected argument '--wrokers'", "(did you mean '--workers'?)"),
        bad(&["--worker=4"], "unexpected argument '--worker'", "(did you mean '--workers'?)"),
        bad(&["--rnage", "0..3"], "unexpected argument '--rnage'", "(did you mean '--range'?)"),
        bad(&["--chunksize", "3"], "unexpected argument '--chunksize'", "(did you mean '--chunk-size'?)"),
        bad(&["--un-ordered"], "unexpected argument '--un-ordered'", "(did you mean '--unordered'?)"),
        bad(&["--no-such-flag"], "unexpected argument '--no-such-flag'", HELP),
        bad(&["--WORKERS", "4"], "unexpected argument '--WORKERS'", HELP),
        bad(&["-x"], "unexpected argument '-x'", "with --expr"),
        bad(&["-n**2"], "unexpected argument '-n'", "with --expr"),
        bad(&["-5"], "unexpected argument '-5'", "with --expr"),
        bad(&["-qx"], "unexpected argument '-x'", HELP),
        bad(&["n", "+", "1"], "unexpected argument '+'", "quote a task that has spaces in it"),
        bad(&["n", "n"], "unexpected argument 'n'", "quote a task that has spaces in it"),
        bad(&["n", ""], "unexpected argument ''", HELP),
        bad(&["n", "--", "echo"], "TASK and the program behind '--'", "give one"),
        bad(&["-e", "n", "--", "echo"], "--expr and the program behind '--'", "give one"),
        bad(&["--filter", "n", "--", "echo"], "--filter and the program behind '--'", "give one"),
        bad(&["--reduce", "sum", "--", "echo"], "--reduce and the program behind '--'", "give one"),
        bad(&["--pipe", "n"], "--pipe is for programs", "pmap --pipe -- cat"),
        bad(&["--shell"], "--shell is for programs", "give one behind '--'"),
        bad(&["--coproc"], "--coproc is for programs", "pmap --coproc -- cat"),
        bad(&["--coproc", "n**2"], "--coproc is for programs", "give one behind '--'"),
        bad(&["--coproc", "n", "--", "cat"], "TASK and the program behind '--'", "give one"),
        bad(&["--coproc", "--expr", "n", "--", "cat"], "--expr and the program behind '--'", "give one"),
        bad(&["--coproc", "--filter", "n", "--", "cat"], "--filter and the program", "give one"),
        bad(&["--coproc", "--reduce", "sum", "--", "cat"], "--reduce and the program", "give one"),
        bad(&["--coproc", "--plugin", "x", "--", "cat"], "--plugin and the program", "give one"),
        bad(&["--coproc", "--pipe", "--", "cat"], "--coproc and --pipe exclude each other", "give one"),
        bad(&["--coproc", "--cpu-time", "1s", "--", "cat"], "--cpu-time is for one item", "give --timeout"),
        bad(&["--coproc", "--", "cat", "{}"], "'{}' stands for an item", "leave --coproc out"),
        bad(&["--coproc", "--", "cat", "x{#}"], "'x{#}' stands for an item", "leave it out"),
        bad(&["--coproc", "--", "{/.}"], "'{/.}' stands for an item", "leave it out"),
        bad(&["--coproc", "--", "no-such-program"], "no program 'no-such-program'", "in PATH, or the path of one"),
        bad(&["--coproc", "--shell", "--", "cat", "x"], "--shell takes one word", "quote it"),
        bad(&["--coproc", "--format", "tsv", "--", "cat"], "is for expressions", "leave --format out"),
        bad(&["--coproc", "--input-format", "i64le", "--", "cat"], "is for expressions", "print the numbers first"),
        bad(&["--coproc", "--resume", "--", "cat"], "--resume", "--joblog"),
        bad(&["--tag", "--format", "tsv"], "--tag and --format tsv exclude", "leave --tag out"),
        bad(&["--tag", "--reduce", "sum"], "--tag and --reduce exclude", "leave --tag out"),
        bad(&["--", "no-such-program"], "no program 'no-such-program'", "in PATH, or the path of one"),
        bad(&["--", "/etc/passwd"], "no program '/etc/passwd'", "in PATH, or the path of one"),
        bad(&["--", "./none", "x"], "no program './none'", "in PATH, or the path of one"),
        bad(&["--", ""], "no program ''", "in PATH, or the path of one"),
        bad(&["--", "echo hi"], "no program 'echo hi'", "words of their own, or a script with --shell"),
        bad(&["--env", "PATH=/none", "--", "echo"], "no program 'echo'", "in PATH"),
        bad(&["--shell", "--", "echo", "x"], "--shell takes one word", "quote it"),
        bad(&["--shell", "--", "echo {}"], "--shell replaces no {}", "write \"$1\""),
        bad(&["--range", "0..1", ":::", "1"], "--range and ':::'", "give one"),
        bad(&["n", ":::", "1", ":::", "2"], "unexpected ':::' behind ':::'", "behind one ':::'"),
        bad(&["n", ":::", "1", "::::", "2"], "unexpected '::::' behind ':::'", "behind one ':::'"),
        bad(&["-0", "--range", "0..1"], "--null and --range", "exclude each other"),

        bad(&["--range"], "--range lacks its value", "give --range <RANGE>"),
        bad(&["--workers"], "--workers lacks its value", "give --workers <N|N%|auto>"),
        bad(&["-j"], "--workers lacks its value", "give --workers <N|N%|auto>"),
        bad(&["--retries"], "--retries lacks its value", "give --retries <N>"),
        bad(&["--timeout"], "--timeout lacks its value", "give --timeout <DURATION|N%>"),
        bad(&["--grace"], "--grace lacks its value", "give --grace <DURATION>"),
        bad(&["--chunk-size"], "--chunk-size lacks its value", "give --chunk-size <N|auto>"),
        bad(&["--window"], "--window lacks its value", "give --window <N|auto>"),
        bad(&["--progress"], "--progress lacks its value", "give --progress <auto|always|never>"),
        bad(&["--color"], "--color lacks its value", "give --color <auto|always|never>"),
        bad(&["-e"], "--expr lacks its value", "give --expr <EXPR>"),

        bad(&["--unordered=yes"], "--unordered takes no value, and got 'yes'", "give it alone"),
        bad(&["--quiet="], "--quiet takes no value, and got ''", "give it alone"),
        bad(&["--help=all"], "--help takes no value, and got 'all'", "give it alone"),

        bad(&["-e", "n", "n"], "--expr and TASK exclude each other", "give one"),
        bad(&["n", "--expr", "n"], "exclude each other", "give one"),
        bad(&["-k", "--unordered"], "--keep-order and --unordered exclude each other", "give one"),
        bad(&["--unordered", "-k"], "exclude each other", "give one"),
        bad(&["-q", "-v"], "--quiet and --verbose exclude each other", "give one"),
        bad(&["-vq"], "exclude each other", "give one"),

        bad(&["--range", "0..1", "--range", "0..2"], "--range is given twice", "give it once"),
        bad(&["-w", "1", "--jobs", "1"], "--workers is given twice", "give it once"),
        bad(&["--retries", "1", "--retries", "2"], "--retries is given twice", "give it once"),
        bad(&["--timeout", "1", "--timeout", "1"], "--timeout is given twice", "give it once"),
        bad(&["--stats", "--stats=json"], "--stats is given twice", "give it once"),
        bad(&["-e", "n", "-e", "n"], "--expr is given twice", "give it once"),
        bad(&["-qq"], "--quiet is given twice", "give it once"),
    ]
}

#[rustfmt::skip] // one line a case
fn binary() -> Vec<Bad> {
    vec![
        bad(&["--input-format", "csv"], "'csv' for --input-format", "give text, i64le, f64le or npy"),
        bad(&["--input-format", "i64le", "--range", "0..3"], "--range", "stdin or with --arg-file"),
        bad(&["--input-format", "npy", ":::", "3"], "':::'", "stdin or with --arg-file"),
        bad(&["--input-format", "f64le", "-0"], "--null", "stdin or with --arg-file"),
        bad(&["--input-format", "npy", "--", "cat"], "for expressions", "print the numbers first"),
        bad(&["--format", "f32"], "'f32' for --format", "give plain, tsv, jsonl, i64le, f64le, npy, npy:i64 or npy:f64"),
        bad(&["--format", "npy:", "--range", "0..3"], "'npy:' for --format", "npy:i64 or npy:f64"),
        bad(&["--format", "i64le", "--reduce", "sum"], "--format and --reduce exclude each other", "leave --format out"),
        bad(&["--format", "npy", "--reduce", "count"], "--format and --reduce exclude each other", "leave --format out"),
        bad(&["--format", "f64le", "--tag"], "--tag and --format f64le exclude", "leave --tag out, or give --format tsv"),
        bad(&["--format", "npy", "--", "cat"], "--format npy is for expressions", "leave --format out"),
        bad(&["--format", "tsv", "--", "cat"], "--format tsv is for expressions", "leave --format out"),
        bad(&["--format", "i64le", "factor"], "--format i64le needs numbers, and the task gives a list", "make a number of it"),
        bad(&["--format", "npy:f64", "divmod(n, 3)"], "the task gives a tuple", "make a number of it"),
        bad(&["--format", "npy", "--joblog", "x"], "--format npy with --joblog", "give -o FILE"),
        bad(&["--format", "npy", "--range", "0..3"], "--format npy writes its header last", "give -o FILE"),
        bad(&["--format", "npy", "-o", "/dev/null", "--range", "0..3"], "the output is no regular file", "--format i64le or f64le"),
        bad(&["--format", "i64le", "--on-error", "fill=NA", "--range", "0..3"], "'fill=NA' for --on-error", "give an integer of 64 bits, as in fill=0"),
        bad(&["--format", "i64le", "--on-error", "fill=1.5", "--range", "0..3"], "'fill=1.5' for --on-error", "give an integer of 64 bits"),
        bad(&["--format", "i64le", "--on-error", "fill=9223372036854775808", "--range", "0..3"], "does not fit 64 bits", "give an integer of 64 bits"),
        bad(&["--format", "f64le", "--on-error", "fill=", "--range", "0..3"], "'fill=' for --on-error", "give a float, as in fill=nan"),
        bad(&["--format", "npy", "--on-error", "fill=nan", "--range", "0..3"], "in --format npy: nan is a float", "give an integer of 64 bits"),
        bad(&["--format", "npy", "--on-error", "fill=9007199254740993", "--range", "0..3", "n / 2"], "would be rounded", "give a float"),
        bad(&["--format", "npy:f64", "--on-error", "fill=\n", "--range", "0..3"], "for --on-error", FILL),
    ]
}

#[rustfmt::skip]
fn tasks() -> Vec<Bad> {
    vec![
        bad(&["foo"], "for TASK", CARET),
        bad(&["n**"], "for TASK", CARET),
        bad(&["n***2"], "for TASK", CARET),
        bad(&["(n"], "for TASK", CARET),
        bad(&["n)"], "for TASK", CARET),
        bad(&["n n"], "for TASK", CARET),
        bad(&["+"], "for TASK", CARET),
        bad(&["nn"], "for TASK", CARET),
        bad(&["-e", "-"], "for --expr", CARET),
        bad(&["-e", "-foo"], "for --expr", CARET),
        bad(&["map", "map"], "for TASK", CARET),
        bad(&["n\u{1b}[2J"], "for TASK", CARET),
        bad(&["n +\n\n\n+ ("], "for TASK", CARET),
        bad(&[""], "for TASK", "give an expression in n, as in 'n**2'"),
        bad(&["  "], "for TASK", "give an expression in n, as in 'n**2'"),
        bad(&["-e", ""], "for --expr", "give an expression in n, as in 'n**2'"),
        bad(&["0..10"], "'0..10' for TASK", "give it with --range"),
    ]
}

#[rustfmt::skip] // one line a case
fn listings() -> Vec<Bad> {
    vec![
        bad(&["tasks", "gcd", "lcm"], "unexpected argument 'lcm'", "as in 'pmap tasks prime'"),
        bad(&["tasks", "--all"], "unexpected argument '--all'", "as in 'pmap tasks prime'"),
        bad(&["tasks", "--range", "0..3"], "unexpected argument '--range'", "as in 'pmap tasks prime'"),
        bad(&["tasks", "--plugin"], "--plugin lacks its value", "give --plugin <LIB>"),
        bad(&["tasks", "\u{1b}"], "'\\u{1b}'", "try 'pmap tasks'"),
        bad(&["tasks", "no such"], "'no such'", "try 'pmap tasks'"),
        // Only the first word asks for a list.
        bad(&["map", "tasks"], "unknown name `tasks`", CARET),
        bad(&["--range", "0..3", "tasks"], "unknown name `tasks`", CARET),
    ]
}

/// Values that are hard to print: long ones, control characters, and bytes that are no text.
fn awkward() -> Vec<Bad> {
    let long = "9".repeat(100_000);
    let flag = format!("--{long}");
    let deep = format!("{}?", "n + ".repeat(10_000));
    #[rustfmt::skip] // one line a case
    let mut cases = vec![
        bad(&["--workers", &long], "9...' for --workers", COUNT),
        bad(&["--range", &long], "9...' for --range", FORMS),
        bad(&["--range", &format!("0..{long}")], "the end is outside", BOUNDS),
        bad(&["--timeout", &long], "9...' for --timeout", TIME),
        bad(&[&flag], "unexpected argument '--999", HELP),
        bad(&["n", &long], "unexpected argument '999", HELP),
        bad(&[&deep], "for TASK", CARET),
        bad(&["--workers", "4\n5"], "'4\\n5' for --workers", COUNT),
        bad(&["--workers", "\u{1b}[31m"], "'\\u{1b}[31m' for --workers", COUNT),
        bad(&["--range", "\u{202e}1..2"], "'\\u{202e}1..2' for --range", FORMS),
        bad(&["--a\u{7}b"], "unexpected argument '--a\\u{7}b'", HELP),
        bad(&["n", "\r\n"], "unexpected argument '\\r\\n'", HELP),
        bad(&["--unordered=\t"], "--unordered takes no value, and got '\\t'", "give it alone"),
    ];
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        let raw = |words: &[&[u8]], names, remedy| Bad {
            words: words.iter().map(|word| OsString::from_vec(word.to_vec())).collect(),
            names,
            remedy,
        };
        #[rustfmt::skip] // one line a case
        cases.extend([
            raw(&[b"--workers", b"4\xff"], "'4\\xff' for --workers", "give plain text"),
            raw(&[b"--range=\xfe..2"], "'\\xfe..2' for --range", "give plain text"),
            raw(&[b"-w\xff"], "'\\xff' for --workers", "give plain text"),
            raw(&[b"--stats=\xff"], "'\\xff' for --stats", "give plain text"),
            raw(&[b"n\xc3"], "'n\\xc3' for TASK", "give plain text"),
            raw(&[b"-e", b"\xff"], "'\\xff' for --expr", "give plain text"),
            raw(&[b"n", b"\xff"], "unexpected argument", HELP),
            raw(&[b"--\xff\x1b"], "unexpected argument", HELP),
            raw(&[b"-\xff"], "unexpected argument", HELP),
        ]);
    }
    cases
}

/// What a process left behind.
struct Outcome {
    /// `None` if it was killed, by us or by itself.
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs pmap with nothing on stdin; a run that hangs is killed.
fn pmap(words: &[OsString]) -> Outcome {
    const PATIENCE: Duration = Duration::from_secs(20);

    let mut child = Command::new(env!("CARGO_BIN_EXE_pmap"))
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("pmap starts");
    // Read while it runs: a process that says too much must not hang on a full pipe.
    let mut stdout = child.stdout.take().expect("a pipe");
    let mut stderr = child.stderr.take().expect("a pipe");
    let stdout = thread::spawn(move || {
        let mut text = Vec::new();
        stdout.read_to_end(&mut text).map(|_| text)
    });
    let stderr = thread::spawn(move || {
        let mut text = Vec::new();
        stderr.read_to_end(&mut text).map(|_| text)
    });

    let end = Instant::now() + PATIENCE;
    let status = loop {
        match child.try_wait().expect("our own child") {
            Some(status) => break status,
            None if Instant::now() < end => thread::sleep(Duration::from_millis(1)),
            None => {
                child.kill().expect("our own child");
                break child.wait().expect("our own child");
            }
        }
    };
    let text = |reader: thread::JoinHandle<std::io::Result<Vec<u8>>>| {
        let bytes = reader.join().expect("no panic").expect("a readable pipe");
        String::from_utf8(bytes).expect("whatever is typed, what is said is UTF-8")
    };
    Outcome { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

/// What is wrong with the answer to a bad line; empty if nothing is.
fn faults(bad: &Bad, outcome: &Outcome) -> Vec<String> {
    let stderr = &outcome.stderr;
    let lines: Vec<&str> = stderr.lines().collect();
    let longest = lines.iter().map(|line| line.chars().count()).max();
    let rules = [
        (outcome.code == Some(2), format!("exit {:?}", outcome.code)),
        (outcome.stdout.is_empty(), format!("stdout: {:.200}", outcome.stdout)),
        (stderr.starts_with("pmap: "), "no 'pmap: ' in front".to_owned()),
        ((1..=3).contains(&lines.len()), format!("{} lines", lines.len())),
        (longest <= Some(200), format!("a line of {longest:?} characters")),
        (stderr.ends_with('\n'), "no newline at the end".to_owned()),
        (!stderr.contains(|c: char| c.is_control() && c != '\n'), "control characters".to_owned()),
        (stderr.contains(bad.names), format!("does not say {:?}", bad.names)),
        (stderr.contains(bad.remedy), format!("does not advise {:?}", bad.remedy)),
    ];
    rules.into_iter().filter_map(|(kept, fault)| (!kept).then_some(fault)).collect()
}

/// Runs every case before it judges, so that one run shows all that is wrong.
fn check(cases: Vec<Bad>) {
    let mut report = String::new();
    for bad in &cases {
        let outcome = pmap(&bad.words);
        let faults = faults(bad, &outcome);
        if !faults.is_empty() {
            let _ = writeln!(
                report,
                "{:.200}\n  {}\n  stderr: {:.600}",
                format!("{:?}", bad.words),
                faults.join("\n  "),
                outcome.stderr,
            );
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn bad_counts() {
    check(counts());
}

#[test]
fn bad_ranges() {
    check(ranges());
}

#[test]
fn bad_chunks_and_windows() {
    check(flow());
}

#[test]
fn bad_durations() {
    check(durations());
}

#[test]
fn bad_words() {
    check(words());
}

#[test]
fn bad_arguments() {
    check(arguments());
}

#[test]
fn bad_tasks() {
    check(tasks());
}

#[test]
fn bad_binary() {
    check(binary());
}

#[test]
fn bad_listings() {
    check(listings());
}

#[test]
fn awkward_values() {
    check(awkward());
}

/// Right flags in front of a wrong one start nothing, and print no first result.
#[test]
fn a_bad_flag_wins_over_good_ones() {
    check(vec![bad(
        &["--range", "0..3", "--unordered", "n**2", "--workers", "0"],
        "'0' for --workers",
        COUNT,
    )]);
}

#[test]
fn help_and_version_go_to_stdout() {
    for (word, expected) in [
        ("-h", "Usage: pmap [map] [OPTIONS] [TASK]"),
        ("--help", "Examples:"),
        ("-V", concat!("pmap ", env!("CARGO_PKG_VERSION"), "\n")),
        ("--version", concat!("pmap ", env!("CARGO_PKG_VERSION"), "\n")),
    ] {
        let outcome = pmap(&[word.into()]);
        assert_eq!(outcome.code, Some(0), "{word}");
        assert_eq!(outcome.stderr, "", "{word}");
        assert!(outcome.stdout.contains(expected), "{word}: {}", outcome.stdout);
    }
}
