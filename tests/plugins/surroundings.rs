//! What happens around the library: to its file during the run, and to what it needs.

use std::io::Write;
use std::path::Path;

use crate::library::{GOOD, ONE, compiled, function, library};
use crate::support::{Input, lines};

/// What happens to a library's file.
type Change = fn(&Path);

#[test]
fn a_library_that_changes_during_the_run() {
    // In place, replaced, removed: workers that start later load what was described.
    let changes: [(&str, Change); 4] = [
        ("overwritten", |path| std::fs::write(path, "no library").expect("ours")),
        ("emptied", |path| std::fs::write(path, "").expect("ours")),
        ("removed", |path| std::fs::remove_file(path).expect("ours")),
        ("replaced", |path| {
            let other = library(&format!(
                "INTEGER {{ (void)arguments, (void)message; *result = -1; return 0; }} {ONE}"
            ));
            std::fs::rename(&other.path, path)
                .or_else(|_| std::fs::copy(&other.path, path).map(drop))
                .expect("ours");
        }),
    ];
    for (what, change) in changes {
        let library = function("if (n == 5) abort();");
        let arguments = ["--workers", "1", "f(n)", "--retries", "1"];
        let mut run = library.pmap(&arguments).input(Input::Open).start();
        run.stdin.as_mut().expect("a pipe").write_all(b"1\n2\n3\n").expect("a reader");
        run.until("three results", |run| run.lines() == 3);
        change(&library.path);
        let rest = lines(4..300);
        run.stdin.as_mut().expect("a pipe").write_all(&rest).expect("a reader");
        let ended = run.finish();
        assert_eq!(
            ended.said(),
            ["pmap: item 4 (line 5, input 5): killed by SIGABRT (worker _, pid _, attempt 2 of 2)"]
        );
        assert_eq!(ended.stdout, lines((1..300).filter(|n| *n != 5)), "{what}");
    }
}

#[test]
fn a_library_that_is_another_in_workers() {
    let renames = |then: &str| {
        library(&format!(
            "{GOOD} static char name[] = \"f\"; static const pmap_function functions[] = {{
                 {{.name = name, .arity = 1, .integer = f}}}};
             PMAP_PLUGIN(functions)
             CONSTRUCTOR {{ char comm[32] = \"\"; int fd = open(\"/proc/self/comm\", O_RDONLY);
                 if (read(fd, comm, 31) < 0) abort();
                 close(fd); if (strstr(comm, \"worker\")) {{ {then} }} }}"
        ))
    };
    let arguments = ["--range", "0..9", "--workers", "1", "f(n)"];
    let cases = [
        (
            "name[0] = 'g';",
            "a plugin has lost its function f(n): it does not show the same table each time it is loaded",
        ),
        ("abort();", "killed by SIGABRT"),
        ("exit(4);", "its worker exited with status 4"),
    ];
    for (then, how) in cases {
        let ended = renames(then).run(&arguments);
        assert_eq!(ended.status.code(), Some(3), "{}", ended.stderr);
        assert!(ended.stdout.is_empty());
        assert!(ended.stderr.starts_with("pmap: cannot keep workers alive: "), "{}", ended.stderr);
        assert!(ended.stderr.contains(how), "{}", ended.stderr);
    }
}

#[test]
fn a_library_that_needs_another() {
    let needed = compiled("int needed(int n) { return n + 1; }", &["-Wl,-soname,libneeded.so"]);
    let place = needed.folder.path().join("libneeded.so");
    std::fs::copy(&needed.path, &place).expect("a copy");
    let place = needed.folder.path().to_str().expect("text").to_owned();
    let body = format!(
        "int needed(int); INTEGER {{ (void)message; *result = needed(arguments[0]); return 0; }} {ONE}"
    );
    let library = compiled(&body, &[&format!("-L{place}"), "-Wl,--no-as-needed", "-lneeded"]);
    let arguments = ["--range", "0..3", "f(n)"];
    let ended = library.run(&arguments);
    assert_eq!(ended.status.code(), Some(2));
    assert!(
        ended.stderr.contains("it cannot be loaded: libneeded.so: cannot open shared object file"),
        "{}",
        ended.stderr
    );
    let variable = format!("LD_LIBRARY_PATH={place}");
    library.run(&["--range", "0..3", "f(n)", "--env", &variable]).expect(0, b"1\n2\n3\n", "");
    library.pmap(&arguments).env("LD_LIBRARY_PATH", place).run().expect(0, b"1\n2\n3\n", "");
}

#[test]
fn a_constructor_that_prints_does_not_print_into_the_results() {
    let library =
        library(&format!("CONSTRUCTOR {{ puts(\"hello\"); fflush(stdout); }} {GOOD}{ONE}"));
    library.run(&["--range", "0..3", "f(n)"]).expect(0, b"0\n2\n4\n", "");
}

#[test]
fn what_a_library_says_of_itself_does_nothing_to_a_terminal() {
    let library = library(&format!(
        "{GOOD} static const pmap_function functions[] = {{
             {{.name = \"mine\", .help = \"\\033[2Jwipes\\n the \\xff screen\", .arity = 3, .integer = f}}}};
         PMAP_PLUGIN(functions)"
    ));
    let path = library.path.to_str().expect("text");
    let ended = crate::support::pmap(&["tasks", "mine", "--plugin", path]).run();
    ended.expect(0, "mine(a, b, c)  [2Jwipes  the \u{fffd} screen\n".as_bytes(), "");
    let equals = format!("--plugin={path}");
    let same = crate::support::pmap(&["tasks", &equals, "mine"]).run();
    assert_eq!(same.stdout, ended.stdout);
}

#[test]
fn several_libraries_at_once() {
    let one = function("");
    let other = library(&format!("{GOOD}{}", ONE.replace("\"f\"", "\"g\"")));
    let path = other.path.to_str().expect("text");
    one.run(&["--plugin", path, "--range", "0..4", "f(n) + g(n)"]).expect(0, b"0\n3\n6\n9\n", "");
}

#[test]
fn a_run_goes_on_with_the_same_library_only() {
    let one = function("");
    let other = function("*result = -n;");
    let log = one.folder.path().join("log");
    let log = log.to_str().expect("text");
    let arguments = ["--range", "0..5", "f(n)", "--joblog", log];
    one.run(&arguments).expect(0, b"0\n1\n2\n3\n4\n", "");
    let again = [&arguments[..], &["--resume"]].concat();
    let refused = other.run(&again);
    assert_ne!(refused.status.code(), Some(0));
    assert!(refused.stderr.contains("is of another run: --plugin was "), "{}", refused.stderr);
    assert!(refused.stdout.is_empty());
    // What a library is, its content says, and not its name.
    std::fs::copy(&one.path, &other.path).expect("ours");
    let same = other.run(&again);
    assert_eq!(same.status.code(), Some(0), "{}", same.stderr);
}
