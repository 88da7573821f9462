//! The signals that a person or a system sends to the command, and what it shows to the person.

mod support;

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use support::{
    Input, Random, Run, anonymous, assert_same, assert_whole_prefix, lines, pmap, shell, squares,
    terminal,
};

const ENDING: [Signal; 4] = [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT];

#[test]
fn a_signal_ends_the_run_after_a_whole_prefix() {
    for signal in ENDING {
        for workers in ["1", "3"] {
            let words = ["--workers", workers, "--range", "0..1000000", "n**2 + sleep(0.0005)"];
            let mut run = pmap(&words).start();
            run.until("some output", |run| run.lines() >= 20);
            run.signal(signal);
            let ended = run.finish();
            ended.expect_signal(signal);
            assert_eq!(ended.stderr, "", "{signal:?}");
            let count = ended.stdout.iter().filter(|byte| **byte == b'\n').count();
            assert!(count >= 20, "{signal:?}: {count} lines");
            assert_whole_prefix(&ended.stdout, &squares(0..i64::try_from(count).expect("few")));
        }
    }
}

#[test]
fn a_signal_ends_a_run_that_waits() {
    for signal in ENDING {
        // For input, for a task, for a task that is stopped.
        let mut run = pmap(&["--workers", "2"]).input(Input::Open).start();
        run.signal(signal);
        // With its input still open, which would be an end of another kind.
        run.until("the end", Run::has_ended);
        run.finish_with(signal);

        let mut run = pmap(&["--workers", "2", "--range", "0..10", "hang()"]).start();
        run.until_workers(2);
        run.signal(signal);
        run.finish_with(signal);

        let mut run = pmap(&["--workers", "2", "--range", "0..10", "hang()"]).start();
        run.until_workers(2);
        for worker in run.workers() {
            worker.signal(Signal::STOP);
        }
        run.signal(signal);
        run.finish_with(signal);
    }
}

#[test]
fn a_signal_at_any_moment_leaves_nothing() {
    let mut random = Random::new();
    eprintln!("PMAP_SEED={}", random.seed);
    for signal in ENDING.into_iter().cycle().take(30) {
        let run = pmap(&["--workers", "4", "--range", "0..1000000000"]).start();
        let moment = Instant::now() + random.time(Duration::from_millis(20));
        while Instant::now() < moment {
            std::hint::spin_loop();
        }
        run.signal(signal);
        let ended = run.finish();
        ended.expect_signal(signal);
        let count = ended.stdout.iter().filter(|byte| **byte == b'\n').count();
        assert_whole_prefix(&ended.stdout, &squares(0..i64::try_from(count).expect("few")));
    }
}

/// With a reader that does not read, the first signal waits for it as long as `--grace` says, the second does not.
#[test]
fn a_second_interrupt_ends_at_once() {
    let words = ["--workers", "2", "--grace", "1h", "--range", "0..1000000000"];
    let mut run = pmap(&words).open_stdout().start();
    run.until_stuck();
    run.signal(Signal::INT);
    run.until("the workers have gone", |run| run.workers().is_empty());
    assert!(!run.has_ended(), "results were still to be written");
    run.signal(Signal::INT);
    let mut pipe = run.stdout.take().expect("a pipe");
    run.finish_with(Signal::INT);
    let mut got = Vec::new();
    pipe.read_to_end(&mut got).expect("a pipe");
    let count = got.iter().filter(|byte| **byte == b'\n').count();
    let want = squares(0..=i64::try_from(count).expect("few"));
    assert!(!got.is_empty());
    assert_same(&got, &want[..got.len()], "no prefix");
}

#[test]
fn what_was_ignored_at_the_start_stays_ignored() {
    for (name, signal) in [("HUP", Signal::HUP), ("INT", Signal::INT), ("TSTP", Signal::TSTP)] {
        let script = format!(
            "trap '' {name}; exec \"$PMAP\" --workers 2 --range 0..300 'n**2 + sleep(0.001)'"
        );
        let mut run = shell(&script).start();
        run.until("some output", |run| run.lines() >= 1);
        run.signal(signal);
        run.finish().expect(0, &squares(0..300), "");
    }
}

#[test]
fn signals_that_mean_nothing_change_nothing() {
    let mut run = pmap(&["--workers", "3", "--range", "0..400", "n**2 + sleep(0.001)"]).start();
    for at in 0..300 {
        run.until("more output", |run| run.lines() >= at || run.has_ended());
        // The last one stops nobody: no shell is there who could continue the run.
        for signal in [Signal::WINCH, Signal::CONT, Signal::CHILD, Signal::URG, Signal::TSTP] {
            run.signal(signal);
        }
    }
    run.finish().expect(0, &squares(0..400), "");
}

/// Signals as fast as they can be sent, each of which interrupts whatever system call is waiting.
#[test]
fn a_storm_of_signals_costs_no_line() {
    let mut run = pmap(&["--workers", "3"]).text(lines(0..1_000_000)).start();
    let mut sent = 0;
    run.until("the end", |run| {
        let workers = run.workers();
        for _ in 0..50 {
            run.signal(Signal::CONT);
            sent += 1 + workers.iter().filter(|worker| worker.signal(Signal::CONT)).count();
        }
        run.has_ended()
    });
    eprintln!("{sent} signals");
    run.finish().expect(0, &squares(0..1_000_000), "");
}

/// By a signal that nobody is told of. The workers, which are not stopped, finish what they have.
#[test]
fn a_stopped_supervisor_goes_on() {
    let words = ["--workers", "3", "--range", "0..400", "--timeout", "200ms"];
    let words = [&words[..], &["n**2 + sleep(0.001)"]].concat();
    let mut run = pmap(&words).start();
    for at in [1, 50, 200] {
        run.until("more output", |run| run.lines() >= at || run.has_ended());
        run.signal(Signal::STOP);
        run.until_quiet();
        run.signal(Signal::CONT);
    }
    run.finish().expect(0, &squares(0..400), "");
}

/// Everybody, for longer than any item may take.
#[test]
fn no_item_is_blamed_for_the_time_in_which_everybody_stood_still() {
    let words = ["--workers", "3", "--range", "0..100", "--timeout", "200ms"];
    let words = [&words[..], &["n + sleep(0.05)"]].concat();
    let mut run = pmap(&words).start();
    for at in [1, 20, 50] {
        run.until("more output", |run| run.lines() >= at || run.has_ended());
        let workers = run.workers();
        // Whoever stands still while the supervisor does not is rightly blamed, and a busy machine may let this test
        // wait between two signals.
        run.signal(Signal::STOP);
        assert!(workers.iter().all(|worker| worker.signal(Signal::STOP)));
        run.until_quiet();
        assert!(workers.iter().all(|worker| worker.signal(Signal::CONT)));
        run.signal(Signal::CONT);
    }
    run.finish().expect(0, &lines(0..100), "");
}

#[test]
fn who_asks_is_told_who_does_what() {
    let words = ["--workers", "2", "--chunk-size", "1", "hang() if n == 7 else n"];
    let mut run = pmap(&words).input(Input::Open).start();
    let mut stdin = run.stdin.take().expect("a pipe");
    stdin.write_all(b"1\n\n7\n2\n3\n").expect("a reader");
    run.until("all but one", |run| run.lines() >= 1);
    run.until_quiet();
    // As `pkill -USR1 pmap` does it: workers get it, too, and do not mind.
    assert!(run.workers().iter().all(|worker| worker.signal(Signal::USR1)));
    run.signal(Signal::USR1);
    run.until("an answer", |run| run.said().lines().count() == 3);
    let said = run.said();
    let said: Vec<String> = said.lines().map(|line| without_seconds(&anonymous(line))).collect();
    let says = "pmap: 3 items done, 0 failed, 1 to do; 2 workers, _ s";
    assert_eq!(said[0], says);
    for says in [
        "pmap: worker _: pid _, item 1 (line 3, input 7), attempt 1, _ s",
        "pmap: worker _: pid _, idle",
    ] {
        assert!(said.iter().any(|line| line == says), "no {says:?} in {said:#?}");
    }
    run.signal(Signal::TERM);
    run.finish().expect_signal(Signal::TERM);
}

/// `line` without the number in front of ` s` at its end.
fn without_seconds(line: &str) -> String {
    let Some(rest) = line.strip_suffix(" s") else { return line.to_owned() };
    format!("{}_ s", rest.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'))
}

/// What a terminal showed.
fn shown(mut person: File) -> String {
    let mut bytes = Vec::new();
    let mut block = [0; 4096];
    // The end of a terminal is an error.
    while let Ok(length @ 1..) = person.read(&mut block) {
        bytes.extend_from_slice(&block[..length]);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn a_bar_on_a_terminal_and_nothing_of_it_on_stdout() {
    let (person, program) = terminal();
    let reader = std::thread::spawn(move || shown(person));
    let words = ["--workers", "2", "--range", "0..120", "segv() if n == 7 else n + sleep(0.02)"];
    let ended = pmap(&words).env("TERM", "xterm").stderr(program).run();
    assert_eq!(ended.status.code(), Some(1));
    assert_same(&ended.stdout, &lines((0..120).filter(|n| *n != 7)), "");
    let shown = reader.join().expect("no panic");
    for part in ["120/120 items", "100%", "2 workers", "1 failed", " item 7 (input 7): killed"] {
        assert!(shown.contains(part), "no {part:?} in {shown:?}");
    }
}

/// Totals that are nothing, one, unknown and late; items that fail in every way there is.
#[test]
fn row_58_a_bar_tells_no_nonsense() {
    for (words, input, total, last) in [
        (&["--range", "0..0"][..], Input::Nothing, 0, None),
        (&["--range", "0..1", "n + sleep(1)"], Input::Nothing, 1, Some("1/1 items")),
        (&["-w2", "n + sleep(0.01)"], Input::Bytes(b"7\n".repeat(150)), 150, Some("150/150 items")),
        // Errors, deaths, programs that fail, and items that a filter drops: each is done once.
        (
            &["-w2", "--range", "0..150", "n // (n % 2) + sleep(0.02)"],
            Input::Nothing,
            150,
            Some("150/150"),
        ),
        (
            &["-w2", "--retries=0", "--range", "0..150", "abort() if n % 2 else sleep(0.02)"],
            Input::Nothing,
            150,
            Some("150/150"),
        ),
        (
            &["-w2", "--range", "0..150", "--shell", "--", "sleep 0.02; exit $(($1 % 2))"],
            Input::Nothing,
            150,
            Some("150/150"),
        ),
        (
            &["-w2", "--range", "0..150", "--filter", "n % 2", "sleep(0.03)"],
            Input::Nothing,
            150,
            Some("150/150"),
        ),
    ] {
        let (person, program) = terminal();
        let reader = std::thread::spawn(move || shown(person));
        let ended = pmap(words).input(input).env("TERM", "xterm").stderr(program).run();
        assert!(matches!(ended.status.code(), Some(0 | 1)), "{words:?}: {:?}", ended.status);
        let shown = reader.join().expect("no panic");
        for words in shown.split_whitespace().collect::<Vec<_>>().windows(2) {
            if let Some(share) = words[0].strip_suffix('%') {
                assert!(share.parse::<u32>().is_ok_and(|share| share <= 100), "{shown:?}");
            }
            if let [count, "items,"] = words {
                let done = count.split('/').next().and_then(|done| done.parse::<u64>().ok());
                assert!(done.is_some_and(|done| done <= total), "{shown:?}");
            }
        }
        assert!(
            last.is_none_or(|last| shown.contains(last)),
            "{words:?}: no {last:?} in {shown:?}"
        );
    }
}

#[test]
fn no_bar_where_none_is_wanted() {
    for words in [&["--progress", "never"][..], &["--quiet"]] {
        let (person, program) = terminal();
        let reader = std::thread::spawn(move || shown(person));
        let words = [&["--workers", "2", "--range", "0..60", "n + sleep(0.02)"], words].concat();
        let ended = pmap(&words).env("TERM", "xterm").stderr(program).run();
        ended.expect(0, &lines(0..60), "");
        assert_eq!(reader.join().expect("no panic"), "", "{words:?}");
    }
    // stderr is a pipe.
    let words = ["--workers", "2", "--range", "0..60", "n + sleep(0.02)"];
    pmap(&words).run().expect(0, &lines(0..60), "");
}

#[test]
fn a_terminal_on_stdin_is_no_input() {
    let (_person, program) = terminal();
    let ended = pmap(&["n + 1"]).input(Input::From(program.into())).run();
    assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
    assert_eq!(ended.stdout, b"");
    assert!(ended.stderr.starts_with("pmap: "), "{}", ended.stderr);
    assert!(ended.stderr.contains("--range"), "{}", ended.stderr);
    // With a range, stdin may be what it likes.
    let (_person, program) = terminal();
    let run = pmap(&["--range", "0..3"]).input(Input::From(program.into())).run();
    run.expect(0, b"0\n1\n4\n", "");
}

#[test]
fn a_worker_by_hand_is_refused() {
    for input in [Input::Nothing, Input::Bytes(b"1\n".to_vec())] {
        let ended = pmap(&["__worker"]).input(input).run();
        let says =
            "pmap: '__worker' is how pmap starts its own workers; it cannot be used by hand\n";
        ended.expect(64, b"", says);
    }
}
