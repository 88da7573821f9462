//! One program for many items: what it is given, and what becomes of what it answers.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::process::Command;

use rustix::process::Signal;

use crate::support::{Input, Random, Run, assert_same, lines, oracle, pmap, squares};

/// Echoes lines, each as soon as it is there.
const ECHO: &str = r#"while IFS= read -r line; do printf '%s\n' "$line"; done"#;

/// pmap with a script as its coprocess.
fn words<'a>(options: &[&'a str], script: &'a str) -> Vec<&'a str> {
    [options, &["--coproc", "--shell", "--", script]].concat()
}

#[test]
fn results_are_in_order_whoever_is_at_work() {
    let text = lines(0..100_000);
    for workers in ["1", "2", "4"] {
        let ended = pmap(&["-w", workers, "--coproc", "--", "cat"]).text(text.clone()).run();
        ended.expect(0, &text, "");
        let ended =
            pmap(&["-w", workers, "--coproc", "--", "sed", "-u", "s/.*/<&>/"]).text(text.clone());
        let expected = lines((0..100_000).map(|n| format!("<{n}>")));
        ended.run().expect(0, &expected, "");
    }
}

#[test]
fn unordered_results_are_all_there() {
    let ended =
        pmap(&["-w", "4", "--unordered", "--coproc", "--", "cat"]).text(lines(0..20_000)).run();
    let mut numbers: Vec<u32> = ended
        .stdout
        .split(|b| *b == b'\n')
        .filter_map(|n| str::from_utf8(n).ok()?.parse().ok())
        .collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(0..20_000), "{}", ended.stderr);
}

/// Everything but a newline, in lines of all lengths; the last one lacks its newline, and gets one.
#[test]
fn items_and_answers_are_any_bytes() {
    let mut random = Random::new();
    let mut text = Vec::new();
    for _ in 0..3000 {
        let most = 1 << random.below(12);
        let length = random.below(most);
        text.extend((0..length).map(|_| match random.below(256) as u8 {
            b'\n' => b'\r',
            byte => byte,
        }));
        text.push(b'\n');
    }
    text.extend_from_slice(b"\xff\0last");
    let expected = [&text[..], b"\n"].concat();
    let ended = pmap(&["-w", "2", "--coproc", "--", "cat"]).text(text).run();
    assert_same(&ended.stdout, &expected, &format!("seed {}", random.seed));
    assert_eq!(ended.stderr, "");
}

#[test]
fn with_nul_bytes_both_ways_newlines_are_bytes() {
    let ended = pmap(&["-0", "--coproc", "--", "cat"]).text("a\nb\0\0\n\0c").run();
    ended.expect(0, b"a\nb\0\0\n\0c\0", "");
    let ended = pmap(&["-0", "--tag", "--coproc", "--", "cat"]).text("a\nb\0c").run();
    ended.expect(0, b"a\nb\ta\nb\0c\tc\0", "");
}

/// Larger than pipes, rings and blocks; and many that are.
#[test]
fn lines_of_megabytes() {
    let long = |n: u8| [&vec![b'a' + n; 5_000_000][..], b"\n"].concat();
    let text = [long(0), b"short\n".to_vec(), long(1), long(2), b"\n".to_vec()].concat();
    let ended = pmap(&["-w", "2", "--coproc", "--", "cat"]).text(text.clone()).run();
    assert_same(&ended.stdout, &text, "5 MB");
    let line = [&vec![b'x'; 100_000][..], b"\n"].concat();
    let text = line.repeat(200);
    let ended = pmap(&["-w", "2", "--coproc", "--", "cat"]).text(text.clone()).run();
    assert_same(&ended.stdout, &text, "100 kB");
}

/// It answers with 1 MB before it reads on, while both of its pipes are full.
#[test]
fn who_writes_much_before_he_reads_blocks_nobody() {
    let script = r#"while read -r n; do head -c 1000000 /dev/zero | tr '\0' x; echo; done"#;
    let ended = pmap(&words(&["-w", "1", "--range", "0..20"], script)).run();
    let expected = [&vec![b'x'; 1_000_000][..], b"\n"].concat().repeat(20);
    assert_same(&ended.stdout, &expected, &ended.stderr);
}

/// Nothing is started for no items, however it would end.
#[test]
fn without_items_there_is_no_program() {
    pmap(&["--coproc", "--", "false"]).text("").run().expect(0, b"", "");
    pmap(&["--coproc", "--", "false", ":::"]).run().expect(0, b"", "");
}

#[test]
fn items_come_from_anywhere() {
    pmap(&["--range", "-1..3", "--coproc", "--", "cat"]).run().expect(0, b"-1\n0\n1\n2\n", "");
    pmap(&["--coproc", "--", "cat", ":::", "a b", "", "-n"]).run().expect(0, b"a b\n\n-n\n", "");
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), "1\n\n 2").expect("a file");
    let path = file.path().to_str().expect("text");
    pmap(&["-a", path, "--coproc", "--", "cat"]).run().expect(0, b"1\n\n 2\n", "");
    let ended = pmap(&["-w", "1", "--coproc", "--", "cat", ":::", "a", "b\nc", "d"]).run();
    let says = "pmap: item 1 (input b\\nc): it holds a newline, and so would be two lines; separate items by NUL with -0\n";
    ended.expect(1, b"a\nd\n", says);
}

#[test]
fn every_answer_is_tagged_with_its_item() {
    let ended = pmap(&words(&["-w", "2", "--tag"], r#"while read -r n; do echo $((n * n)); done"#));
    ended.text("3\n4\n").run().expect(0, b"3\t9\n4\t16\n", "");
}

#[test]
fn a_program_knows_its_worker_and_no_item() {
    let script =
        r#"while read -r n; do echo "$n $PMAP_WORKER ${PMAP_ITEM-no} ${PMAP_ATTEMPT-no}"; done"#;
    let ended = pmap(&words(&["-w", "1", "--env", "PMAP_ITEM=x"], script)).text("a\n").run();
    ended.expect(0, b"a 1 x no\n", "");
    let ended = pmap(&["-w", "1", "--coproc", "--", "sed", "-u", "s/$/ {%}/"]).text("a\n").run();
    ended.expect(0, b"a 1\n", "");
}

/// One program a worker, unless it is to be another after so many items.
#[test]
fn programs_are_started_as_often_as_workers() {
    let script = r#"echo up >&2; while read -r n; do echo "$n"; done; echo down >&2"#;
    for (options, starts) in
        [(&["-w", "1"][..], 1), (&["-w", "1", "--max-tasks-per-worker", "7"], 5)]
    {
        let ended = pmap(&words(options, script)).text(lines(0..35)).run();
        let count = |word| ended.stderr.lines().filter(|line| *line == word).count();
        assert_eq!((count("up"), count("down")), (starts, starts), "{}", ended.stderr);
        assert_eq!(ended.stdout, lines(0..35));
    }
}

/// What a program has to say in the end is heard to its last line, also of one that makes room for another.
#[test]
fn row_37_who_is_replaced_has_his_say() {
    const SHARE: usize = 5;
    const LINES: usize = 20_000;
    let script = format!(
        r#"did=0; while read -r n; do echo "$n"; did=$((did + 1)); done
        echo "$$ did $did" >&2; seq {LINES} | sed "s/^/$$ /" >&2"#
    );
    let share = SHARE.to_string();
    let options = ["-w", "2", "--max-tasks-per-worker", &share];
    let ended = pmap(&words(&options, &script)).text(lines(0..40)).run();
    assert_eq!((ended.status.code(), ended.stdout.as_slice()), (Some(0), &lines(0..40)[..]));
    let mut said: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in ended.stderr.lines() {
        let (program, word) = line.split_once(' ').expect("two words");
        said.entry(program).or_default().push(word);
    }
    let mut done = 0;
    for (program, words) in said {
        let [did, rest @ ..] = &words[..] else { panic!("{program} said nothing") };
        let did: usize = did.strip_prefix("did ").and_then(|n| n.parse().ok()).expect("a count");
        assert!(did <= SHARE, "{program} did {did}");
        done += did;
        assert!(
            rest.iter().map(|word| (*word).to_owned()).eq((1..=LINES).map(|n| n.to_string())),
            "{program}"
        );
    }
    assert_eq!(done, 40);
}

/// It finds its input at its end. What it writes then nobody has asked for, and is told that it is dropped; what it says
/// is heard.
#[test]
fn a_program_may_end_by_itself() {
    let script = format!("{ECHO}; echo late; echo 'bye bye' >&2; printf 'no newline' >&2");
    let ended = pmap(&words(&["-w", "1"], &script)).text("1\n2\n").run();
    assert_eq!((ended.status.code(), ended.stdout.as_slice()), (Some(0), &b"1\n2\n"[..]));
    let mut said: Vec<_> = ended.stderr.lines().collect();
    said.sort_unstable();
    let [bye, rest, told] = said[..] else { panic!("{}", ended.stderr) };
    assert_eq!((bye, rest), ("bye bye", "no newline"));
    let tells = told.starts_with("pmap: 'sh' has written 5 bytes behind its last answer");
    assert!(tells, "{}", ended.stderr);
}

#[test]
fn standard_error_is_passed_on_by_lines() {
    let script = r#"while read -r n; do
        for c in a b c d; do printf $c >&2; done; printf "\n" >&2; echo "$n"; done"#;
    let ended = pmap(&words(&["-w", "4"], script)).text(lines(0..200)).run();
    assert_eq!(ended.stdout, lines(0..200));
    assert_eq!(ended.stderr, "abcd\n".repeat(200));
    let script = r#"while read -r n; do head -c 1000000 /dev/zero | tr '\0' e >&2; echo >&2; echo "$n"; done"#;
    let ended = pmap(&words(&["-w", "1"], script)).text("1\n2\n").run();
    ended.expect(0, b"1\n2\n", &format!("{}\n", "e".repeat(1_000_000)).repeat(2));
}

/// What nobody takes is not answered on and on; once somebody does, all is there.
#[test]
fn a_slow_reader_misses_nothing() {
    let text = lines(0..1_000_000);
    let mut run =
        pmap(&["-w", "2", "--coproc", "--", "cat"]).text(text.clone()).open_stdout().start();
    run.until_stuck();
    let ended = run.finish();
    assert_same(&ended.stdout, &text, &ended.stderr);
}

/// Between two items nobody does anything; what comes later is answered at once.
#[test]
fn who_waits_uses_no_time() {
    let mut run = pmap(&["-w", "2", "--coproc", "--", "cat"]).input(Input::Open).start();
    for n in 1..=3 {
        std::io::Write::write_all(run.stdin.as_mut().expect("a pipe"), b"line\n")
            .expect("it reads");
        run.until("its answer", |run| run.lines() == n);
        run.until_quiet();
    }
    run.finish().expect(0, b"line\nline\nline\n", "");
}

#[test]
fn the_sandbox_holds_for_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = format!(
        "while read -r n; do if echo x 2> /dev/null > {0}/file; then echo wrote; else echo not; fi; done",
        folder.path().display()
    );
    let ended = pmap(&words(&["-w", "1", "--sandbox"], &script)).text("1\n").run();
    ended.expect(0, b"not\n", "");
}

/// The program of a worker as the log has it, and what becomes of a run that is killed in its midst.
#[test]
fn a_killed_run_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let (log, out, input) = (path("log"), path("out"), path("input"));
    let text = lines(0..200_000);
    fs::write(&input, &text).expect("a file");
    let start = |more: &[&str]| -> Run {
        let options = ["-w", "2", "--joblog", &log, "-o", &out];
        let words = [&options, more, &["--coproc", "--", "sed", "-u", "s/^/x/"]].concat();
        pmap(&words).input(Input::From(File::open(&input).expect("a file").into())).start()
    };
    for more in [&[][..], &["--resume"]] {
        let mut run = start(more);
        let before = fs::metadata(&out).map_or(0, |file| file.len());
        run.until("results, or the end", |run| {
            run.has_ended() || fs::metadata(&out).is_ok_and(|file| file.len() > before + 4096)
        });
        run.signal(Signal::KILL);
        if run.until_killed() {
            run.finish_killed();
        }
    }
    start(&["--resume"]).finish().expect(0, b"", "");
    let expected = lines((0..200_000).map(|n| format!("x{n}")));
    assert_same(&fs::read(&out).expect("a file"), &expected, "gone on with");
    let log = fs::read_to_string(&log).expect("a log");
    let fields: Vec<_> = log.lines().nth(1).expect("a line").split('\t').collect();
    assert_eq!((fields[8], fields[10]), ("sed -u 's/^/x/'", "ok"));
}

#[test]
fn another_program_does_not_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log").to_str().expect("text").to_owned();
    let options = ["--joblog", &log];
    pmap(&[&options[..], &["--coproc", "--", "cat", ":::", "a"]].concat())
        .run()
        .expect(0, b"a\n", "");
    let ended =
        pmap(&[&options[..], &["--resume", "--pipe", "--", "cat", ":::", "a"]].concat()).run();
    assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("'--coproc -- cat'"), "{}", ended.stderr);
}

/// One item once more, which then is the program's only line.
#[test]
fn an_item_is_replayed() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log").to_str().expect("text").to_owned();
    let script = r#"while read -r n; do case $n in bad) exit 7;; esac; echo "<$n>"; done"#;
    let ended = pmap(&words(&["--joblog", &log], script)).text("good\nbad\n").run();
    assert_eq!((ended.status.code(), &ended.stdout[..]), (Some(1), &b"<good>\n"[..]));
    let replay = |item| pmap(&["replay", "--joblog", &log, "--item", item]).run();
    replay("0").expect(0, b"<good>\n", "");
    replay("1").expect(7, b"", "");
}

/// What `examples/coproc` shows.
#[test]
fn the_examples_are_coprocesses() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/coproc");
    let (python, awk) = (format!("{folder}/square.py"), format!("{folder}/square.awk"));
    let contestants: [(&str, &[&str], &[&str], &str); 2] = [
        ("python3", &["-c", ""], &["-u", &python], "square.py: done\n"),
        ("mawk", &["BEGIN {}"], &["-W", "interactive", "-f", &awk], "square.awk: 2000 lines\n"),
    ];
    for (name, question, arguments, says) in contestants {
        if oracle::is_there(name, Command::new(name).args(question)) {
            let words = [&["-w", "1", "--coproc", "--", name], arguments].concat();
            let ended = pmap(&words).text(lines(0..2000)).run();
            ended.expect(0, &squares(0..2000), says);
        }
    }
}
