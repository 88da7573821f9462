//! What becomes of what a program writes.

use crate::support::pmap;

/// In order, whoever is done first; and each result whole, however it is written.
#[test]
fn results_are_whole_and_in_order() {
    let script = r#"sleep 0.0$((9 - $1)); for k in 1 2 3; do printf "$1"; sleep 0.01; done; echo"#;
    let words = ["-w", "4", "--range", "0..10", "--shell", "--", script];
    let expected: String = (0..10).map(|n| format!("{n}{n}{n}\n")).collect();
    pmap(&words).run().expect(0, expected.as_bytes(), "");
    let ended = pmap(&[&["--unordered"], &words[..]].concat()).run();
    let mut lines: Vec<_> = ended.stdout.split_inclusive(|byte| *byte == b'\n').collect();
    lines.sort_unstable();
    assert_eq!(String::from_utf8_lossy(&lines.concat()), expected);
}

/// The first result does not wait for the second.
#[test]
fn a_result_is_written_as_soon_as_it_is_next() {
    let mut run =
        pmap(&["-w", "2", "--shell", "--", "echo $1; exec sleep $1", ":::", "0", "1000"]).start();
    run.until("the first result", |run| run.lines() == 1);
    run.signal(rustix::process::Signal::TERM);
    run.finish_with(rustix::process::Signal::TERM);
}

/// Bytes of any kind, without a newline at their end, or none at all.
#[test]
fn results_are_written_as_they_are() {
    let ended = pmap(&["--pipe", "-0", "--", "cat"]).text(b"a\xff\nb\0\0c\r".as_slice()).run();
    ended.expect(0, b"a\xff\nbc\r", "");
}

#[test]
fn of_a_program_that_fails_nothing_is_written() {
    let words = ["--shell", "--", "echo $1; exit $1", ":::", "0", "5", "0"];
    let says = "pmap: item 1 (input 5): exited with code 5\n";
    pmap(&words).run().expect(1, b"0\n0\n", says);
    let ended = pmap(&[&["--on-error", "fill=NA"], &words[..]].concat()).run();
    ended.expect(1, b"0\nNA\n0\n", says);
}

/// Lines of errors come whole, although they are written byte by byte and side by side.
#[test]
fn standard_error_is_passed_on_by_lines() {
    let script =
        r#"for c in a b c d e f; do printf $c >&2; sleep 0.001; done; printf "\nlast" >&2"#;
    let ended = pmap(&["-w", "4", "--range", "0..20", "--shell", "--", script]).run();
    assert!(ended.status.success());
    let mut lines: Vec<_> = ended.stderr.lines().collect();
    lines.sort_unstable();
    let expected: Vec<_> = ["abcdef"; 20].into_iter().chain(["last"; 20]).collect();
    assert_eq!(lines, expected);
}

#[test]
fn lines_are_tagged_with_their_item() {
    let script = "printf '1\\n2\\n\\nx'; echo oops >&2";
    let ended = pmap(&["-w", "1", "--tag", "--shell", "--", script, ":::", "a", "b c"]).run();
    let expected = "a\t1\na\t2\na\t\na\txb c\t1\nb c\t2\nb c\t\nb c\tx";
    ended.expect(0, expected.as_bytes(), "a\toops\nb c\toops\n");
}

#[test]
fn row_32_what_a_dying_program_says_is_heard() {
    let script = r#"printf "last words\nunfinished" >&2; kill -SEGV $$"#;
    let ended = pmap(&["-w", "1", "--shell", "--", script, ":::", "x"]).run();
    let says = "last words\nunfinished\npmap: item 0 (input x): killed by SIGSEGV\n";
    ended.expect(1, b"", says);
}

#[test]
fn too_much_output_fails_its_item() {
    let script = r#"[ $1 = 1 ] && exec yes; echo $1"#;
    let ended = pmap(&["-w", "1", "--shell", "--", script, ":::", "0", "1", "2"]).run();
    let says = "pmap: item 1 (input 1): its output exceeds 268435456 bytes, which is the most; have it write to a \
                file\n";
    ended.expect(1, b"0\n2\n", says);
}
