//! `--sandbox`: what a confined process cannot do, what it still can, and that there is no run without it.

mod support;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use rustix::process::{Pid, Signal};
use seccompiler::{SeccompAction, SeccompFilter};
use support::{Pmap, pmap, squares};

/// Where the confined child finds a file that is not its own; it is none, where this is not set.
const TARGET: &str = "PMAP_TEST_SANDBOX";

/// What is tried, and whether it must be denied.
type Act = (&'static str, bool, fn(&Path) -> io::Result<()>);

const ACTS: &[Act] = &[
    ("read a file", false, |at| fs::read(at).map(drop)),
    ("read /etc/passwd", false, |_| fs::read("/etc/passwd").map(drop)),
    ("list a folder", false, |_| fs::read_dir("/").map(drop)),
    ("write to /dev/null", false, |_| fs::write("/dev/null", "x")),
    ("start a program", false, |_| Command::new("true").status().map(drop)),
    ("start a thread", false, |_| {
        std::thread::Builder::new().spawn(|| ())?.join().map_err(|_| other())
    }),
    ("a pair of sockets", false, |_| UnixStream::pair().map(drop)),
    ("its own limits", false, |_| pmap::sys::limits::processor_time(1000)),
    ("signal its own child", false, |_| {
        let mut child = Command::new("sleep").arg("60").spawn()?;
        child.kill()?;
        child.wait().map(drop)
    }),
    ("write a file", true, |at| fs::write(at, "changed")),
    ("append to a file", true, |at| File::options().append(true).open(at).map(drop)),
    ("truncate a file", true, |at| File::options().write(true).truncate(true).open(at).map(drop)),
    ("make a file", true, |at| File::create(at.with_file_name("new")).map(drop)),
    ("make a file in /tmp", true, |_| tempfile::tempfile_in("/tmp").map(drop)),
    ("make a file in /dev/shm", true, |_| File::create("/dev/shm/pmap-test-sandbox").map(drop)),
    ("make a folder", true, |at| fs::create_dir(at.with_file_name("folder"))),
    ("make a link", true, |at| std::os::unix::fs::symlink(at, at.with_file_name("link"))),
    ("another name", true, |at| fs::hard_link(at, at.with_file_name("hard"))),
    ("remove a file", true, |at| fs::remove_file(at)),
    ("rename a file", true, |at| fs::rename(at, at.with_file_name("renamed"))),
    ("change a mode", true, |at| fs::set_permissions(at, fs::Permissions::from_mode(0o777))),
    ("change an owner", true, |at| std::os::unix::fs::chown(at, Some(0), Some(0))),
    ("change a time", true, |at| File::open(at)?.set_modified(std::time::SystemTime::UNIX_EPOCH)),
    ("listen on TCP", true, |_| TcpListener::bind("127.0.0.1:0").map(drop)),
    ("connect by TCP", true, |_| TcpStream::connect("127.0.0.1:1").map(drop)),
    ("send by UDP", true, |_| UdpSocket::bind("127.0.0.1:0").map(drop)),
    ("a local socket", true, |_| UnixDatagram::unbound().map(drop)),
    ("a program that writes", true, |at| {
        let status = Command::new("sh")
            .args(["-c", "echo x > \"$0\""])
            .arg(at)
            .stderr(std::process::Stdio::null())
            .status()?;
        if status.success() { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }),
    (PARENT, true, |_| Ok(rustix::process::test_kill_process(parent()?)?)),
    ("signal its parent's parent", true, |_| {
        let stat = fs::read_to_string(format!("/proc/{}/stat", parent()?.as_raw_pid()))?;
        // Behind the name, which may hold anything, come the state and the parent.
        let behind = stat.rsplit(')').next().unwrap_or_default();
        let number = behind.split_ascii_whitespace().nth(1).and_then(|number| number.parse().ok());
        let above = number.and_then(Pid::from_raw).ok_or_else(other)?;
        Ok(rustix::process::test_kill_process(above)?)
    }),
    ("signal everybody's parent", true, |_| Ok(rustix::process::test_kill_process(Pid::INIT)?)),
    ("a user namespace", true, |_| {
        // Which would make it master of its own mounts.
        let mut unshare = Command::new("unshare");
        let status = unshare.args(["-Ur", "true"]).stderr(std::process::Stdio::null()).status()?;
        if status.success() { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }),
];

/// What only a process that has been confined alone is denied.
const PARENT: &str = "signal its parent";

fn parent() -> io::Result<Pid> {
    rustix::process::getppid().ok_or_else(other)
}

fn other() -> io::Error {
    io::Error::other("not at all")
}

/// No test of its own: what [`a_confined_process_reads_and_computes_and_no_more`] starts.
#[test]
fn confined() {
    let Some(target) = std::env::var_os(TARGET) else { return };
    pmap::sys::sandbox::enter().expect("a kernel with a sandbox");
    try_acts(Path::new(&target));
}

/// No test of its own: what [`a_program_reads_and_computes_and_no_more`] has pmap start.
#[test]
fn confined_by_pmap() {
    let Some(target) = std::env::var_os(TARGET) else { return };
    try_acts(Path::new(&target));
}

fn try_acts(target: &Path) {
    for (name, _, act) in ACTS {
        let kind = match act(target) {
            Ok(()) => "allowed".to_owned(),
            Err(error) => format!("{:?}", error.kind()),
        };
        println!("act {name}: {kind}");
    }
}

/// Has one of the two above try everything with a file that is not its own; `but` is allowed all the same.
fn expect_denials(start: impl FnOnce(&Path) -> Pmap, but: Option<&str>) {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("file");
    fs::write(&target, "precious").expect("a file");
    let ended = start(&target).run();
    assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
    let text = String::from_utf8(ended.stdout).expect("text");
    let told: BTreeMap<_, _> =
        text.lines().filter_map(|line| line.split_once("act ")?.1.split_once(": ")).collect();
    for (name, is_denied, _) in ACTS {
        let is_denied = *is_denied && but != Some(*name);
        let want = if is_denied { "PermissionDenied" } else { "allowed" };
        assert_eq!(told.get(name), Some(&want), "{name}\n{text}");
    }
    assert_eq!(fs::read(&target).expect("a file"), b"precious");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

fn has_sandbox() -> bool {
    let checked = pmap::sys::sandbox::check();
    if let Err(error) = &checked {
        eprintln!("nothing is tested: {error}");
    }
    checked.is_ok()
}

#[test]
fn a_confined_process_reads_and_computes_and_no_more() {
    if !has_sandbox() {
        return;
    }
    let start = |target: &Path| {
        let mut child = Command::new(std::env::current_exe().expect("this program"));
        child.args(["--exact", "confined", "--nocapture"]).env(TARGET, target);
        Pmap::from(child)
    };
    expect_denials(start, None);
}

/// The same for what a worker starts. The worker is in the same sandbox, and its items are the program's own: that it can end
/// it costs it its result.
#[test]
fn a_program_reads_and_computes_and_no_more() {
    if !has_sandbox() {
        return;
    }
    let start = |target: &Path| {
        let this = std::env::current_exe().expect("this program").into_os_string();
        let words = ["--exact", "{}", "--nocapture", ":::", "confined_by_pmap"];
        let head = ["--sandbox", "--workers", "1", "--"].map(OsString::from);
        let words = head.into_iter().chain([this]).chain(words.map(OsString::from));
        pmap(&words.collect::<Vec<_>>()).env(TARGET, target)
    };
    expect_denials(start, Some(PARENT));
}

/// Shells start what they like, in pipes and in the background, of which nothing is left; and what one is denied, it says in
/// its own words.
#[test]
fn a_script_in_a_sandbox_is_a_script_like_any_other() {
    if !has_sandbox() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("file");
    fs::write(&target, "precious\n").expect("a file");
    let script = r#"
        read word
        echo "$word" | tr a-z A-Z | cat - "$TARGET"
        seq 100 2> /dev/null | awk '{ sum += $1 } END { print sum }'
        sleep 60 & kill $!
        wait $! 2> /dev/null
        echo $?
        sleep 60 > /dev/null 2>&1 &
    "#;
    let words = ["--sandbox", "--workers", "2", "--pipe", "--shell", "--", script];
    let run = pmap(&words).env("TARGET", &target).text("one\ntwo\n");
    run.run().expect(0, b"ONE\nprecious\n5050\n143\nTWO\nprecious\n5050\n143\n", "");
    let script = r#"echo x > "$1" || exit 9; echo done"#;
    let target = target.to_str().expect("text");
    let words = ["--sandbox", "--workers", "2", "--shell", "--", script, ":::"];
    let ended = pmap(&[&words[..], &["/dev/null", target]].concat()).run();
    assert_eq!((ended.status.code(), &ended.stdout[..]), (Some(1), &b"done\n"[..]));
    assert!(ended.stderr.contains("Permission denied"), "{}", ended.stderr);
    assert!(ended.stderr.contains("exited with code"), "{}", ended.stderr);
    assert_eq!(fs::read(target).expect("a file"), b"precious\n");
}

#[test]
fn a_run_in_a_sandbox_is_a_run_like_any_other() {
    if !has_sandbox() {
        return;
    }
    let arguments = ["--sandbox", "--workers", "3"];
    pmap(&[&arguments[..], &["--range", "0..30000"]].concat()).run().expect(
        0,
        &squares(0..30_000),
        "",
    );
    pmap(&arguments).text("3\n4\n").run().expect(0, b"9\n16\n", "");
    let task = "abort() if n == 3 else hang() if n == 5 else alloc(10**9) if n == 7 else n";
    let limits =
        ["--timeout", "1s", "--memory-limit", "64M", "--cpu-time", "5s", "--range", "0..9"];
    let ended = pmap(&[&arguments[..], &limits, &[task]].concat()).run();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert_eq!(ended.stdout, b"0\n1\n2\n4\n6\n8\n");
    assert_eq!(ended.stderr.lines().count(), 3, "{}", ended.stderr);
    // Its workers still end with it.
    let mut run = pmap(&[&arguments[..], &["--range", "0..9", "hang()"]].concat()).start();
    run.until_workers(3);
    run.signal(Signal::KILL);
    let (_, names) = run.finish_killed();
    assert!(names.is_empty());
}

/// A kernel without Landlock, as far as the run can tell.
#[test]
fn without_a_sandbox_there_is_no_run() {
    // landlock_create_ruleset, on all machines.
    let call = 444;
    let refused = SeccompAction::Errno(38); // ENOSYS
    let machine = std::env::consts::ARCH.try_into().expect("a machine with filters");
    let rules = [(call, Vec::new())].into_iter().collect();
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refused, machine);
    let filter: seccompiler::BpfProgram = filter.unwrap().try_into().unwrap();
    let folder = tempfile::tempdir().expect("a folder");
    let output = folder.path().join("output");
    fs::write(&output, "precious").expect("a file");
    let mut command = Command::new(support::PROGRAM);
    command.args(["--range", "0..5", "--sandbox", "-o"]).arg(&output);
    #[expect(unsafe_code, reason = "the filter must be there before the program is")]
    // SAFETY: prctl(2) and seccomp(2) are all that is called, and the filter was made before.
    unsafe {
        command.pre_exec(move || seccompiler::apply_filter(&filter).map_err(io::Error::other));
    }
    let ended = Pmap::from(command).run();
    assert_eq!(ended.status.code(), Some(3), "{}", ended.stderr);
    assert!(ended.stderr.starts_with("pmap: --sandbox cannot be kept: "), "{}", ended.stderr);
    assert!(ended.stderr.contains("Linux 6.12"), "{}", ended.stderr);
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert_eq!(ended.stdout, b"");
    assert_eq!(fs::read(&output).expect("a file"), b"precious");
}
