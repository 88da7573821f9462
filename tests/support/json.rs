//! As much of JSON as it takes to know that something is JSON, and to ask for its numbers.

use std::collections::BTreeMap;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// # Panics
    /// If `text` is no JSON, or holds anything behind it but whitespace.
    pub(crate) fn parse(text: &str) -> Self {
        let (value, rest) = parse(text);
        assert_eq!(rest.trim(), "", "behind the value");
        value
    }

    /// A member of an object.
    pub(crate) fn get(&self, key: &str) -> &Self {
        let Self::Object(members) = self else { panic!("no object: {self:?}") };
        members.get(key).unwrap_or_else(|| panic!("no {key:?} in {self:?}"))
    }

    pub(crate) fn number(&self) -> f64 {
        let Self::Number(number) = self else { panic!("no number: {self:?}") };
        *number
    }

    pub(crate) fn list(&self) -> &[Self] {
        let Self::List(items) = self else { panic!("no list: {self:?}") };
        items
    }
}

fn parse(text: &str) -> (Json, &str) {
    let text = text.trim_start();
    match text.chars().next() {
        Some('{') => {
            let mut members = BTreeMap::new();
            let rest = series(&text[1..], '}', |text| {
                let (key, rest) = string(text);
                let (value, rest) = parse(rest.trim_start().strip_prefix(':').expect("a colon"));
                assert!(members.insert(key, value).is_none(), "twice the same key");
                rest
            });
            (Json::Object(members), rest)
        }
        Some('[') => {
            let mut items = Vec::new();
            let rest = series(&text[1..], ']', |text| {
                let (item, rest) = parse(text);
                items.push(item);
                rest
            });
            (Json::List(items), rest)
        }
        Some('"') => {
            let (text, rest) = string(text);
            (Json::Text(text), rest)
        }
        _ => {
            let end = text.find([',', ']', '}', ' ', '\n']).unwrap_or(text.len());
            // JSON has neither `nan` nor `inf`, which Rust would take for numbers.
            assert!(!text[..end].contains(['n', 'N', 'i', 'I']), "no JSON: {text}");
            (Json::Number(text[..end].parse().expect("a number")), &text[end..])
        }
    }
}

/// What stands between commas, up to `close`; what is behind that.
fn series<'a>(text: &'a str, close: char, mut one: impl FnMut(&'a str) -> &'a str) -> &'a str {
    let mut rest = text.trim_start();
    if let Some(rest) = rest.strip_prefix(close) {
        return rest;
    }
    loop {
        rest = one(rest).trim_start();
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return rest.strip_prefix(close).expect("a comma or the end"),
        }
    }
}

fn string(text: &str) -> (String, &str) {
    let text = text.trim_start().strip_prefix('"').expect("a string");
    let end = text.find('"').expect("the end of the string");
    assert!(!text[..end].contains('\\'), "escapes are not understood here");
    (text[..end].to_owned(), &text[end + 1..])
}
