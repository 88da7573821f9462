//! The examples, run as a reader would run them.

mod support;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use support::{Pmap, Process, Random, Run, processes};

/// An example with these arguments.
fn example(name: &str, arguments: &[&str]) -> Pmap {
    let program = Path::new(support::PROGRAM).with_file_name("examples").join(name);
    assert!(program.exists(), "no {}: `cargo build --examples` makes it", program.display());
    let mut command = Command::new(program);
    command.args(arguments).env("RUST_BACKTRACE", "0");
    Pmap::from(command)
}

/// What an example prints, of one that must succeed.
fn output(name: &str) -> String {
    let ended = example(name, &[]).run();
    assert!(ended.status.success(), "{}\n{}", ended.status, ended.stderr);
    String::from_utf8(ended.stdout).expect("text")
}

/// The number behind `word` in a line.
fn number(line: &str, word: &str) -> u32 {
    let (_, behind) = line.split_once(word).unwrap_or_else(|| panic!("no {word} in {line}"));
    let digits = behind.trim_start().split(|c: char| !c.is_ascii_digit()).next();
    digits.unwrap().parse().unwrap_or_else(|_| panic!("no number behind {word} in {line}"))
}

#[test]
fn row_29_process_two_ways() {
    let text = output("process_two_ways");
    let find = |what: &str| text.lines().find(|line| line.contains(what)).expect(what);
    let program = number(find("the program"), "pid");
    let mut pids = vec![program];
    for way in ["square(12):", "Greeting:"] {
        assert_eq!(number(find(way), "parent"), program);
        pids.push(number(find(way), "pid"));
    }
    let started = format!("started: pids {} and {}", pids[1], pids[2]);
    assert_eq!(find("started"), started);
    pids.sort_unstable();
    pids.dedup();
    assert_eq!(pids.len(), 3, "a number for each");
    assert_eq!(find("the function returned"), "the function returned 144");
    assert_eq!(find("the struct"), "the struct returned \"hello, process! hello, process!\"");
}

#[test]
fn row_29_join_and_status() {
    let ended = example("join_and_status", &[]).run();
    let text = String::from_utf8(ended.stdout).expect("text");
    let without_times = text.lines().filter(|line| !line.starts_with("all three took"));
    let expected = "\
-- joined in the order in which they were started
long: slept 300 ms
short: slept 100 ms
middle: slept 200 ms
-- met in the order in which they end
slept 50 ms
slept 600 ms
-- somebody who takes too long
sleeper: no result after 100 ms
sleeper: alive true, status None
sleeper: SIGTERM
sleeper: alive false, status Some(\"signal: 15 (SIGTERM)\")
-- how others end
returned: exit status: 0
exited: exit status: 7
aborted: signal: 6 (SIGABRT)
panicked: exit status: 101: out of tea";
    assert_eq!(without_times.collect::<Vec<_>>().join("\n"), expected);
    assert!(ended.stderr.contains("panicked at") && ended.stderr.contains("out of tea"));
}

#[test]
fn row_45_grandchildren() {
    let text = output("grandchildren");
    let mut levels: BTreeMap<u32, u32> = BTreeMap::new();
    let mut parents = Vec::new();
    for line in text.lines().filter(|line| line.contains("level ")) {
        let (pid, level) = (number(line, "pid"), number(line, "level"));
        assert_eq!(levels.insert(pid, level), None, "{text}");
        parents.push((level, number(line, "parent")));
    }
    assert_eq!(levels.len(), 1 + 2 + 4, "{text}");
    for (level, parent) in parents.into_iter().filter(|(level, _)| *level > 0) {
        assert_eq!(levels[&parent], level - 1, "{text}");
    }
    assert!(text.contains("\n6 processes below this one\n"), "{text}");
    assert!(text.contains(&format!("at most {} levels", pmap::entry::MAX_DEPTH)), "{text}");
}

/// A tree of seven processes that stays.
fn tree() -> Run {
    let mut tree = example("grandchildren", &["stay"]).start();
    tree.until("all seven", |tree| tree.lines() == 7);
    tree
}

#[test]
fn who_waits_for_others_uses_no_time() {
    let mut tree = tree();
    tree.until_quiet();
    tree.signal(Signal::KILL);
    tree.finish_killed();
}

#[test]
fn row_26_of_a_killed_program_nothing_is_left() {
    let tree = tree();
    tree.signal(Signal::KILL);
    tree.finish_killed();
}

/// Trees that are killed at the top while they grow: no moment is one at which anybody could be left.
fn killed_while_they_grow(count: u32) {
    let mut random = Random::new();
    eprintln!("PMAP_SEED={}", random.seed);
    let mut slowest = Duration::ZERO;
    for _ in 0..count {
        let tree = example("grandchildren", &["stay"]).start();
        thread::sleep(random.time(Duration::from_millis(15)));
        tree.signal(Signal::KILL);
        let (took, _) = tree.finish_killed();
        slowest = slowest.max(took);
    }
    eprintln!("{count} trees, gone after at most {slowest:?}");
}

#[test]
fn row_26_nothing_is_left_of_a_tree_that_is_killed_while_it_grows() {
    killed_while_they_grow(20);
}

#[test]
#[ignore = "long: a thousand trees"]
fn nothing_is_left_of_a_thousand_trees() {
    killed_while_they_grow(1000);
}

#[test]
fn row_26_even_where_everybody_below_it_is_stopped() {
    let mut tree = tree();
    for process in tree.workers() {
        process.signal(Signal::STOP);
    }
    // The kernel wakes whoever is stopped when its parent dies, but not who is only about to be.
    tree.until("all stopped", |tree| tree.workers().iter().all(Process::is_stopped));
    tree.signal(Signal::KILL);
    tree.finish_killed();
}

#[test]
fn row_26_of_a_killed_process_nothing_is_left_below_it() {
    let mut tree = tree();
    let pid = tree.pid();
    let child = tree.workers().into_iter().find(|process| process.parent == pid).expect("two");
    assert!(child.signal(Signal::KILL));
    // Its parent finds that it has no number to add, and panics; so the whole tree is gone.
    tree.until("the end", Run::has_ended);
    tree.until("nobody", |tree| tree.workers().is_empty());
}

#[test]
fn row_23_orphans_and_zombies() {
    let expected = "\
a child that nobody waits for: 1 zombie
after waiting for it: 0 zombies
20 processes that nobody has joined: 0 zombies
their results are there all the same: 190
one that was dropped: 0 children
a child that was left running: gone
a grandchild after kill -9: gone
at the end: 0 children, 0 zombies
";
    let mut run = example("orphans_and_zombies", &[]).start();
    run.until("its end", Run::has_ended);
    // Those whose parents were killed are left to `init`, which is us here.
    run.reap_orphans();
    let ended = run.finish();
    assert_eq!(String::from_utf8(ended.stdout).expect("text"), expected);
}

/// An echo server with so many places, and where it listens.
fn server(places: &str) -> (Run, SocketAddr) {
    let mut server = example("echo_server", &["127.0.0.1:0", places]).open_stdout().start();
    let mut line = String::new();
    let stdout = server.stdout.take().expect("a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let address = line.trim().strip_prefix("listening on ").expect("where");
    (server, address.parse().expect("an address"))
}

/// Ends a server; nothing may be left of it.
fn end(server: Run) {
    server.signal(Signal::KILL);
    server.finish_killed();
}

/// Says a line, and hears the answer.
fn ask(stream: &mut TcpStream, text: &str) -> String {
    writeln!(stream, "{text}").expect("somebody there");
    let mut answer = vec![0; text.len() + 1];
    stream.read_exact(&mut answer).expect("an answer");
    String::from_utf8(answer).expect("text").trim_end().to_owned()
}

#[test]
fn the_echo_server_answers_in_capitals() {
    let (server, address) = server("4");
    let text = ["hello", "how are you?"];
    let client = example("echo_client", &[&address.to_string(), text[0], text[1]]).run();
    client.expect(0, b"HELLO\nHOW ARE YOU?\n", "");
    let client = example("echo_client", &[&address.to_string()]).text("from\nstdin\n").run();
    client.expect(0, b"FROM\nSTDIN\n", "");
    end(server);
}

#[test]
fn each_connection_has_a_process_of_its_own_up_to_a_limit() {
    let (mut server, address) = server("2");
    let mut streams: Vec<_> =
        (0..3).map(|_| TcpStream::connect(address).expect("the system's queue has room")).collect();
    assert_eq!(ask(&mut streams[0], "one"), "ONE");
    assert_eq!(ask(&mut streams[1], "two"), "TWO");
    assert_eq!(server.workers().len(), 2);
    // The third one waits, until a place is free.
    writeln!(streams[2], "three").expect("the system takes it");
    streams[2].set_read_timeout(Some(Duration::from_millis(100))).expect("a time");
    let waits = streams[2].read(&mut [0; 6]).expect_err("nobody serves it").kind();
    assert!(matches!(waits, ErrorKind::WouldBlock | ErrorKind::TimedOut));
    assert_eq!(server.workers().len(), 2);

    streams[2].set_read_timeout(None).expect("no time");
    drop(streams.remove(0));
    let mut answer = [0; 6];
    streams[1].read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"THREE\n");
    server.until("two again", |server| server.workers().len() == 2);
    end(server);
}

/// Hangs up without a word of farewell: the other side's next read fails.
fn hang_up(stream: TcpStream) {
    rustix::net::sockopt::set_socket_linger(&stream, Some(Duration::ZERO)).expect("a socket");
    drop(stream);
}

#[test]
fn a_thousand_connections_leave_no_zombie() {
    let (mut server, address) = server("8");
    for n in 0..1000 {
        let mut stream = TcpStream::connect(address).expect("it still listens");
        match n % 4 {
            // Not a word.
            0 => drop(stream),
            // Half a line, and gone.
            1 => {
                stream.write_all(b"half a li").expect("the system takes it");
                hang_up(stream);
            }
            // An answer that nobody wants.
            2 => {
                writeln!(stream, "question").expect("the system takes it");
                hang_up(stream);
            }
            _ => {
                assert_eq!(ask(&mut stream, "still there?"), "STILL THERE?");
                stream.shutdown(Shutdown::Both).expect("a connection");
            }
        }
    }
    // When the last ones are served, there is the server and nobody else, neither alive nor dead.
    let pid = server.pid();
    server.until("nobody but the server", |_| processes(pid).len() == 1);
    assert!(!server.has_ended());
    end(server);
}

#[test]
fn a_killed_connection_is_nobody_elses() {
    let (mut server, address) = server("4");
    let mut streams = [(); 2].map(|()| TcpStream::connect(address).expect("a connection"));
    assert_eq!(ask(&mut streams[0], "a"), "A");
    let first = server.workers().remove(0);
    assert_eq!(ask(&mut streams[1], "b"), "B");
    assert!(first.signal(Signal::KILL));
    assert_eq!(streams[0].read(&mut [0; 1]).expect("its end"), 0);
    assert_eq!(ask(&mut streams[1], "b again"), "B AGAIN");
    server.until("one", |server| server.workers().len() == 1);
    end(server);
}

/// The times that an example tells are not the test's business.
fn without_times(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.split(" in ").next().unwrap_or_default()).collect()
}

#[test]
fn pool_sync_async() {
    let ended = example("pool_sync_async", &["30"]).run();
    assert!(ended.status.success(), "{}", ended.stderr);
    let text = String::from_utf8(ended.stdout).expect("text");
    let squares = "[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]";
    let expected =
        ["one by one: ", "all at once:", "as a map:   "].map(|how| format!("{how} {squares}"));
    assert_eq!(without_times(&text), expected);
}

#[test]
fn iterators() {
    let mut words = BTreeMap::<&str, u32>::new();
    for word in
        "the quick brown fox jumps over the lazy dog and the dog does not mind the fox".split(' ')
    {
        *words.entry(word).or_default() += 1;
    }
    let sum: u64 = (0..1_000_000).filter(|n| n % 3 == 0 || n % 5 == 0).sum();
    let expected = format!(
        "\
squares: {:?}
sum of the multiples of 3 and 5: {sum}
the most frequent word: {:?}
the first whose square is above 2000: {:?}
digits of powers of two: {:?}
12 / 0: attempt to divide by zero
12 / 1 = 12
12 / 2 = 6
12 / 3 = 4
all of them: [12, 6, 4]
",
        (0..10).map(|n| n * n).collect::<Vec<u64>>(),
        words.iter().max_by_key(|(_, count)| **count),
        (1..10_000).find(|n| n * n > 2_000),
        (1..=10).map(|n| 2_u64.pow(n).to_string().len()).collect::<Vec<_>>(),
    );
    let mut run = example("iterators", &[]).start();
    run.until("its end", Run::has_ended);
    // The workers of the default pool, which lives as long as the program, die of its end.
    let pid = run.pid();
    run.until("nobody else", |run| {
        run.reap_orphans();
        processes(pid).is_empty()
    });
    assert_eq!(String::from_utf8(run.finish().stdout).expect("text"), expected);
}

#[test]
fn row_09_crash_isolation() {
    let ended =
        example("crash_isolation", &[]).env("PATH", "/bin").env("HOME", "/home/somebody").run();
    assert!(ended.status.success(), "{}", ended.stderr);
    let expected = "\
PATH: 4 bytes
NO_SUCH_VARIABLE: crashed
HOME: 14 bytes
and again PATH: 4 bytes
";
    assert_eq!(String::from_utf8(ended.stdout).expect("text"), expected);
}

#[test]
fn not_thread_safe() {
    // How many the threads get wrong is a matter of luck.
    let text = output("not_thread_safe");
    assert!(text.lines().any(|line| line.starts_with("threads: ")), "{text}");
    assert!(text.contains("processes: 40 of 40 right"), "{text}");
}

#[test]
fn shared_matrix() {
    let ended = example("shared_matrix", &["60"]).run();
    assert!(ended.status.success(), "{}", ended.stderr);
    let text = String::from_utf8(ended.stdout).expect("text");
    // It compares the two products itself, and fails if they differ.
    assert_eq!(text.lines().last(), Some("the same 3600 numbers"));
}
