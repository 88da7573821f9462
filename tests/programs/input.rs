//! What a program gets of its item. Items are bytes, and nothing reads them on the way.

use crate::support::{Input, assert_same, pmap, shell};

/// Arguments as a program sees them, each behind its length, so that no byte can hide.
const SHOW: &str = r#"for word; do printf '%s:%s\n' "$(printf %s "$word" | wc -c)" "$word"; done"#;

#[test]
fn an_item_is_exactly_one_argument() {
    let items =
        ["a b", "-n", "--", "'\"$HOME`;|&>*", "\\", "tab\there", "two\nlines", "", "é", "{}"];
    let words = ["--", "sh", "-c", SHOW, "sh", ":::"];
    let ended = pmap(&[&words[..], &items].concat()).run();
    let expected: String = items.iter().map(|item| format!("{}:{item}\n", item.len())).collect();
    ended.expect(0, expected.as_bytes(), "");
}

#[test]
fn placeholders_stand_for_parts_of_the_item() {
    let line = "{} {.} {/} {//} {/.} {#} x{}y";
    let ended = pmap(&["-w", "1", "--", "echo", line, "{%}", ":::", "a/b.c", "d"]).run();
    ended.expect(0, b"a/b.c a/b b.c a b 1 xa/b.cy 1\nd d d . d 2 xdy 1\n", "");
}

#[test]
fn items_may_be_programs_and_numbers() {
    pmap(&["--", "{}", ":::", "true", "true"]).run().expect(0, b"", "");
    pmap(&["--range", "3..6", "--", "echo", "n:"]).run().expect(0, b"n: 3\nn: 4\nn: 5\n", "");
}

/// Every line is an item, blank ones and a last one without a newline too, and a carriage return is a part of it.
#[test]
fn lines_are_taken_as_they_are() {
    let ended = pmap(&["--", "printf", "[%s]"]).text(b"a\r\n\n b \n\xff\xfe".as_slice()).run();
    ended.expect(0, b"[a\r][][ b ][\xff\xfe]", "");
    for nothing in ["", "x"] {
        let ended = pmap(&["--", "printf", "[%s]"]).text(nothing).run();
        let expected = if nothing.is_empty() { "" } else { "[x]" };
        ended.expect(0, expected.as_bytes(), "");
    }
}

#[test]
fn records_end_with_nul_bytes_if_that_is_said() {
    for flag in ["-0", "--null"] {
        let ended = pmap(&[flag, "--", "printf", "[%s]"]).text("a\nb\0\0c").run();
        ended.expect(0, b"[a\nb][][c]", "");
    }
    let ended = pmap(&["-0", "n + 1"]).text("1\0 2\n\x003").run();
    ended.expect(0, b"2\n3\n4\n", "");
    let ended = pmap(&["-0", "n"]).text("1\x002\n3\x004").run();
    ended.expect(1, b"1\n4\n", "pmap: item 1 (input 2 3): not a number\n");
}

#[test]
fn items_stand_on_the_command_line() {
    pmap(&["n + 1", ":::", "1", "-2", "3.5"]).run().expect(0, b"2\n-1\n4.5\n", "");
    pmap(&["n", ":::"]).run().expect(0, b"", "");
    let ended = pmap(&["n", ":::", "1", "x"]).run();
    ended.expect(1, b"1\n", "pmap: item 1 (input x): not a number\n");
    // Stdin is not touched.
    let ended = shell("\"$PMAP\" n ::: 1; cat").input(Input::Bytes(b"rest\n".to_vec())).run();
    ended.expect(0, b"1\nrest\n", "");
}

#[test]
fn an_item_goes_to_stdin_if_that_is_said() {
    pmap(&["--pipe", "--", "tr", "a-z", "A-Z"]).text("a\nb\n").run().expect(0, b"A\nB\n", "");
    pmap(&["--pipe", "-0", "--", "wc", "-c"]).text("a\nb\0\0").run().expect(0, b"3\n0\n", "");
    pmap(&["--pipe", "--", "cat", ":::", "x"]).run().expect(0, b"x\n", "");
    // Else there is nothing to be read, and nothing of the run's own input.
    pmap(&["--", "sh", "-c", "cat; echo $1", "sh"]).text("1\n2\n").run().expect(0, b"1\n2\n", "");
    // Who does not want it all is none the worse.
    let ended = pmap(&["--pipe", "--", "true"]).text("x".repeat(1 << 20)).run();
    ended.expect(0, b"", "");
}

/// Larger than rings, pipes and blocks, in and out.
#[test]
fn an_item_and_a_result_of_100_megabytes() {
    let item: Vec<u8> = (0..100_000_000_u32).map(|n| (n % 251) as u8 | 1).collect();
    let item: Vec<u8> =
        item.into_iter().map(|byte| if byte == b'\n' { b'x' } else { byte }).collect();
    let text = [&b"first\n"[..], &item, b"\nlast\n"].concat();
    let ended = pmap(&["--pipe", "-w", "2", "--", "cat"]).text(text.clone()).run();
    assert_eq!(ended.stderr, "");
    assert_same(&ended.stdout, &text, "100 MB through cat");
}

#[test]
fn what_cannot_be_an_argument_fails_its_item() {
    let ended = pmap(&["-w", "1", "--", "echo"]).text("a\nb\0c\nd\n").run();
    let says = "pmap: item 1 (line 2, input b\\0c): it holds a NUL byte, which no argument can; give it on stdin with \
                --pipe, or separate items by NUL with -0\n";
    ended.expect(1, b"a\nd\n", says);
    let text = format!("a\n{}\nd\n", "x".repeat(200_000));
    let ended = pmap(&["-w", "1", "--", "echo"]).text(text).run();
    assert_eq!(ended.stdout, b"a\nd\n");
    assert!(ended.stderr.contains("longer than the system allows"), "{}", ended.stderr);
}

#[test]
fn a_script_gets_the_item_apart_from_its_text() {
    let words = ["--shell", "--", r#"printf '%s\n' "$1" | tr a-z A-Z"#, ":::", "a; echo b", "$(c)"];
    pmap(&words).run().expect(0, b"A; ECHO B\n$(C)\n", "");
    pmap(&["--shell", "--pipe", "--", "cat; echo $#"]).text("x\n").run().expect(0, b"x\n0\n", "");
}

#[test]
fn programs_know_which_item_they_run() {
    let words = ["-w", "1", "--retries", "2", "--shell", "--"];
    let script = r#"[ "$1" = b ] && [ $PMAP_ATTEMPT -lt 3 ] && exit 1
        echo "$1 $PMAP_ITEM $PMAP_ATTEMPT $PMAP_WORKER""#;
    let ended = pmap(&[&words[..], &[script, ":::", "a", "b", "c"]].concat()).run();
    ended.expect(0, b"a 0 1 1\nb 1 3 1\nc 2 1 1\n", "");
}
