//! `docs/CONFORMANCE.md` names a test for each row; here they are looked for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The source files of the integration test `name`, or of a module's unit tests.
fn files(name: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if let Some(module) = name.strip_prefix("src/") {
        return vec![root.join("src").join(module)];
    }
    let folder = fs::read_dir(root.join("tests").join(name)).into_iter().flatten();
    let parts = folder.map(|entry| entry.expect("a folder").path());
    let single = root.join("tests").join(name).with_extension("rs");
    parts.chain(single.exists().then_some(single)).collect()
}

#[test]
fn every_row_names_tests_that_exist() {
    let page = include_str!("../docs/CONFORMANCE.md");
    let mut rows = BTreeSet::new();
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [row, _, tests] = cells[..] else { panic!("three cells: {line}") };
        let Ok(row) = row.parse::<u32>() else { continue };
        assert!(rows.insert(row), "row {row} stands there twice");
        let mut names = tests.split('`').skip(1).step_by(2).peekable();
        assert!(names.peek().is_some(), "row {row} names no test");
        for name in names {
            let (file, function) = name.split_once("::").expect("FILE::TEST");
            let sources: String =
                files(file).iter().map(|path| fs::read_to_string(path).expect("text")).collect();
            let is_there = sources.split("#[test]").skip(1).any(|text| {
                let signature = text.split_once('{').map_or("", |(signature, _)| signature);
                signature.contains(&format!("fn {function}("))
            });
            assert!(is_there, "row {row}: there is no test {function} in {file}");
        }
    }
    assert!(rows.len() > 50, "the table is gone");
}
