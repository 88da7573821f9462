//! `pmap tasks`: the list of functions, as a user reads it.

mod support;

use pmap::task::{FunctionInfo, functions};
use support::pmap;

/// What is printed behind the word, by lines.
fn listed(words: &[&str]) -> Vec<String> {
    let ended = pmap(&[&["tasks"], words].concat()).run();
    let stdout = String::from_utf8(ended.stdout.clone()).unwrap();
    ended.expect(0, stdout.as_bytes(), "");
    stdout.lines().map(str::to_owned).collect()
}

#[test]
fn every_function_is_a_line_of_columns() {
    let functions: Vec<FunctionInfo> = functions().collect();
    let lines = listed(&[]);
    assert_eq!(lines.len(), functions.len());
    let longest = |text: fn(&FunctionInfo) -> usize| functions.iter().map(text).max().unwrap();
    let help_at = longest(|function| function.signature().len()) + 2;
    let example_at = help_at + longest(|function| function.help().len()) + 2;
    let result_at = example_at + longest(|function| function.example().len()) + 2;
    for (function, line) in functions.iter().zip(&lines) {
        let columns = [&line[..help_at], &line[help_at..example_at], &line[example_at..]];
        assert_eq!(columns[0].trim_end(), function.signature());
        assert_eq!(columns[1].trim_end(), function.help());
        assert!(columns[2].starts_with(function.example()), "{line}");
        let result = line.get(result_at..).unwrap_or_default();
        assert_eq!(result, function.result(), "{line}");
    }
}

#[test]
fn a_part_of_a_name_chooses() {
    let lines = listed(&["prime"]);
    assert!(lines.iter().any(|line| line.starts_with("is_prime(n) ")), "{lines:?}");
    let named = functions().filter(|function| function.name().contains("prime"));
    assert_eq!(lines.len(), named.count());
    // The same words as in the whole list.
    assert!(listed(&["collatz"])[0].ends_with("  collatz(27)  111"));
}

#[test]
fn the_word_hides_no_task() {
    assert!(functions().all(|function| function.name() != "tasks"));
}

#[test]
fn its_own_help_says_how() {
    assert!(
        listed(&["--help"]).iter().any(|line| line == "Usage: pmap tasks [--plugin LIB]... [NAME]")
    );
}
