//! One program for many items: how it ends, who is blamed for it, and that nothing of it is left.

use rustix::process::Signal;

use crate::support::{Ended, Input, Process, lines, pmap};

/// A script that echoes numbers, but does something else with 17.
fn at_17(what: &str) -> String {
    format!(r#"while read -r n; do if [ "$n" = 17 ]; then {what}; fi; echo "$n"; done"#)
}

/// 40 numbers but 17.
fn others() -> Vec<u8> {
    lines((0..40).filter(|n| *n != 17))
}

fn run(options: &[&str], script: &str) -> Ended {
    let words = [options, &["--coproc", "--shell", "--", script]].concat();
    pmap(&words).text(lines(0..40)).run()
}

/// All others have their results, and the one that did it is named.
#[track_caller]
fn expect_guilty(ended: &Ended, says: &str, attempts: &str) {
    let line =
        format!("pmap: item 17 (line 18, input 17): {says} (worker _, pid _, attempt {attempts})");
    assert_eq!(ended.said(), [line]);
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&others()));
}

#[test]
fn the_line_at_which_a_program_ends_is_named() {
    for (what, says) in [
        ("exit 7", "exited with code 7 without an answer"),
        ("exit 0", "exited with code 0 without an answer"),
        ("kill -SEGV $$", "killed by SIGSEGV"),
        ("kill -ABRT $$", "killed by SIGABRT"),
        ("kill -KILL $$", "killed by SIGKILL"),
        ("printf half; exit 3", "exited with code 3 without an answer"),
        // It is gone, but its child holds the pipes.
        ("sleep 1000 & exit 4", "exited with code 4 without an answer"),
        ("exec >&-; sleep 1000", "its program has closed its standard output"),
    ] {
        for workers in ["1", "3"] {
            expect_guilty(&run(&["-w", workers], &at_17(what)), says, "3 of 3");
        }
        expect_guilty(&run(&["-w", "2", "--retries", "0"], &at_17(what)), says, "1 of 1");
    }
}

/// It is tried again, and its second try may do better; whatever stood before and behind it is not lost.
#[test]
fn a_line_is_tried_again() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let script =
        at_17(&format!("echo x >> {0}; [ $(wc -l < {0}) = 3 ] || exit 1", file.path().display()));
    run(&["-w", "1", "--retries", "5"], &script).expect(0, &lines(0..40), "");
}

#[test]
fn failures_are_treated_as_others_are() {
    let script = at_17("exit 1");
    let ended = run(&["-w", "1", "--on-error", "fill=NA"], &script);
    let expected = lines((0..40).map(|n| if n == 17 { "NA".to_owned() } else { n.to_string() }));
    assert_eq!(String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&expected));
    let ended = run(&["-w", "1", "--halt", "now,fail=1"], &script);
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert!(ended.stdout.starts_with(&lines(0..17)), "{}", ended.stderr);
}

/// One that takes too long is ended, with all that it has started, and its neighbours are run by another.
#[test]
fn the_line_that_takes_too_long_is_named() {
    for what in [
        "exec sleep 1000",
        "trap '' TERM HUP INT; while :; do sleep 1000; done",
        "kill -STOP $$",
        "(trap '' TERM; sleep 1000 & sleep 1000) & wait",
        "while :; do :; done",
        "exec <&-; sleep 1000",
    ] {
        for workers in ["1", "2"] {
            let ended = run(&["-w", workers, "--timeout", "1s"], &at_17(what));
            expect_guilty(&ended, "ran longer than --timeout 1s", "1 of 1");
        }
    }
}

#[test]
fn who_answers_nothing_takes_too_long() {
    let words = ["-w", "1", "--timeout", "300ms", "--coproc", "--shell", "--", "cat > /dev/null"];
    let ended = pmap(&words).text("a\nb\n").run();
    let says = ["a", "b"].map(|item| {
        let index = u32::from(item == "b");
        let line = index + 1;
        format!("pmap: item {index} (line {line}, input {item}): ran longer than --timeout 300ms (worker _, pid _, attempt 1 of 1)")
    });
    assert_eq!(ended.said(), says);
    assert_eq!(ended.status.code(), Some(1));
}

/// Without a time limit it would wait for ever; so a word is said about the most likely reason.
#[test]
fn who_keeps_his_answers_back_is_told_what_to_do() {
    let mut run = pmap(&["-w", "2", "--coproc", "--", "sed", "s/^/x/"]).input(Input::Open).start();
    std::io::Write::write_all(run.stdin.as_mut().expect("a pipe"), b"a\nb\n").expect("it reads");
    run.until("a word", |run| run.said().contains('\n'));
    assert!(run.said().starts_with("pmap: the program has read its first line"), "{}", run.said());
    run.until_quiet();
    run.signal(Signal::TERM);
    let ended = run.finish();
    ended.expect_signal(Signal::TERM);
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
}

/// Answers that belong to no line are nobody's results.
#[test]
fn who_is_out_of_step_is_found_out() {
    let twice = "while read -r n; do echo a; echo b; done";
    let ended = pmap(&["-w", "1", "--coproc", "--shell", "--", twice]).text("1\n2\n").run();
    let says = ended.said();
    assert_eq!(
        (ended.status.code(), &ended.stdout[..], says.len()),
        (Some(1), &b""[..], 2),
        "{says:?}"
    );
    for line in says {
        assert!(line.contains("its program answered with more lines than it was given"), "{line}");
    }
    // Once, among the first ones, which are given one by one: it is certain who did it.
    for options in [&["-w", "1"][..], &["-w", "2"], &["-w", "1", "--retries", "0"]] {
        let script = r#"while read -r n; do if [ "$n" = 3 ]; then printf 'a\nb\n'; else echo "$n"; fi; done"#;
        let ended = run(options, script);
        let says = "pmap: item 3 (line 4, input 3): its program answered with more lines than it was given";
        assert!(ended.stderr.starts_with(says), "{}", ended.stderr);
        assert_eq!(ended.status.code(), Some(1));
        assert_eq!(ended.stdout, lines((0..40).filter(|n| *n != 3)));
    }
    // Later: that it answers twice is seen by what comes while nobody waits for anything.
    let late = r#"while read -r n; do echo "$n"; [ "$n" = 1 ] || { sleep 0.3; echo more; }; done"#;
    let ended = pmap(&["-w", "1", "--coproc", "--shell", "--", late]).input(Input::Open);
    let mut run = ended.start();
    std::io::Write::write_all(run.stdin.as_mut().expect("a pipe"), b"1\n2\n").expect("it reads");
    run.until("the end", |run| run.has_ended());
    let ended = run.finish();
    assert_eq!(
        (ended.status.code(), &ended.stdout[..]),
        (Some(3), &b"1\n2\n"[..]),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("its results cannot be trusted"), "{}", ended.stderr);
}

/// No item has to do with it: it is not given any. The run ends, and says why, once.
#[test]
fn a_program_that_does_not_get_to_work_ends_the_run() {
    for (script, says) in [
        ("exit 5", "'sh' exited with code 5 before it had read a line"),
        ("exit 0", "'sh' exited with code 0 before it had read a line"),
        ("kill -SEGV $$", "'sh' was killed by SIGSEGV before it had read a line"),
        ("exec <&-; sleep 1000", "its program has closed its standard input"),
        ("exec >&-; sleep 1000", "its program has closed its standard output"),
        (
            "echo hello; exec sleep 1000",
            "'sh' wrote to its standard output before it had read a line",
        ),
        (
            "printf '> '; exec sleep 1000",
            "'sh' wrote to its standard output before it had read a line",
        ),
    ] {
        for workers in ["1", "2"] {
            let ended = run(&["-w", workers], script);
            assert_eq!((ended.status.code(), &ended.stdout[..]), (Some(3), &b""[..]), "{script}");
            let line = ended.stderr.strip_prefix("pmap: ").expect(script);
            assert!(line.starts_with(says), "{script}: {line}");
            assert!(line.contains("times in a row"), "{script}: {line}");
            assert_eq!(line.lines().count(), 1, "{line}");
        }
    }
}

/// What is there when the run begins, and is no program.
#[test]
fn a_program_that_cannot_be_started_ends_the_run() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "neither a script nor a program").expect("a file");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(file.path(), mode).expect("a file");
    let file = file.into_temp_path();
    let ended =
        pmap(&["-w", "1", "--coproc", "--", file.to_str().expect("text"), ":::", "x"]).run();
    assert_eq!(ended.status.code(), Some(3), "{}", ended.stderr);
    assert!(ended.stderr.starts_with("pmap: cannot start '"), "{}", ended.stderr);
}

/// It answers ten lines and ends. No line has to do with that; and none is lost.
#[test]
fn a_program_may_end_between_two_items() {
    let script = r#"i=0; while [ $i -lt 10 ] && read -r n; do echo "$n"; i=$((i + 1)); done"#;
    for options in [&["-w", "1"][..], &["-w", "2"], &["-w", "1", "--retries", "0"]] {
        run(options, script).expect(0, &lines(0..40), "");
    }
}

#[test]
fn a_run_that_is_ended_ends_its_programs() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        for before in [":", "trap '' TERM INT HUP"] {
            let script = format!("{before}; while read -r n; do echo \"$n\"; done; sleep 1000");
            let words = ["-w", "2", "--grace", "300ms", "--coproc", "--shell", "--", &script];
            let mut run = pmap(&words).input(Input::Open).start();
            std::io::Write::write_all(run.stdin.as_mut().expect("a pipe"), b"a\nb\n")
                .expect("it reads");
            run.until("answers", |run| run.lines() == 2);
            run.signal(signal);
            let ended = run.finish();
            ended.expect_signal(signal);
            assert_eq!((&ended.stdout[..], &ended.stderr[..]), (&b"a\nb\n"[..], ""));
        }
    }
}

/// It does not heed the end of its input: it gets the grace, and no more.
#[test]
fn who_does_not_end_is_ended() {
    let script = "while read -r n; do echo \"$n\"; done; sleep 1000 & trap '' TERM; sleep 1000";
    run(&["-w", "2", "--grace", "200ms"], script).expect(0, &lines(0..40), "");
}

/// Programs at work, and their workers.
fn at_work() -> (crate::support::Run, Vec<Process>) {
    let script = "while read -r n; do echo \"$n\"; sleep 1000 & sleep 1000; done";
    let words = ["-w", "2", "--coproc", "--shell", "--", script];
    let mut run = pmap(&words).text("a\nb\nc\nd\n").start();
    run.until("programs at work", |run| {
        run.workers().iter().filter(|it| it.name == "sleep").count() == 4
    });
    let workers = run.workers();
    (run, workers.into_iter().filter(|it| it.name.starts_with("pmap: worker ")).collect())
}

#[test]
fn nothing_outlives_a_supervisor_that_is_killed() {
    let (run, _) = at_work();
    run.signal(Signal::KILL);
    let (took, names) = run.finish_killed();
    eprintln!("all gone after {took:?}");
    assert!(names.is_empty(), "{names:?}");
}

/// Somebody kills a worker: its program goes with it, and another takes its place.
#[test]
fn a_worker_takes_its_program_along() {
    let (mut run, workers) = at_work();
    assert_eq!(workers.len(), 2);
    let programs = |run: &crate::support::Run, of: &Process| {
        run.workers().into_iter().filter(|it| it.parent == of.pid).collect::<Vec<_>>()
    };
    let program = programs(&run, &workers[0]).pop().expect("a program");
    assert!(workers[0].signal(Signal::KILL));
    run.until("its end", |_| program.again().is_none());
    run.signal(Signal::INT);
    run.finish().expect_signal(Signal::INT);
}
