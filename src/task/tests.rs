//! What `docs/EXPRESSIONS.md` says is so.

use super::{TaskSpec, functions};
use crate::value::Number;

const PAGE: &str = include_str!("../../docs/EXPRESSIONS.md");

/// The rows of the table behind this line, without their bars.
fn rows(header: &str) -> Vec<Vec<String>> {
    let (_, behind) = PAGE.split_once(header).expect("a table with this header");
    let rows = behind.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        // A bar in an expression is escaped.
        let row = row.replace("\\|", "\0");
        let cells = row.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().trim_matches('`').replace('\0', "|")).collect()
    })
    .collect()
}

#[test]
fn the_examples_of_the_page_are_right() {
    let examples = [rows("| task | result |"), rows("| task | error |")].concat();
    assert!(examples.len() > 25);
    for row in examples {
        let spec: TaskSpec = row[0].parse().unwrap_or_else(|error| panic!("{}: {error}", row[0]));
        let found = match spec.compile().exact(&Number::Int(7), 2) {
            Ok(result) => result.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, row[1], "{}", row[0]);
    }
}

#[test]
fn the_page_lists_the_functions() {
    let listed = rows("| function | gives | for example | |");
    let known: Vec<Vec<String>> = functions()
        .map(|function| {
            let cells = [
                function.signature(),
                function.help().to_owned(),
                function.example().to_owned(),
                function.result().to_owned(),
            ];
            cells.to_vec()
        })
        .collect();
    let page: Vec<String> = known
        .iter()
        .map(|row| {
            let code =
                |text: &str| if text.is_empty() { String::new() } else { format!("`{text}`") };
            let row = format!(
                "| {} | {} | {} | {} |",
                code(&row[0]),
                row[1],
                code(&row[2]),
                code(&row[3])
            );
            row.replace("  |", " |")
        })
        .collect();
    assert_eq!(listed, known, "the table should be\n{}", page.join("\n"));
}
