//! What flows in and out: endless input, slow and vanishing readers, lines of every kind, full disks, and what a
//! worker sees of all that, which is nothing.

mod support;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use support::{Input, Json, Run, assert_same, lines, peak_memory, pmap, shell, squares};

/// Reads so many lines of the run's stdout.
fn read_lines(run: &mut Run, count: usize) -> Vec<u8> {
    // Byte by byte, so that nothing is read that nobody asked for; few lines are read so.
    let mut pipe = run.stdout.take().expect("an open stdout");
    let (mut text, mut byte) = (Vec::new(), [0]);
    while text.iter().filter(|byte| **byte == b'\n').count() < count {
        pipe.read_exact(&mut byte).expect("more lines");
        text.push(byte[0]);
    }
    run.stdout = Some(pipe);
    text
}

#[test]
fn endless_input_ends_when_the_reader_does() {
    let endless = format!("0..{}", i64::MAX);
    for (input, arguments, want) in [
        (Input::Endless(b"1\n"), &["--workers", "4"][..], &b"1\n1\n1\n1\n1\n"[..]),
        (Input::Nothing, &["--workers", "4", "--range", &endless], b"0\n1\n4\n9\n16\n"),
        (Input::Nothing, &["--range", &endless, "--window", "1"], b"0\n1\n4\n9\n16\n"),
        (Input::Endless(b"\n \n"), &["--workers", "2", "--range", "0..5"], b"0\n1\n4\n9\n16\n"),
    ] {
        let mut run = pmap(arguments).input(input).open_stdout().start();
        assert_same(&read_lines(&mut run, 5), want, &format!("{arguments:?}"));
        drop(run.stdout.take());
        let ended = run.finish();
        assert_eq!(ended.stderr, "", "{arguments:?}");
        // The finite one may be done before its reader has gone.
        if !ended.status.success() || arguments.contains(&endless.as_str()) {
            ended.expect_signal(Signal::PIPE);
        }
    }
}

/// Whoever waits for input notices that its reader has gone, too.
#[test]
fn a_reader_that_goes_ends_a_run_that_waits() {
    for arguments in [&["--workers", "2"][..], &["--workers", "2", "hang()"]] {
        let mut run = pmap(arguments).input(Input::Open).open_stdout().start();
        run.stdin.as_mut().expect("a pipe").write_all(b"1\n").expect("a reader");
        if arguments.len() == 2 {
            assert_eq!(read_lines(&mut run, 1), b"1\n");
        }
        drop(run.stdout.take());
        run.until("the end", Run::has_ended);
        run.finish_with(Signal::PIPE);
    }
}

#[test]
fn row_03_of_nothing_comes_nothing() {
    assert!(pmap(&["-v"]).text("7\n").run().stderr.contains("worker 1"));
    let empty = tempfile::NamedTempFile::new().expect("a file");
    let empty = empty.path().to_str().expect("text");
    for words in [
        &[][..],
        &["-0"],
        &["-a", empty],
        &["--range", "0..0"],
        &["--range", "5..0"],
        &["--chunk-size", "7", "--window", "3"],
        &["--filter", "n"],
        &["--unordered"],
        &["--format", "jsonl"],
        &["--", "echo"],
        &["--pipe", "--", "cat"],
    ] {
        // Nobody is started for nothing.
        let words = [&["-v"], words].concat();
        let ended = pmap(&words).text("").run();
        assert!(!ended.stderr.contains("worker 1"), "{words:?}: {}", ended.stderr);
        assert_eq!((ended.status.code(), &ended.stdout[..]), (Some(0), &b""[..]), "{words:?}");
    }
}

#[test]
fn row_16_a_million_items_and_a_slow_reader() {
    let mut run = pmap(&["--workers", "2", "--range", "0..1000000", "n"]).open_stdout().start();
    let mut pipe = run.stdout.take().expect("an open stdout");
    let (mut text, mut block) = (Vec::new(), vec![0; 1 << 16]);
    while let Ok(length @ 1..) = pipe.read(&mut block) {
        text.extend_from_slice(&block[..length]);
        thread::sleep(Duration::from_millis(1));
    }
    run.finish().expect(0, b"", "");
    assert_same(&text, &lines(0..1_000_000), "a slow reader");
}

#[test]
fn results_arrive_while_input_is_still_open() {
    for workers in ["1", "2", "4"] {
        for chunk in ["1", "1000", "auto"] {
            let words = ["--workers", workers, "--chunk-size", chunk];
            let mut run = pmap(&words).input(Input::Open).open_stdout().start();
            // In one piece, then a line at a time.
            let mut stdin = run.stdin.take().expect("a pipe");
            stdin.write_all(&lines(0..100)).expect("a reader");
            assert_same(&read_lines(&mut run, 100), &squares(0..100), "the first hundred");
            for n in 100..120 {
                writeln!(stdin, "{n}").expect("a reader");
                assert_same(&read_lines(&mut run, 1), &squares([n]), "one more");
            }
            // A line without its end is no item yet; the end of the input makes it one.
            stdin.write_all(b"12").expect("a reader");
            stdin.write_all(b"0").expect("a reader");
            assert!(!run.has_ended());
            drop(stdin);
            run.finish().expect(0, &squares([120]), "");
        }
    }
}

/// The most memory that the supervisor had when it had read and written `items` lines, in KiB.
fn memory_at(items: i64, workers: &str) -> u64 {
    let mut run = pmap(&["--workers", workers]).input(Input::Open).open_stdout().start();
    let mut stdin = run.stdin.take().expect("a pipe");
    let feeder = thread::spawn(move || {
        for start in (0..items).step_by(10_000) {
            stdin.write_all(&lines(start..items.min(start + 10_000))).expect("a reader");
        }
        // Still open: the run goes on until we have looked at it.
        stdin
    });
    let mut pipe = BufReader::new(run.stdout.take().expect("a pipe"));
    let mut line = Vec::new();
    for n in 0..items {
        line.clear();
        pipe.read_until(b'\n', &mut line).expect("a pipe");
        assert!(line.len() > 1 && line.ends_with(b"\n"), "line {n} of {items}");
    }
    let memory = peak_memory(run.pid());
    drop(feeder.join().expect("no panic"));
    run.stdout = Some(pipe.into_inner());
    run.finish().expect(0, b"", "");
    memory
}

/// Allowed between a short run and a long one, in KiB.
const GROWTH: u64 = 16 << 10;

fn check_memory(items: i64) {
    for workers in ["2", "4"] {
        let (few, many) = (memory_at(10_000, workers), memory_at(items, workers));
        eprintln!("{workers} workers: {few} KiB at 10000 items, {many} KiB at {items}");
        assert!(many < few + GROWTH, "{workers} workers: {few} KiB, then {many} KiB");
    }
}

#[test]
fn memory_does_not_grow_with_the_input() {
    check_memory(500_000);
}

#[test]
#[ignore = "long: ten million items through one run"]
fn memory_does_not_grow_with_ten_million_items() {
    check_memory(10_000_000);
}

/// Five million results are 100 MB; a reader that does not read them must not make the supervisor hold them.
#[test]
fn a_stuck_reader_costs_no_memory() {
    let few = memory_at(10_000, "4");
    let first = 1_000_000_000;
    let range = format!("{first}..{}", first + 5_000_000);
    for flow in [
        &["--window", "auto"][..],
        &["--window", "1000"],
        &["--window", "100000000"],
        &["--unordered", "--window", "1000"],
    ] {
        let words = [&["--workers", "4", "--range", &range], flow].concat();
        let mut run = pmap(&words).open_stdout().start();
        run.until_stuck();
        let many = peak_memory(run.pid());
        eprintln!("{flow:?}: {few} KiB, then {many} KiB");
        // At most 8 MiB wait; what was on its way is some half a MiB per worker.
        assert!(many < few + GROWTH, "{flow:?}: {few} KiB, then {many} KiB");
        let mut pipe = BufReader::new(run.stdout.take().expect("a pipe"));
        let (mut text, count) = (Vec::new(), 200_000);
        for _ in 0..count {
            pipe.read_until(b'\n', &mut text).expect("a pipe");
        }
        if !flow.contains(&"--unordered") {
            assert_same(&text, &squares(first..first + count), &format!("{flow:?}"));
        }
        drop(pipe);
        run.finish_with(Signal::PIPE);
    }
}

#[test]
fn a_nonblocking_pipe_with_a_slow_reader_gets_every_line() {
    for shared in [false, true] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let writer: OwnedFd = writer.into();
        let flags = rustix::fs::fcntl_getfl(&writer).expect("a descriptor");
        rustix::fs::fcntl_setfl(&writer, flags | rustix::fs::OFlags::NONBLOCK).expect("ours");
        // With `shared`, a second writer keeps the description, as a shell's other commands do.
        let other = shared.then(|| writer.try_clone().expect("a descriptor"));
        let run = pmap(&["--workers", "4", "--range", "0..50000"]).stdout(writer).start();
        let slow = thread::spawn(move || {
            let (mut reader, mut text, mut block) = (reader, Vec::new(), [0; 4096]);
            while let Ok(length @ 1..) = reader.read(&mut block) {
                text.extend_from_slice(&block[..length]);
                thread::sleep(Duration::from_millis(1));
            }
            text
        });
        run.finish().expect(0, b"", "");
        drop(other);
        assert_same(&slow.join().expect("no panic"), &squares(0..50_000), "a slow reader");
    }
}

#[test]
fn output_that_cannot_be_written_is_said() {
    for (redirection, says) in [
        (
            ">/dev/full",
            "pmap: cannot write results to standard output, after 0 bytes: No space left on device",
        ),
        (
            ">&-",
            "pmap: cannot write results to standard output, after 0 bytes: Bad file descriptor",
        ),
        (
            "1</dev/null",
            "pmap: cannot write results to standard output, after 0 bytes: Bad file descriptor",
        ),
    ] {
        for range in ["0..3", "0..100000"] {
            let ended =
                shell(&format!("exec \"$PMAP\" --workers 3 --range {range} {redirection}")).run();
            assert_eq!(ended.status.code(), Some(74), "{redirection}: {}", ended.stderr);
            assert!(ended.stderr.starts_with(says), "{redirection}: {}", ended.stderr);
            assert_eq!(ended.stderr.lines().count(), 1, "{redirection}: {}", ended.stderr);
        }
    }
}

#[test]
fn the_limit_on_a_files_size_is_an_error_that_names_the_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("squares");
    // Blocks are of 512 or 1024 bytes, as the shell sees it. Less than this is too little for shared memory, too.
    let script = "ulimit -f 4096; exec \"$PMAP\" --workers 3 --range 0..1000000 >\"$FILE\"";
    let ended = shell(script).env("FILE", &path).run();
    let written = fs::read(&path).expect("a file");
    assert!(!written.is_empty());
    let says = format!(
        "pmap: cannot write results to standard output, after {} bytes: File too large",
        written.len()
    );
    assert_eq!(ended.status.code(), Some(74), "{}", ended.stderr);
    assert!(ended.stderr.starts_with(&says), "{}", ended.stderr);
    assert_same(&written, &squares(0..1_000_000)[..written.len()], "what fitted");
}

#[test]
fn output_to_a_file() {
    for redirection in [">", ">>"] {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(b"before\n").expect("a file");
        let script = format!("exec \"$PMAP\" --workers 3 --range 0..30000 {redirection}\"$FILE\"");
        shell(&script).env("FILE", file.path()).run().expect(0, b"", "");
        let before = if redirection == ">" { &b""[..] } else { b"before\n" };
        let want = [before, &squares(0..30_000)].concat();
        assert_same(&fs::read(file.path()).expect("a file"), &want, redirection);
    }
}

/// Input, what comes out, and what is said; the exit code follows.
type Lines = (&'static [u8], &'static str, &'static [&'static str]);

const LINES: [Lines; 19] = [
    (b"", "", &[]),
    (b"\n\n \n\t\r\n\x0b\x0c\n", "", &[]),
    (b"3\n4\n", "9\n16\n", &[]),
    (b"3\n4", "9\n16\n", &[]),
    (b"3\r\n4\r\n", "9\n16\n", &[]),
    (b"3\r\n4\r", "9\n16\n", &[]),
    (b"\n\n3\n\n\n4\n\n", "9\n16\n", &[]),
    (b"  3\t\n\t4  \n", "9\n16\n", &[]),
    (b"+5\n-6\n007\n-0\n", "25\n36\n49\n0\n", &[]),
    (b"1.5\n.5\n5.\n1e3\n-2.5\n", "2.25\n0.25\n25.0\n1000000.0\n6.25\n", &[]),
    (b"inf\n-inf\nnan\n", "inf\ninf\nnan\n", &[]),
    (
        b"3037000499\n3037000500\n-9223372036854775808\n9223372036854775808\n",
        "9223372030926249001\n9223372037000250000\n85070591730234615865843651857942052864\n\
         85070591730234615865843651857942052864\n",
        &[],
    ),
    (
        b"100000000000000000000\n-100000000000000000001\n",
        "10000000000000000000000000000000000000000\n10000000000000000000200000000000000000001\n",
        &[],
    ),
    (b"1\nfoo\n2\n", "1\n4\n", &["pmap: item 1 (line 2, input foo): not a number"]),
    (
        b"\n\nbar\n\n2\n\nbaz",
        "4\n",
        &[
            "pmap: item 0 (line 3, input bar): not a number",
            "pmap: item 2 (line 7, input baz): not a number",
        ],
    ),
    (
        b"1 2\n0x10\n1_000\n--1\n+-1\n3\n",
        "9\n",
        &[
            "pmap: item 0 (line 1, input 1 2): not a number",
            "pmap: item 1 (line 2, input 0x10): not a number",
            "pmap: item 2 (line 3, input 1_000): not a number",
            "pmap: item 3 (line 4, input --1): not a number",
            "pmap: item 4 (line 5, input +-1): not a number",
        ],
    ),
    (
        b"1\n\0\n2\0\n3\n",
        "1\n9\n",
        &[
            r"pmap: item 1 (line 2, input \0): not a number",
            r"pmap: item 2 (line 3, input 2\0): not a number",
        ],
    ),
    (
        b"1\n\xff\xfe\n\xc3\n\xe2\x82\xac\n2\n",
        "1\n4\n",
        &[
            "pmap: item 1 (line 2, input \u{fffd}\u{fffd}): not a number",
            "pmap: item 2 (line 3, input \u{fffd}): not a number",
            "pmap: item 3 (line 4, input \u{20ac}): not a number",
        ],
    ),
    (b"\x1b[31m\n1\n", "1\n", &[r"pmap: item 0 (line 1, input \u{1b}[31m): not a number"]),
];

#[test]
fn lines_of_every_kind() {
    let mut report = String::new();
    for (input, stdout, stderr) in LINES {
        for flow in [&["--workers", "1"][..], &["--workers", "3", "--chunk-size", "1"]] {
            let ended = pmap(flow).text(input).run();
            let mut said: Vec<&str> = ended.stderr.lines().collect();
            // Which of two workers fails first is nobody's promise.
            said.sort_unstable();
            let code = if stderr.is_empty() { 0 } else { 1 };
            if ended.stdout != stdout.as_bytes()
                || said != stderr
                || ended.status.code() != Some(code)
            {
                let _ = writeln!(
                    report,
                    "{flow:?} {:?}: {}\n  {:?}\n  {said:?}",
                    String::from_utf8_lossy(input),
                    ended.status,
                    String::from_utf8_lossy(&ended.stdout),
                );
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// A line of 10 MB is no number, whatever it is made of; the lines around it are.
#[test]
fn a_line_of_ten_megabytes_fails_alone() {
    for (workers, byte, quoted) in
        [("1", b'9', "9".repeat(60)), ("2", b'x', "x".repeat(60)), ("4", 0, r"\0".repeat(60))]
    {
        let mut text = b"2\n".to_vec();
        text.resize(text.len() + 10_000_000, byte);
        text.extend_from_slice(b"\n3\n");
        let ended = pmap(&["--workers", workers]).text(text).run();
        let says = format!("pmap: item 1 (line 2, input {quoted}…): ");
        assert_eq!(ended.status.code(), Some(1), "{:.500}", ended.stderr);
        assert_same(&ended.stdout, b"4\n9\n", "");
        assert!(ended.stderr.starts_with(&says), "{:.500}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 1, "{:.500}", ended.stderr);
    }
}

/// Larger than any ring, in and out.
#[test]
fn a_number_of_a_hundred_thousand_digits() {
    // (10^k - 1)^2 = 99…98 00…01, with k - 1 nines and k - 1 zeroes.
    let k = 100_000;
    let nines = "9".repeat(k);
    let want = format!("4\n{}8{}1\n9\n", "9".repeat(k - 1), "0".repeat(k - 1));
    for workers in ["1", "3"] {
        let ended = pmap(&["--workers", workers]).text(format!("2\n{nines}\n3\n")).run();
        ended.expect(0, want.as_bytes(), "");
    }
}

#[test]
fn a_directory_on_stdin_is_an_error() {
    let ended = pmap(&["--workers", "2"])
        .input(Input::From(File::open("/").expect("a directory").into()))
        .run();
    let says = "pmap: cannot read standard input: Is a directory (os error 21)\n";
    ended.expect(74, b"", says);
}

#[test]
fn a_file_on_stdin() {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(&lines(0..100_000)).expect("a file");
    let reader = || {
        let path = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
        Input::From(File::open(path).expect("a file").into())
    };
    let ended = pmap(&["--workers", "3"]).input(reader()).run();
    ended.expect(0, &squares(0..100_000), "");
}

/// Starts a run that holds three workers.
fn three_workers(script: &str) -> Run {
    let mut run = shell(script).input(Input::Open).start();
    run.stdin.as_mut().expect("a pipe").write_all(&lines(0..6)).expect("a reader");
    run.until_workers(3);
    run
}

#[test]
fn workers_are_known_by_name_to_ps() {
    let run = three_workers("exec \"$PMAP\" --workers 3 'sleep(1000)'");
    let mut names = Vec::new();
    for worker in run.workers() {
        assert_eq!(worker.arguments().first(), Some(&worker.name));
        assert_eq!(worker.parent, run.pid());
        names.push(worker.name);
    }
    names.sort_unstable();
    assert_eq!(names, ["pmap: worker 1", "pmap: worker 2", "pmap: worker 3"]);
    run.signal(Signal::TERM);
    run.finish_with(Signal::TERM);
}

/// A worker holds stdin, stdout (both nothing), stderr, and sockets to its supervisor.
#[test]
fn workers_inherit_no_descriptor() {
    // 7 and 9 stand for what shells and servers leave open.
    let run = three_workers("exec \"$PMAP\" --workers 3 'sleep(1000)' 7>&1 9</dev/zero");
    let of_supervisor = |number| fs::read_link(format!("/proc/{}/fd/{number}", run.pid()));
    let results = of_supervisor(1).expect("a pipe").to_string_lossy().into_owned();
    let messages = of_supervisor(2).expect("a pipe").to_string_lossy().into_owned();
    assert!(results.starts_with("pipe:") && of_supervisor(9).is_ok());
    for worker in run.workers() {
        let descriptors = worker.descriptors();
        let own = |target: &str| target.starts_with("socket:");
        for (number, target) in &descriptors {
            let is_right = match number {
                0 | 1 => target == "/dev/null",
                2 => *target == messages,
                _ => own(target),
            };
            assert!(is_right, "{descriptors:?}; results go to {results}");
        }
        assert!(descriptors.len() <= 5, "{descriptors:?}");
    }
    run.signal(Signal::TERM);
    run.finish_with(Signal::TERM);
}

/// A thousand deaths leave the supervisor with as many descriptors as before.
#[test]
fn deaths_do_not_use_up_descriptors() {
    let count = |run: &Run| fs::read_dir(format!("/proc/{}/fd", run.pid())).expect("alive").count();
    let words = ["--workers", "3", "--retries", "0", "exit(1) if n % 2 == 0 else n"];
    let mut run = pmap(&words).input(Input::Open).start();
    let mut stdin = run.stdin.take().expect("a pipe");
    let mut counts = Vec::new();
    for round in 0..3 {
        stdin.write_all(&lines((0..100).map(|n| 100 * round + n))).expect("a reader");
        let done = |run: &Run| run.lines() == 50 * (usize::try_from(round).expect("few") + 1);
        run.until("this round's results", |run| done(run));
        // Its last workers may still be starting.
        run.until_quiet();
        counts.push(count(&run));
    }
    drop(stdin);
    let ended = run.finish();
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(ended.said().len(), 150);
    assert!(counts.iter().max() <= counts.first().map(|first| first + 6).as_ref(), "{counts:?}");
}

#[test]
fn verbose_tells_of_starts_deaths_and_second_tries() {
    let words = ["-v", "--workers", "1", "--range", "0..10", "--chunk-size", "10"];
    let words = [&words[..], &["--retries", "1", "segv() if n == 5 else n"]].concat();
    let ended = pmap(&words).run();
    assert_eq!(ended.status.code(), Some(1));
    assert_same(&ended.stdout, &lines((0..10).filter(|n| *n != 5)), &ended.stderr);
    let said = ended.said();
    let count = |line: &str| said.iter().filter(|said| *said == line).count();
    assert_eq!(count("pmap: worker _: ready, pid _"), 3, "{said:#?}");
    for line in [
        "pmap: worker _: started, pid _",
        "pmap: worker _: pid _ killed by SIGSEGV, with 5 items in its hands; all but the first go to others",
        "pmap: item 5: worker _ died at it, attempt 1; it runs again, alone",
        "pmap: worker _: started again (the 2nd), pid _",
        "pmap: worker _: pid _ killed by SIGSEGV, with 1 item in its hands",
        "pmap: item 5 (input 5): killed by SIGSEGV (worker _, pid _, attempt 2 of 2)",
        "pmap: worker _: started again (the 3rd), pid _",
    ] {
        assert_eq!(count(line), 1, "{line}\n{said:#?}");
    }
}

#[test]
fn stats_for_people() {
    for word in ["--stats", "--stats=text"] {
        let ended = pmap(&[word, "--workers", "2", "--range", "0..1000"]).run();
        assert_eq!(ended.status.code(), Some(0));
        assert_same(&ended.stdout, &squares(0..1000), word);
        assert!(ended.stderr.starts_with("1000 items in "), "{}", ended.stderr);
        assert!(ended.stderr.contains("; 0 failed\nworker 1: "), "{}", ended.stderr);
        assert!(ended.stderr.contains("0 restarts, 0 retries, "), "{}", ended.stderr);
    }
}

#[test]
fn stats_for_programs() {
    for (task, items, failed, restarts) in [
        ("n**2", 1000, 0, 0),
        ("n**2", 0, 0, 0),
        ("n**2 + sleep(0.0001)", 300, 0, 0),
        ("panic() if n % 100 == 0 else n**2", 1000, 10, 0),
        ("segv() if n == 17 else n**2", 1000, 1, 3),
    ] {
        for workers in ["1", "3"] {
            let range = format!("0..{items}");
            let ended =
                pmap(&["--stats=json", "--workers", workers, "--range", &range, task]).run();
            let what = format!("{task}, {workers} workers: {}", ended.stderr);
            let last = ended.stderr.lines().last().expect("a line");
            let stats = Json::parse(last);
            let number = |key| stats.get(key).number();
            assert_eq!(number("items"), f64::from(items), "{what}");
            assert_eq!(number("failed"), f64::from(failed), "{what}");
            assert_eq!(number("result_bytes"), ended.stdout.len() as f64, "{what}");
            assert!(number("wall_s") > 0.0, "{what}");
            // An item that killed its workers is the last one's.
            let of_workers = stats.get("workers").list().iter();
            let sum: f64 = of_workers.clone().map(|worker| worker.get("items").number()).sum();
            assert_eq!(sum, f64::from(items), "{what}");
            for worker in of_workers {
                let share = worker.get("busy_share").number();
                assert!((0.0..=1.0).contains(&share), "{what}");
            }
            if workers == "1" {
                assert_eq!(number("restarts"), f64::from(restarts), "{what}");
                assert_eq!(number("retries"), f64::from(restarts.max(1) - 1), "{what}");
            }
        }
    }
}
