//! Processes that run one function, as a program sees them. Named after the rows of the conformance table where there is
//! one.

mod support;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::sync::mpsc;
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use pmap::Process;
use pmap::error::NotReady;
use pmap::process::{Passed, SpawnError, Task, wait_all, wait_any};
use rustix::process::{Pid, Signal};
use serde::{Deserialize, Serialize};

pmap::init_before_main!();

/// Longer than any test takes.
const LONG: u64 = 1000;

/// After this a test hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// Runs a test, and ends the whole program if it hangs: its processes end with it.
fn watched(test: impl FnOnce()) {
    let (over, is_over) = mpsc::channel::<()>();
    thread::spawn(move || {
        if is_over.recv_timeout(LIMIT) == Err(mpsc::RecvTimeoutError::Timeout) {
            eprintln!("a test hangs");
            process::abort();
        }
    });
    test();
    drop(over);
}

fn sleep(seconds: u64) {
    thread::sleep(Duration::from_secs(seconds));
}

/// The state and the parent of a process, if there is one.
fn state(pid: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// Waits until a process is gone, or is at least not ours to reap.
fn until_gone(pid: u32) {
    while state(pid).is_some_and(|(state, parent)| state != 'Z' || parent == process::id()) {
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn row_29_a_process_is_started_asked_and_joined() {
    watched(|| {
        let of_itself = |()| {
            let name = fs::read_to_string("/proc/self/comm").unwrap();
            let group = rustix::process::getpgrp() == rustix::process::getpid();
            (process::id(), std::os::unix::process::parent_id(), name.trim().to_owned(), group)
        };
        let w1 = Process::builder().name("w1").spawn(of_itself, ()).unwrap();
        assert_eq!(w1.name(), "w1");
        let (pid, parent, name, leads) = w1.join().unwrap();
        assert_eq!((pid, parent, name.as_str(), leads), (w1.id(), process::id(), "w1", true));
        assert!(!w1.is_alive());
        assert_eq!(w1.exit_status().unwrap().code(), Some(0));
        assert_eq!(state(pid), None, "it is reaped");
        assert_eq!(w1.join().unwrap().0, pid, "it can be asked again");
    });
}

#[test]
fn row_29_names_are_given_where_none_is() {
    watched(|| {
        let process = Process::spawn(|()| (), ()).unwrap();
        assert!(process.name().starts_with("process-"), "{}", process.name());
        assert!(matches!(
            Process::builder().name("a\0b").spawn(|()| (), ()),
            Err(SpawnError::System(_))
        ));
    });
}

#[test]
fn row_29_terminate_and_kill() {
    watched(|| {
        for (end, signal) in
            [(Process::terminate as fn(&Process<()>), Signal::TERM), (Process::kill, Signal::KILL)]
        {
            let process = Process::spawn(sleep, LONG).unwrap();
            assert!(process.is_alive());
            assert_eq!(process.exit_status(), None);
            end(&process);
            let error = process.join().unwrap_err();
            assert_eq!(error.signal(), Some(signal.as_raw()));
            assert_eq!(error.pid(), process.id());
            assert_eq!(process.exit_status().unwrap().signal(), Some(signal.as_raw()));
            // Once more does no harm, to nobody.
            end(&process);
        }
    });
}

#[test]
fn row_29_a_stopped_process_can_be_terminated() {
    watched(|| {
        let process = Process::spawn(sleep, LONG).unwrap();
        signal(process.id(), Signal::STOP);
        while state(process.id()).unwrap().0 != 'T' {
            thread::yield_now();
        }
        process.terminate();
        assert_eq!(process.join().unwrap_err().signal(), Some(Signal::TERM.as_raw()));
    });
}

fn signal(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

#[test]
fn row_30_join_timeout_returns_on_time() {
    watched(|| {
        let process = Process::spawn(sleep, LONG).unwrap();
        let start = Instant::now();
        for limit in [0, 1, 50] {
            assert_eq!(process.join_timeout(Duration::from_millis(limit)), None);
        }
        assert!(start.elapsed() >= Duration::from_millis(51), "not too early");
        assert!(process.is_alive());
        process.kill();
        assert!(process.join_timeout(LIMIT).unwrap().is_err());
        assert!(process.join_timeout(Duration::ZERO).unwrap().is_err());
    });
}

#[test]
fn row_30_a_wait_for_many_finds_those_that_have_ended() {
    watched(|| {
        let all: Vec<_> = [LONG, LONG, LONG, LONG]
            .map(|seconds| Process::spawn(sleep, seconds).unwrap())
            .into_iter()
            .collect();
        assert_eq!(wait_any(&all, Some(Duration::from_millis(5))), []);
        assert!(!wait_all(&all, Some(Duration::from_millis(5))));
        for (at, expected) in [(2, vec![2]), (0, vec![0, 2])] {
            all[at].kill();
            let _ = all[at].join();
            assert_eq!(wait_any(&all, None), expected);
        }
        assert!(!wait_all(&all, Some(Duration::ZERO)));
        all.iter().for_each(Process::kill);
        assert!(wait_all(&all, None));
        assert_eq!(wait_any(&all, None), [0, 1, 2, 3]);
        assert_eq!(wait_any(&Vec::<Process<()>>::new(), None), []);
    });
}

#[test]
fn row_30_many_threads_wait_for_one_and_its_descriptor_tells() {
    watched(|| {
        let process = Process::spawn(|n: u32| n + 1, 41).unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(process.join(), Ok(42)));
            }
        });
        let mut fds = [rustix::event::PollFd::new(&process, rustix::event::PollFlags::IN)];
        rustix::event::poll(&mut fds, None).unwrap();
        assert!(fds[0].revents().contains(rustix::event::PollFlags::IN));
    });
}

#[derive(Serialize, Deserialize)]
struct UpperCaser {
    texts: Vec<String>,
}

impl Task for UpperCaser {
    type Output = Vec<String>;

    fn run(self) -> Vec<String> {
        self.texts.iter().map(|text| text.to_uppercase()).collect()
    }
}

#[test]
fn row_31_a_struct_with_run_is_a_task() {
    watched(|| {
        let task = UpperCaser { texts: vec!["hello".into(), "wörld".into()] };
        let process = Process::builder().name("caser").start(task).unwrap();
        assert_eq!(process.join().unwrap(), ["HELLO", "WÖRLD"]);
        let task = UpperCaser { texts: vec![] };
        assert_eq!(Process::start(task).unwrap().join().unwrap(), [""; 0]);
    });
}

#[test]
fn row_31_every_exit_code_is_told() {
    watched(|| {
        for code in [0, 1, 7, 64, 65, 101, 127, 128, 200, 255] {
            let process: Process<()> = Process::spawn(|code| process::exit(code), code).unwrap();
            let error = process.join().unwrap_err();
            assert_eq!(error.exit_code(), Some(code));
            assert_eq!(process.exit_status().unwrap().code(), Some(code));
            assert!(error.to_string().contains(&format!("status {code}")), "{error}");
        }
    });
}

#[test]
fn row_31_signals_are_told() {
    watched(|| {
        for signal in [Signal::KILL, Signal::TERM, Signal::SEGV, Signal::ABORT, Signal::USR1] {
            let die = |number: i32| loop {
                // The standard library takes the first SIGSEGV for a fault that will repeat itself.
                let _ = Command::new("kill")
                    .args([format!("-{number}"), process::id().to_string()])
                    .status();
            };
            let process: Process<()> = Process::spawn(die, signal.as_raw()).unwrap();
            assert_eq!(process.join().unwrap_err().signal(), Some(signal.as_raw()));
        }
    });
}

#[test]
fn every_death_is_told() {
    #[expect(unconditional_recursion, reason = "it is what is tested")]
    fn overflow(n: u64) -> u64 {
        let pad = [n; 64];
        std::hint::black_box(overflow(n + 1)) + std::hint::black_box(pad)[(n % 64) as usize]
    }
    watched(|| {
        let abort: Process<()> = Process::spawn(|()| process::abort(), ()).unwrap();
        assert_eq!(abort.join().unwrap_err().signal(), Some(Signal::ABORT.as_raw()));

        let overflowing = Process::spawn(overflow, 0).unwrap();
        let signal = overflowing.join().unwrap_err().signal();
        assert!([Signal::SEGV, Signal::ABORT].map(|s| Some(s.as_raw())).contains(&signal));

        let killed = Process::spawn(sleep, LONG).unwrap();
        self::signal(killed.id(), Signal::KILL);
        assert_eq!(killed.join().unwrap_err().signal(), Some(Signal::KILL.as_raw()));
    });
}

#[test]
fn a_panic_is_told_with_its_place() {
    watched(|| {
        let process: Process<u8> = Process::spawn(|n: u8| panic!("no {n} today"), 3).unwrap();
        let error = process.join().unwrap_err();
        let panic = error.panic().expect("a panic");
        assert_eq!(panic.message, "no 3 today");
        let (file, line) = panic.place.as_ref().expect("a place");
        assert!(file.ends_with("process.rs") && *line > 0);
        assert!(panic.backtrace.contains("process"));
        assert_eq!(process.exit_status().unwrap().code(), Some(101));
        assert!(error.to_string().contains("no 3 today"), "{error}");
    });
}

#[test]
fn a_result_may_be_an_error_of_its_own() {
    watched(|| {
        let parse = |text: String| text.parse::<i32>().map_err(|error| error.to_string());
        assert_eq!(Process::spawn(parse, "7".to_owned()).unwrap().join().unwrap(), Ok(7));
        assert!(Process::spawn(parse, "x".to_owned()).unwrap().join().unwrap().is_err());
    });
}

/// Refuses to be written if it is 1, and to be read if it is 2.
struct Moody(u8);

impl Serialize for Moody {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 == 1 {
            Err(serde::ser::Error::custom("no"))
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Moody {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            2 => Err(serde::de::Error::custom("no")),
            other => Ok(Self(other)),
        }
    }
}

#[test]
fn what_cannot_be_sent_is_an_error() {
    watched(|| {
        assert!(matches!(Process::spawn(|_: Moody| (), Moody(1)), Err(SpawnError::Argument(_))));
        let unread = Process::spawn(|_: Moody| (), Moody(2)).unwrap();
        assert!(unread.join().unwrap_err().is_codec());
        let unwritten = Process::spawn(Moody, 1).unwrap();
        assert!(unwritten.join().err().unwrap().is_codec());
        let unreadable = Process::spawn(Moody, 2).unwrap();
        assert!(unreadable.join().err().unwrap().is_codec());
        assert_eq!(unreadable.exit_status().unwrap().code(), Some(0));
    });
}

/// The trap of `multiprocessing.Queue`: a child that waits for somebody to read its result, and a parent that waits for
/// its end.
#[test]
fn large_arguments_and_results_wait_for_nobody() {
    watched(|| {
        let text = "0123456789".repeat(10 << 20);
        let process = Process::spawn(|text: String| text + "!", text.clone()).unwrap();
        while process.is_alive() {
            thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(process.exit_status().unwrap().code(), Some(0));
        assert!(process.join().unwrap() == text + "!");
    });
}

#[test]
fn a_descriptor_can_be_passed_both_ways() {
    watched(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (stream, _) = listener.accept().unwrap();
        let process = Process::spawn(
            |stream: Passed<TcpStream>| {
                let mut stream = stream.into_inner();
                stream.write_all(b"from the process").unwrap();
                Passed::new(stream)
            },
            Passed::new(stream),
        )
        .unwrap();
        let mut stream = process.join().unwrap().into_inner();
        stream.write_all(b", and back").unwrap();
        drop(stream);
        process.join().unwrap().into_inner().shutdown(std::net::Shutdown::Both).unwrap();
        drop(process);
        let mut text = String::new();
        client.read_to_string(&mut text).unwrap();
        assert_eq!(text, "from the process, and back");
    });
}

#[test]
fn only_a_process_can_be_passed_a_descriptor() {
    let file = fs::File::open("/dev/null").unwrap();
    assert!(postcard::to_stdvec(&Passed::new(file)).is_err());
    assert!(postcard::from_bytes::<Passed<fs::File>>(&[0]).is_err());
}

#[test]
fn too_many_descriptors_are_an_error() {
    watched(|| {
        let pass = |count: usize| {
            let files: Vec<_> =
                (0..count).map(|_| Passed::new(fs::File::open("/dev/null").unwrap())).collect();
            Process::spawn(|files: Vec<Passed<fs::File>>| files.len(), files)
        };
        // One of the 253 that go with a message is the argument.
        assert_eq!(pass(252).unwrap().join().unwrap(), 252);
        assert!(matches!(pass(253), Err(SpawnError::System(_))));
    });
}

/// A function gone mad: says something over the control socket, with a descriptor, and returns.
fn meddle((message, with_pipe): (Vec<u8>, bool)) -> u32 {
    let (read, _write) = rustix::pipe::pipe().unwrap();
    for entry in fs::read_dir("/proc/self/fd").unwrap() {
        let path = entry.unwrap().path();
        let is_socket =
            fs::read_link(&path).is_ok_and(|to| to.display().to_string().contains("socket:"));
        let number: i32 = path.file_name().unwrap().to_str().unwrap().parse().unwrap();
        if is_socket && number > 2 {
            #[expect(unsafe_code, reason = "a stray write needs no permission")]
            // SAFETY: it is open for as long as this process lives.
            let socket = unsafe { BorrowedFd::borrow_raw(number) };
            let descriptors = [read.as_fd()];
            let descriptors = if with_pipe { &descriptors[..] } else { &[] };
            pmap::sys::passing::send_now(socket, &message, descriptors).unwrap();
        }
    }
    7
}

#[test]
fn a_process_that_meddles_with_its_socket_harms_itself() {
    watched(|| {
        let done = pmap::wire::encode(&pmap::wire::Report::Done).unwrap();
        for (message, with_pipe) in [
            (vec![0xFF; 100], false),
            (vec![0; 100_000], false),
            (done.clone(), false),
            (done, true),
        ] {
            let process = Process::spawn(meddle, (message, with_pipe)).unwrap();
            assert!(process.join().is_err());
            assert_eq!(process.exit_status().unwrap().code(), Some(0));
        }
    });
}

/// Whatever else is open in the parent stays there.
#[test]
fn row_28_nothing_else_is_inherited() {
    watched(|| {
        let open = |()| -> Vec<String> {
            let fds = fs::read_dir("/proc/self/fd").unwrap().map(|fd| fd.unwrap().path());
            let fds = fds.filter_map(|fd| Some(fs::read_link(fd).ok()?.display().to_string()));
            fds.collect()
        };
        let file = fs::File::open("/etc/passwd").unwrap();
        rustix::io::fcntl_setfd(&file, rustix::io::FdFlags::empty()).unwrap();
        let targets = Process::spawn(open, ()).unwrap().join().unwrap();
        assert!(targets.iter().all(|target| !target.contains("passwd")), "{targets:?}");
        // stdin, stdout, stderr, the socket and the guard's, and the folder itself.
        assert_eq!(targets.iter().filter(|target| target.contains("socket")).count(), 2);
        assert_eq!(targets[0], "/dev/null");
        assert!(targets.len() <= 6, "{targets:?}");
    });
}

#[test]
fn row_28_a_thousand_processes_leave_no_descriptor() {
    // In a process of their own, where no other test opens anything.
    fn count() -> usize {
        fs::read_dir("/proc/self/fd").unwrap().count()
    }
    watched(|| {
        let thousand = |()| {
            let one = || assert_eq!(Process::spawn(|n: u32| n, 1).unwrap().join(), Ok(1));
            one();
            let before = count();
            (0..1000).for_each(|_| one());
            (before, count())
        };
        let (before, after) = Process::spawn(thousand, ()).unwrap().join().unwrap();
        assert_eq!(before, after);
    });
}

#[test]
fn row_23_nobody_who_has_ended_is_a_zombie() {
    watched(|| {
        let ended = Process::spawn(|()| (), ()).unwrap();
        // Nobody joins it.
        until_gone(ended.id());
        assert!(!ended.is_alive());
        let dropped = Process::spawn(sleep, LONG).unwrap();
        let pid = dropped.id();
        drop(dropped);
        assert_eq!(state(pid), None);
    });
}

/// Starts a process and a program, and tells their ids; then sleeps.
#[expect(clippy::zombie_processes, reason = "what becomes of it is what is tested")]
fn have_children(to: Passed<fs::File>) {
    let mut to = to.into_inner();
    let nested = Process::spawn(sleep, LONG).unwrap();
    let program = Command::new("sleep").arg("1000").spawn().unwrap();
    writeln!(to, "{} {}", nested.id(), program.id()).unwrap();
    drop(to);
    sleep(LONG);
}

/// A process that has children, and their ids.
fn parent_of_two() -> (Process<()>, Vec<u32>) {
    let (read, write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).unwrap();
    let process = Process::spawn(have_children, Passed::new(write.into())).unwrap();
    let mut text = String::new();
    fs::File::from(read).read_to_string(&mut text).unwrap();
    let pids = text.split_whitespace().map(|pid| pid.parse().unwrap()).collect();
    (process, pids)
}

#[test]
fn row_26_grandchildren_die_with_their_parent() {
    watched(|| {
        let ends: [fn(&Process<()>); 3] = [
            Process::terminate,
            Process::kill,
            // From outside.
            |process| signal(process.id(), Signal::KILL),
        ];
        for end in ends {
            let (process, pids) = parent_of_two();
            assert_eq!(pids.len(), 2);
            assert!(pids.iter().all(|pid| state(*pid).is_some()));
            end(&process);
            assert!(process.join().is_err());
            pids.into_iter().for_each(until_gone);
        }
    });
}

#[test]
fn row_26_a_function_that_returns_takes_along_what_it_has_started() {
    watched(|| {
        let leave = |()| Command::new("sleep").arg("1000").spawn().unwrap().id();
        let left = Process::spawn(leave, ()).unwrap().join().unwrap();
        until_gone(left);
    });
}

/// How deep below this one processes can be started, and why no deeper.
fn depth(at: u32) -> (u32, String) {
    match Process::spawn(depth, at + 1) {
        Ok(process) => process.join().unwrap(),
        Err(error) => (at, error.to_string()),
    }
}

#[test]
fn row_45_processes_have_processes_to_a_limit() {
    watched(|| {
        let (levels, error) = depth(0);
        assert_eq!(levels, pmap::entry::MAX_DEPTH);
        assert!(error.contains("8 levels below the program"), "{error}");
    });
}

#[test]
fn an_ignored_sigchld_is_refused() {
    // By what starts the program: it is a setting of a whole process, and goes on to what that starts.
    fn ignore(default: bool) -> String {
        let output = Command::new("env")
            .arg(if default { "--default-signal=CHLD" } else { "--ignore-signal=CHLD" })
            .arg(env::current_exe().unwrap())
            .args(["--exact", "fixture_spawn", "--nocapture"])
            .env(FIXTURE, "spawn")
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
    assert!(ignore(false).contains("ignores SIGCHLD"), "{}", ignore(false));
    assert!(ignore(true).contains("answer 42"), "{}", ignore(true));
}

/// Set for a run of this program whose fixtures do something.
const FIXTURE: &str = "PMAP_TEST_FIXTURE";

/// Starts a process and says what comes out, if it is asked to.
#[test]
fn fixture_spawn() {
    match env::var(FIXTURE).as_deref() {
        Ok("spawn") => {}
        Ok("deleted") => fs::remove_file(env::current_exe().unwrap()).unwrap(),
        _ => return,
    }
    match Process::spawn(|n: u32| n + 2, 40) {
        Ok(process) => println!("answer {}", process.join().unwrap()),
        Err(error) => println!("{error}"),
    }
}

#[test]
fn row_64_the_program_is_found_however_it_was_started() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(env::current_exe().unwrap(), folder.path().join("copied-test")).unwrap();
    let run = |program: &str, fixture: &str| {
        let output = Command::new(program)
            .args(["--exact", "fixture_spawn", "--nocapture"])
            .current_dir(folder.path())
            .env("PATH", folder.path())
            .env(FIXTURE, fixture)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("answer 42"), "{program}: {text}");
        assert_eq!(text.matches("answer").count(), 1, "{text}");
    };
    run("./copied-test", "spawn");
    run("copied-test", "spawn");
    // From now on there is no such file any more.
    run("./copied-test", "deleted");
    assert!(!folder.path().join("copied-test").exists());
}

#[test]
fn row_64_by_hand_nobody_becomes_a_worker() {
    for arguments in [&["__worker"][..], &["__worker", "process"]] {
        let output = Command::new(env::current_exe().unwrap()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(64));
        assert!(output.stdout.is_empty(), "no test has run");
        assert!(String::from_utf8_lossy(&output.stderr).contains("by hand"));
    }
}

#[test]
fn errors_say_what_to_do() {
    assert!(NotReady::NotInitialised.to_string().contains("first line of `main`"));
}

#[test]
fn a_process_reads_nothing_and_prints_where_its_parent_prints() {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "fixture_print", "--nocapture"])
        .env(FIXTURE, "print")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("read 0 bytes"), "{text}");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("panicked at") && text.contains("as loud as ever"), "{text}");
}

#[test]
fn fixture_print() {
    if env::var(FIXTURE).as_deref() != Ok("print") {
        return;
    }
    let print = |()| {
        let mut text = Vec::new();
        std::io::stdin().read_to_end(&mut text).unwrap();
        println!("read {} bytes", text.len());
        panic!("as loud as ever");
    };
    let process: Process<()> = Process::spawn(print, ()).unwrap();
    assert!(process.join().is_err());
}

/// What [`Process`] promises to threads.
#[test]
fn handles_can_go_to_other_threads() {
    fn is_send_and_sync<T: Send + Sync>() {}
    is_send_and_sync::<Process<std::rc::Rc<()>>>();
    let process = Process::spawn(|()| 1, ()).unwrap();
    let process = thread::spawn(move || process).join().unwrap();
    // The thread that started it is gone, and it is still there.
    assert_eq!(process.join().unwrap(), 1);
    let _ = process.as_fd();
}
