//! `--output FILE`: what is in the file, after every kind of end.

mod support;

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;
use std::thread;

use rustix::process::Signal;
use support::{Input, assert_same, assert_whole_prefix, pmap, shell, squares};

#[test]
fn results_go_to_the_file_and_nowhere_else() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, before) in [("new", None), ("longer", Some(500_000)), ("empty", Some(0))] {
        let path = folder.path().join(name);
        if let Some(length) = before {
            fs::write(&path, vec![b'x'; length]).expect("a file");
        }
        for flag in ["-o", "--output"] {
            pmap(&["--range", "0..30000", flag, path.to_str().unwrap()]).run().expect(0, b"", "");
            assert_same(&fs::read(&path).expect("a file"), &squares(0..30_000), name);
        }
    }
    // Nobody looks at a stdout that is not used.
    let path = folder.path().join("closed");
    shell("exec \"$PMAP\" --range 0..3 -o \"$FILE\" >&-")
        .env("FILE", &path)
        .run()
        .expect(0, b"", "");
    assert_eq!(fs::read(&path).expect("a file"), b"0\n1\n4\n");
}

#[test]
fn a_usage_error_leaves_the_file_alone() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), "precious").expect("a file");
    let path = file.path().to_str().unwrap();
    let ended = pmap(&["--range", "0..3", "-o", path, "nonsense("]).run();
    assert_eq!(ended.status.code(), Some(2));
    assert_eq!(fs::read(path).expect("a file"), b"precious");
    let ended = pmap(&["-o", path]).input(Input::From(File::open(path).unwrap().into())).run();
    assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("is the file that items are read from"), "{}", ended.stderr);
    assert_eq!(fs::read(path).expect("a file"), b"precious");
}

#[test]
fn what_cannot_be_written_is_named() {
    for (path, says) in [
        ("/dev/full", "No space left"),
        ("/", "Is a directory"),
        ("/nowhere/at/all", "No such file"),
        ("/proc/version", "Permission denied"),
    ] {
        let ended = pmap(&["--range", "0..3", "-o", path]).run();
        let start = format!("pmap: cannot write results to '{path}', after 0 bytes: {says}");
        // Root may open what others may not, and is then told otherwise.
        let start = if path == "/proc/version" { start.split(',').next().unwrap() } else { &start };
        assert_eq!(ended.status.code(), Some(74), "{path}: {}", ended.stderr);
        assert!(ended.stderr.starts_with(start), "{path}: {}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 1, "{path}: {}", ended.stderr);
    }
}

#[test]
fn a_full_disk_leaves_whole_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("squares");
    // A limit that no line of the output ends at.
    let script = "ulimit -f 4096; exec \"$PMAP\" --workers 3 --range 0..1000000 -o \"$FILE\"";
    let ended = shell(script).env("FILE", &path).run();
    assert_eq!(ended.status.code(), Some(74), "{}", ended.stderr);
    assert!(ended.stderr.contains("File too large"), "{}", ended.stderr);
    let written = fs::read(&path).expect("a file");
    assert!(written.len() > 1 << 20);
    assert_whole_prefix(&written, &squares(0..1_000_000));
    let (past, limit) = (squares(0..1_000_000), written.len().next_multiple_of(1 << 10));
    assert_ne!(past[limit - 1], b'\n', "nothing was to be cut");
}

#[test]
fn a_signal_leaves_whole_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    for (nth, signal) in [Signal::INT, Signal::TERM, Signal::HUP].into_iter().enumerate() {
        let path = folder.path().join(nth.to_string());
        let range = format!("0..{}", i64::MAX);
        let mut run = pmap(&["--range", &range, "-o", path.to_str().unwrap()]).start();
        let length = || fs::metadata(&path).map_or(0, |it| it.len());
        run.until("some results", |_| length() > 100_000);
        run.signal(signal);
        run.finish_with(signal);
        let written = fs::read(&path).expect("a file");
        let count = i64::try_from(written.iter().filter(|byte| **byte == b'\n').count()).unwrap();
        assert_same(&written, &squares(0..count), "a prefix in whole lines");
    }
}

#[test]
fn a_pipe_by_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &path,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .expect("a pipe");
    let reader = {
        let path = path.clone();
        thread::spawn(move || fs::read(path))
    };
    pmap(&["--range", "0..100000", "-o", path.to_str().unwrap()]).run().expect(0, b"", "");
    assert_same(&reader.join().unwrap().unwrap(), &squares(0..100_000), "through a pipe");
    assert_eq!(fs::metadata(&path).unwrap().size(), 0);
}
