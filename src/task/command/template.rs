//! One word of a command, with placeholders.

use memchr::{memchr, memrchr};
use serde::{Deserialize, Serialize};

use crate::ids::{Index, Slot};

/// A part of a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Part {
    /// These bytes.
    Literal(Vec<u8>),
    /// Something that depends on the item.
    Of(Placeholder),
}

/// What stands for a part of the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Placeholder {
    Item,
    WithoutExtension,
    Name,
    Folder,
    NameWithoutExtension,
    Number,
    Slot,
}

const PLACEHOLDERS: [(&[u8], Placeholder); 7] = [
    (b"{}", Placeholder::Item),
    (b"{.}", Placeholder::WithoutExtension),
    (b"{/}", Placeholder::Name),
    (b"{//}", Placeholder::Folder),
    (b"{/.}", Placeholder::NameWithoutExtension),
    (b"{#}", Placeholder::Number),
    (b"{%}", Placeholder::Slot),
];

/// A word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Template(Vec<Part>);

impl Template {
    pub(super) fn parse(word: &[u8]) -> Self {
        let (mut parts, mut literal, mut rest) = (Vec::new(), Vec::new(), word);
        while let Some(brace) = memchr(b'{', rest) {
            let (before, from) = rest.split_at(brace);
            literal.extend_from_slice(before);
            let found = PLACEHOLDERS.iter().find(|(text, _)| from.starts_with(text));
            let Some((text, placeholder)) = found else {
                literal.push(b'{');
                rest = &from[1..];
                continue;
            };
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(Part::Of(*placeholder));
            rest = &from[text.len()..];
        }
        literal.extend_from_slice(rest);
        if !literal.is_empty() || parts.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Self(parts)
    }

    /// The word as it is, braces included.
    pub(super) fn literal(word: &[u8]) -> Self {
        Self(vec![Part::Literal(word.to_vec())])
    }

    /// The item.
    pub(super) fn item() -> Self {
        Self(vec![Part::Of(Placeholder::Item)])
    }

    pub(super) fn as_literal(&self) -> Option<&[u8]> {
        match self.0.as_slice() {
            [Part::Literal(bytes)] => Some(bytes),
            _ => None,
        }
    }

    pub(super) fn is_literal(&self) -> bool {
        self.as_literal().is_some()
    }

    pub(super) fn asks_for_item(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Of(what) if *what != Placeholder::Slot))
    }

    pub(super) fn len(&self) -> usize {
        let parts = self.0.iter().map(|part| match part {
            Part::Literal(bytes) => bytes.len(),
            Part::Of(_) => 2,
        });
        parts.sum()
    }

    pub(super) fn fill(&self, item: &[u8], index: Index, slot: Slot) -> Vec<u8> {
        let mut word = Vec::new();
        for part in &self.0 {
            match part {
                Part::Literal(bytes) => word.extend_from_slice(bytes),
                Part::Of(placeholder) => match placeholder {
                    Placeholder::Item => word.extend_from_slice(item),
                    Placeholder::WithoutExtension => word.extend_from_slice(stem(item)),
                    Placeholder::Name => word.extend_from_slice(name(item)),
                    Placeholder::Folder => word.extend_from_slice(folder(item)),
                    Placeholder::NameWithoutExtension => word.extend_from_slice(stem(name(item))),
                    Placeholder::Number => {
                        word.extend_from_slice((index + 1).to_string().as_bytes())
                    }
                    Placeholder::Slot => word.extend_from_slice(slot.to_string().as_bytes()),
                },
            }
        }
        word
    }
}

/// Without the last dot and what follows it, if no slash does. A dot at the end is an extension without letters, as GNU
/// parallel has it.
fn stem(path: &[u8]) -> &[u8] {
    match memrchr(b'.', path) {
        Some(dot) if memchr(b'/', &path[dot..]).is_none() => &path[..dot],
        _ => path,
    }
}

/// What follows the last slash.
fn name(path: &[u8]) -> &[u8] {
    &path[memrchr(b'/', path).map_or(0, |slash| slash + 1)..]
}

/// As `dirname(1)` has it.
fn folder(path: &[u8]) -> &[u8] {
    let trimmed = trim_slashes(path);
    match memrchr(b'/', trimmed) {
        Some(slash) => match trim_slashes(&trimmed[..slash]) {
            [] => b"/",
            folder => folder,
        },
        None if trimmed.is_empty() && !path.is_empty() => b"/",
        None => b".",
    }
}

fn trim_slashes(mut path: &[u8]) -> &[u8] {
    while let [rest @ .., b'/'] = path {
        path = rest;
    }
    path
}
