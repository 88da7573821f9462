use super::*;

#[test]
fn names_of_arguments() {
    let cases = [
        ("--workers <N|N%|auto>", "--workers"),
        ("--stats[=<text|json>]", "--stats"),
        ("--unordered", "--unordered"),
        ("[TASK]", "TASK"),
        ("<FILE>...", "FILE"),
        ("", ""),
    ];
    for (shown, expected) in cases {
        assert_eq!(name(shown), expected);
    }
}

#[test]
fn the_caret_stands_under_its_place() {
    let long = format!("{}?{}", "n+".repeat(100), "+n".repeat(100));
    let cases = [
        ("n***2", 3, '*'),
        ("(n", 1, 'n'),
        ("ü + ?", 5, '?'),
        ("ü + ?", 1, 'ü'), // inside the ü
        ("n\n\t+ ?", 5, '?'),
        ("\u{1b}[2J?", 4, '?'),
        (&long, 200, '?'),
        (&long, 0, 'n'),
        (&long, 399, '+'),
    ];
    for (task, position, expected) in cases {
        let (line, caret) = excerpt(task, position);
        assert_eq!(line.chars().nth(caret), Some(expected), "{task} at {position}");
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn the_caret_may_stand_behind_the_task() {
    for position in [3, 4, usize::MAX] {
        assert_eq!(excerpt("n**", position), ("n**".to_owned(), 3));
    }
    assert_eq!(excerpt("", 0), (String::new(), 0));
}
