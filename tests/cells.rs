//! `--input-format`: binary numbers mean what their text means, from a file as through a pipe; what is no such input, or
//! does not stay one, is an error that says so. What NumPy says of arrays is tested in `numpy`.

mod support;

use std::fs::{self, File};
use std::path::Path;

use support::{Ended, Folder, Run, assert_same, lines, pmap};

/// The exit status if input cannot be read.
const UNREADABLE: Option<i32> = Some(74);

/// pmap, told to read this file.
fn of_file(path: &Path, words: &[&str]) -> Ended {
    pmap(&[&["-a", path.to_str().expect("UTF-8")], words].concat()).run()
}

/// An array of version 1, as NumPy writes it.
fn npy(descr: &str, shape: &str, numbers: &[u8]) -> Vec<u8> {
    let text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}");
    let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    bytes.extend(format!("{text:<117}\n").bytes());
    assert_eq!(bytes.len(), 128);
    bytes.extend(numbers);
    bytes
}

fn i64s(numbers: impl IntoIterator<Item = i64>) -> Vec<u8> {
    numbers.into_iter().flat_map(i64::to_le_bytes).collect()
}

fn f64s(numbers: impl IntoIterator<Item = f64>) -> Vec<u8> {
    numbers.into_iter().flat_map(f64::to_le_bytes).collect()
}

#[test]
fn binary_numbers_are_the_text_of_them() {
    let folder = Folder::new();
    let cubes = (0..70_000).map(|n: i64| n * n * n - 5);
    let ints: Vec<i64> = cubes.chain([i64::MIN, i64::MAX]).collect();
    let special = [0.0, -0.0, 1.5, f64::NAN, f64::INFINITY, 5e-324, 1e300, 3.0, -1e16];
    let floats: Vec<f64> = special.iter().copied().cycle().take(40_000).collect();
    let large: Vec<u64> = (0..30_000_u64).map(|n| n << 49 | n).chain([u64::MAX]).collect();
    let of_ints = i64s(ints.iter().copied());
    let of_floats = f64s(floats.iter().copied());
    let of_large: Vec<u8> = large.iter().flat_map(|n| n.to_le_bytes()).collect();
    let int_lines = lines(&ints);
    // Python's floats print otherwise, and `3e0` is one as `3.0` is.
    let float_lines = lines(floats.iter().map(|n| format!("{n:e}")));
    let large_lines = lines(&large);
    let shape = |length: usize| format!("({length},)");
    let cases = [
        ("i64le", of_ints.clone(), &int_lines),
        ("f64le", of_floats.clone(), &float_lines),
        ("npy", npy("'<i8'", &shape(ints.len()), &of_ints), &int_lines),
        ("npy", npy("'<f8'", &shape(floats.len()), &of_floats), &float_lines),
        ("npy", npy("'<u8'", &shape(large.len()), &of_large), &large_lines),
        ("npy", npy("'<i8'", "(0,)", &[]), &vec![]),
        ("i64le", vec![], &vec![]),
    ];
    for (format, bytes, text) in cases {
        let path = folder.file("numbers", &bytes);
        for words in [
            &["--workers", "2", "n"][..],
            &["--chunk-size", "999", "3*n + i"],
            &["--filter", "n % 3 == 1", "--window", "5000", "i"],
            &["--reduce", "count", "n"],
        ] {
            let want = pmap(words).text(text.clone()).run();
            let words = [words, &["--input-format", format]].concat();
            let piped = pmap(&words).text(bytes.clone()).run();
            for got in [of_file(&path, &words), piped] {
                assert_eq!((got.status.code(), got.stderr.as_str()), (Some(0), ""), "{words:?}");
                assert_same(&got.stdout, &want.stdout, &format!("{words:?}"));
            }
        }
    }
}

#[test]
fn a_failed_number_is_named_by_its_value() {
    let folder = Folder::new();
    let numbers = i64s([4, 0, -2]);
    let path = folder.file("numbers", &numbers);
    let words = ["--input-format", "i64le", "8 // n"];
    for ended in [of_file(&path, &words), pmap(&words).text(numbers).run()] {
        assert_eq!(ended.status.code(), Some(1));
        assert_same(&ended.stdout, b"2\n-4\n", "the others");
        assert!(ended.stderr.starts_with("pmap: item 1 (input 0): Zero"), "{}", ended.stderr);
    }
}

#[test]
fn a_worker_that_dies_costs_its_item() {
    let folder = Folder::new();
    let path = folder.file("numbers", i64s(0..30_000));
    let task = "segv() if n == 20000 else abort() if n == 3 else n";
    let format = ["--input-format", "i64le", "--workers", "3", "--chunk-size", "1000", task];
    let ended = of_file(&path, &format);
    assert_eq!(ended.status.code(), Some(1));
    let wanted = lines((0..30_000).filter(|n| ![3, 20_000].contains(n)));
    assert_same(&ended.stdout, &wanted, "all others");
    let mut said = ended.said();
    said.sort();
    assert_eq!(said.len(), 2);
    assert!(said[0].starts_with("pmap: item 20000 (input 20000): killed by SIGSEGV"), "{said:?}");
    assert!(said[1].starts_with("pmap: item 3 (input 3): killed by SIGABRT"), "{said:?}");
}

#[test]
fn records_have_numbers_as_their_inputs() {
    let ended = pmap(&["--input-format", "f64le", "--format", "tsv", "1 / n"])
        .text(f64s([0.5, 0.0, f64::NAN]))
        .run();
    assert_eq!(ended.status.code(), Some(1));
    let text = String::from_utf8(ended.stdout).expect("text");
    let inputs: Vec<_> = text.lines().map(|line| line.split('\t').nth(1)).collect();
    assert_eq!(inputs, [Some("0.5"), Some("0.0"), Some("nan")]);
}

#[test]
fn what_cannot_be_read_is_said_before_anything_is_started() {
    let folder = Folder::new();
    let missing = folder.path("missing");
    let numbers = folder.file("text", "1\n");
    let long = b"\x93NUMPY\x02\x00\xff\xff\xff\x7f";
    for (path, format, want) in [
        (missing.clone(), "i64le", "missing': No such file or directory"),
        (folder.path("."), "i64le", "Is a directory"),
        (missing, "npy", "No such file or directory"),
        (folder.file("uneven", [0; 15]), "i64le", "its 15 bytes are no whole numbers of 8 bytes"),
        (folder.file("uneven", [0; 15]), "f64le", "its 15 bytes are no whole numbers of 8 bytes"),
        (numbers, "npy", "it is no .npy file"),
        (folder.file("none", ""), "npy", "it ends within its header"),
        (folder.file("magic", b"\x93NUMPY\x01"), "npy", "it ends within its header"),
        (folder.file("long", long), "npy", "its header is longer than"),
        (folder.file("cut", &npy("'<i8'", "(3,)", &[])[..90]), "npy", "ends within its header"),
        (folder.file("big", npy("'>i8'", "(1,)", &[0; 8])), "npy", "are big-endian (>i8)"),
        (folder.file("st", npy("[('a', '<i8')]", "(1,)", &[0; 8])), "npy", "are structures"),
        (folder.file("o", npy("'|O'", "(1,)", &[0; 8])), "npy", "its items are Python objects"),
        (folder.file("two", npy("'<i8'", "(1, 2)", &[0; 16])), "npy", "it has 2 dimensions"),
        (folder.file("less", npy("'<i8'", "(3,)", &[0; 23])), "npy", "it is truncated"),
        (folder.file("more", npy("'<i8'", "(3,)", &[0; 25])), "npy", "is longer than its header"),
        (
            folder.file("huge", npy("'<i8'", "(18446744073709551615,)", &[0; 8])),
            "npy",
            "its 18446744073709551615 numbers take 147573952589676413048 bytes, and it has 136",
        ),
        (folder.file("odd", &npy("'<i8'", "(3,)", &[0; 24])[1..]), "npy", "it is no .npy file"),
    ] {
        let ended = of_file(&path, &["--input-format", format]);
        assert_eq!(ended.status.code(), UNREADABLE, "{path:?}: {}", ended.stderr);
        assert_eq!(ended.stdout, b"");
        assert!(ended.stderr.starts_with("pmap: cannot read '"), "{}", ended.stderr);
        assert!(ended.stderr.contains(want), "{}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
}

/// What comes through a pipe is found out only at its end: what was whole before has results.
#[test]
fn a_stream_that_ends_too_early_or_too_late_is_an_error() {
    let array = npy("'<i8'", "(3,)", &i64s([1, 2, 3]));
    let uneven = i64s([1, 2, 3])[..15].to_vec();
    for (format, bytes, want) in [
        ("i64le", uneven, "its 15 bytes are no whole numbers of 8 bytes each"),
        (
            "npy",
            array[..145].to_vec(),
            "it is truncated: its 3 numbers take 152 bytes, and it has 145",
        ),
        ("npy", [&array[..], &[0]].concat(), "it is longer than its header says"),
        ("npy", npy("'>f8'", "(3,)", &[]), "its numbers are big-endian"),
        ("npy", array[..50].to_vec(), "it ends within its header"),
    ] {
        let ended = pmap(&["--input-format", format, "n"]).text(bytes).run();
        assert_eq!(ended.status.code(), UNREADABLE, "{want}: {}", ended.stderr);
        let start = "pmap: cannot read standard input: ";
        assert!(ended.stderr.starts_with(start) && ended.stderr.contains(want), "{}", ended.stderr);
        assert!(lines(1..=3).starts_with(&ended.stdout), "{:?}", ended.stdout);
    }
}

/// Starts a run over this file whose items take a moment, and cuts the file once results flow.
fn cut_under_a_run(path: &Path, words: &[&str], length: u64) -> Ended {
    let path = path.to_str().expect("UTF-8");
    let all = ["-a", path, "--workers", "2", "--chunk-size", "100"];
    let mut run = pmap(&[&all[..], words].concat()).start();
    run.until("results", |run: &mut Run| run.lines() > 0);
    let file = File::options().write(true).open(path).expect("a file");
    file.set_len(length).expect("it is ours");
    run.finish()
}

#[test]
fn a_file_that_becomes_shorter_is_an_error() {
    let folder = Folder::new();
    let text = lines(0..300_000);
    let numbers = i64s(0..300_000);
    let array = npy("'<i8'", "(300000,)", &numbers);
    for (content, format) in [(&text, "text"), (&numbers, "i64le"), (&array, "npy")] {
        for length in [0, 4096, content.len() as u64 / 2] {
            let path = folder.file("shrinking", content);
            let task = "n if n % 100 else n + sleep(0.001)";
            let ended = cut_under_a_run(&path, &["--input-format", format, task], length);
            let what = format!("{format} cut to {length}");
            assert_eq!(ended.status.code(), UNREADABLE, "{what}: {}", ended.stderr);
            assert!(ended.stderr.contains("shrinking': somebody has cut it from"), "{what}");
            assert_eq!(ended.stderr.lines().count(), 1, "{what}: {}", ended.stderr);
            // What could still be read is right.
            assert!(ended.stdout.len() < text.len(), "{what}");
            assert!(text.starts_with(&ended.stdout), "{what}");
        }
    }
}

#[test]
fn a_run_over_binary_numbers_is_logged_and_resumed() {
    let folder = Folder::new();
    let [log, out] = ["log", "out"].map(|name| folder.path(name));
    let [log, out] = [&log, &out].map(|path| path.to_str().expect("UTF-8"));
    let numbers = i64s(0..50_000);
    let array = npy("'<i8'", "(50000,)", &numbers);
    let other = i64s((0..50_000).map(|n| if n == 60 { 61 } else { n }));
    for (format, content, other) in
        [("i64le", &numbers, other.clone()), ("npy", &array, npy("'<i8'", "(50000,)", &other))]
    {
        for from in ["file", "pipe"] {
            let path = folder.file("numbers", content);
            let of = |content: &[u8], more: &[&str]| {
                let common = ["--input-format", format, "--joblog", log, "-o", out, "n"];
                let words = [&common[..], more].concat();
                if from == "pipe" {
                    return pmap(&words).text(content).run();
                }
                fs::write(&path, content).expect("a file");
                of_file(&path, &words)
            };
            let halted = of(content, &["--halt", "now,done=20000"]);
            assert!(halted.stderr.contains("halted, as --halt says"), "{}", halted.stderr);
            let refused = of(&other, &["--resume"]);
            assert_eq!(refused.status.code(), Some(2), "{}", refused.stderr);
            assert!(refused.stderr.contains("the input is not the one"), "{}", refused.stderr);
            let resumed = of(content, &["--resume", "-v"]);
            assert_eq!(resumed.status.code(), Some(0), "{}", resumed.stderr);
            assert!(resumed.stderr.contains("items are done with"), "{}", resumed.stderr);
            assert_same(&fs::read(out).expect("results"), &lines(0..50_000), from);
            assert!(fs::read_to_string(log).expect("a log").lines().count() > 50_000);
        }
    }
}

#[test]
fn a_header_may_come_late() {
    let array = npy("'<i8'", "(2,)", &i64s([3, 4]));
    let mut run = pmap(&["--input-format", "npy"]).input(support::Input::Open).start();
    let mut stdin = run.stdin.take().expect("a pipe");
    for part in array.chunks(17) {
        use std::io::Write as _;
        stdin.write_all(part).expect("it reads");
        run.until_quiet();
    }
    drop(stdin);
    run.finish().expect(0, b"9\n16\n", "");
}
