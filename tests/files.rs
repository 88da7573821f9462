//! `--arg-file FILE`: the same as from stdin, whatever the file is, and whatever becomes of it.

mod support;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use rustix::process::Signal;
use support::{Input, Random, assert_same, lines, pmap, shell, squares};

fn file(text: impl AsRef<[u8]>) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), text).expect("a file");
    file
}

fn path(file: &tempfile::NamedTempFile) -> &str {
    file.path().to_str().expect("UTF-8")
}

/// Lines of all widths, blank ones, failing ones, floats, large integers, carriage returns.
fn motley(items: usize) -> Vec<u8> {
    let mut random = Random::new();
    let mut text = Vec::new();
    for at in 0..items {
        let digits = u32::try_from(random.below(17)).expect("few");
        let number = random.below(10_usize.pow(digits));
        match random.below(2000) {
            0..50 => text.extend_from_slice(b"  \t\r\n\n"),
            50 => writeln!(text, "no number {at}").expect("memory"),
            51..100 => writeln!(text, " {number}.5\r").expect("memory"),
            100..150 => writeln!(text, "-{number}{number}{number}0").expect("memory"),
            150..200 => writeln!(text, "-{number}").expect("memory"),
            _ => writeln!(text, "{number}").expect("memory"),
        }
    }
    text
}

#[test]
fn a_file_is_read_as_stdin_is() {
    let text = motley(100_000);
    // Without a newline at its end, too.
    for text in [&text[..], text.trim_ascii_end(), b"", b"\n\n", b"7"] {
        let file = file(text);
        for more in [&["-w", "3"][..], &["--chunk-size", "1000"], &["-w", "1", "--window", "77"]] {
            let ended = pmap(&[&["-a", path(&file), "n + i"], more].concat()).run();
            let other = pmap(&[&["n + i"], more].concat()).text(text).run();
            assert_eq!(ended.status.code(), other.status.code());
            // Those of several workers come as they come.
            let [said, wanted] = [&ended, &other].map(|it| {
                let mut said = it.said();
                said.sort();
                said
            });
            assert_eq!(said, wanted, "{more:?}");
            assert_same(&ended.stdout, &other.stdout, &format!("{more:?}"));
        }
    }
}

#[test]
fn a_failed_item_is_named_by_its_line() {
    let file = file("1\n\n2\nthree\n4\n");
    let ended = pmap(&["--arg-file", path(&file), "n // (4 - n)"]).run();
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(ended.stdout, b"0\n1\n");
    assert_eq!(
        ended.said(),
        [
            "pmap: item 2 (line 4, input three): not a number",
            "pmap: item 3 (line 5, input 4): ZeroDivisionError: integer division or modulo by zero"
        ]
    );
}

#[test]
fn a_line_that_is_too_long_costs_itself() {
    let mut text = b"5\n".to_vec();
    text.resize(9 << 20, b'7');
    text.extend_from_slice(b"\n6\n");
    let file = file(text);
    let ended = pmap(&["-a", path(&file)]).run();
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(ended.stdout, b"25\n36\n");
    assert!(ended.stderr.contains("item 1 (line 2, input 777"), "{:.300}", ended.stderr);
}

#[test]
fn a_death_costs_nothing_but_its_item() {
    let file = file(lines(0..20_000));
    let ended = pmap(&["-a", path(&file), "-w", "3", "segv() if n == 7777 else n**2"]).run();
    assert_eq!(ended.status.code(), Some(1));
    assert_same(&ended.stdout, &squares((0..20_000).filter(|n| *n != 7777)), "a death");
    assert!(
        ended.stderr.starts_with("pmap: item 7777 (line 7778, input 7777): killed by SIGSEGV"),
        "{}",
        ended.stderr
    );
}

#[test]
fn what_is_no_regular_file_is_streamed() {
    let wanted = squares(1..=10);
    let bash = "bash -c '\"$PMAP\" -a <(seq 10); code=$?; wait; exit $code'";
    shell(bash).run().expect(0, &wanted, "");
    pmap(&["-a", "/dev/stdin"]).text(lines(1..=10)).run().expect(0, &wanted, "");
    pmap(&["-a", "/dev/null"]).run().expect(0, b"", "");
    // Made while it is read, of no length.
    let ended = pmap(&["-a", "/proc/sys/kernel/pid_max", "n"]).run();
    ended.expect(0, &fs::read("/proc/sys/kernel/pid_max").expect("Linux"), "");
    // A pipe with a name, whose writer comes later.
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RWXU,
        0,
    )
    .expect("a pipe");
    let run = pmap(&["-a", pipe.to_str().unwrap()]).start();
    fs::write(&pipe, lines(1..=10)).expect("a reader");
    run.finish().expect(0, &wanted, "");
}

#[test]
fn what_cannot_be_read_is_named_before_anything_is_written() {
    let kept = file("precious");
    for (from, says) in [("/no/such/file", "No such file or directory"), ("/", "Is a directory")] {
        let ended = pmap(&["-a", from, "-o", path(&kept)]).run();
        assert_eq!(ended.status.code(), Some(74));
        let start = format!("pmap: cannot read '{from}': {says}");
        assert!(ended.stderr.starts_with(&start), "{}", ended.stderr);
        assert_eq!(fs::read(kept.path()).expect("a file"), b"precious");
    }
    let ended = pmap(&["-a", path(&kept), "-o", path(&kept)]).run();
    assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("is the file that items are read from"), "{}", ended.stderr);
    assert_eq!(fs::read(kept.path()).expect("a file"), b"precious");
    let ended = pmap(&["-a", path(&kept), "--range", "0..3"]).run();
    assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
}

#[test]
fn stdin_is_left_alone() {
    let from = file("3\n");
    let stdin = file("not read");
    let mut shared = File::open(stdin.path()).expect("a file");
    let input = Input::From(shared.try_clone().expect("a descriptor").into());
    pmap(&["-a", path(&from)]).input(input).run().expect(0, b"9\n", "");
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut shared, &mut rest).expect("a file");
    assert_eq!(rest, "not read");
}

/// So many items that a run whose results nobody reads gets stuck far from their end.
const MANY: i64 = 600_000;

fn until_begun(path: &Path, change: impl FnOnce(&File)) -> support::Ended {
    let path = path.to_str().expect("UTF-8");
    // Nobody reads, so that it gets stuck somewhere.
    let mut run = pmap(&["-a", path, "-w", "2", "n"]).open_stdout().start();
    run.until_stuck();
    change(&File::options().write(true).open(path).expect("a file"));
    run.finish()
}

#[test]
fn a_file_that_becomes_shorter_is_an_error_and_no_crash() {
    // Few and long, since each that is lost is told of.
    let number = |n: i64| format!("1{n:0>200}");
    let from = file(lines((0..MANY / 16).map(number)));
    let ended = until_begun(from.path(), |file| file.set_len(202 * 100 + 5).expect("a file"));
    assert_eq!(ended.status.code(), Some(74), "{:.1000}", ended.stderr);
    assert!(
        ended.stderr.contains(&format!("cannot read '{}': somebody has cut it", path(&from))),
        "{:.1000}",
        ended.stderr
    );
    assert!(!ended.stderr.contains("SIGBUS"), "{:.1000}", ended.stderr);
    // Whatever came out is right: no number was cut.
    let out = String::from_utf8(ended.stdout).expect("digits");
    let out: Vec<&str> = out.lines().collect();
    assert!(out.is_sorted());
    let odd = out.iter().position(|line| line.len() != 201);
    assert_eq!(odd.map(|at| (at, out.len(), out[at])), None);
}

#[test]
fn a_file_that_becomes_longer_ends_where_it_ended() {
    let from = file(lines(0..MANY));
    let ended = until_begun(from.path(), |mut file| {
        use std::io::Seek as _;
        file.seek(std::io::SeekFrom::End(0)).expect("a file");
        file.write_all(b"77\n78\n").expect("a file");
    });
    ended.expect(0, &lines(0..MANY), "");
}

#[test]
fn a_signal_leaves_the_finished_prefix() {
    let from = file(lines(0..MANY));
    let mut run = pmap(&["-a", path(&from), "n"]).open_stdout().start();
    run.until_stuck();
    run.signal(Signal::TERM);
    let ended = run.finish();
    ended.expect_signal(Signal::TERM);
    support::assert_whole_prefix(&ended.stdout, &lines(0..MANY));
}

#[test]
fn a_run_goes_on_in_a_file() {
    let from = file(lines(0..50_000));
    let folder = tempfile::tempdir().expect("a folder");
    let [log, out] = ["log", "out"].map(|name| folder.path().join(name));
    let [log, out] = [&log, &out].map(|path| path.to_str().expect("UTF-8"));
    for format in ["plain", "jsonl"] {
        let all = ["-a", path(&from), "--joblog", log, "-o", out, "--format", format, "n**2"];
        let halted = pmap(&[&all[..], &["--halt", "now,done=20000"]].concat()).run();
        assert_eq!(halted.status.code(), Some(0), "{}", halted.stderr);
        let resumed = pmap(&[&all[..], &["--resume", "-v"]].concat()).run();
        assert_eq!(resumed.status.code(), Some(0), "{}", resumed.stderr);
        assert!(resumed.stderr.contains("items are done with"), "{}", resumed.stderr);
        let ended = fs::read(out).expect("a file");
        if format == "plain" {
            assert_same(&ended, &squares(0..50_000), format);
        }
        assert_eq!(ended.iter().filter(|byte| **byte == b'\n').count(), 50_000);
    }
}
