//! A plugin may do to its process whatever it likes: it costs the item, and nothing else is lost.

use crate::library::{Library, function, library, sorted};
use crate::support::{Ended, lines};

const ITEMS: i64 = 2000;

/// The item at which functions here do what they do.
const BAD: i64 = 1234;

/// Runs `f` over all items.
fn run(library: &Library, arguments: &[&str]) -> Ended {
    let mut all = vec!["--range", "0..2000", "--workers", "2", "f(n)"];
    all.extend(arguments);
    library.run(&all)
}

fn all_but_the_bad_one() -> Vec<u8> {
    lines((0..ITEMS).filter(|n| *n != BAD))
}

#[test]
fn what_kills_the_worker_costs_one_item() {
    let cases = [
        ("volatile int *volatile nowhere = NULL; *nowhere = 1;", "killed by SIGSEGV"),
        ("abort();", "killed by SIGABRT"),
        ("raise(SIGFPE);", "killed by SIGFPE"),
        ("kill(0, SIGKILL);", "killed by SIGKILL"),
        ("exit(7);", "its worker exited with status 7"),
        ("_exit(0);", "its worker exited with status 0"),
        (
            "for (volatile char deep[4096];;) { memset((char *)deep, 1, 4096); raise(SIGBUS); }",
            "killed by SIGBUS",
        ),
    ];
    for (body, how) in cases {
        let library = function(&format!("if (n == {BAD}) {{ {body} }}"));
        let ended = run(&library, &[]);
        let said =
            format!("pmap: item {BAD} (input {BAD}): {how} (worker _, pid _, attempt 3 of 3)");
        assert_eq!(ended.said(), [said], "{body}");
        assert_eq!(ended.status.code(), Some(1));
        assert_eq!(ended.stdout, all_but_the_bad_one(), "{body}");
    }
}

#[test]
fn a_batch_that_kills_is_done_again_by_scalars() {
    let library = library(
        "INTEGER { (void)message; *result = arguments[0]; return 0; }
         static size_t all(size_t count, const int64_t *const *arguments, int64_t *results) {
             for (size_t k = 0; k < count; k++) {
                 if (arguments[0][k] == 1234) abort();
                 results[k] = arguments[0][k]; }
             return count; }
         static const pmap_function functions[] = {
             {.name = \"f\", .arity = 1, .integer = f, .integer_batch = all}};
         PMAP_PLUGIN(functions)",
    );
    run(&library, &[]).expect(0, &lines(0..ITEMS), "");
}

#[test]
fn one_that_hangs() {
    let library = function(&format!("if (n == {BAD}) for (;;) pause();"));
    let ended = run(&library, &["--timeout", "300ms"]);
    let said = format!(
        "pmap: item {BAD} (input {BAD}): ran longer than --timeout 300ms (worker _, pid _, attempt 1 of 1)"
    );
    assert_eq!(ended.said(), [said]);
    assert_eq!(ended.stdout, all_but_the_bad_one());
}

#[test]
fn one_that_leaks() {
    // It dies when there is no more; the item is run again by a worker that has not leaked yet.
    let leaks = "char *p = malloc(4 << 20); if (!p) abort(); memset(p, 1, 4 << 20);";
    run(&function(leaks), &["--memory-limit", "256M"]).expect(0, &lines(0..ITEMS), "");
    // One item for which there is never enough.
    let wants = format!(
        "if (n == {BAD}) {{ char *p = malloc(1ul << 30); if (!p) abort(); memset(p, 1, 1ul << 30); }}"
    );
    let ended = run(&function(&wants), &["--memory-limit", "256M"]);
    let said = format!(
        "pmap: item {BAD} (input {BAD}): killed by SIGABRT (worker _, pid _, attempt 3 of 3)"
    );
    assert_eq!(ended.said(), [said]);
    assert_eq!(ended.stdout, all_but_the_bad_one());
}

/// What `/proc/self/maps` calls writable and `wanted` chooses is overwritten with this byte.
fn scribbling(wanted: &str, byte: &str) -> Library {
    function(&format!(
        "if (n == {BAD}) {{
             int fd = open(\"/proc/self/maps\", O_RDONLY);
             static char maps[1 << 20];
             for (ssize_t have = 0, got; (got = read(fd, maps + have, sizeof maps - 1 - have)) > 0;) have += got;
             for (char *line = strtok(maps, \"\\n\"); line; line = strtok(NULL, \"\\n\")) {{
                 unsigned long from, to; char flags[5];
                 if (sscanf(line, \"%lx-%lx %4s\", &from, &to, flags) != 3) continue;
                 if (flags[1] == 'w' && ({wanted})) memset((void *)from, {byte}, to - from);
             }}
         }}"
    ))
}

#[test]
fn one_that_scribbles_over_its_memory() {
    let cases = [
        ("flags[3] == 's'", "0xff"),
        ("flags[3] == 's'", "0"),
        ("strstr(line, \"[heap]\")", "0xff"),
        ("strstr(line, \"[stack]\")", "0xff"),
        ("!strstr(line, \"mine\")", "0x41"),
    ];
    for (wanted, byte) in cases {
        let ended = run(&scribbling(wanted, byte), &[]);
        // How it ends depends on what is hit first. It has to end, though, and at this item only.
        let mut said = ended.said();
        // Others complain as well: the C library of its heap.
        said.retain(|line| line.starts_with("pmap: "));
        let head = format!("pmap: item {BAD} (input {BAD}): ");
        assert!(said.len() <= 1 && said.iter().all(|line| line.starts_with(&head)), "{said:?}");
        let wanted = if said.is_empty() { lines(0..ITEMS) } else { all_but_the_bad_one() };
        assert_eq!(ended.stdout, wanted);
    }
}

#[test]
fn one_that_prints() {
    let library = function(
        "printf(\"noise %d\\n\", (int)n); fflush(stdout); if (write(1, \"raw\\n\", 4) < 0) abort();",
    );
    run(&library, &[]).expect(0, &lines(0..ITEMS), "");
}

#[test]
fn one_that_closes_whatever_is_open() {
    let library =
        function(&format!("if (n == {BAD}) for (int fd = 0; fd < 1024; fd++) close(fd);"));
    let ended = run(&library, &[]);
    // The result may be on its way before anybody notices.
    let head = format!("pmap: item {BAD} (input {BAD}): ");
    let said = ended.said();
    assert!(said.len() <= 1 && said.iter().all(|line| line.starts_with(&head)), "{said:?}");
    let wanted = if said.is_empty() { lines(0..ITEMS) } else { all_but_the_bad_one() };
    assert_eq!(ended.stdout, wanted);
}

#[test]
fn one_that_leaves_children() {
    let library = function("if (n % 500 == 3 && fork() == 0) { for (;;) pause(); }");
    let ended = library.run_with_children(&["--range", "0..2000", "--workers", "2", "f(n)"]);
    ended.expect(0, &lines(0..ITEMS), "");
}

#[test]
fn one_whose_fork_comes_back_twice() {
    let library = function("if (n % 100 == 3) fork();");
    for retries in ["0", "2"] {
        let arguments = ["--range", "0..2000", "--workers", "2", "--retries", retries, "f(n)"];
        library.run_with_children(&arguments).expect(0, &lines(0..ITEMS), "");
    }
}

#[test]
fn one_that_changes_signals_and_groups() {
    let library = function(
        "sigset_t all; sigfillset(&all); sigprocmask(SIG_SETMASK, &all, NULL);
         signal(SIGTERM, SIG_IGN); signal(SIGCHLD, SIG_IGN); if (chdir(\"/\") != 0) abort();",
    );
    run(&library, &[]).expect(0, &lines(0..ITEMS), "");
}

#[test]
fn one_that_dies_at_every_item() {
    let ended = function("abort();").run(&["--range", "0..20", "--workers", "2", "f(n)"]);
    assert_eq!(ended.status.code(), Some(1));
    let said: Vec<String> = (0..20)
        .map(|n| {
            format!(
                "pmap: item {n} (input {n}): killed by SIGABRT (worker _, pid _, attempt 3 of 3)"
            )
        })
        .collect();
    assert_eq!(sorted(ended.said()), said);
}
