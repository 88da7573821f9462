//! `--format i64le`, `f64le` and `npy`: the bytes, in every order and from every source; failures; what is in the file after
//! every kind of end. What NumPy says of arrays is tested in `numpy`.

mod support;

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use rustix::process::Signal;
use support::{Ended, Folder, Input, Pmap, Run, assert_same, lines, pmap, shell, terminal};

/// Bytes of an array's header.
const HEADER: usize = 128;

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn i64s(numbers: impl IntoIterator<Item = i64>) -> Vec<u8> {
    numbers.into_iter().flat_map(i64::to_le_bytes).collect()
}

fn f64s(numbers: impl IntoIterator<Item = f64>) -> Vec<u8> {
    numbers.into_iter().flat_map(f64::to_le_bytes).collect()
}

/// An array as NumPy saves it.
fn array(descr: &str, cells: &[u8]) -> Vec<u8> {
    let shape = cells.len() / 8;
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape},), }}");
    let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    bytes.extend(format!("{header:<117}\n").bytes());
    assert_eq!(bytes.len(), HEADER);
    bytes.extend(cells);
    bytes
}

/// pmap with these words, in this format, whose results go to a file.
fn to_file(path: &Path, format: &str, words: &[&str]) -> Pmap {
    pmap(&[&["-o", text(path), "--format", format], words].concat())
}

fn sorted(cells: &[u8]) -> Vec<&[u8]> {
    let mut cells: Vec<_> = cells.chunks(8).collect();
    cells.sort_unstable();
    cells
}

#[test]
fn every_form_from_every_source_in_every_order() {
    const ITEMS: i64 = 12_000;
    let folder = Folder::new();
    let out = folder.path("out");
    let range = format!("0..{ITEMS}");
    let file = folder.file("lines", lines(0..ITEMS));
    let numbers = folder.file("numbers", i64s(0..ITEMS));
    let sources: [(&[&str], Option<&Path>); 4] = [
        (&["--range", &range], None),
        (&[], Some(&file)),
        (&["-a", text(&file)], None),
        (&["-a", text(&numbers), "--input-format", "i64le"], None),
    ];
    let ints = i64s((0..ITEMS).map(|n| 3 * n * n - 7));
    let floats = f64s((0..ITEMS).map(|n| (3 * n * n - 7) as f64));
    let forms = [
        ("i64le", ints.clone()),
        ("f64le", floats.clone()),
        ("npy:i64", array("<i8", &ints)),
        ("npy:f64", array("<f8", &floats)),
    ];
    for (format, want) in &forms {
        for (source, stdin) in sources {
            for flow in [
                &["-w", "1"][..],
                &["-w", "3", "--chunk-size", "7"],
                &["-w", "3", "--chunk-size", "5000", "--window", "6000"],
                &["-w", "2", "--unordered"],
                &["-w", "3", "--unordered", "--chunk-size", "100"],
                &["-w", "2", "--retry-on", "error", "--max-tasks-per-worker", "1000"],
                &["-w", "2", "--timeout", "100"],
            ] {
                let words = [source, flow, &["3*n**2 - 7"]].concat();
                let mut run = to_file(&out, format, &words);
                if let Some(path) = stdin {
                    run = run.input(Input::From(File::open(path).expect("a file").into()));
                }
                run.run().expect(0, b"", "");
                let got = fs::read(&out).expect("results");
                let what = format!("{format} {words:?}");
                if flow.contains(&"--unordered") {
                    assert_eq!(sorted(&got), sorted(want), "{what}");
                } else {
                    assert_same(&got, want, &what);
                }
            }
        }
    }
    // Without a header, they go anywhere.
    for (format, want) in &forms[..2] {
        let words = ["--format", format, "-w", "2", "--range", &range, "3*n**2 - 7"];
        pmap(&words).run().expect(0, want, "");
    }
}

#[test]
fn what_a_result_becomes() {
    let of = |format: &str, words: &[&str], input: &str| {
        pmap(&[&["--format", format, "-w", "1"], words].concat()).text(input).run()
    };
    of("i64le", &["n > 2"], "3\n1\n").expect(0, &i64s([1, 0]), "");
    of("f64le", &["n > 2"], "3\n1\n").expect(0, &f64s([1.0, 0.0]), "");
    of("i64le", &["n"], "-9223372036854775808\n9223372036854775807\n").expect(
        0,
        &i64s([i64::MIN, i64::MAX]),
        "",
    );
    let large = "9007199254740993\n9223372036854775808\n-1e400\n";
    of("f64le", &["n"], large).expect(
        0,
        &f64s([9_007_199_254_740_992.0, 9_223_372_036_854_775_808.0, f64::NEG_INFINITY]),
        "",
    );
    let special = f64s([0.5, -0.0, f64::INFINITY, f64::from_bits(0x7ff8 << 48)]);
    of("f64le", &["n"], "0.5\n-0.0\ninf\n-nan\n").expect(0, &special, "");
    // In blocks, too, and whatever NaN the processor makes.
    let nans = f64s(std::iter::repeat_n(f64::from_bits(0x7ff8 << 48), 3000));
    let words = ["--range", "0..3000", "float(n) * inf * 0"];
    of("f64le", &words, "").expect(0, &nans, "");

    let says = "pmap: item 1 (line 2, input 0.5): 0.5 is a float; --format f64le, npy:f64 and plain have those\n\
                pmap: item 2 (line 3, input 9223372036854775808): 9223372036854775808 does not fit 64 bits; \
                --format plain prints it, f64le and npy:f64 round it\n\
                pmap: item 3 (line 4, input nan): nan is a float; --format f64le, npy:f64 and plain have those\n";
    of("i64le", &["n"], "7\n0.5\n9223372036854775808\nnan\n-1\n").expect(1, &i64s([7, -1]), says);
    let says =
        "pmap: item 0 (line 1, input 400): OverflowError: int too large to convert to float\n";
    of("f64le", &["10**n"], "400\n22\n").expect(1, &f64s([1e22]), says);
    let ended = of("i64le", &["10**n"], "100000\n");
    let says =
        "pmap: item 0 (line 1, input 100000): an integer of 332193 bits does not fit 64 bits; ";
    assert!(ended.stderr.starts_with(says), "{}", ended.stderr);
}

/// Every other result of a block fits, and nothing but the others fails, whatever the blocks are.
#[test]
fn results_that_fit_and_others_in_one_block() {
    for flow in
        [&["-w", "1"][..], &["-w", "3", "--chunk-size", "9"], &["-w", "2", "--retry-on", "error"]]
    {
        let words = ["-q", "--format", "i64le", "--range", "0..2000", "n if n % 3 else n / 2"];
        let ended = pmap(&[flow, &words].concat()).run();
        assert_eq!(ended.status.code(), Some(1));
        assert_same(&ended.stdout, &i64s((0..2000).filter(|n| n % 3 != 0)), "those that fit");
        assert_eq!(ended.stderr.lines().count(), 667, "{:.500}", ended.stderr);
    }
}

#[test]
fn items_without_a_result_are_left_out_or_filled() {
    let folder = Folder::new();
    let out = folder.path("out");
    let input = "1\nx\n0\n5\n4\n";
    let task = "segv() if n == 5 else 12 // n";
    for (format, fill, skipped, filled) in [
        ("i64le", "-9", i64s([12, 3]), i64s([12, -9, -9, -9, 3])),
        ("f64le", "nan", f64s([12.0, 3.0]), f64s([12.0, f64::NAN, f64::NAN, f64::NAN, 3.0])),
        ("f64le", "7", f64s([12.0, 3.0]), f64s([12.0, 7.0, 7.0, 7.0, 3.0])),
        ("npy", "-inf", array("<f8", &f64s([12.0, 3.0])), {
            let none = f64::NEG_INFINITY;
            array("<f8", &f64s([12.0, none, none, none, 3.0]))
        }),
        ("npy:i64", "0", array("<i8", &i64s([12, 3])), array("<i8", &i64s([12, 0, 0, 0, 3]))),
    ] {
        let fill = format!("fill={fill}");
        for (on_error, want) in [("skip", skipped), (fill.as_str(), filled)] {
            let words = ["-w", "2", "--on-error", on_error, task];
            let ended = to_file(&out, format, &words).text(input).run();
            assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
            assert_eq!(ended.stderr.lines().count(), 3, "{}", ended.stderr);
            assert_same(&fs::read(&out).expect("results"), &want, &format!("{format} {on_error}"));
        }
    }
}

#[test]
fn dropped_items_have_no_cell() {
    for flow in [
        &["-w", "1"][..],
        &["-w", "3", "--chunk-size", "11"],
        &["-w", "2", "--halt", "soon,fail=900000"],
    ] {
        for (filter, keeps) in [
            ("n % 3", (|n| n % 3 != 0) as fn(i64) -> bool),
            ("n == 7777", |n| n == 7777),
            ("n < 0", |_| false),
            ("n % 5 == 0 or 1 // (n % 7) > 5", |n| n % 5 == 0),
        ] {
            let words =
                [flow, &["--format", "i64le", "--range", "0..9000", "-q", "--filter", filter, "n"]]
                    .concat();
            let ended = pmap(&words).run();
            let fails = |n: &i64| filter.contains("//") && n % 5 != 0 && n % 7 == 0;
            let failed = (0..9000).filter(fails).count();
            assert_eq!(ended.stderr.lines().count(), failed, "{words:?} {:.500}", ended.stderr);
            let want = i64s((0..9000).filter(|n| keeps(*n) && !fails(n)));
            assert_same(&ended.stdout, &want, &format!("{words:?}"));
        }
    }
}

/// Of which type an array is, is known before the first item.
#[test]
fn an_array_is_of_integers_if_there_can_be_nothing_else() {
    let folder = Folder::new();
    let out = folder.path("out");
    let ints = folder.file("ints", i64s([4, 9]));
    let floats = folder.file("floats", f64s([4.0, 9.0]));
    let array_of_ints = folder.file("ints.npy", array("<i8", &i64s([4, 9])));
    let array_of_floats = folder.file("floats.npy", array("<f8", &f64s([4.0, 9.0])));
    let range: &[&str] = &["--range", "4..10:5"];
    let from = |path, format| ["-a", path, "--input-format", format];
    let (ints, floats) = (from(text(&ints), "i64le"), from(text(&floats), "f64le"));
    let array_of_ints = from(text(&array_of_ints), "npy");
    let array_of_floats = from(text(&array_of_floats), "npy");
    let both = |task: fn(f64) -> f64| (task(4.0), task(9.0));
    let (same, square, root) = (both(|n| n), both(|n| n * n), both(f64::sqrt));
    for (source, task, descr, (first, second)) in [
        (range, "n", "<i8", same),
        (range, "n**2", "<i8", square),
        (range, "n**2.0", "<f8", square),
        (range, "sqrt(n)", "<f8", root),
        (range, "isqrt(n)", "<i8", root),
        (range, "n ** n // n ** n * n", "<f8", same),
        (&ints, "n", "<i8", same),
        (&ints, "n / 1", "<f8", same),
        (&floats, "n", "<f8", same),
        (&floats, "int(n)", "<i8", same),
        (&array_of_ints, "n**2", "<i8", square),
        (&array_of_floats, "n**2", "<f8", square),
        (&[], "n", "<f8", same),
        (&[], "int(n)", "<i8", same),
        (&[], "i - i + int(n)", "<i8", same),
    ] {
        let ended = to_file(&out, "npy", &[source, &[task]].concat()).text("4\n9\n").run();
        ended.expect(0, b"", "");
        let cells = match descr {
            "<i8" => i64s([first as i64, second as i64]),
            _ => f64s([first, second]),
        };
        assert_same(&fs::read(&out).expect("an array"), &array(descr, &cells), task);
    }
    for (items, descr) in [(["4", "9"], "<i8"), (["4", "9.0"], "<f8"), (["4", "9e0"], "<f8")] {
        to_file(&out, "npy", &["n", ":::", items[0], items[1]]).run().expect(0, b"", "");
        let cells = if descr == "<i8" { i64s([4, 9]) } else { f64s([4.0, 9.0]) };
        assert_same(&fs::read(&out).expect("an array"), &array(descr, &cells), items[1]);
    }
    // What would be rounded without a word fails instead, unless rounding is asked for.
    let input = "9007199254740993\n1\n";
    let says = "pmap: item 0 (line 1, input 9007199254740993): 9007199254740993 would be rounded to a float; \
                --format npy:i64 has integers of 64 bits, npy:f64 rounds\n";
    to_file(&out, "npy", &["-w", "1", "n"]).text(input).run().expect(1, b"", says);
    assert_same(&fs::read(&out).expect("an array"), &array("<f8", &f64s([1.0])), "what fits");
    to_file(&out, "npy:f64", &["n"]).text(input).run().expect(0, b"", "");
    let rounded = array("<f8", &f64s([9_007_199_254_740_992.0, 1.0]));
    assert_same(&fs::read(&out).expect("an array"), &rounded, "rounded");
}

#[test]
fn arrays_go_to_files_only() {
    let folder = Folder::new();
    let path = folder.file("file", [b'x'; 5000]);
    let words = ["--format", "npy", "--range", "0..3", "n"];
    let want = array("<i8", &i64s(0..3));
    // Standard output will do if it is one, and what was in there before is gone.
    let open = || File::options().write(true).open(&path).expect("a file");
    pmap(&words).stdout(open()).run().expect(0, b"", "");
    assert_same(&fs::read(&path).expect("a file"), &want, "redirected");
    // What somebody writes there later comes to stand behind it.
    shell("exec > \"$FILE\"; \"$PMAP\" --format npy --range 0..3 n; echo more")
        .env("FILE", &path)
        .run()
        .expect(0, b"", "");
    assert_same(&fs::read(&path).expect("a file"), &[&want[..], b"more\n"].concat(), "shared");

    fs::write(&path, "precious").expect("a file");
    let refused = |run: Pmap, says: &str| {
        let ended = run.run();
        assert_eq!((ended.status.code(), &ended.stdout[..]), (Some(2), &b""[..]), "{says}");
        assert!(ended.stderr.contains(says), "{}", ended.stderr);
        assert!(ended.stderr.contains("give -o FILE"), "{}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 2, "{}", ended.stderr);
    };
    refused(pmap(&words), "the output is no regular file");
    let append = File::options().append(true).open(&path).expect("a file");
    refused(pmap(&words).stdout(append), "appends to its file");
    let mut begun = open();
    begun.seek(SeekFrom::Start(4)).expect("a file");
    refused(pmap(&words).stdout(begun), "does not stand at the begin");
    refused(pmap(&[&["-o", "/dev/null"], &words[..]].concat()), "the output is no regular file");
    let input = || Input::From(File::open(&path).expect("a file").into());
    let run = pmap(&["--format", "npy", "n"]).input(input()).stdout(open());
    refused(run, "is the file that items are read from");
    assert_eq!(fs::read(&path).expect("a file"), b"precious");
}

#[test]
fn a_terminal_gets_no_binary_numbers() {
    for format in ["i64le", "f64le", "npy"] {
        let (_person, program) = terminal();
        let ended = pmap(&["--format", format, "--range", "0..3"]).stdout(program).run();
        assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
        let says = format!("pmap: --format {format} is nothing for a terminal\ngive -o FILE, or");
        assert!(ended.stderr.starts_with(&says), "{}", ended.stderr);
    }
}

/// A file that a run has left which did not come to its end: whole cells of the range `0..`, and as many as it says.
fn check_begin(path: &Path, format: &str) -> usize {
    let written = fs::read(path).expect("a file");
    let count = |length: usize| i64::try_from(length / 8).expect("a count");
    if format == "npy" {
        let whole = array("<i8", &i64s(0..count(written.len() - HEADER)));
        assert_same(&written, &whole, "an array of what was written");
        return written.len() - HEADER;
    }
    assert_same(&written, &i64s(0..count(written.len())), "whole cells");
    written.len()
}

#[test]
fn a_full_disk_leaves_whole_cells() {
    let folder = Folder::new();
    let path = folder.path("out");
    for format in ["i64le", "npy"] {
        // A limit within a cell, and such that workers have their memory.
        let script = "exec prlimit --fsize=3000003 \"$PMAP\" -w 3 --range 0..1000000 --format $FORMAT -o \"$FILE\" n";
        let ended = shell(script).env("FILE", &path).env("FORMAT", format).run();
        assert_eq!(ended.status.code(), Some(74), "{}", ended.stderr);
        assert!(ended.stderr.contains("File too large"), "{}", ended.stderr);
        assert!(check_begin(&path, format) > 2_000_000);
    }
    for format in ["i64le", "f64le"] {
        let ended = to_file(Path::new("/dev/full"), format, &["--range", "0..3"]).run();
        assert_eq!(ended.status.code(), Some(74), "{}", ended.stderr);
        let says = "pmap: cannot write results to '/dev/full', after 0 bytes: No space left";
        assert!(ended.stderr.starts_with(says), "{}", ended.stderr);
    }
}

/// Starts a run that never ends, and waits until it has written something.
fn endless(path: &Path, format: &str) -> Run {
    let range = format!("0..{}", i64::MAX);
    let mut run = to_file(path, format, &["-w", "2", "--range", &range, "n"]).start();
    let length = || fs::metadata(path).map_or(0, |it| it.len());
    run.until("some results", |_| length() > 100_000);
    run
}

#[test]
fn a_signal_leaves_whole_cells() {
    let folder = Folder::new();
    for format in ["i64le", "npy"] {
        for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
            let path = folder.path("out");
            let run = endless(&path, format);
            run.signal(signal);
            run.finish_with(signal);
            assert!(check_begin(&path, format) > 90_000);
            fs::remove_file(&path).expect("a file");
        }
    }
}

/// Nobody can take what a killed run has left for an array, and least of all for an empty one.
#[test]
fn a_kill_leaves_no_array() {
    let folder = Folder::new();
    let path = folder.file("out", array("<i8", &i64s(0..100)));
    let run = endless(&path, "npy");
    run.signal_group(Signal::KILL);
    run.finish_killed();
    let written = fs::read(&path).expect("a file");
    assert!(written.starts_with(b"pmap is writing an array here"), "{:?}", &written[..HEADER]);
    assert_eq!(written[HEADER - 1], b'\n');
    let ended = pmap(&["-a", text(&path), "--input-format", "npy"]).run();
    assert_eq!(ended.status.code(), Some(74));
    assert!(ended.stderr.contains("it is no .npy file"), "{}", ended.stderr);
}

#[test]
fn a_halted_run_says_how_much_it_has() {
    let folder = Folder::new();
    let path = folder.path("out");
    let words = ["-w", "2", "--range", "0..300000", "--halt", "soon,done=50000", "n"];
    let ended = to_file(&path, "npy", &words).run();
    assert!(ended.stderr.contains("halted, as --halt says"), "{}", ended.stderr);
    let mut written = Vec::new();
    File::open(&path).and_then(|mut file| file.read_to_end(&mut written)).expect("a file");
    // There may be gaps, but what is there is told.
    assert!(written.len() > HEADER + 50_000 * 8 && (written.len() - HEADER) % 8 == 0);
    assert_same(&written, &array("<i8", &written[HEADER..]), "an array of what was written");
}

/// A run with a journal beside its results.
struct Logged<'a> {
    folder: &'a Folder,
    words: Vec<&'a str>,
    format: &'a str,
}

impl Logged<'_> {
    fn run(&self, more: &[&str]) -> Pmap {
        let (out, log) = (self.folder.path("out"), self.folder.path("log"));
        let log = ["--joblog", text(&log)];
        to_file(&out, self.format, &[&log, &self.words[..], more].concat())
    }

    fn output(&self) -> Vec<u8> {
        fs::read(self.folder.path("out")).expect("results")
    }
}

/// Whatever has ended it, and however its header was left, it goes on to what an undisturbed run writes.
#[test]
fn a_run_goes_on_after_every_kind_of_end() {
    let ints = i64s(0..60_000);
    let floats = f64s((0..60_000).map(|n| f64::from(n) / 2.0));
    let ordered = "--keep-order";
    for (format, order, task, want) in [
        ("i64le", ordered, "n + sleep(0.3 if n % 3000 == 2999 else 0)", ints.clone()),
        ("i64le", "--unordered", "n + sleep(0.3 if n % 3000 == 2999 else 0)", ints.clone()),
        ("npy", ordered, "n + sleep(0.3 if n % 3000 == 2999 else 0)", array("<i8", &ints)),
        ("npy", ordered, "n / 2 + sleep(0.3 if n % 3000 == 2999 else 0)", array("<f8", &floats)),
    ] {
        let same = |got: &[u8], what: &str| match order {
            "--unordered" => assert_eq!(sorted(got), sorted(&want), "{what}"),
            _ => assert_same(got, &want, what),
        };
        let folder = Folder::new();
        let words = vec!["-w", "2", order, "--range", "0..60000", task];
        let logged = Logged { folder: &folder, words, format };
        let length = || fs::metadata(folder.path("out")).map_or(0, |it| it.len());
        let mut last = 0;
        for signal in [Some(Signal::KILL), Some(Signal::INT), None, Some(Signal::KILL)] {
            let Some(signal) = signal else {
                let ended = logged.run(&["--resume", "--halt", "soon,done=2000"]).run();
                assert!(ended.stderr.contains("halted"), "{}", ended.stderr);
                continue;
            };
            let mut run = logged.run(&["--resume"]).start();
            // What is cut off at first may be less than that.
            run.until("more results", |run| length() > last + 8000 || run.has_ended());
            if run.has_ended() {
                // Whoever was to look was away for seconds.
                break;
            }
            if signal == Signal::KILL {
                run.signal_group(signal);
                run.finish_killed();
            } else {
                run.signal(signal);
                run.finish_with(signal);
            }
            last = length();
        }
        logged.run(&["--resume"]).run().expect(0, b"", "");
        same(&logged.output(), &format!("{format} {task}"));
        // And once more, with nothing left to do.
        logged.run(&["--resume"]).run().expect(0, b"", "");
        same(&logged.output(), "of a finished run");
    }
}

#[test]
fn failed_items_are_run_once_more() {
    let folder = Folder::new();
    let words = vec!["-w", "2", "-q", "--range", "0..1000", "12 // (n % 500)"];
    let logged = Logged { folder: &folder, words, format: "npy" };
    let want = array("<i8", &i64s((0..1000).filter(|n| n % 500 != 0).map(|n| 12 / (n % 500))));
    for more in [&[][..], &["--resume"], &["--resume-failed"]] {
        let ended = logged.run(more).run();
        assert_eq!(ended.status.code(), Some(1), "{more:?} {}", ended.stderr);
        assert_same(&logged.output(), &want, "all but two");
    }
}

/// A journal is of one form of results, and of the type that the task had.
#[test]
fn another_form_is_another_run() {
    let folder = Folder::new();
    let words = vec!["-w", "1", "--range", "0..100", "n"];
    let mut logged = Logged { folder: &folder, words, format: "npy" };
    logged.run(&[]).run().expect(0, b"", "");
    let before = logged.output();
    for format in ["i64le", "npy:i64", "plain"] {
        logged.format = format;
        let ended = logged.run(&["--resume"]).run();
        assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
        assert!(ended.stderr.contains("--format"), "{}", ended.stderr);
    }
    assert_same(&logged.output(), &before, "untouched");
    // An array that somebody has put in its place is not taken for it.
    logged.format = "npy";
    fs::write(folder.path("out"), array("<i8", &i64s(1..101))).expect("a file");
    let ended = logged.run(&["--resume"]).run();
    assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
}

/// What the job log has of an item: its number, the bytes of its result, and its exit value.
fn log(folder: &Folder) -> Vec<(usize, String, String)> {
    let text = fs::read_to_string(folder.path("log")).expect("a log");
    let fields = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
    let mut lines: Vec<_> = text.lines().skip(1).map(fields).collect();
    lines.sort_by_key(|fields| fields[14].parse::<usize>().expect("an index"));
    lines
        .into_iter()
        .map(|it| (it[14].parse().expect("an index"), it[5].clone(), it[6].clone()))
        .collect()
}

#[test]
fn the_log_tells_of_each_item() {
    for retry_on in [&[][..], &["--retry-on", "error", "--retries", "0"]] {
        let folder = Folder::new();
        let task = "n if n % 10 else 1 / 2";
        let filter = ["--filter", "n % 4 != 1"];
        let words =
            [&["-w", "2", "-q", "--range", "0..3000", task], &filter[..], retry_on].concat();
        let logged = Logged { folder: &folder, words, format: "i64le" };
        assert_eq!(logged.run(&[]).run().status.code(), Some(1));
        let log = log(&folder);
        assert_eq!(log.len(), 3000);
        for (index, received, exit) in log {
            let (bytes, code) = match index {
                n if n % 4 == 1 => ("0", "0"),
                n if n % 10 == 0 => ("0", "1"),
                _ => ("8", "0"),
            };
            assert_eq!((received.as_str(), exit.as_str()), (bytes, code), "item {index}");
        }
    }
}

#[test]
fn workers_that_die_cost_their_items() {
    let task = "segv() if n == 20000 else abort() if n == 3 else n";
    let words =
        ["--format", "i64le", "-w", "3", "--range", "0..30000", "--chunk-size", "1000", task];
    let ended: Ended = pmap(&words).run();
    assert_eq!(ended.status.code(), Some(1));
    let wanted = i64s((0..30_000).filter(|n| ![3, 20_000].contains(n)));
    assert_same(&ended.stdout, &wanted, "all others");
    assert_eq!(ended.stderr.lines().count(), 2, "{}", ended.stderr);
}

#[test]
fn what_one_run_writes_another_reads() {
    let folder = Folder::new();
    let [one, other] = ["one", "other"].map(|name| folder.path(name));
    for (format, task) in [("i64le", "n**3"), ("f64le", "n / 3"), ("npy", "n**3"), ("npy", "n / 3")]
    {
        to_file(&one, format, &["--range", "-9000..9000", task]).run().expect(0, b"", "");
        let words = ["-a", text(&one), "--input-format", format, "-w", "2", "n"];
        to_file(&other, format, &words).run().expect(0, b"", "");
        let first = fs::read(&one).expect("numbers");
        assert_same(&fs::read(&other).expect("numbers"), &first, format);
        let plain = pmap(&["--range", "-9000..9000", task]).run().stdout;
        pmap(&words).run().expect(0, &plain, "");
    }
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let mut run =
        pmap(&["--format", "i64le", "--range", "0..100000000", "n"]).open_stdout().start();
    let mut pipe = run.stdout.take().expect("a pipe");
    let mut begin = [0; 24];
    pipe.read_exact(&mut begin).expect("results");
    assert_eq!(begin.to_vec(), i64s(0..3));
    drop(pipe);
    run.finish_with(Signal::PIPE);
}

/// The header's place is made before anything is run, also if results are long in coming.
#[test]
fn an_array_without_numbers_is_one_in_the_end() {
    let folder = Folder::new();
    let path = folder.path("out");
    let mut run = to_file(&path, "npy", &["n"]).input(Input::Open).start();
    run.until("a place for the header", |_| fs::metadata(&path).is_ok_and(|it| it.len() == 128));
    let mut stdin = run.stdin.take().expect("a pipe");
    stdin.write_all(b"x\n").expect("it reads");
    drop(stdin);
    assert_eq!(run.finish().status.code(), Some(1));
    assert_same(&fs::read(&path).expect("an array"), &array("<f8", &[]), "of nothing");
}
