//! What a function is called with, how often, and what becomes of its results.

use crate::library::{Library, function, library, sorted};
use crate::support::{Ended, lines};

/// Checks the results, and that these items failed, of this input and for these reasons.
#[track_caller]
fn expect(ended: &Ended, stdout: &[u8], failed: &[(i64, &str, &str)]) {
    let failed = failed
        .iter()
        .map(|(index, input, why)| format!("pmap: item {index} ({input}): {why}"))
        .collect::<Vec<_>>();
    assert_eq!(sorted(ended.said()), failed);
    assert_eq!(ended.stdout, stdout);
    assert_eq!(ended.status.code(), Some(i32::from(!failed.is_empty())));
}

#[test]
fn integers_of_64_bits_and_no_others() {
    let library = function("");
    let items = "9223372036854775807\n-9223372036854775808\n9223372036854775808\n-9223372036854775809\n1.0\n1e3\n7\n";
    let wide = "OverflowError: f takes integers of 64 bits";
    expect(
        &library.pmap(&["f(n)"]).text(items).run(),
        b"9223372036854775807\n-9223372036854775808\n7\n",
        &[
            (2, "line 3, input 9223372036854775808", wide),
            (3, "line 4, input -9223372036854775809", wide),
            (4, "line 5, input 1.0", "TypeError: f needs an integer, not 1.0"),
            (5, "line 6, input 1e3", "TypeError: f needs an integer, not 1000.0"),
        ],
    );
    // Blocks, in which some results are beyond 64 bits before and after the call.
    let cube = |n: i128| n.pow(3);
    let cubes: Vec<i128> = (2_097_000..2_098_000).map(cube).collect();
    let fits = |cube: &&i128| i64::try_from(**cube).is_ok();
    let fitting = lines(cubes.iter().filter(fits));
    let ended = library.run(&["--range", "2097000..2098000", "f(n**3)"]);
    assert_eq!(ended.stdout, fitting);
    let failed = cubes.iter().filter(|cube| !fits(cube)).count();
    assert_eq!(ended.stderr.lines().count(), failed);
    assert!(ended.stderr.lines().all(|line| line.ends_with(wide)));
    let wide = lines((0..1000_i128).map(|n| n * 10_i128.pow(17)));
    library.run(&["--range", "0..1000", "f(n)*10**17"]).expect(0, &wide, "");
    library.run(&["--range", "0..3", "f(True) + f(n > 1)"]).expect(0, b"1\n1\n2\n", "");
}

#[test]
fn doubles_with_all_special_values() {
    let library = library(
        "REAL { (void)message; *result = arguments[0]; return 0; }
         static size_t all(size_t count, const double *const *arguments, double *results) {
             memcpy(results, arguments[0], count * sizeof *results);
             return count;
         }
         static const pmap_function functions[] = {
             {.name = \"f\", .arity = 1, .real = f}, {.name = \"g\", .arity = 1, .real = f, .real_batch = all}};
         PMAP_PLUGIN(functions)",
    );
    let items = "0.0\n-0.0\ninf\n-inf\nnan\n5e-324\n1.7976931348623157e308\n3\n9007199254740993\n";
    let printed =
        "0.0\n-0.0\ninf\n-inf\nnan\n5e-324\n1.7976931348623157e+308\n3.0\n9007199254740992.0\n";
    for task in ["f(n)", "g(n)", "g", "f(g(n))"] {
        library.pmap(&[task]).text(items).run().expect(0, printed.as_bytes(), "");
    }
    let huge = library.pmap(&["f(n)"]).text(format!("1{}\n", "0".repeat(400))).run();
    assert_eq!(huge.status.code(), Some(1));
    assert!(
        huge.stderr.ends_with("OverflowError: int too large to convert to float\n"),
        "{}",
        huge.stderr
    );
}

#[test]
fn a_function_with_both_forms_is_called_as_its_arguments_are() {
    let library = library(
        "INTEGER { (void)message; *result = arguments[0] + arguments[1]; return 0; }
         static int g(const double *arguments, double *result, char *message) {
             (void)message; *result = arguments[0] - arguments[1]; return 0; }
         static const pmap_function functions[] = {{.name = \"f\", .arity = 2, .integer = f, .real = g}};
         PMAP_PLUGIN(functions)",
    );
    let text = "1\n1.0\n2\n";
    library.pmap(&["f(n, 2)"]).text(text).run().expect(0, b"3\n-1.0\n4\n", "");
    library.run(&["--range", "0..3", "f(n, i/2)"]).expect(0, b"0.0\n0.5\n1.0\n", "");
}

#[test]
fn all_arguments_in_their_order() {
    let library = library(
        "static int f(const int64_t *a, int64_t *result, char *message) {
             (void)message; *result = 0;
             for (int k = 0; k < 8; k++) *result = 10 * *result + a[k];
             return 0; }
         static int zero(const double *a, double *result, char *message) {
             (void)a, (void)message; *result = 0.5; return 0; }
         static const pmap_function functions[] = {
             {.name = \"f\", .arity = 8, .integer = f}, {.name = \"zero\", .arity = 0, .real = zero}};
         PMAP_PLUGIN(functions)",
    );
    library.run(&["--range", "7..10", "f(1, 2, 3, 4, 5, 6, n, i)"]).expect(
        0,
        b"12345670\n12345681\n12345692\n",
        "",
    );
    library.run(&["--range", "0..2", "zero() + n"]).expect(0, b"0.5\n1.5\n", "");
}

#[test]
fn errors_are_one_line_of_plain_text() {
    let cases = [
        (r#"strcpy(message, "no such thing"); return 1;"#, "f: no such thing".to_owned()),
        ("return 1;", "f: failed with status 1".to_owned()),
        ("return -2147483647 - 1;", "f: failed with status -2147483648".to_owned()),
        (
            r#"strcpy(message, "\x1b[2J red\r\nalert\t\x07\xc2\x9b"); return 1;"#,
            "f: [2J red  alert".to_owned(),
        ),
        (r#"strcpy(message, "bytes \xff\xfe"); return 1;"#, "f: bytes \u{fffd}\u{fffd}".to_owned()),
        ("memset(message, 'x', PMAP_MESSAGE); return 1;", format!("f: {}", "x".repeat(256))),
    ];
    for (body, why) in cases {
        let library = function(&format!("if (n == 1) {{ {body} }}"));
        expect(&library.run(&["--range", "0..3", "f(n)"]), b"0\n2\n", &[(1, "input 1", &why)]);
    }
}

#[test]
fn a_batch_that_stops_lets_the_scalar_form_say_why() {
    let batch = |stop: &str| {
        library(&format!(
            "INTEGER {{ *result = 3 * arguments[0];
                 if (arguments[0] % 100 == 7) {{ strcpy(message, \"a seven\"); return 1; }}
                 return 0; }}
             static size_t all(size_t count, const int64_t *const *arguments, int64_t *results) {{
                 for (size_t k = 0; k < count; k++) {{
                     {stop}
                     results[k] = 3 * arguments[0][k]; }}
                 return count; }}
             static const pmap_function functions[] = {{
                 {{.name = \"f\", .arity = 1, .integer = f, .integer_batch = all}}}};
             PMAP_PLUGIN(functions)"
        ))
    };
    let fine = lines((0..5000_i64).filter(|n| n % 100 != 7).map(|n| 3 * n));
    let sevens: Vec<i64> = (0..5000).filter(|n| n % 100 == 7).collect();
    let inputs: Vec<String> = sevens.iter().map(|n| format!("input {n}")).collect();
    let failed: Vec<(i64, &str, &str)> = sevens
        .iter()
        .zip(&inputs)
        .map(|(index, input)| (*index, input.as_str(), "f: a seven"))
        .collect();
    let honest = "if (arguments[0][k] % 100 == 7) return k;";
    let cautious = "if (arguments[0][k] % 3 == 1) return k;";
    let broken = "if (arguments[0][k] % 100 == 7) return SIZE_MAX; if (0) return count + 1;";
    for stop in [honest, &format!("{honest} {cautious}"), broken] {
        let library = batch(&stop.replace("SIZE_MAX", "(size_t)-1"));
        expect(&library.run(&["--range", "0..5000", "f(n)"]), &fine, &failed);
        // An argument that is the same for all, and arguments of some lanes only.
        let ended = library.run(&["--range", "0..2000", "f(n) + f(3) - f(i**20 % 5)"]);
        assert_eq!(ended.stderr.lines().count(), 20, "{}", ended.stderr);
    }
}

/// A library whose function writes a byte to a file for each call, and the file.
fn counting(body: &str) -> (Library, std::path::PathBuf) {
    let file =
        tempfile::NamedTempFile::new().expect("a file").into_temp_path().keep().expect("kept");
    let path = file.to_str().expect("text");
    let note = format!(
        "static void note(void) {{ int fd = open(\"{path}\", O_WRONLY | O_APPEND);
             if (fd < 0 || write(fd, \".\", 1) != 1) abort(); close(fd); }}"
    );
    let library = library(&format!(
        "{note} INTEGER {{ int64_t n = arguments[0]; (void)message; note(); {body} *result = n; return 0; }}
         static size_t all(size_t count, const int64_t *const *arguments, int64_t *results) {{
             for (size_t k = 0; k < count; k++) {{ note(); results[k] = arguments[0][k]; }}
             return count; }}
         static const pmap_function functions[] = {{
             {{.name = \"f\", .arity = 1, .integer = f, .integer_batch = all}}}};
         PMAP_PLUGIN(functions)"
    ));
    (library, file)
}

#[test]
fn with_retries_0_every_call_is_made_once_at_most() {
    let (library, file) = counting("if (n == 500) abort();");
    let ended =
        library.run(&["--range", "0..1000", "--retries", "0", "--workers", "2", "f(n) * 10**17"]);
    assert_eq!(ended.status.code(), Some(1));
    let wanted = lines((0..1000_i128).filter(|n| *n != 500).map(|n| n * 10_i128.pow(17)));
    assert_eq!(ended.stdout, wanted);
    assert_eq!(
        ended.said(),
        ["pmap: item 500 (input 500): killed by SIGABRT (worker _, pid _, attempt 1 of 1)"]
    );
    assert_eq!(std::fs::metadata(&file).expect("calls").len(), 1000);
    std::fs::remove_file(file).expect("ours");
}

#[test]
fn a_condition_decides_whether_a_call_is_made() {
    for (task, calls, printed) in [
        ("f(n) if n % 2 else 0", 500, "0\n1\n0\n3\n"),
        ("n % 2 and f(n)", 500, "0\n1\n0\n3\n"),
        ("n % 2 == 0 or f(n)", 500, "True\n1\nTrue\n3\n"),
        ("0 <= f(n) < 5000", 1000, "True\nTrue\nTrue\nTrue\n"),
        ("f(n) or 7", 1000, "7\n1\n2\n3\n"),
        ("f(n if n % 2 else 5)", 1000, "5\n1\n5\n3\n"),
        ("f(10**17 // (n + 1) ** 9)", 1000, "100000000000000000\n"),
    ] {
        let (library, file) = counting("");
        let ended = library.run(&["--range", "0..1000", "--workers", "1", task]);
        assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
        assert!(ended.stdout.starts_with(printed.as_bytes()), "{task}");
        assert_eq!(std::fs::metadata(&file).expect("calls").len(), calls, "{task}");
        std::fs::remove_file(file).expect("ours");
    }
}

#[test]
fn a_filter_may_call_them_too() {
    let library = function("");
    library.run(&["--range", "0..9", "--filter", "f(n) % 3 == 1", "f(n) + 0.5"]).expect(
        0,
        b"1.5\n4.5\n7.5\n",
        "",
    );
}

#[test]
fn the_header_and_the_library_mean_the_same_layout() {
    use std::mem::offset_of;

    use pmap::plugin::abi::{ABI, Entry, MESSAGE, MOST_ARGUMENTS, Table};
    use pmap::plugin::{LONGEST_NAME, MOST_FUNCTIONS};

    macro_rules! same {
        ($($c:literal $rust:ty: $($field:ident)+;)+) => {{
            let mut all = String::new();
            $(
                all += &format!("_Static_assert(sizeof({}) == {}, \"\");\n", $c, size_of::<$rust>());
                $(
                    all += &format!(
                        "_Static_assert(offsetof({}, {}) == {}, \"\");\n",
                        $c, stringify!($field), offset_of!($rust, $field)
                    );
                )+
            )+
            all
        }};
    }
    let layout = same! {
        "pmap_function" Entry: name help arity integer integer_batch real real_batch;
        "pmap_plugin_table" Table: abi count functions;
    };
    let numbers = format!(
        "_Static_assert(PMAP_PLUGIN_ABI == {ABI} && PMAP_ARITY == {MOST_ARGUMENTS}, \"\");
         _Static_assert(PMAP_MESSAGE == {MESSAGE}, \"\");"
    );
    library(&format!("{layout}{numbers}"));
    let header = include_str!("../../include/pmap_plugin.h");
    assert!(header.contains(&format!("at most {LONGEST_NAME} letters")));
    assert!(header.contains(&format!("1 to {MOST_FUNCTIONS}.")));
}
