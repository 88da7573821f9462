//! Surroundings that are poor or unfriendly: little shared memory, few descriptors, no `/proc`, odd settings that
//! were inherited, and another user of the same machine.

mod support;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rustix::process::Signal;
use support::{
    Input, PROGRAM, Pmap, Process, assert_same, lines, names_in_shm, pmap, shell, squares,
};

/// What is run everywhere, behind `exec`.
const RUN: &str = r#"exec "$PMAP" --workers 4 --range 0..1000"#;

/// Whoever is nobody in particular.
const STRANGER: u32 = 65534;

/// A run may do its work, or say in one line why it cannot and what would help.
fn expect_right_or_refused(run: Pmap, what: &str) {
    let ended = run.run();
    if ended.status.code() == Some(3) {
        eprintln!("{what}: refused: {}", ended.stderr.trim_end());
        assert_eq!(ended.stderr.lines().count(), 1, "{what}: {}", ended.stderr);
        assert!(ended.stderr.starts_with("pmap: cannot "), "{what}: {}", ended.stderr);
        assert!(ended.stderr.contains("--workers"), "{what}: {}", ended.stderr);
        assert_same(&ended.stdout, &squares(0..1000)[..ended.stdout.len()], what);
    } else {
        assert_eq!(ended.status.code(), Some(0), "{what}: {}", ended.stderr);
        assert_eq!(ended.stderr, "", "{what}");
        assert_same(&ended.stdout, &squares(0..1000), what);
    }
}

fn expect_right(run: Pmap, what: &str) {
    let ended = run.run();
    assert_eq!(ended.status.code(), Some(0), "{what}: {}", ended.stderr);
    assert_eq!(ended.stderr, "", "{what}");
    assert_same(&ended.stdout, &squares(0..1000), what);
}

/// Whether mounts can be made that only one process sees; says so if not.
fn can_mount() -> bool {
    let script = "mount -t tmpfs none /mnt";
    let tried = Command::new("unshare").args(["-m", "sh", "-c", script]).output();
    let can = tried.is_ok_and(|tried| tried.status.success());
    if !can {
        eprintln!("SKIPPED: nobody here may make mounts of his own (unshare -m)");
    }
    can
}

/// A run among mounts of its own.
fn among(mounts: &str) -> Pmap {
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", &format!("{mounts} && {RUN}")]).env("PMAP", PROGRAM);
    Pmap::from(command)
}

#[test]
fn shared_memory_that_is_small_or_read_only_or_absent() {
    if !can_mount() {
        return;
    }
    for mounts in [
        "mount -t tmpfs -o size=1m none /dev/shm",
        "mount -t tmpfs -o size=4k none /dev/shm",
        "mount -t tmpfs -o ro none /dev/shm",
        "mount -t tmpfs none /dev",
        "mount -t tmpfs -o size=1m none /dev/shm && ulimit -v 400000",
    ] {
        // Without any /dev there is no /dev/null either, which a worker cannot do without.
        if mounts.ends_with("/dev") {
            let mounts = format!("{mounts} && mknod -m 666 /dev/null c 1 3");
            expect_right(among(&mounts), &mounts);
        } else {
            expect_right(among(mounts), mounts);
        }
    }
}

#[test]
fn no_proc() {
    if can_mount() {
        expect_right(among("mount -t tmpfs none /proc"), "no /proc");
    }
}

#[test]
fn few_descriptors() {
    for count in [64, 24, 16, 12, 10, 8, 6] {
        let what = format!("{count} descriptors");
        expect_right_or_refused(shell(&format!("ulimit -n {count}; {RUN}")), &what);
    }
}

#[test]
fn settings_that_were_inherited() {
    for setting in ["umask 0", "umask 777", "trap '' CHLD", "trap '' PIPE", "exec <&-", "exec 2>&1"]
    {
        expect_right(shell(&format!("{setting}; {RUN}")), setting);
    }
}

/// A command of a stranger, if we may become one; says so if not.
fn as_stranger(script: &str) -> Option<Command> {
    let mut command = Command::new("setpriv");
    let id = STRANGER.to_string();
    command.args(["--reuid", &id, "--regid", &id, "--clear-groups", "sh", "-c"]);
    let tried = Command::new("setpriv")
        .args(["--reuid", &id, "--regid", &id, "--clear-groups", "test", "-x", PROGRAM])
        .stderr(Stdio::null())
        .status();
    if !tried.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: we may not become another user, or he may not run {PROGRAM}");
        return None;
    }
    command.arg(script).env("PMAP", PROGRAM);
    Some(command)
}

/// The limit is on all processes of a user, and does not hold for root.
#[test]
fn few_processes() {
    for count in [1, 2, 4, 8] {
        // `dash` has no limit on processes; `prlimit` sets it whatever the shell.
        let script = format!(
            r#"prlimit --nproc={count}: true && exec prlimit --nproc={count} "$PMAP" --workers 4 --range 0..1000"#
        );
        let Some(command) = as_stranger(&script) else { return };
        expect_right_or_refused(Pmap::from(command), &format!("{count} processes"));
    }
}

fn try_as_stranger(script: &str) -> Option<Output> {
    Some(as_stranger(script)?.output().expect("a command"))
}

#[test]
fn a_stranger_sees_and_touches_nothing() {
    // Its input stays open, so that it lives for as long as he tries.
    let mut run = pmap(&["--workers", "3", "n**2 + sleep(0.002)"]).input(Input::Open).start();
    let stdin = run.stdin.as_mut().expect("a pipe");
    stdin.write_all(&lines(0..2000)).expect("a reader");
    run.until_workers(3);
    let all: Vec<Process> = run.workers().into_iter().chain(Process::of(run.pid())).collect();
    for process in &all {
        let pid = process.pid;
        let descriptors = process.descriptors();
        assert!(!descriptors.is_empty(), "{process:?}");
        let opened = descriptors.iter().flat_map(|(number, _)| {
            [format!("cat /proc/{pid}/fd/{number}"), format!("echo > /proc/{pid}/fd/{number}")]
        });
        let attempts = [
            format!("cat /proc/{pid}/maps"),
            format!("cat /proc/{pid}/environ"),
            format!("head -c 1 /proc/{pid}/mem"),
            format!("ls /proc/{pid}/fd"),
            format!("ls /proc/{pid}/map_files"),
            format!("cat /proc/{pid}/syscall"),
            format!("cat /proc/{pid}/stack"),
            format!("kill -0 {pid}"),
            format!("kill -STOP {pid}"),
            format!("env kill -KILL -- -{pid}"),
        ];
        for attempt in attempts.into_iter().chain(opened) {
            let Some(tried) = try_as_stranger(&attempt) else { return };
            assert!(!tried.status.success(), "{attempt}");
            assert_eq!(tried.stdout, b"", "{attempt}");
            let says = String::from_utf8_lossy(&tried.stderr);
            let is_denied = says.contains("ermission denied") || says.contains("not permitted");
            assert!(is_denied, "{attempt}: {says}");
        }
    }
    // Nothing has a name that he could open, unlink or connect to: neither the memory nor the sockets.
    assert_eq!(names_in_shm(run.pid()), [""; 0]);
    let sockets = fs::read_to_string("/proc/net/unix").expect("Linux");
    let mut counted = 0;
    for inode in all
        .iter()
        .flat_map(Process::descriptors)
        .filter_map(|(_, what)| Some(what.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
    {
        // Behind a socket's inode stands its name, if it has one.
        let is_it = |line: &&str| line.split_whitespace().nth(6) == Some(&inode);
        if let Some(line) = sockets.lines().find(is_it) {
            assert_eq!(line.split_whitespace().count(), 7, "{line}");
            counted += 1;
        }
    }
    assert!(
        counted >= 2 * 3,
        "a socket and its other end for each worker, of which {counted} were found"
    );
    run.finish().expect(0, &squares(0..2000), "");
}

/// Names of somebody else's in `/dev/shm` are in nobody's way, and are left alone.
#[test]
fn names_that_a_stranger_has_taken_change_nothing() {
    let us = rustix::process::getuid().as_raw();
    let namespace = fs::metadata("/proc/self/ns/pid").map(|it| {
        use std::os::unix::fs::MetadataExt as _;
        it.ino()
    });
    let namespace = namespace.expect("Linux");
    // As if of a supervisor of ours that is dead, and a link to a file that must not be touched.
    let name = format!("/dev/shm/pmap-{us}-{namespace}-1073741824-1-{:032x}", 7);
    let link = format!("/dev/shm/pmap-{us}-{namespace}-1073741825-1-{:032x}", 7);
    let target = tempfile::NamedTempFile::new().expect("a file");
    let path = target.path().display();
    let Some(taken) = try_as_stranger(&format!("echo > {name}; ln -s {path} {link}")) else {
        return;
    };
    assert!(taken.status.success(), "{taken:?}");
    // Names of ours are ours to remove.
    let own = format!("/dev/shm/pmap-{us}-{namespace}-test-{}", std::process::id());
    fs::write(&own, "").expect("/dev/shm is there");
    let removed = try_as_stranger(&format!("rm -f {own}; echo > {own}; mv {own} {own}x"));
    let is_there = fs::read(&own);
    let _ = fs::remove_file(&own);
    assert_eq!(is_there.ok(), Some(Vec::new()), "{removed:?}");
    let before = fs::metadata(target.path()).expect("a file").permissions().mode();
    pmap(&["--workers", "4", "--range", "0..1000"]).run().expect(0, &squares(0..1000), "");
    let still = [&name, &link].map(|name| fs::symlink_metadata(Path::new(name)).is_ok());
    for name in [&name, &link] {
        let _ = fs::remove_file(name);
    }
    let after = fs::metadata(target.path()).expect("it was not removed").permissions().mode();
    assert_eq!((before, fs::read(target.path()).expect("a file")), (after, Vec::new()));
    // Whoever is root may clear them away, or leave them: they say that they were ours.
    eprintln!("the names are there afterwards: {still:?}");
}

/// The file is a stranger's run's own business, too.
#[test]
fn a_stranger_can_run_it() {
    let Some(command) = as_stranger(RUN) else { return };
    expect_right(Pmap::from(command), "a stranger");
    let Some(command) = as_stranger(r#"exec "$PMAP" --range 0..1000000 'hang()'"#) else { return };
    let mut run = Pmap::from(command).start();
    run.until_workers(std::thread::available_parallelism().expect("cores").get());
    run.signal(Signal::TERM);
    run.finish_with(Signal::TERM);
}
