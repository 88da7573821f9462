//! A program that is started for each item: its words, and what of an item they are made of.
//!
//! Nothing here starts anything, and no shell reads any of it: an item is a part of exactly one argument, whatever is
//! in it.

mod template;

use serde::{Deserialize, Serialize};

use crate::ids::{Index, Slot};
use template::Template;

/// A program and its arguments, with placeholders for the item.
///
/// ```
/// use pmap::task::CommandSpec;
/// use pmap::ids::Slot;
/// let command = CommandSpec::new([b"mv".as_slice(), b"{}", b"{.}.old"]);
/// assert_eq!(command.words(b"a.txt", 0, Slot(0)).unwrap(), [&b"mv"[..], b"a.txt", b"a.old"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandSpec {
    words: Vec<Template>,
}

/// An item that cannot be an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "it holds a NUL byte, which no argument can; give it on stdin with --pipe, or separate items by NUL with -0"
)]
pub struct NulByte;

impl CommandSpec {
    /// These words, the first of which is the program. Where no placeholder is among them, the item becomes the last
    /// argument.
    ///
    /// Placeholders are those of GNU parallel: `{}` is the item, `{.}` the item without its extension, `{/}` what
    /// follows its last slash, `{//}` the folder it is in, `{/.}` what follows its last slash without its extension,
    /// `{#}` its number from 1, `{%}` the number of its worker from 1.
    #[must_use]
    pub fn new<'a>(words: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut this = Self::without_item(words);
        if this.words.iter().all(Template::is_literal) {
            this.words.push(Template::item());
        }
        this
    }

    /// The same, but for a program that gets the item in another way unless a placeholder asks for it.
    #[must_use]
    pub fn without_item<'a>(words: impl IntoIterator<Item = &'a [u8]>) -> Self {
        Self { words: words.into_iter().map(Template::parse).collect() }
    }

    /// Whether a word holds something that stands for an item, or a part of it.
    #[must_use]
    pub fn asks_for_item(word: &[u8]) -> bool {
        Template::parse(word).asks_for_item()
    }

    /// A script for `sh`, which finds the item as its first argument, `"$1"`, if `has_item`.
    #[must_use]
    pub fn shell(script: &[u8], has_item: bool) -> Self {
        let mut words: Vec<_> =
            [b"sh", b"-c".as_slice(), script, b"sh"].map(Template::literal).into();
        if has_item {
            words.push(Template::item());
        }
        Self { words }
    }

    /// The program, unless it depends on the item.
    #[must_use]
    pub fn program(&self) -> Option<&[u8]> {
        self.words.first()?.as_literal()
    }

    /// The bytes of its words, about.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.iter().map(Template::len).sum()
    }

    /// Whether there is not even a program.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words for an item.
    ///
    /// # Errors
    /// A word would hold a NUL byte.
    pub fn words(&self, item: &[u8], index: Index, slot: Slot) -> Result<Vec<Vec<u8>>, NulByte> {
        let words = self.words.iter().map(|word| word.fill(item, index, slot));
        words
            .map(|word| if memchr::memchr(0, &word).is_some() { Err(NulByte) } else { Ok(word) })
            .collect()
    }
}

#[cfg(test)]
mod tests;
