//! `--format`: records of results, read again by CPython's own readers.

mod support;

use std::io::Write as _;
use std::process::{Command, Stdio};

use support::{Ended, lines, pmap};

/// What a script of Python says, which gets these bytes.
fn python(script: &str, input: &[u8]) -> String {
    let mut child = Command::new("python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3, which .ci/setup installs");
    child.stdin.take().expect("a pipe").write_all(input).expect("it reads");
    let output = child.wait_with_output().expect("our own child");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(input));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Reads JSON lines, checks their names, and prints what does not differ from run to run as Python does.
const READ_JSON: &str = r#"
import json, sys
for line in sys.stdin.buffer.read().decode().splitlines():
    it = json.loads(line)
    what = "error" if "error" in it else "result"
    assert list(it) == ["index", "input", what, "attempts", "worker", "pid", "seconds"], line
    assert it["pid"] > 1 and it["worker"] in range(64), line
    assert (it["seconds"] is None and what == "error") or 0 <= it["seconds"] < 100, line
    print(it["index"], repr(it["input"]), what, repr(it[what]), it["attempts"])
"#;

/// The same of tab-separated values.
const READ_TSV: &str = r#"
import sys
def plain(text):
    for short, long in (("\\t", "\t"), ("\\n", "\n"), ("\\r", "\r"), ("\\0", "\0"), ("\\\\", "\\")):
        text = text.replace(short, long)
    return text
for line in sys.stdin.buffer.read().decode().split("\n")[:-1]:
    index, input, result, error, attempts, worker, pid, seconds = line.split("\t")
    assert int(pid) > 1 and int(worker) in range(64), line
    assert bool(result) != bool(error), line
    assert (seconds == "" and error) or 0 <= float(seconds) < 100, line
    what = "error" if error else "result"
    print(index, repr(plain(input)), what, result or repr(plain(error)), attempts)
"#;

fn records(format: &str, more: &[&str], text: &[u8]) -> (Ended, String) {
    let ended = pmap(&[&["--format", format, "-w", "2"][..], more].concat()).text(text).run();
    let script = if format == "tsv" { READ_TSV } else { READ_JSON };
    let read = python(script, &ended.stdout);
    (ended, read)
}

#[test]
fn results_of_every_kind() {
    let text = b"3\n007\n+2\n\n 1e3 \r\n-inf\nnan\n123456789012345678901234567890\n0.1\n";
    let (ended, read) = records("jsonl", &["n"], text);
    assert_eq!((ended.status.code(), ended.stderr.as_str()), (Some(0), ""));
    let inputs = ["3", "007", "+2", "1e3", "-inf", "nan", "123456789012345678901234567890", "0.1"];
    let results =
        ["3", "7", "2", "1000.0", "'-inf'", "'nan'", "123456789012345678901234567890", "0.1"];
    let all = inputs.iter().zip(results).enumerate();
    let wanted: Vec<_> =
        all.map(|(at, (input, result))| format!("{at} '{input}' result {result} 1")).collect();
    assert_eq!(read.lines().collect::<Vec<_>>(), wanted);

    let (_, read) = records("jsonl", &["divmod(n, 4) if n > 3 else n == 3"], b"3\n2\n13\n");
    assert_eq!(read, "0 '3' result True 1\n1 '2' result False 1\n2 '13' result [3, 1] 1\n");
    let (_, read) = records("tsv", &["divmod(n, 4) if n > 3 else n == 3"], b"3\n2\n13\n");
    assert_eq!(read, "0 '3' result True 1\n1 '2' result False 1\n2 '13' result (3, 1) 1\n");
}

#[test]
fn failures_have_records_in_their_places() {
    for format in ["jsonl", "tsv"] {
        let task = "segv() if n == 5 else 12 // (n - 2)";
        let (ended, read) = records(format, &[task], b"1\n2\na\tb\\ \"c\"\n5\n6\n");
        assert_eq!(ended.status.code(), Some(1));
        assert_eq!(ended.stderr.lines().count(), 3, "{}", ended.stderr);
        let wanted = [
            "0 '1' result -12 1",
            "1 '2' error 'ZeroDivisionError: integer division or modulo by zero' 1",
            r#"2 'a\tb\\ "c"' error 'not a number' 1"#,
            "3 '5' error 'killed by SIGSEGV' 3",
            "4 '6' result 3 1",
        ];
        assert_eq!(read.lines().collect::<Vec<_>>(), wanted, "{format}");
    }
}

#[test]
fn many_records_are_in_order_and_dropped_items_have_none() {
    let items = 30_000;
    for format in ["jsonl", "tsv"] {
        for source in ["range", "stdin"] {
            let range = format!("0..{items}");
            let from = if source == "range" { vec!["--range", &range] } else { vec![] };
            let more = [&from[..], &["--filter", "n % 7 != 3", "n**2"]].concat();
            let text = if source == "range" { vec![] } else { lines(0..items) };
            let (ended, read) = records(format, &more, &text);
            assert_eq!((ended.status.code(), ended.stderr.as_str()), (Some(0), ""));
            let wanted = (0..items).filter(|n| n % 7 != 3);
            let wanted = lines(wanted.map(|n: i64| format!("{n} '{n}' result {} 1", n * n)));
            support::assert_same(read.as_bytes(), &wanted, &format!("{format} of {source}"));
        }
    }
}

#[test]
fn a_long_input_is_given_whole() {
    let text = "x".repeat(100_000);
    let (ended, read) = records("jsonl", &[], format!("{text}\n").as_bytes());
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(read, format!("0 '{text}' error 'not a number' 1\n"));
}

#[test]
fn results_are_tagged_with_their_item() {
    let task = "n // (n % 3)";
    let words = ["-w", "1", "--tag", "--filter", "n != 4", task];
    let text = "7\n\n  011 \n4\n3\nx\n8\n";
    let says = "pmap: item 3 (line 5, input 3): ZeroDivisionError: integer division or modulo by zero\n\
                pmap: item 4 (line 6, input x): not a number\n";
    pmap(&words).text(text).run().expect(1, b"7\t7\n011\t5\n8\t4\n", says);
    let filled = pmap(&[&["--on-error", "fill=NA"], &words[..]].concat()).text(text).run();
    filled.expect(1, b"7\t7\n011\t5\n3\tNA\nx\tNA\n8\t4\n", says);
    pmap(&["--tag", ":::", "2", " 3\n"]).run().expect(0, b"2\t4\n3\t9\n", "");
    let many: String = (0..100_000_u64).map(|n| format!("{n}\t{}\n", n * n)).collect();
    pmap(&["--tag", "-w", "3", "--range", "0..100000"]).run().expect(0, many.as_bytes(), "");
}

#[test]
fn what_does_not_go_together() {
    for (arguments, says) in [
        (&["--format", "csv"][..], "invalid value 'csv' for --format"),
        (&["--format", "tsv", "--on-error", "fill=NA"], "leave --on-error out"),
        (&["--format", "jsonl", "--reduce", "sum"], "--format and --reduce exclude each other"),
    ] {
        let ended = pmap(&[&["--range", "0..3"][..], arguments].concat()).run();
        assert_eq!((ended.status.code(), &ended.stdout[..]), (Some(2), &b""[..]));
        assert!(ended.stderr.contains(says), "{}", ended.stderr);
    }
}
