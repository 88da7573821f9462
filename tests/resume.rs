//! A run that was killed, whole, at any moment, goes on where it was: what it writes in the end is what an undisturbed
//! run writes.

mod support;

use std::fs::{self, File};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use support::{
    Ended, Input, Random, Resumable, assert_same, assert_whole_prefix, lines, pmap, shell_with,
    squares,
};

impl Resumable {
    /// The fields of the job log's lines, the first one left out.
    fn log(&self) -> Vec<Vec<String>> {
        let text = fs::read_to_string(self.path("log")).expect("a log");
        let lines = text.lines().skip(1);
        lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
    }

    /// Kills everything of the run at a random moment, if it has not ended before; `workers_first` where the death of
    /// a worker alone costs nothing.
    fn killed_within(
        &self,
        longest: Duration,
        workers_first: bool,
        random: &mut Random,
    ) -> Result<(), Ended> {
        let mut run = self.start(&["--resume"]);
        thread::sleep(random.time(longest));
        let workers = if workers_first { run.workers() } else { Vec::new() };
        for worker in workers {
            worker.signal(Signal::KILL);
        }
        if run.has_ended() {
            return Err(run.finish());
        }
        run.signal_group(Signal::KILL);
        if run.until_killed() {
            run.finish_killed();
            return Ok(());
        }
        Err(run.finish())
    }
}

/// So many runs that are killed, each of which is then gone on with to its end.
fn kills(arguments: &[&str], input: Option<&[u8]>, code: i32, longest: Duration, count: usize) {
    let undisturbed = {
        let run = Resumable::new(arguments, input);
        let ended = run.run(&[]);
        assert_eq!(ended.status.code(), Some(code), "{}", ended.stderr);
        run.output()
    };
    let is_ordered = !arguments.contains(&"--unordered");
    let mut random = Random::new();
    let (mut kills, mut runs) = (0, 0);
    while runs < count {
        let what = format!("{arguments:?}, run {runs}, seed {}", random.seed);
        let run = Resumable::new(arguments, input);
        let (mut last, before) = (None, kills);
        // A kill in every run; some are killed again and again while they go on.
        let times = if random.below(3) == 0 { 2 + random.below(4) } else { 1 };
        for _ in 0..times {
            // Whoever is killed first must not matter, but for commands: each is run at most once, and has failed if it
            // or its worker dies while the supervisor lives.
            let workers_first = !arguments.contains(&"--") && random.below(2) == 0;
            match run.killed_within(longest, workers_first, &mut random) {
                Ok(()) => kills += 1,
                Err(ended) => {
                    last = Some(ended);
                    break;
                }
            }
        }
        let last = last.unwrap_or_else(|| run.run(&["--resume"]));
        assert_eq!(last.status.code(), Some(code), "{what}: {}", last.stderr);
        assert_eq!(last.stdout, b"", "{what}");
        let output = run.output();
        if is_ordered {
            assert_same(&output, &undisturbed, &what);
        } else {
            assert_same(&sorted(&output), &sorted(&undisturbed), &what);
        }
        // Whoever came to his end before he was killed has been looked at, too, but does not count.
        runs += usize::from(kills > before);
    }
    eprintln!("{arguments:?}: {runs} runs, {kills} kills");
}

fn sorted(text: &[u8]) -> Vec<u8> {
    let mut lines: Vec<_> = text.split_inclusive(|byte| *byte == b'\n').collect();
    lines.sort_unstable();
    lines.concat()
}

/// Numbers, and lines that are none.
fn mixed_lines(count: usize) -> Vec<u8> {
    lines((0..count).map(|n| if n % 101 == 7 { format!("word{n}") } else { n.to_string() }))
}

/// Every kind of run, killed so often in all.
fn all_kinds(times: usize) {
    const MS: Duration = Duration::from_millis(1);
    let cheap: &[&str] = &["--workers", "3", "--range", "0..100000"];
    kills(cheap, None, 0, 80 * MS, 3 * times);
    let slow = &["--workers", "3", "--range", "0..400", "n**2 + sleep(0.001 if n % 7 else 0.01)"];
    kills(slow, None, 0, 350 * MS, 2 * times);
    let unordered = &["--workers", "3", "--unordered", "--range", "0..100000", "n*3"];
    kills(unordered, None, 0, 80 * MS, 2 * times);
    let filled = &["--workers", "2", "--on-error", "fill=NA"];
    kills(filled, Some(&mixed_lines(50_000)), 1, 80 * MS, 2 * times);
    let cells = &["--workers", "3", "--range", "0..400000", "--format", "i64le"];
    kills(cells, None, 0, 80 * MS, times);
    let array = &["--workers", "2", "--format", "npy", "--on-error", "fill=nan", "n / 3"];
    kills(array, Some(&mixed_lines(50_000)), 1, 80 * MS, 2 * times);
    let deadly = &[
        "--workers",
        "2",
        "--retries",
        "1",
        "--range",
        "0..300",
        "abort() if n % 67 == 5 else n + sleep(0.0005)",
    ];
    kills(deadly, None, 1, 250 * MS, times);
}

/// The same with a program for each item.
fn all_kinds_of_programs(times: usize) {
    const MS: Duration = Duration::from_millis(1);
    // What it writes is no line.
    let script = r#"[ $(($1 % 41)) = 7 ] || printf '%s-%s,' "$1" "$((3 * $1))""#;
    let pieces = &["-w3", "--range", "0..200", "--shell", "--", script];
    kills(pieces, None, 0, 300 * MS, 2 * times);
    let failing = r#"[ $((PMAP_ITEM % 29)) = 3 ] && exit 4; cat"#;
    let piped = &["-w3", "--retries", "1", "--on-error", "fill=NA", "--pipe", "--shell", "--"];
    let piped = [&piped[..], &[failing]].concat();
    kills(&piped, Some(&mixed_lines(200)), 1, 300 * MS, 2 * times);
    let given = ["-w2", "--unordered", "--tag", "--", "echo", "{#}", "{}", ":::"];
    let items: Vec<_> = (0..100).map(|n| format!("item {n}")).collect();
    let given: Vec<_> = given.into_iter().chain(items.iter().map(String::as_str)).collect();
    kills(&given, None, 0, 200 * MS, times);
}

#[test]
fn programs_killed_at_any_moment_go_on_where_they_were() {
    all_kinds_of_programs(1);
}

#[test]
#[ignore = "long: some minutes"]
fn long_hundred_runs_of_programs_are_killed() {
    all_kinds_of_programs(20);
}

#[test]
fn killed_at_any_moment_it_goes_on_where_it_was() {
    all_kinds(1);
}

#[test]
#[ignore = "long: some minutes"]
fn long_two_hundred_runs_are_killed() {
    all_kinds(20);
}

/// What a full disk has left half written is cut off, and nothing of what was there before.
#[test]
fn a_run_whose_going_on_failed_goes_on_all_the_same() {
    let run = Resumable::new(&["--workers", "2", "--range", "0..400000"], None);
    run.run(&["--halt", "soon,done=200000"]);
    let before = run.output();
    // In blocks of 512 bytes; of so much more is not everything.
    let limit = before.len() / 512 + 200;
    let script = format!("ulimit -f {limit}; exec \"$PMAP\" \"$@\"");
    let limited = shell_with(&script, &run.words(&["--resume"])).run();
    assert_eq!(limited.status.code(), Some(74), "{}", limited.stderr);
    let full = run.output();
    assert!(full.len() > before.len(), "{} bytes behind {}", full.len(), before.len());
    assert_whole_prefix(&full, &squares(0..400_000));
    run.run(&["--resume"]).expect(0, b"", "");
    assert_same(&run.output(), &squares(0..400_000), "after a full disk");
}

/// The last record, cut at every byte, costs nothing but the work that it tells of.
#[test]
fn a_journal_torn_at_any_byte_of_its_last_record() {
    let run = Resumable::new(&["--workers", "2", "--range", "0..3000"], None);
    let end = run.run(&["--halt", "soon,done=1500"]);
    assert!(end.stderr.contains("halted"), "{}", end.stderr);
    let (journal, output) = (run.path("log.journal"), run.output());
    let whole = fs::read(&journal).expect("a journal");
    // The first record, which says what run it is of, was put in its place as a whole.
    let first = 8 + 16 + u32::from_le_bytes([whole[8], whole[9], whole[10], whole[11]]) as usize;
    for cut in 1..=60.min(whole.len() - first) {
        fs::write(&journal, &whole[..whole.len() - cut]).expect("a journal");
        fs::write(run.path("output"), &output).expect("a file");
        run.run(&["--resume"]).expect(0, b"", "");
        assert_same(&run.output(), &squares(0..3000), &format!("{cut} bytes torn off"));
        fs::write(&journal, &whole).expect("a journal");
    }
}

#[test]
fn a_halted_run_goes_on() {
    let run = Resumable::new(&["--workers", "2", "--range", "0..200000"], None);
    let mut times = 0;
    loop {
        let ended = run.run(&["--resume", "--halt", "soon,done=40000"]);
        times += 1;
        assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
        if ended.stderr.is_empty() {
            break;
        }
        assert!(ended.stderr.contains("halted") && times < 100, "{}", ended.stderr);
    }
    assert!(times > 1);
    assert_same(&run.output(), &squares(0..200_000), "in pieces");
}

#[test]
fn a_run_that_a_signal_ended_goes_on() {
    for signal in [Signal::INT, Signal::TERM] {
        let arguments = &["--workers", "2", "--range", "0..500", "n**2 + sleep(0.001)"];
        let run = Resumable::new(arguments, None);
        let mut begun = run.start(&[]);
        begun.until("some results", |_| run.path("output").exists() && run.output().len() > 100);
        begun.signal(signal);
        begun.finish_with(signal);
        let before = run.output();
        run.run(&["--resume"]).expect(0, b"", "");
        assert!(run.output().starts_with(&before));
        assert_same(&run.output(), &squares(0..500), "went on");
        // Nothing that was written then was run again.
        let first = before.iter().filter(|byte| **byte == b'\n').count();
        let mut items: Vec<usize> =
            run.log().iter().map(|fields| fields[14].parse().unwrap()).collect();
        items.sort_unstable();
        let again = items.windows(2).filter(|pair| pair[0] == pair[1] && pair[0] < first).count();
        assert_eq!(again, 0);
    }
}

/// Both outputs together are the whole, and nothing is there twice, where the run was not killed while it wrote.
#[test]
fn to_a_pipe_both_outputs_together_are_the_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    let arguments =
        ["--workers", "2", "--range", "0..600", "n**2 + sleep(0.001)", "--resume", "--joblog"];
    let mut all = Vec::new();
    let mut doubtful = 0;
    for nth in 0..3 {
        let mut run = pmap(&[&arguments[..], &[log.to_str().unwrap()]].concat()).start();
        if nth < 2 {
            let before = run.lines();
            run.until("some results", |run| run.lines() > before + 50);
            run.signal(Signal::KILL);
            let (stdout, stderr) = run.finish_killed_with_output();
            doubtful += usize::from(stderr.contains("may be there already"));
            all.extend(stdout);
        } else {
            let ended = run.finish();
            assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
            doubtful += usize::from(ended.stderr.contains("may be there already"));
            all.extend(ended.stdout);
        }
    }
    if doubtful == 0 {
        assert_same(&all, &squares(0..600), "both together");
    } else {
        // It was said that some may be there twice, and a line that was being written is in two parts.
        assert!(all.len() >= squares(0..600).len());
    }
}

#[test]
fn failures_are_done_with_unless_they_are_asked_for() {
    let arguments = &["--workers", "2", "--range", "0..20", "1 // (n % 5) + n"];
    let run = Resumable::new(arguments, None);
    assert_eq!(run.run(&[]).status.code(), Some(1));
    let (first, lines) = (run.output(), run.log().len());
    assert_eq!(lines, 20);
    // They count as failed, and are not run again.
    let told = "pmap: 4 items have failed before (--resume-failed runs them again)\n";
    run.run(&["--resume"]).expect(1, b"", told);
    assert_eq!((run.output(), run.log().len()), (first.clone(), lines));
    // They are run again, and nothing else.
    let again = run.run(&["--resume-failed"]);
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(again.stderr.lines().count(), 4, "{}", again.stderr);
    assert_eq!(run.log().len(), lines + 4);
    assert_eq!(run.output(), first);
}

#[test]
fn what_failed_and_then_does_not_comes_behind_the_rest() {
    // The limit is no part of what a run is: with another one, the item may have a result.
    let run = Resumable::new(
        &["--workers", "2", "--range", "0..10", "n + sleep(0.5 if n == 3 else 0)"],
        None,
    );
    let ended = run.run(&["--timeout", "100ms"]);
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    run.run(&["--resume-failed"]).expect(0, b"", "");
    let want = lines((0..10).filter(|n| *n != 3).chain([3]));
    assert_same(&run.output(), &want, "the late one is the last");
    let classes: Vec<_> = run.log().iter().map(|it| it[10].clone()).collect();
    assert_eq!(classes.iter().filter(|class| *class == "timeout").count(), 1);
    run.run(&["--resume"]).expect(0, b"", "");
    assert_same(&run.output(), &want, "nothing more to do");
}

/// Another program is another run; how many workers start it, and what may fail, is not.
#[test]
fn programs_are_told_apart() {
    let run = Resumable::new(&[], Some(b"1\n2\n3\n4\n"));
    let start = |words: &[&str]| {
        let mut all = run.words(&words[..words.len() - 2]);
        all.extend(words[words.len() - 2..].iter().map(|word| (*word).to_owned()));
        pmap(&all).input(Input::From(File::open(run.path("input")).unwrap().into())).run()
    };
    let script = r#"[ "$1" != 3 ] || [ "$FIXED" ] || exit 5; echo "$1""#;
    assert_eq!(
        start(&["-w1", "--halt", "now,fail=1", "--shell", "--", script]).status.code(),
        Some(1)
    );
    let cases: [(&[&str], &str); 4] = [
        (&["--resume", "--", "echo"], "the program was '--shell -- "),
        (&["--resume", "--pipe", "--shell", "--", script], "and is '--pipe --shell -- "),
        (&["--resume", "--tag", "--shell", "--", script], "and is '--shell --tag -- "),
        (&["--resume", "--expr", "n"], "the program was "),
    ];
    for (words, says) in cases {
        let ended = start(words);
        assert_eq!(ended.status.code(), Some(2), "{words:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(says), "{words:?}: {}", ended.stderr);
    }
    let ended = start(&["-w3", "--resume", "--timeout", "9s", "--shell", "--", script]);
    ended.expect(1, b"", "pmap: 1 item has failed before (--resume-failed runs it again)\n");
    assert_eq!(run.output(), b"1\n2\n4\n");
    // The one that has failed, and nothing else, is run again, and comes behind the rest.
    start(&["--resume-failed", "--env", "FIXED=1", "--shell", "--", script]).expect(0, b"", "");
    assert_eq!(run.output(), b"1\n2\n4\n3\n");
    let exits: Vec<_> = run.log().iter().map(|line| (line[14].clone(), line[6].clone())).collect();
    let of_the_third = exits.iter().filter(|(item, _)| item == "2").map(|(_, exit)| exit.as_str());
    assert_eq!(of_the_third.collect::<Vec<_>>(), ["5", "0"]);
}

/// What is asked for beside what the run began with, and what is said about it.
#[test]
fn another_run_is_refused() {
    let run = Resumable::new(&[], Some(b"1\n2\n3\nfoo\n5\n"));
    assert_eq!(run.run(&["n**2", "--halt", "soon,fail=1"]).status.code(), Some(1));
    let before = (run.output(), fs::read(run.path("log")).unwrap());
    let cases: &[(&[&str], &str)] = &[
        (&["n**3", "--resume"], "the task was 'n**2', and is 'n**3'"),
        (&["n**2", "--resume", "--unordered"], "--unordered was 'off', and is 'on'"),
        (&["n**2", "--resume", "--on-error", "fill=x"], "--on-error was 'skip', and is 'fill=x'"),
        (
            &["n**2", "--resume", "--range", "0..5"],
            "the input was 'standard input', and is 'a range'",
        ),
        (&["n**2", "--resume", "--filter", "n"], "--filter was not given, and is 'n'"),
    ];
    for (arguments, says) in cases {
        let ended = run.run(arguments);
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(says), "{arguments:?}: {}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
        assert_eq!((run.output(), fs::read(run.path("log")).unwrap()), before, "{arguments:?}");
    }
}

#[test]
fn another_input_is_refused_before_anything_is_written() {
    let input = lines(0..5000);
    let mut changed = input.clone();
    changed[20] ^= 1;
    let shorter = &input[..100];
    let longer = [&input[..], b"5000\n"].concat();
    for (other, is_same) in [(&changed[..], false), (shorter, false), (b"", false), (&longer, true)]
    {
        let run = Resumable::new(&["--workers", "2"], Some(&input));
        run.run(&["--halt", "soon,done=3000"]);
        fs::write(run.path("input"), other).unwrap();
        let ended = run.run(&["--resume"]);
        if is_same {
            ended.expect(0, b"", "");
            assert_same(&run.output(), &squares(0..5001), "a longer input");
            continue;
        }
        assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
        assert!(ended.stderr.contains("the input is not the one"), "{}", ended.stderr);
        // With the right one, it goes on.
        fs::write(run.path("input"), &input).unwrap();
        run.run(&["--resume"]).expect(0, b"", "");
        assert_same(&run.output(), &squares(0..5000), "after a refusal");
    }
}

#[test]
fn one_run_at_a_time_and_none_lost_by_mistake() {
    let arguments = &["--workers", "2", "--range", "0..300", "n**2 + sleep(0.003)"];
    let run = Resumable::new(arguments, None);
    let mut first = run.start(&[]);
    first.until("a journal", |_| run.path("log.journal").metadata().is_ok_and(|it| it.len() > 300));
    let second = run.run(&["--resume"]);
    assert_eq!(second.status.code(), Some(2));
    assert!(second.stderr.contains("in use by another run"), "{}", second.stderr);
    first.signal(Signal::KILL);
    first.finish_killed();
    // Without --resume, the work of the first would be lost.
    let before = run.output();
    let third = run.run(&[]);
    assert_eq!(third.status.code(), Some(2));
    assert!(third.stderr.contains("add --resume to go on"), "{}", third.stderr);
    assert_eq!(run.output(), before);
    run.run(&["--resume"]).expect(0, b"", "");
    assert_same(&run.output(), &squares(0..300), "went on");
    // Of a run that has finished, another may take the place.
    run.run(&[]).expect(0, b"", "");
    assert_same(&run.output(), &squares(0..300), "anew");
    assert_eq!(run.log().len(), 300);
}

#[test]
fn resume_needs_a_joblog() {
    for flag in ["--resume", "--resume-failed"] {
        let ended = pmap(&["--range", "0..3", flag]).run();
        assert_eq!(ended.status.code(), Some(2));
        assert!(ended.stderr.contains(&format!("{flag} needs --joblog FILE")), "{}", ended.stderr);
    }
}

/// What stands in the columns of the log.
#[test]
fn every_attempt_is_a_line() {
    let task = "abort() if n == 1 else exit(7) if n == 2 else 1 // 0 if n == 3 else n";
    let run = Resumable::new(&["--workers", "2", "--retries", "1", "--range", "0..5", task], None);
    assert_eq!(run.run(&[]).status.code(), Some(1));
    let text = fs::read_to_string(run.path("log")).unwrap();
    assert!(text.starts_with(
        "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\tAttempt\tClass\t"
    ));
    let mut attempts: Vec<_> = run
        .log()
        .iter()
        .map(|it| [0, 6, 7, 8, 9, 10, 14].map(|field: usize| it[field].clone()).join(" "))
        .collect();
    attempts.sort();
    let want = [
        "1 0 0 0 1 ok 0",
        "2 0 6 1 1 death 1",
        "2 0 6 1 2 death 1",
        "3 7 0 2 1 death 2",
        "3 7 0 2 2 death 2",
        "4 1 0 3 1 error 3",
        "5 0 0 4 1 ok 4",
    ];
    assert_eq!(attempts, want);
    let started: Vec<f64> = run.log().iter().map(|it| it[2].parse().unwrap()).collect();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    assert!(started.iter().all(|at| (0.0..3600.0).contains(&(now.as_secs_f64() - at))));
}

#[test]
fn the_log_of_a_timeout_and_of_retries() {
    let arguments = &[
        "--workers",
        "2",
        "--timeout",
        "50ms",
        "--retry-on",
        "timeout,error,death",
        "--retries",
        "2",
    ];
    let run = Resumable::new(
        &[&arguments[..], &["--range", "0..3", "sleep(9) if n == 1 else 1 // n"]].concat(),
        None,
    );
    assert_eq!(run.run(&[]).status.code(), Some(1));
    let of = |item: &str| {
        let mut lines: Vec<_> = run
            .log()
            .iter()
            .filter(|it| it[14] == item)
            .map(|it| [6, 7, 9, 10].map(|field: usize| it[field].clone()).join(" "))
            .collect();
        lines.sort();
        lines
    };
    assert_eq!(of("0"), ["1 0 1 error", "1 0 2 error", "1 0 3 error"]);
    assert_eq!(of("1"), ["0 9 1 timeout", "0 9 2 timeout", "0 9 3 timeout"]);
    assert_eq!(of("2"), ["0 0 1 ok"]);
    let long: Vec<f64> =
        run.log().iter().filter(|it| it[14] == "1").map(|it| it[3].parse().unwrap()).collect();
    assert!(long.iter().all(|time| *time >= 0.05), "{long:?}");
}

#[test]
fn a_log_or_journal_that_cannot_be_written_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let nowhere = folder.path().join("nowhere").join("log");
    let ended = pmap(&["--range", "0..3", "--joblog", nowhere.to_str().unwrap()]).run();
    assert_eq!(ended.status.code(), Some(74), "{}", ended.stderr);
    assert!(ended.stderr.contains("cannot keep the journal"), "{}", ended.stderr);
    assert_eq!(ended.stdout, b"");
    // A log on a full disk, with its journal elsewhere.
    let log = folder.path().join("log");
    std::os::unix::fs::symlink("/dev/full", &log).expect("a link");
    let ended = pmap(&["--range", "0..3", "--joblog", log.to_str().unwrap()]).run();
    assert_eq!(ended.status.code(), Some(74), "{}", ended.stderr);
    assert!(ended.stderr.contains("cannot write the job log"), "{}", ended.stderr);
}
